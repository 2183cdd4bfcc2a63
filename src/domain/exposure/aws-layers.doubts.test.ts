import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  ALLOW_ALL,
  acl,
  expose,
  from,
  group,
  instance,
  listed,
  NETWORK,
  NO_BALANCERS,
  OPEN_ACL,
  recordsOf,
  resource,
  SUBNET,
  tcp,
  VPC,
} from '../../../test/support/aws-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** What one layer says, the others being open; where nobody can read it, the answer is unknown and never no. */
type Row = readonly [title: string, verdict: string, ...others: EstateResource[]];

const OPEN = group('sg-web', tcp(22, '0.0.0.0/0'));
const rule = (facts: JsonObject): EstateResource => group('sg-web', { ...from('0.0.0.0/0'), ...facts });
const without = (...those: readonly EstateResource[]): readonly EstateResource[] =>
  [...NETWORK, ...NO_BALANCERS].filter((each) => !those.includes(each));

const listRule = group('sg-web', {
  IpProtocol: 'tcp',
  FromPort: 22,
  ToPort: 22,
  PrefixListIds: [{ PrefixListId: 'pl-1' }],
});
const list = (facts: JsonObject): EstateResource =>
  resource('prefix-list', 'pl-1', { PrefixListId: 'pl-1', ...facts });

function verdict(others: readonly EstateResource[], estate: readonly EstateResource[]): string {
  const { state, missing, surfaces } = expose([...estate, ...others], instance('i-1'));
  return [state, ...(state === 'yes' ? surfaces.map(({ surface }) => surface) : missing)].join(': ');
}

describe('a security group', () => {
  it.each<Row>([
    ['in capital letters', 'yes: tcp/22', rule({ IpProtocol: 'TCP', FromPort: 22, ToPort: 22 })],
    ['for protocol 6', 'yes: tcp/22', rule({ IpProtocol: '6', FromPort: 22, ToPort: 22 })],
    ['for protocol 17', 'yes: udp/53', rule({ IpProtocol: '17', FromPort: 53, ToPort: 53 })],
    ['for UDP', 'yes: udp/53', rule({ IpProtocol: 'udp', FromPort: 53, ToPort: 53 })],
    ['for all protocols, by their word', 'yes: every tcp port: every udp port', rule({ IpProtocol: 'all' })],
    [
      'for all protocols, with ports',
      'yes: every tcp port: every udp port',
      rule({ IpProtocol: '-1', FromPort: 22, ToPort: 22 }),
    ],
    ['for every port of one', 'yes: every tcp port', rule({ IpProtocol: 'tcp', FromPort: -1, ToPort: -1 })],
    ['for one without ports', 'yes: every tcp port', rule({ IpProtocol: 'tcp' })],
    ['for port 0', 'yes: tcp/0', rule({ IpProtocol: 'tcp', FromPort: 0, ToPort: 0 })],
    ['for pings', 'no', rule({ IpProtocol: 'icmp', FromPort: -1, ToPort: -1 })],
    [
      'of which no rules are told',
      'unknown: security group sg-web: aws ec2 describe-security-groups',
      resource('security-group', 'sg-web', { GroupId: 'sg-web' }),
    ],
    [
      'with a source that nobody can read',
      'unknown: a readable source in security group sg-web (found office): aws ec2 describe-security-groups',
      group('sg-web', tcp(22), {
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: 'office' }],
      }),
    ],
    [
      'with a source that is missing',
      'unknown: a readable source in security group sg-web (found undefined): aws ec2 describe-security-groups',
      group('sg-web', { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{}] }),
    ],
    [
      'with a list of no name',
      'unknown: the entries of prefix list ID: aws ec2 get-managed-prefix-list-entries --prefix-list-id ID > ec2-get-managed-prefix-list-entries-ID.json 2>&1',
      rule({ IpRanges: [], IpProtocol: 'tcp', FromPort: 22, ToPort: 22, PrefixListIds: [{}] }),
    ],
    [
      'with a list that nobody can read to its end',
      'unknown: the entries of prefix list pl-1: aws ec2 get-managed-prefix-list-entries --prefix-list-id pl-1 > ec2-get-managed-prefix-list-entries-pl-1.json 2>&1',
      listRule,
      list({ Cidrs: ['52.1.0.0/16', 'office'] }),
    ],
    [
      'with a list for everybody, called as AWS calls its own',
      'yes: tcp/22',
      listRule,
      list({ PrefixListName: 'our.cloudfront.origin-facing', Cidrs: ['0.0.0.0/0'] }),
    ],
    [
      'with the list of CloudFront',
      'no',
      listRule,
      list({ PrefixListName: 'com.amazonaws.global.cloudfront.origin-facing' }),
    ],
  ])('%s: %s', (_title, expected, ...others) => {
    expect(verdict(others as EstateResource[], without())).toBe(expected);
  });

  it('that nobody told of an interface leaves it open whether anybody gets in', () => {
    const { state, missing } = expose([...without(), OPEN], instance('i-1', {}, { Groups: null }));
    expect([state, ...missing]).toEqual([
      'unknown',
      'the security groups of eni-i-1: aws ec2 describe-network-interfaces',
    ]);
  });

  it('of two is enough', () => {
    const both = instance('i-1', {}, { Groups: [{ GroupId: 'sg-shut' }, { GroupId: 'sg-web' }] });
    expect(expose([...without(), OPEN, group('sg-shut')], both).state).toBe('yes');
  });
});

