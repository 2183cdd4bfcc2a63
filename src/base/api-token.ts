/**
 * What a token is for: `pat` a person's own scripts, `ing` uploading reports and nothing else, `svc` a service,
 * `mcp` an assistant.
 */
export const API_TOKEN_KINDS = ['pat', 'ing', 'svc', 'mcp'] as const;
export type ApiTokenKind = (typeof API_TOKEN_KINDS)[number];

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^30 > 2^178. */
const BODY_LENGTH = 30;
/** 62^6 > 2^32: every checksum fits. */
const CHECKSUM_LENGTH = 6;
/** The one that docs/reference/tokens.md publishes for scanners of leaked secrets. */
const SHAPE = /^sinb_(?:pat|ing|svc|mcp)_[0-9A-Za-z]{36}$/;

/** How many random bytes a token is made of: enough that what 30 digits hold of them is even. */
export const API_TOKEN_BYTES = 32;

/**
 * The text of an API token: `sinb_`, its kind, `_`, 30 random digits of base 62, and 6 more with the CRC-32 of all
 * that stands before them (reliability §6.3). Scanners for leaked secrets tell it by its shape and its checksum.
 */
export function apiTokenOf(kind: ApiTokenKind, bytes: Uint8Array): string {
  if (bytes.length !== API_TOKEN_BYTES)
    throw new RangeError(`A token is made of ${API_TOKEN_BYTES} bytes, not ${bytes.length}.`);
  const number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`) % 62n ** BigInt(BODY_LENGTH);
  const body = `sinb_${kind}_${base62(number, BODY_LENGTH)}`;
  return body + checksum(body);
}

/** The kind that a token's text says, where it has the shape of one and its checksum agrees; else null, without a look-up. */
export function apiTokenKind(text: string): ApiTokenKind | null {
  if (!SHAPE.test(text) || checksum(text.slice(0, -CHECKSUM_LENGTH)) !== text.slice(-CHECKSUM_LENGTH))
    return null;
  return text.slice(5, 8) as ApiTokenKind;
}

function checksum(body: string): string {
  return base62(BigInt(crc32(body)), CHECKSUM_LENGTH);
}

/** CRC-32 as in zip and gzip (polynomial 0x04C11DB7, reflected). */
function crc32(text: string): number {
  let rest = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit += 1) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}

function base62(value: bigint, length: number): string {
  let digits = '';
  for (let rest = value; rest > 0n; rest /= 62n) digits = DIGITS[Number(rest % 62n)] + digits;
  return digits.padStart(length, '0');
}
