import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { awsCli } from '#formats/aws-cli/aws-cli.ts';
import { openBytes } from '#formats/reading/open-input.ts';
import type { ReadContext } from '../ports/report-format.ts';
import { identifyResource } from '../resource/resource-key.ts';
import type { EstateResource } from './estate.ts';
import { evaluateAwsEstate } from './evaluate-aws-estate.ts';

/** The samples as one account, from file to verdict. */
const SAMPLES = join(import.meta.dirname, '../../formats/aws-cli/samples');
const RESULTS = join(import.meta.dirname, '../privilege/samples/iam-vulnerable-results.json');
const SEEN = Date.UTC(2026, 9, 1);

async function estateOf(folder: string, context: Partial<ReadContext> = {}): Promise<EstateResource[]> {
  const resources = new Map<string, EstateResource>();
  for (const name of readdirSync(join(SAMPLES, folder)).filter(
    (each) => /\.(?:json|txt)$/.test(each) && !each.endsWith('.expected.json'),
  )) {
    for await (const input of openBytes(readFileSync(join(SAMPLES, folder, name)), name)) {
      for await (const item of awsCli.read(input, {
        root: null,
        account: null,
        region: null,
        cluster: null,
        ...context,
      })) {
        if (item.kind !== 'record' && item.kind !== 'beside') continue;
        for (const observation of item.observations) {
          if (observation.kind !== 'resource') continue;
          const { key } = identifyResource(observation.resource, {
            sourceId: 's',
            cluster: null,
            repository: null,
            artifact: null,
          });
          const { type, account = null, region = null, tags = {}, facts } = observation;
          resources.set(key, {
            key,
            type,
            name: observation.name,
            account,
            region,
            tags,
            facts,
            seenAt: SEEN,
            provenance: 'aws-cli',
          });
        }
      }
    }
  }
  return [...resources.values()];
}

describe('the demo account of CloudMapper', () => {
  /**
   * The account was described without route tables, network ACLs, target groups, listeners and
   * policies of resources, so hardly anything can be cleared but by groups that are closed.
   */
  const EXPECTED: Readonly<Record<string, readonly [open: string, privileged: string]>> = {
    // An address on the internet, but its group admits two offices, and no load balancer either.
    'ec2:us-east-1:123456789012:instance/i-00000000000000000': ['no', 'no'],
    // No address; their group admits the group of both load balancers, and nobody says whom the newer one serves.
    'ec2:us-east-1:123456789012:instance/i-00000000000000001': ['unknown', 'no'],
    'ec2:us-east-1:123456789012:instance/i-00000000000000002': ['unknown', 'no'],
    // An address and a group that is open on 443; routes and network ACLs are missing.
    'ec2:us-east-1:653711331788:network-interface/eni-00000001': ['unknown', 'no'],
    'elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/demo/qwerty': ['unknown', 'no'],
    // It listens on 8000, its group opens 443.
    'elasticloadbalancing:us-east-1:123456789012:loadbalancer/weblb': ['no', 'no'],
    'rds:us-east-1:123456789012:db:securitymonkey': ['no', 'unknown'],
    // Publicly accessible by its switch, but its group admits two offices.
    'redshift:us-east-1:123456789012:cluster:redshift-cluster-1': ['no', 'no'],
    // Policies of their own were not described.
    'ecr:us-east-1:123456789012:repository/cloudmapper': ['unknown', 'no'],
    // Route tables and network ACLs decide about subnets.
    'ec2:us-east-1:123456789012:subnet/subnet-00000001': ['unknown', 'no'],
    'ec2:us-east-1:123456789012:subnet/subnet-00000002': ['unknown', 'no'],
    'ec2:us-east-1:123456789012:subnet/subnet-00000003': ['unknown', 'no'],
    'ec2:us-east-1:123456789012:subnet/subnet-00000004': ['unknown', 'no'],
    // Its brokers have no public access.
    'kafka:us-east-1:123456789012:cluster/demo/ecf9bd76-d479-42b3-b588-b0ee9994c27a-3': ['no', 'no'],
    'es:us-east-1:123456789012:domain/myvpcdomain': ['unknown', 'no'],
    // As public as its bucket.
    'cloudtrail:us-east-1:123456789012:trail/cloudtrail': ['unknown', 'no'],
    's3:::cloudmapper_demo': ['unknown', 'no'],
    'secretsmanager:us-east-1:0123456789012:secret:demo-secret-lfUPRe': ['unknown', 'no'],
    'sns:us-east-1:123456789012:demo_private': ['unknown', 'no'],
    'sns:us-east-1:123456789012:demo_public': ['unknown', 'no'],
    'sqs:us-east-1:123456789012:demo': ['unknown', 'no'],
    // Its role is not in the account's dump.
    'lambda:us-east-1:123456789012:function:invpclambda': ['unknown', 'unknown'],
    // Everything on everything, for every account that asks; so whoever is in the account is an administrator in one call.
    'iam::123456789012:role/bad_role': ['yes', 'yes'],
    'iam::123456789012:role/exfiller': ['no', 'yes'],
    'iam::123456789012:role/level3': ['no', 'yes'],
    'iam::123456789012:role/service-role/level1': ['no', 'yes'],
    'iam::aws:user/USER': ['no', 'yes'],
    'iam::aws:user/USER_WITH_BAD_INLINE_POLICY': ['no', 'yes'],
    // A group assumes nothing itself, but its policy reads every object in S3.
    'iam::aws:group/GROUP_WITH_BAD_INLINE_POLICY': ['no', 'yes'],
  };

  it('gets the verdicts that its description bears', async () => {
    const verdicts = evaluateAwsEstate(
      await estateOf('cloudmapper-demo', { account: '123456789012', region: 'us-east-1' }),
    );
    const states = Object.fromEntries(
      [...verdicts].map(([key, risks]) => [
        key.replace('aws:arn:aws:', ''),
        [risks.publiclyAccessible.state, risks.privilegedAccess.state],
      ]),
    );
    expect(states).toEqual(EXPECTED);
  });

  it('gives evidence for every yes and no, and names what is missing for every unknown', async () => {
    for (const risks of evaluateAwsEstate(
      await estateOf('cloudmapper-demo', { account: '123456789012', region: 'us-east-1' }),
    ).values()) {
      for (const verdict of [risks.publiclyAccessible, risks.privilegedAccess]) {
        expect(
          verdict.state === 'unknown' ? verdict.missing.length : verdict.evidence.length,
        ).toBeGreaterThan(0);
        expect(verdict.state === 'unknown' || verdict.missing.length === 0).toBe(true);
      }
    }
  });

  it('is the same in any order of its descriptions', async () => {
    const resources = await estateOf('cloudmapper-demo', { account: '123456789012', region: 'us-east-1' });
    const states = (some: readonly EstateResource[]): unknown =>
      Object.fromEntries(
        [...evaluateAwsEstate(some)].map(([key, { publiclyAccessible, privilegedAccess }]) => [
          key,
          publiclyAccessible.state + privilegedAccess.state,
        ]),
      );
    expect(states([...resources].reverse())).toEqual(states(resources));
  });
});

