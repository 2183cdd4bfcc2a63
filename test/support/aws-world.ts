import type { JsonObject } from '#base/json-value.ts';
import { isPublic } from '#domain/exposure/audience.ts';
import { AwsEstate } from '#domain/exposure/aws-estate.ts';
import { awsExposure } from '#domain/exposure/aws-exposure.ts';
import { type ExposureRecord, publicAccessibility } from '#domain/exposure/exposure-record.ts';
import type { EstateResource, Surroundings } from '#domain/risk/estate.ts';
import { expectTold } from './told-ways.ts';

/**
 * A small AWS account for tests of exposure: one VPC with a public subnet (`subnet-1`) and a private one
 * (`subnet-2`), and makers for what stands in it. The group `sg-web` of its instances is the test's own.
 */
export const REGION = 'eu-west-1';
export const ACCOUNT = '111111111111';
const NOW = Date.UTC(2026, 9, 1);

export function resource(
  type: string,
  name: string,
  facts: JsonObject,
  region: string | null = REGION,
): EstateResource {
  return {
    key: `aws:arn:aws:${type}:${region ?? ''}:${ACCOUNT}:${name}`,
    type,
    name,
    account: ACCOUNT,
    region,
    tags: {},
    facts,
    seenAt: NOW,
    provenance: 'aws-cli',
  };
}

export function listed(...types: readonly string[]): readonly EstateResource[] {
  return types.map((type) => resource('inventory-listing', `list of ${type}`, { Of: type }));
}

export function part(ofType: string, of: string, facts: JsonObject): EstateResource {
  return resource(
    'resource-part',
    `part of ${of} ${Object.keys(facts).join()}`,
    { OfType: ofType, Of: of, Facts: facts },
    null,
  );
}

export function group(id: string, ...permissions: readonly JsonObject[]): EstateResource {
  return resource('security-group', id, { GroupId: id, VpcId: 'vpc-1', IpPermissions: [...permissions] });
}

export function from(...cidrs: readonly string[]): JsonObject {
  return {
    IpRanges: cidrs.filter((cidr) => !cidr.includes(':')).map((CidrIp) => ({ CidrIp })),
    Ipv6Ranges: cidrs.filter((cidr) => cidr.includes(':')).map((CidrIpv6) => ({ CidrIpv6 })),
  };
}

export function tcp(port: number, ...cidrs: readonly string[]): JsonObject {
  return { IpProtocol: 'tcp', FromPort: port, ToPort: port, ...from(...cidrs) };
}

export function instance(id: string, facts: JsonObject = {}, nic: JsonObject = {}): EstateResource {
  return resource('ec2-instance', id, {
    InstanceId: id,
    State: { Name: 'running' },
    VpcId: 'vpc-1',
    SubnetId: 'subnet-1',
    NetworkInterfaces: [
      {
        NetworkInterfaceId: `eni-${id}`,
        SubnetId: 'subnet-1',
        VpcId: 'vpc-1',
        PrivateIpAddress: '10.0.0.10',
        Association: { PublicIp: '3.3.3.3' },
        Groups: [{ GroupId: 'sg-web' }],
        ...nic,
      },
    ],
    ...facts,
  });
}

export const VPC = resource('vpc', 'vpc-1', { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' });
export const SUBNET = resource('subnet', 'subnet-1', {
  SubnetId: 'subnet-1',
  VpcId: 'vpc-1',
  CidrBlock: '10.0.0.0/24',
});
export const PRIVATE_SUBNET = resource('subnet', 'subnet-2', {
  SubnetId: 'subnet-2',
  VpcId: 'vpc-1',
  CidrBlock: '10.0.1.0/24',
});

export function routes(
  id: string,
  associations: readonly JsonObject[],
  ...entries: readonly JsonObject[]
): EstateResource {
  return resource('route-table', id, {
    RouteTableId: id,
    VpcId: 'vpc-1',
    Associations: [...associations],
    Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' }, ...entries],
  });
}

export const TO_INTERNET: JsonObject = {
  DestinationCidrBlock: '0.0.0.0/0',
  GatewayId: 'igw-1',
  State: 'active',
};
const TO_INTERNET_V6: JsonObject = {
  DestinationIpv6CidrBlock: '::/0',
  GatewayId: 'igw-1',
  State: 'active',
};
export const PUBLIC_ROUTES = routes('rtb-1', [{ SubnetId: 'subnet-1' }], TO_INTERNET, TO_INTERNET_V6);
export const MAIN_PRIVATE = routes('rtb-2', [{ Main: true }], {
  DestinationCidrBlock: '0.0.0.0/0',
  NatGatewayId: 'nat-1',
  State: 'active',
});

export const ALLOW_ALL: readonly JsonObject[] = [false, true].flatMap((Egress) => [
  { RuleNumber: 100, Protocol: '-1', RuleAction: 'allow', Egress, CidrBlock: '0.0.0.0/0' },
  { RuleNumber: 101, Protocol: '-1', RuleAction: 'allow', Egress, Ipv6CidrBlock: '::/0' },
]);

export function acl(...entries: readonly JsonObject[]): EstateResource {
  return resource('network-acl', 'acl-1', {
    NetworkAclId: 'acl-1',
    VpcId: 'vpc-1',
    Associations: [{ SubnetId: 'subnet-1' }, { SubnetId: 'subnet-2' }],
    Entries: [...entries],
  });
}

export const OPEN_ACL = acl(...ALLOW_ALL);
/** No load balancer anywhere, and every list that says so. */
export const NO_BALANCERS = listed(
  'load-balancer',
  'classic-load-balancer',
  'target-group',
  'route-table',
  'network-interface',
);
export const NETWORK: readonly EstateResource[] = [
  VPC,
  SUBNET,
  PRIVATE_SUBNET,
  PUBLIC_ROUTES,
  MAIN_PRIVATE,
  OPEN_ACL,
  ...NO_BALANCERS,
];

/** Every way in to a resource of an account. */
export function recordsOf(
  resources: readonly EstateResource[],
  of: EstateResource,
  surroundings: Surroundings = {},
): readonly ExposureRecord[] {
  const records = awsExposure(new AwsEstate([...resources, of], surroundings), of);
  if (records === undefined) throw new Error(`${of.type} is not evaluated`);
  return records;
}

/** The roll-up of a resource's ways in, and the surfaces that strangers reach. */
export function expose(
  resources: readonly EstateResource[],
  of: EstateResource,
  surroundings: Surroundings = {},
) {
  const records = recordsOf(resources, of, surroundings);
  expectTold(records);
  const open = records.filter((record) => record.verdict === 'yes' && isPublic(record.audience));
  return {
    ...publicAccessibility(records),
    surfaces: open.map(({ surface, audience, auth }) => ({ surface, audience, auth })),
  };
}

export function without(
  resources: readonly EstateResource[],
  ...left: readonly EstateResource[]
): readonly EstateResource[] {
  return resources.filter((each) => !left.includes(each));
}

export function stateOf(
  resources: readonly EstateResource[],
  of: EstateResource,
  surroundings: Surroundings = {},
): string {
  return expose(resources, of, surroundings).state;
}
