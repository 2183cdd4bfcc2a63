import type { JsonObject } from '#base/json-value.ts';
import { allow, iam, role, user } from '../privilege/aws/iam-principal.test-sample.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  credential,
  data,
  database,
  EC2,
  EVERYTHING,
  flaw,
  type Lab,
  machine,
  NETWORK,
  profiled,
  reads,
  regional,
  rule,
  runningTask,
  securityGroup,
  service,
  TASKS,
  task,
} from './path-world.labs.test-sample.ts';
import {
  account,
  clusterWith,
  pod,
  podCloud,
  podRole,
  SHAPE_LABS,
} from './path-world.shape-labs.test-sample.ts';

interface VariantLab {
  readonly lab: Lab;
  readonly hardened: Lab;
}

const OPEN_WEB = securityGroup('sg-web', [rule(443, '0.0.0.0/0')]);
const web = machine('i-web', { role: 'web' });
const admin = user('admin', EVERYTHING);

/** A public machine with a flaw, whose role may do this. */
const machineThat = (statements: readonly JsonObject[], ...others: readonly EstateResource[]): Lab => ({
  resources: [...NETWORK, OPEN_WEB, web, role('web', EC2, statements, profiled('web')), ...others],
  weaknesses: [flaw('exec', web, false)],
});

const publicDatabase = database('shop', {
  PubliclyAccessible: true,
  DBSubnetGroup: { VpcId: 'vpc-1', Subnets: [{ SubnetIdentifier: 'subnet-a' }] },
});
const noted = (from: string): Lab => ({
  resources: [...NETWORK, securityGroup('sg-db', [rule(5432, from)]), publicDatabase, admin],
  credentials: [credential(publicDatabase, admin)],
});

/** A bucket that anybody reads, with the key of somebody who reads sensitive data. */
const keyInPublic = (statements: readonly JsonObject[]): Lab => {
  const { resources } = SHAPE_LABS['public-sensitive-data'] as Lab;
  const reader = user('reader', statements);
  const open = resources.find(({ type }) => type === 's3-bucket') as EstateResource;
  return {
    resources: [...resources, reader, data],
    credentials: [credential(open, reader)],
    sensitive: [data.key],
  };
};

const podReader = {
  ...podRole,
  facts: { ...podRole.facts, RolePolicyList: role('pod', {}, [reads(data)]).facts['RolePolicyList'] ?? [] },
};
const inPod = (cloudIdentities: readonly string[]): Lab => ({
  ...clusterWith(
    pod('web', { mountsToken: false }),
    'log4j-core',
    [account('web', { mountsToken: false, cloudIdentities })],
    { cloud: podCloud, aws: [podReader, data] },
  ),
  sensitive: [data.key],
});

/** Tasks of a service with an address of their own, that run as a role. */
const tasks = (statements: readonly JsonObject[]): Lab => ({
  resources: [
    ...NETWORK,
    OPEN_WEB,
    ...runningTask('shop'),
    service('shop'),
    task('shop', 'shop'),
    role('shop', TASKS, statements),
    data,
  ],
  weaknesses: [flaw('exec', service('shop'), false)],
  sensitive: [data.key],
});

const forging = (tokens: 'optional' | 'required'): Lab => {
  const asked = machine('i-web', { role: 'web', tokens });
  return {
    resources: [...NETWORK, OPEN_WEB, asked, role('web', EC2, EVERYTHING, profiled('web'))],
    weaknesses: [flaw('ssrf', asked)],
  };
};

/** A role that may start sessions on machines of a tag, and another machine whose role reads sensitive data. */
const tagging = (action: string): Lab => ({
  ...machineThat(
    [
      allow(action),
      allow('ssm:StartSession', { Condition: { StringEquals: { 'aws:ResourceTag/StartSession': 'true' } } }),
    ],
    { ...machine('i-keeper', { role: 'keeper', isPublic: false }), tags: { StartSession: 'false' } },
    regional('ssm-managed-instance', 'ssm', 'managed-instance/i-keeper', {
      InstanceId: 'i-keeper',
      PingStatus: 'Online',
    }),
    role('keeper', EC2, [reads(data)], profiled('keeper')),
    data,
  ),
  sensitive: [data.key],
});

const OTHER = '222222222222';
const elsewhere = (trusted: string): Lab =>
  machineThat(
    [allow('sts:AssumeRole', { Resource: iam('role', 'operations', OTHER) })],
    role('operations', { AWS: iam('role', trusted) }, EVERYTHING, {}, OTHER),
  );

/** A world for each variant of a shape that no other world has, with its guarded twin, by the name of the variant. */
export const VARIANT_LABS: Readonly<Record<string, VariantLab>> = {
  'guessed-login-leads-on': { lab: noted('0.0.0.0/0'), hardened: noted('10.0.0.0/8') },
  'public-bucket-key-to-data': { lab: keyInPublic([reads(data)]), hardened: keyInPublic([]) },
  'pod-to-cloud-data': { lab: inPod([iam('role', 'pod')]), hardened: inPod([]) },
  'flaw-to-configured-key': {
    lab: { ...machineThat([], admin), credentials: [credential(web, admin)] },
    hardened: { ...machineThat([], user('admin', [])), credentials: [credential(web, admin)] },
  },
  'task-role-to-data': { lab: tasks([reads(data)]), hardened: tasks([]) },
  'forged-request-to-admin': { lab: forging('optional'), hardened: forging('required') },
  'flaw-to-tag-rewrite': { lab: tagging('ec2:CreateTags'), hardened: tagging('ec2:DescribeTags') },
  'workload-to-other-account': { lab: elsewhere('web'), hardened: elsewhere('other') },
};
