import { describe, expect, it } from 'vitest';
import { asObjects, type JsonObject } from '#base/json-value.ts';
import { evaluateAwsEstate } from '#domain/risk/evaluate-aws-estate.ts';
import { described, START } from './formats.described.test-sample.ts';
import { A, ACLS, groups, instance, ROUTES, rule, SUBNETS } from './formats.settled.test-sample.ts';

const OWNER = '222222222222';

/** A list of which each element belongs to an account. */
function owned(answer: Readonly<Record<string, JsonObject[]>>, account: string): JsonObject {
  return Object.fromEntries(
    Object.entries(answer).map(([key, list]) => [key, list.map((each) => ({ ...each, OwnerId: account }))]),
  );
}

const network = (account: string, acls: JsonObject = ACLS): readonly (readonly [string, JsonObject])[] => [
  ['ec2-describe-subnets.json', owned(SUBNETS, account)],
  ['ec2-describe-vpcs.json', owned({ Vpcs: [{ VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' }] }, account)],
  ['ec2-describe-route-tables.json', owned(ROUTES, account)],
  [
    'ec2-describe-network-acls.json',
    owned({ NetworkAcls: asObjects(acls['NetworkAcls']) as JsonObject[] }, account),
  ],
];

/** What the account itself knows of its machine, which stands in the subnet of another account. */
async function stateOfMachine(
  ...more: readonly (readonly [string, JsonObject])[]
): Promise<string | undefined> {
  const resources = await described([
    ['ec2-describe-instances.json', instance()],
    ['ec2-describe-security-groups.json', groups(rule())],
    ['elb-describe-load-balancers.json', { LoadBalancerDescriptions: [] }],
    ['elbv2-describe-load-balancers.json', { LoadBalancers: [] }],
    ...more,
  ]);
  const own = resources.filter(({ account }) => account === A);
  return evaluateAwsEstate(own, { now: START }).get(`aws:arn:aws:ec2:eu-west-1:${A}:instance/i-1`)
    ?.publiclyAccessible.state;
}

describe('a machine in a subnet that another account shares', () => {
  it.each([
    ['of its own account', network(A), 'yes'],
    ['of the account that shares it', network(OWNER), 'yes'],
    [
      'of the account that shares it, and lets nobody in',
      network(OWNER, { NetworkAcls: [{ ...ACLS.NetworkAcls[0], Entries: [] }] }),
      'no',
    ],
    ['that nobody described', [], 'unknown'],
  ] as const)('is judged by the network %s', async (_whose, files, state) => {
    expect(await stateOfMachine(...files)).toBe(state);
  });

  it('leaves the network with its owner, and names it once', async () => {
    const found = (await described(network(OWNER))).filter(({ type }) => type === 'subnet');
    expect(found.map(({ key, account }) => [key, account])).toEqual([
      [`aws:arn:aws:ec2:eu-west-1:${OWNER}:subnet/subnet-1`, OWNER],
      [`aws:${A}/eu-west-1/subnet/subnet-1`, A],
    ]);
  });
});
