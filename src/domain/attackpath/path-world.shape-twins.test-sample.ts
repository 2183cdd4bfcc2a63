import type { JsonObject } from '#base/json-value.ts';
import { allow, deny, document, iam, role, user } from '../privilege/aws/iam-principal.test-sample.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  bucket,
  data,
  database,
  EC2,
  EVERYTHING,
  type Lab,
  machine,
  profiled,
  rule,
  securityGroup,
} from './path-world.labs.test-sample.ts';
import { SHAPE_LABS } from './path-world.shape-labs.test-sample.ts';

type Guard = (lab: Lab) => Lab;

/** Resources as they are instead, by their keys. */
const instead =
  (...others: readonly EstateResource[]): Guard =>
  (lab) => ({
    ...lab,
    resources: lab.resources.map((each) => others.find(({ key }) => key === each.key) ?? each),
  });

const without =
  (part: 'weaknesses' | 'credentials' | 'dangling' | 'open'): Guard =>
  (lab) => ({ ...lab, [part]: [] });

/** The role of the public machine. */
const web = (...statements: readonly JsonObject[]) => instead(role('web', EC2, statements, profiled('web')));

const inside = securityGroup('sg-web', [rule(443, '10.0.0.0/8')]);
const refusing: EstateResource = {
  ...data,
  facts: {
    ...data.facts,
    Policy: document({ ...deny('s3:GetObject', { Resource: `${data.key.slice(4)}/*` }), Principal: '*' }),
  },
};
const WRITES = allow('s3:PutObject', { Resource: 'arn:aws:s3:::site/*' });
const COPIES = allow(['rds:CreateDBSnapshot', 'rds:ModifyDBSnapshotAttribute']);

/** What is described of one thing of the cluster, otherwise. */
const described =
  (type: string, name: string, change: (each: EstateResource) => Partial<EstateResource>): Guard =>
  (lab) => {
    const { cluster } = lab;
    if (cluster === undefined) return lab;
    const resources = cluster.resources.map((each) =>
      each.type === type && each.name === name ? { ...each, ...change(each) } : each,
    );
    return { ...lab, cluster: { ...cluster, resources } };
  };
const facts = (type: string, name: string, more: JsonObject): Guard =>
  described(type, name, (each) => ({ facts: { ...each.facts, ...more } }));
const unprivileged = described('workload', 'web', ({ facts: known }) => ({
  facts: {
    ...known,
    containers: (known['containers'] as JsonObject[]).map((each) => ({ ...each, privileged: false })),
  },
}));

/** What keeps each world of a shape from having its path: one guard that somebody may put in place (attack-paths §5.1). */
const GUARDS: Readonly<Record<string, Guard>> = {
  'workload-runs-as-admin': web(),
  'workload-to-data': instead(refusing),
  'edge-appliance': without('weaknesses'),
  'ci-server': instead(inside),
  'ai-platform': instead(machine('i-web', { role: 'web', isPublic: false })),
  'image-secret': without('credentials'),
  'file-read-to-credential': without('credentials'),
  'bypassed-login-to-database': instead(securityGroup('sg-db', [])),
  'state-file-credentials': web(),
  'front-end-secret': instead(bucket('reports')),
  'public-bucket-key-to-admin': instead(user('admin', [])),
  'insider-repository-secret': instead(role('pod', {}, [])),
  'pipeline-role-open-to-anybody': instead(
    role('deployer', {}, EVERYTHING, {
      AssumeRolePolicyDocument: document({
        Effect: 'Allow',
        Action: 'sts:AssumeRoleWithWebIdentity',
        Principal: { Federated: iam('oidc-provider', 'token.actions.githubusercontent.com') },
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': 'repo:lab/app:environment:production',
          },
        },
      }),
    }),
  ),
  'leaked-key-to-site': instead(user('starting', [])),
  'workload-to-site': web(WRITES, deny('s3:PutObject')),
  'public-sensitive-data': instead(bucket('reports')),
  'public-production-data': instead(bucket('reports')),
  'guessed-login': instead(securityGroup('sg-db', [rule(5432, '10.0.0.0/8')])),
  'saas-token': without('credentials'),
  'guessed-password-leads-on': instead(machine('i-web', { role: 'web' })),
  'leaked-login': instead(database('shop')),
  'storage-token': without('credentials'),
  'public-snapshot': (lab) => ({
    ...lab,
    resources: lab.resources.map((each) =>
      each.type === 'rds-snapshot' ? { ...each, facts: { ...each.facts, Restore: [] } } : each,
    ),
  }),
  'leaked-key-copies-data': instead(user('starting', [COPIES, deny('rds:ModifyDBSnapshotAttribute')])),
  'workload-copies-database': web(COPIES, deny('rds:CreateDBSnapshot')),
  'role-open-to-any-account': instead(role('open', { AWS: iam('user', 'ops') }, EVERYTHING)),
  'vendor-role': instead(role('open', { AWS: '333333333333' }, [])),
  'subdomain-takeover': without('dangling'),
  'pod-to-cluster-admin': facts('workload', 'web', { mountsToken: false }),
  'pod-to-cluster-secrets': facts('cluster-role-binding', 'given', { subjects: [] }),
  'ingress-takeover': without('weaknesses'),
  'open-cluster-console': without('open'),
  'open-control-port': described('workload', 'web', () => ({ tags: {} })),
  'container-breakout': unprivileged,
  'breakout-to-node': unprivileged,
  'pod-to-cloud-admin': facts('service-account', 'web', { cloudIdentities: [] }),
  'pod-to-node-role': instead(machine('i-0123456789abcdef0', { isPublic: false, role: 'node' })),
};

/** The worlds of shapes with a guard in place. */
export const SHAPE_TWINS: Readonly<Record<string, Lab>> = Object.fromEntries(
  Object.entries(GUARDS).map(([shape, guard]) => [shape, guard(SHAPE_LABS[shape] as Lab)]),
);