describe('a network ACL', () => {
  const entry = (facts: JsonObject): JsonObject => ({
    RuleNumber: 50,
    Protocol: '6',
    RuleAction: 'allow',
    Egress: false,
    CidrBlock: '0.0.0.0/0',
    ...facts,
  });
  const OUT = ALLOW_ALL.filter(({ Egress }) => Egress === true);
  const UNREAD = 'unknown: readable entries of network ACL acl-1: aws ec2 describe-network-acls';

  it.each<Row>([
    ['for one port', 'yes: tcp/22', acl(...OUT, entry({ PortRange: { From: 22, To: 22 } }))],
    ['for another port', 'no', acl(...OUT, entry({ PortRange: { From: 80, To: 443 } }))],
    ['for a protocol without ports', 'yes: tcp/22', acl(...OUT, entry({}))],
    ['in capital letters', 'yes: tcp/22', acl(...OUT, entry({ RuleAction: 'ALLOW' }))],
    ['that denies in capital letters', 'no', acl(...ALLOW_ALL, entry({ RuleAction: 'DENY' }))],
    ['for UDP alone', 'no', acl(...OUT, entry({ Protocol: '17' }))],
    [
      'that lets no answer of the protocol out',
      'no',
      acl(entry({}), entry({ Egress: true, Protocol: '17' })),
    ],
    [
      'that lets answers out to some ports',
      'yes: tcp/22',
      acl(entry({}), entry({ Egress: true, PortRange: { From: 32768, To: 60999 } })),
    ],
    ...[1024, 1025].map(
      (From): Row => [
        `that lets answers out from port ${From} on`,
        'yes: tcp/22',
        acl(entry({}), entry({ Egress: true, PortRange: { From, To: 65535 } })),
      ],
    ),
    ['that lets nobody in whom anybody can read', UNREAD, acl(...OUT, entry({ CidrBlock: 'office' }))],
    [
      'that lets no answer out that anybody can read',
      UNREAD,
      acl(entry({}), entry({ Egress: true, CidrBlock: null })),
    ],
    [
      'that denies whom nobody can read',
      UNREAD,
      acl(...ALLOW_ALL, entry({ RuleAction: 'deny', CidrBlock: 'office' })),
    ],
    [
      'that denies whom nobody can read behind everybody',
      'yes: tcp/22',
      acl(...ALLOW_ALL, entry({ RuleNumber: 900, RuleAction: 'deny', CidrBlock: 'office' })),
    ],
    [
      'of which no entries are told',
      'unknown: network ACLs of vpc-1: aws ec2 describe-network-acls',
      resource('network-acl', 'acl-1', { Associations: [{ SubnetId: 'subnet-1' }] }),
    ],
  ])('%s: %s', (_title, expected, ...others) => {
    expect(verdict([OPEN, ...(others as EstateResource[])], without(OPEN_ACL))).toBe(expected);
  });

  it.each([
    [[1024, 65535], false],
    [[1, 65535], false],
    [[1025, 65535], true],
    [[1024, 65534], true],
  ])('says whether answers to ports %j leave some clients out: %s', ([From, To], isPartial) => {
    const half = acl(entry({}), entry({ Egress: true, PortRange: { From, To } as JsonObject }));
    const told = recordsOf([...without(OPEN_ACL), OPEN, half], instance('i-1'));
    const said = told.flatMap(({ evidence }) => evidence.map(({ sentence }) => sentence));
    expect(said.some((sentence) => sentence.includes('some ports of clients only'))).toBe(isPartial);
  });
});

