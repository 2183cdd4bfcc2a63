import { expect, test } from 'vitest';
import { principal, step } from './attack-path.test-sample.ts';
import SHAPES from './data/shapes.json' with { type: 'json' };
import RULES from './data/step-rules.json' with { type: 'json' };
import { type Shape, shapeOf } from './shape.ts';
import type { StepRuleId } from './step-rules.ts';
import type { TargetClass } from './target.ts';

/**
 * One path of each shape: `shape: origin, the rules of its steps with their kinds in brackets > class of the target`. The kind
 * of the first step is the type of what it reaches.
 */
const CASES = `
guessed-login: internet guessed-login[rds-instance] > sensitive-data
guessed-login-leads-on: internet guessed-login[rds-instance] found-credential[rds-instance] administrator > account-admin
guessed-password-leads-on: internet public-endpoint[ec2-instance] guessed-password workload-role administrator > account-admin
saas-token: internet public-endpoint[ec2-instance] network-exploit workload-role reads-data found-credential[service-token] > service-data
directory-sync: internet public-endpoint[azure-vm] network-exploit found-credential[directory-sync] iam-escalation[directory-sync] > account-admin
legacy-app-consent: internet leaked-credential[repository] tenant-right[mailboxes] > sensitive-data
subdomain-takeover: internet dangling-name > served-content
storage-token: internet leaked-credential[storage-token] > sensitive-data
front-end-secret: internet public-data[s3-bucket] found-credential[front-end] reads-data > sensitive-data
deletes-backups: internet public-endpoint[ec2-instance] network-exploit workload-role deletes-backups > backups
open-queue: any-aws-account public-data[sqs-queue] drives-consumer code-exploit[query] > sensitive-data
leaked-key-drives-queue: internet leaked-credential[repository] assume-role[same-account] sends-message drives-consumer code-exploit[query] > sensitive-data
public-snapshot: any-aws-account public-data[rds-snapshot] > sensitive-data
public-sensitive-data: internet public-data[s3-bucket] > sensitive-data
public-production-data: any-aws-account public-data[s3-bucket] > production-data
public-writable-site: internet public-data[s3-bucket] > served-content
public-bucket-key-to-admin: internet public-data[s3-bucket] found-credential[s3-bucket] iam-escalation[lambda-003] administrator > account-admin
public-bucket-key-to-data: internet public-data[s3-bucket] found-credential[s3-bucket] reads-data > sensitive-data
pipeline-role-open-to-anybody: internet open-trust[iam-role] administrator > account-admin
role-open-to-any-account: any-aws-account open-trust[iam-role] reads-data > sensitive-data
guest-role-to-data: internet open-trust[iam-role] reads-data > sensitive-data
leaked-key-to-site: internet leaked-credential[repository] writes-data > served-content
leaked-login: internet leaked-credential[repository] > sensitive-data
key-rotates-administrator: internet leaked-credential[repository] iam-escalation[iam-003] administrator > account-admin
leaked-key-rolls-policy-back: internet leaked-credential[repository] iam-escalation[rhino-2] > account-admin
leaked-key-injects-into-function: internet leaked-credential[repository] assume-role[same-account] invokes-function code-exploit workload-role iam-escalation > account-admin
leaked-key-replaces-image: internet leaked-credential[repository] pushes-image workload-role administrator > account-admin
leaked-key-to-machine-commands: internet leaked-credential[repository] iam-escalation[ssm-001] administrator > account-admin
leaked-key-rewrites-tags: internet leaked-credential[repository] iam-escalation[ssm-tag] reads-data > sensitive-data
leaked-key-hijacks-agent: internet leaked-credential[repository] iam-escalation[bedrock-002] reads-data > sensitive-data
leaked-key-hijacks-jobs: internet leaked-credential[repository] iam-escalation[glue-003] administrator > account-admin
leaked-key-to-configuration: internet leaked-credential[repository] reads-data[configuration] found-credential[lambda-function] administrator > account-admin
leaked-key-to-other-account: internet leaked-credential[repository] assume-role[same-account] assume-role[other-account] administrator > account-admin
leaked-key-copies-data: internet leaked-credential[repository] copies-data > sensitive-data
leaked-key-to-admin: internet leaked-credential[repository] iam-escalation[lambda-001] administrator > account-admin
leaked-key-to-admin: internet leaked-credential[repository] cluster-login[access-policy] > cluster-admin
leaked-key-to-admin: internet leaked-credential[repository] assume-role[same-account] cluster-login[aws-auth] cluster-takeover > cluster-admin
leaked-key-to-data: internet leaked-credential[repository] reads-data > sensitive-data
vendor-role: vendor vendor-breach[iam-role] administrator > account-admin
insider-repository-secret: any-employee assumed-breach found-credential[repository] administrator > account-admin
insider-machine-commands: any-employee assumed-breach[iam-user] iam-escalation[ssm-002] administrator > account-admin
insider-rolls-policy-back: any-employee assumed-breach[iam-user] iam-escalation[rhino-2] > account-admin
insider-hijacks-jobs: any-employee assumed-breach[iam-user] iam-escalation[sagemaker-004] administrator > account-admin
insider-to-other-account: any-employee assumed-breach[iam-user] assume-role[other-account] administrator > account-admin
ingress-takeover: internet public-endpoint[workload] network-exploit[ingress-controller] service-account-token cluster-secrets > cluster-secrets
edge-appliance: internet public-endpoint[ec2-instance] network-exploit[edge-appliance] workload-role reads-data > sensitive-data
ci-server: internet public-endpoint[ec2-instance] network-exploit[ci-server] workload-role administrator > account-admin
ai-platform: internet public-endpoint[workload] open-control-port[ai-platform] service-account-token cluster-rights > cluster-admin
open-cluster-console: internet public-endpoint[workload] open-control-port service-account-token cluster-rights > cluster-admin
open-control-port: internet public-endpoint[workload] open-control-port container-escape[privileges] > cluster-node
socket-breakout: internet public-endpoint[ecs-service] network-exploit container-escape[socket] node-tasks workload-role reads-data > sensitive-data
container-breakout: internet public-endpoint[workload] network-exploit container-escape[privileges] > cluster-node
breakout-to-node: internet public-endpoint[workload] network-exploit container-escape[privileges] node-tokens cluster-rights > cluster-admin
container-breakout: internet public-endpoint[workload] network-exploit machine-flaw > cluster-node
breakout-to-node: internet public-endpoint[ecs-service] network-exploit machine-flaw node-tasks workload-role reads-data > sensitive-data
pod-to-node-role: internet public-endpoint[workload] network-exploit node-metadata administrator > account-admin
pod-to-cloud-admin: internet public-endpoint[workload] network-exploit pod-cloud-role administrator > account-admin
pod-to-cloud-admin: internet public-endpoint[workload] network-exploit service-account-token cluster-rights cluster-cloud-role administrator > account-admin
pod-to-cloud-data: internet public-endpoint[workload] network-exploit pod-cloud-role reads-data > sensitive-data
pod-to-cluster-secrets: internet public-endpoint[workload] network-exploit service-account-token cluster-secrets > cluster-secrets
pod-to-cluster-admin: internet public-endpoint[workload] network-exploit service-account-token cluster-takeover > cluster-admin
state-file-credentials: internet public-endpoint[ec2-instance] network-exploit workload-role reads-data found-credential[terraform-state] administrator > account-admin
file-read-to-credential: internet public-endpoint[ec2-instance] code-exploit[files] administrator > account-admin
bypassed-login-to-database: internet public-endpoint[ec2-instance] code-exploit[records] > sensitive-data
image-secret: internet public-endpoint[workload] network-exploit found-credential[image] administrator > account-admin
flaw-to-configured-key: internet public-endpoint[lambda-function] code-exploit found-credential[lambda-function] administrator > account-admin
stored-key: internet public-endpoint[ec2-instance] request-forgery metadata-request reads-data found-credential[s3-bucket] administrator > account-admin
query-to-database: internet public-endpoint[ec2-instance] code-exploit[query] > sensitive-data
database-in-other-network: internet public-endpoint[ec2-instance] code-exploit database-login[peering] > sensitive-data
flaw-to-database-login: internet public-endpoint[ec2-instance] network-exploit database-login[network] > sensitive-data
lateral-machine: internet public-endpoint[ec2-instance] network-exploit network-reach network-exploit workload-role administrator > account-admin
function-to-admin: internet public-endpoint[lambda-function] network-exploit workload-role administrator > account-admin
function-to-privileged-function: internet public-endpoint[lambda-function] network-exploit workload-role iam-escalation[lambda-003] administrator > account-admin
task-role-to-data: internet public-endpoint[ecs-service] network-exploit workload-role reads-data > sensitive-data
forged-request-to-data: internet public-endpoint[ec2-instance] request-forgery metadata-request reads-data > sensitive-data
forged-request-to-admin: internet public-endpoint[ec2-instance] request-forgery metadata-request administrator > account-admin
default-compute-account: internet public-endpoint[gcp-instance] network-exploit workload-role[gcp-default] administrator[gcp] > account-admin
workload-runs-as-admin: internet public-endpoint[gcp-instance] network-exploit workload-role[gcp] administrator[gcp] > account-admin
workload-runs-as-admin: internet public-endpoint[ec2-instance] network-exploit workload-role administrator > account-admin
workload-runs-as-admin: internet public-endpoint[azure-vm] network-exploit workload-role[azure] administrator[azure] > account-admin
workload-runs-as-admin: internet public-endpoint[ec2-instance] network-exploit workload-role cluster-login[access-policy] > cluster-admin
workload-runs-as-admin: internet public-endpoint[ec2-instance] network-exploit workload-role cluster-login[access-entry] cluster-rights > cluster-admin
workload-escalates-to-admin: internet public-endpoint[ec2-instance] network-exploit workload-role cluster-login[access-entry] cluster-takeover > cluster-admin
workload-escalates-to-admin: internet public-endpoint[ec2-instance] network-exploit workload-role assume-role[same-account] cluster-login[aws-auth] > cluster-admin
chain: internet public-endpoint[ec2-instance] network-exploit workload-role cluster-login[access-entry] cluster-secrets > cluster-secrets
chain: internet public-endpoint[workload] network-exploit pod-cloud-role cluster-login[aws-auth] > cluster-admin
flaw-to-tag-rewrite: internet public-endpoint[ec2-instance] network-exploit workload-role iam-escalation[ssm-tag] reads-data > sensitive-data
workload-to-other-account: internet public-endpoint[ec2-instance] network-exploit workload-role administrator administrator-assumes administrator > account-admin
workload-escalates-to-admin: internet public-endpoint[ec2-instance] network-exploit workload-role assume-role[same-account] administrator > account-admin
workload-copies-database: internet public-endpoint[ec2-instance] network-exploit workload-role copies-data > sensitive-data
workload-to-site: internet public-endpoint[ec2-instance] network-exploit workload-role writes-data > served-content
workload-to-data: internet public-endpoint[ec2-instance] network-exploit workload-role assume-role[same-account] reads-data > production-data
fork-pull-request: internet pipeline-flaw[pull-request] pipeline-role administrator > account-admin
mutable-action: internet pipeline-flaw[mutable-action] pipeline-role administrator > account-admin
malicious-package: internet pipeline-flaw[package] pipeline-role administrator > account-admin
chain: internet public-endpoint[ec2-instance] network-exploit node-tokens > cluster-secrets
`
  .trim()
  .split('\n')
  .map((line) => line.split(': ') as [string, string]);

