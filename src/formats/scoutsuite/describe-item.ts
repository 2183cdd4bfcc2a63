import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { describeNamedResource } from '../reading/aws/named-resource.ts';
import { cloudProvider } from '../reading/cloud-object.ts';

/** Ids of AWS that stand in paths as they are, by their beginning. */
const AWS_IDS: ReadonlyMap<string, string> = new Map([
  ['i', 'AwsEc2Instance'],
  ['sg', 'AwsEc2SecurityGroup'],
  ['vpc', 'AwsEc2Vpc'],
  ['subnet', 'AwsEc2Subnet'],
  ['acl', 'AwsEc2NetworkAcl'],
  ['vol', 'AwsEc2Volume'],
  ['snap', 'AwsEc2Snapshot'],
]);

/**
 * What a path such as `ec2.regions.eu-west-1.vpcs.vpc-1.security_groups.sg-1.rules` leads to: the innermost object of AWS
 * whose id stands in it, else what is behind the path without the attribute that was flagged (`suffix`).
 */
export function describeItem(
  path: string,
  suffix: string | undefined,
  provider: string,
  account: string | undefined,
): { readonly resource: ResourceDescription; readonly type: string | undefined } {
  const own = suffix !== undefined && path.endsWith(`.${suffix}`) ? path.slice(0, -suffix.length - 1) : path;
  const segments = own.slice(0, 1_000).split('.');
  const regions = segments.indexOf('regions');
  const region = regions < 0 ? undefined : segments[regions + 1];
  if (provider === 'aws') {
    const id = segments.findLast((segment) =>
      AWS_IDS.has(/^([a-z]+)-[0-9a-f]{8,17}$/.exec(segment)?.[1] ?? ''),
    );
    const type = AWS_IDS.get(id?.split('-', 1)[0] ?? '');
    if (id !== undefined) return { resource: describeNamedResource({ id, type, account, region }), type };
  }
  const type = segments.at(-2);
  return {
    resource: {
      kind: 'cloud',
      provider: cloudProvider(provider),
      id: segments.join('.'),
      type,
      name: segments.at(-1),
      account,
      region,
    },
    type,
  };
}
