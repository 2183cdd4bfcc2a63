import { asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { partitionOfRegion } from '#domain/resource/aws-region.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';

/**
 * Whose access key a finding of Security Hub is about, from the details of the key; undefined where they do not
 * tell. The path of a user or role is not among them, so the ARN is the one without a path.
 */
export function principalOfAccessKey(
  details: JsonObject,
  account: string | undefined,
  region: string | undefined,
): ResourceDescription | undefined {
  const key = asObject(at(details, 'AwsIamAccessKey'));
  const name = asText(key?.['PrincipalName']);
  const type = asText(key?.['PrincipalType']);
  if (account === undefined) return undefined;
  if (type === 'Root') return { kind: 'account', provider: 'aws', account };
  const kind = type === 'IAMUser' ? 'user' : type === 'AssumedRole' || type === 'Role' ? 'role' : undefined;
  if (name === undefined || kind === undefined) return undefined;
  return {
    kind: 'cloud',
    provider: 'aws',
    id: `arn:${partitionOfRegion(region)}:iam::${account}:${kind}/${name}`,
    type: `iam-${kind}`,
    name,
    account,
  };
}