function shape(path: string): Shape {
  const [way = '', of = ''] = path.split(' > ');
  const [origin = '', ...rules] = way.split(' ');
  const [first] = rules.map((each) => /\[(.*)\]/.exec(each)?.[1] ?? null);
  const steps = rules.map((text, index) => {
    const [, rule = '', kind] = /^([^[]+)(?:\[(.*)\])?$/.exec(text) ?? [];
    return step(
      rule as StepRuleId,
      { asset: origin, family: 'origin', capability: 'reach' },
      principal('x'),
      index === 0 || kind === undefined ? {} : { kind },
    );
  });
  return shapeOf(steps, of as TargetClass, first ?? null);
}

test.each(CASES)('%s: %s', (expected, path) => {
  expect(shape(path).id).toBe(expected);
});

test('a path that begins nowhere is of no shape', () => {
  for (const [, path] of CASES) {
    expect(shape(`nobody ${path.slice(path.indexOf(' ') + 1)}`).id, path).toBe('chain');
  }
});

test('every shape has a path of its own, or says what it waits for', () => {
  const seen = new Set(CASES.map(([id]) => id));
  const found = SHAPES.filter((each) => 'pattern' in each).map(({ id }) => id);
  expect(found.filter((id) => !seen.has(id))).toEqual([]);
  expect(SHAPES.filter((each) => 'pattern' in each === 'needs' in each)).toEqual([]);
  expect(new Set(SHAPES.map(({ id }) => id)).size).toBe(SHAPES.length);
});

test('all shapes that are known by number are here, each with its story and an order of fixes', () => {
  expect([...new Set(SHAPES.map(({ number }) => number))].sort((a, b) => a - b)).toEqual(
    Array.from({ length: 58 }, (_, at) => at + 1),
  );
  for (const { id, story, order } of SHAPES) {
    expect(story, id).toMatch(/^[A-Z].*\.$/);
    expect(order.length, id).toBeGreaterThan(0);
    expect(
      order.filter((rule) => !(rule in RULES)),
      id,
    ).toEqual([]);
  }
});

test('a path of no shape has a name that is made of its entry, its target and its steps', () => {
  expect(
    shape('internet public-endpoint[ec2-instance] network-exploit node-tokens > cluster-secrets').title,
  ).toBe('{pivot} leads to {target} through 3 steps');
});