describe('VPC Block Public Access', () => {
  const says = (of: EstateResource, mode: string | null): EstateResource => ({
    ...of,
    facts: {
      ...of.facts,
      BlockPublicAccessStates: mode === null ? null : { InternetGatewayBlockMode: mode },
    },
  });
  const option = (facts: JsonObject): EstateResource => resource('vpc-block-public-access', 'option', facts);
  const BLOCKED = option({ InternetGatewayBlockMode: 'block-ingress' });
  const spared = (facts: JsonObject): EstateResource =>
    resource('vpc-block-public-access-exclusion', 'x', {
      ResourceArn: 'arn:aws:ec2:eu-west-1:111111111111:subnet/subnet-1',
      InternetGatewayExclusionMode: 'allow-bidirectional',
      State: 'create-complete',
      ...facts,
    });
  const [ALL] = listed('vpc-block-public-access-exclusion') as [EstateResource];

  it.each<Row>([
    ['that the subnet says', 'no', says(SUBNET, 'block-bidirectional'), VPC],
    [
      'that the subnet says is off, whatever its network says',
      'yes: tcp/22',
      says(SUBNET, 'off'),
      says(VPC, 'block-ingress'),
    ],
    [
      'that the network alone says',
      'unknown: Block Public Access of subnet-1: aws ec2 describe-subnets',
      SUBNET,
      says(VPC, 'block-ingress'),
    ],
    ['that the network says is off', 'yes: tcp/22', SUBNET, says(VPC, 'off')],
    ['that the region has', 'no', SUBNET, VPC, BLOCKED, ALL],
    [
      'that the region has, whoever is excluded',
      'unknown: exclusions from VPC Block Public Access: aws ec2 describe-vpc-block-public-access-exclusions',
      SUBNET,
      VPC,
      BLOCKED,
    ],
    ['that the region has off', 'yes: tcp/22', SUBNET, VPC, option({ InternetGatewayBlockMode: 'off' })],
    ['of which no mode is told', 'yes: tcp/22', SUBNET, VPC, option({})],
    [
      'from which nobody may be excluded',
      'no',
      SUBNET,
      VPC,
      option({ InternetGatewayBlockMode: 'block-ingress', ExclusionsAllowed: 'not-allowed' }),
      spared({}),
    ],
    ['from which the subnet is excluded', 'yes: tcp/22', SUBNET, VPC, BLOCKED, ALL, spared({})],
    [
      'from which the network is excluded',
      'yes: tcp/22',
      SUBNET,
      VPC,
      BLOCKED,
      ALL,
      spared({ ResourceArn: 'arn:aws:ec2:eu-west-1:111111111111:vpc/vpc-1' }),
    ],
    [
      'from which another network is excluded',
      'no',
      SUBNET,
      VPC,
      BLOCKED,
      ALL,
      spared({ ResourceArn: 'arn:aws:ec2:eu-west-1:111111111111:vpc/vpc-11' }),
    ],
    [
      'from which it is excluded on the way out',
      'no',
      SUBNET,
      VPC,
      BLOCKED,
      ALL,
      spared({ InternetGatewayExclusionMode: 'allow-egress' }),
    ],
    [
      'from which it is excluded no longer',
      'no',
      SUBNET,
      VPC,
      BLOCKED,
      ALL,
      spared({ State: 'delete-complete' }),
    ],
  ])('%s: %s', (_title, expected, ...others) => {
    expect(verdict([OPEN, ...(others as EstateResource[])], without(SUBNET, VPC))).toBe(expected);
  });
});
