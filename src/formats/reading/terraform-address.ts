const BLOCK = /^\s*(?:resource|data)\s+"([\w-]{1,100})"\s+"([\w-]{1,200})"\s*\{/;
const MODULE = /^\s*module\s+"([\w-]{1,200})"\s*\{/;

/**
 * The address of the block that a text of Terraform begins with: of `resource "aws_s3_bucket" "logs" {` it is
 * `aws_s3_bucket.logs`. Undefined for a text that begins inside a block, or is none.
 */
export function addressInBlock(text: string | undefined): string | undefined {
  const block = BLOCK.exec(text?.slice(0, 600) ?? '');
  if (block !== null) return `${block[1]}.${block[2]}`;
  const module = MODULE.exec(text?.slice(0, 600) ?? '');
  return module === null ? undefined : `module.${module[1]}`;
}

/** The address in a key as KICS spells it, and repeats it in its messages: `aws_s3_bucket[logs].acl` is about `aws_s3_bucket.logs`. */
export function addressInKey(text: string | undefined): string | undefined {
  const named = /^'?(?:resource\.)?(\w{1,100})\[([^\]]{1,200})\]/.exec(text?.slice(0, 600) ?? '');
  return named === null ? undefined : `${named[1]}.${named[2]}`;
}

/**
 * The kind of the resource that an address in a file names: of `module.net.aws_security_group.ssh` it is
 * `aws_security_group`, of what is no Terraform (`Pod.default.web`) its first part.
 */
export function kindInAddress(address: string | undefined): string | undefined {
  const parts = address?.split(/[./]/, 20);
  return parts?.find((part) => /^[a-z][a-z0-9]*_\w+$/.test(part)) ?? parts?.[0];
}