describe('the lab iam-vulnerable', () => {
  interface Expected {
    readonly cases: readonly {
      readonly principals: readonly {
        readonly arn: string;
        readonly result: 'admin' | 'conditional' | 'none';
      }[];
    }[];
  }
  const STATES = { admin: 'yes', conditional: 'unknown', none: 'no' } as const;

  it('gets the result that the lab states for each of its principals', async () => {
    const { cases } = JSON.parse(readFileSync(RESULTS, 'utf8')) as Expected;
    const verdicts = evaluateAwsEstate(await estateOf('iam-vulnerable'));
    const principals = cases.flatMap((each) => each.principals);
    expect(
      Object.fromEntries(
        principals.map(({ arn }) => [arn, verdicts.get(`aws:${arn}`)?.privilegedAccess.state]),
      ),
    ).toEqual(Object.fromEntries(principals.map(({ arn, result }) => [arn, STATES[result]])));
    expect(principals.length).toBe(49);
  });
});

describe('answers to calls of one resource', () => {
  it('make one verdict with the list that names it', async () => {
    const parts = await estateOf('own', { account: '111111111111', region: 'eu-west-1' });
    const bucket: EstateResource = {
      key: 'aws:arn:aws:s3:::shop-assets',
      type: 's3-bucket',
      name: 'shop-assets',
      account: '111111111111',
      region: null,
      tags: {},
      facts: { Name: 'shop-assets' },
      seenAt: SEEN,
      provenance: 'aws-cli',
    };
    const risks = evaluateAwsEstate([...parts, bucket]).get(bucket.key);
    expect(risks?.publiclyAccessible).toEqual({
      state: 'yes',
      evidence: [
        {
          sentence:
            'The policy of S3 bucket shop-assets lets everybody read its objects, and Block Public Access does not stop it.',
          provenance: 'aws-cli',
          at: SEEN,
        },
      ],
      missing: [],
    });
  });
});

describe('control of the control plane', () => {
  const may = (actions: readonly string[]): EstateResource => ({
    key: 'aws:arn:aws:iam::111111111111:user/p',
    type: 'iam-user',
    name: 'p',
    account: '111111111111',
    region: null,
    tags: {},
    facts: {
      Arn: 'arn:aws:iam::111111111111:user/p',
      UserName: 'p',
      GroupList: [],
      AttachedManagedPolicies: [],
      UserPolicyList: [
        {
          PolicyName: 'inline',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: [...actions], Resource: '*' }],
          },
        },
      ],
    },
    seenAt: SEEN,
    provenance: 'aws-cli',
  });

  it.each<readonly [string, string, ...string[]]>([
    ['P4', 'no', 'codedeploy:CreateDeployment'],
    ['P4', 'no', 'codepipeline:UpdatePipeline'],
    ['P4', 'no', 'cloudtrail:StopLogging'],
    ['P4', 'no', 'kms:ScheduleKeyDeletion'],
    ['P4', 'no', 'iam:CreateUser'],
    ['P4', 'no', 'ec2:AuthorizeSecurityGroupIngress', 'ec2:CreateRoute', 'ec2:AttachInternetGateway'],
    ['P3', 'yes', 'cloudtrail:StopLogging', 's3:GetObject'],
  ])('is %s, and the detected risk is %s', (level, state, ...actions) => {
    const who = may(actions);
    const { privilege, privilegedAccess } = evaluateAwsEstate([who]).get(who.key) ?? {};
    expect(privilege?.level).toBe(level);
    expect(privilegedAccess?.state).toBe(state);
    if (level === 'P4') expect(privilegedAccess?.evidence[0]?.sentence).toContain('(P4)');
  });
});
