import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { presentIssue } from '../../src/contract/from-domain/present-issue.ts';
import { DETECTED_RISKS, type RiskState } from '../../src/domain/risk/detected-risk.ts';
import { grypeReport } from '../support/grype-report.ts';
import { openTestInbox, START, type TestInbox } from '../support/test-inbox.ts';
import { digestOf, imageReport } from '../support/trivy-report.ts';

/**
 * What tools of a node, of an image and of code say of one cluster of EKS that the inventory of its account describes, worked out
 * by hand: the cluster is open to all and tagged as production, of the service `platform` and the team `core`.
 */
const ACCOUNT = '123456789012';
const arnIn = (account: string) => `arn:aws:eks:eu-west-1:${account}:cluster/shop`;
const CLUSTER = arnIn(ACCOUNT);
const IMAGE = `${ACCOUNT}.dkr.ecr.eu-west-1.amazonaws.com/web`;

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

type Step = () => Promise<unknown>;

/** `aws eks describe-cluster`. */
const account =
  ({ id = ACCOUNT, env = 'prod', isOpen = true } = {}): Step =>
  () =>
    inbox.importReport(
      {
        cluster: {
          name: 'shop',
          arn: arnIn(id),
          version: '1.31',
          status: 'ACTIVE',
          endpoint: 'https://ABC.gr7.eu-west-1.eks.amazonaws.com',
          roleArn: `arn:aws:iam::${id}:role/eks`,
          resourcesVpcConfig: {
            subnetIds: [],
            securityGroupIds: [],
            vpcId: 'vpc-1',
            endpointPublicAccess: isOpen,
            endpointPrivateAccess: !isOpen,
            publicAccessCidrs: isOpen ? ['0.0.0.0/0'] : [],
          },
          tags: { env, service: 'platform', team: 'core' },
        },
      },
      { account: id, region: 'eu-west-1', source: `account ${id}` },
      `eks-describe-cluster-${id}.json`,
    );

/** A node's settings: `kube-bench --json`. */
const bench =
  (cluster: string): Step =>
  () =>
    inbox.importReport(
      {
        Controls: [
          {
            id: '4',
            version: 'cis-1.8',
            text: 'Worker node',
            node_type: 'node',
            tests: [
              {
                section: '4.2',
                results: [
                  { test_number: '4.2.6', test_desc: 'Kernel defaults', status: 'FAIL', scored: true },
                ],
              },
            ],
          },
        ],
      },
      { scope: { cluster } },
      'kube-bench.json',
    );

const later =
  (step: Step): Step =>
  () => {
    inbox.clock.set(inbox.clock.now() + 1_000);
    return step();
  };

const LETTER: Readonly<Record<RiskState, string>> = { yes: 'y', no: 'n', unknown: '?' };

/** The five states, the numbers of resources and services, and the team of each issue. */
async function told(): Promise<readonly string[]> {
  return (await inbox.list()).map(presentIssue).map(({ key, riskStates, resources, services, team }) => {
    const states = DETECTED_RISKS.map((risk) => LETTER[riskStates[risk]]).join('');
    return `${key.slice(key.indexOf('|') + 1)} ${states} ${resources} ${services} ${team}`;
  });
}

describe('what kube-bench finds of a cluster', () => {
  it.each<[string, readonly Step[], string]>([
    ['by its ARN', [account(), bench(CLUSTER)], 'y??ny 1 1 core'],
    ['by its ARN, read before the account', [bench(CLUSTER), account()], 'y??ny 1 1 core'],
    ['by its name, of which there is one', [account(), bench('shop')], 'y??ny 1 1 core'],
    [
      'by a name that two accounts have',
      [account(), account({ id: '210987654321' }), bench('shop')],
      '???n? 1 0 null',
    ],
    [
      'by its ARN, where two accounts have the name',
      [account(), account({ id: '210987654321', env: 'dev' }), bench(CLUSTER)],
      'y??ny 1 1 core',
    ],
    [
      'by a name that another account had',
      [
        account(),
        account({ id: '210987654321' }),
        bench('shop'),
        later(() => inbox.ctx.sources.retire('account-210987654321', {}, 'anna')),
      ],
      'y??ny 1 1 core',
    ],
    ['by a name that no account has', [account(), bench('till')], '???n? 1 0 null'],
    [
      'when the cluster is tagged otherwise and closed',
      [account(), bench(CLUSTER), later(account({ env: 'dev', isOpen: false }))],
      'n??nn 1 1 core',
    ],
  ])('has the risks of the cluster that its account describes: %s', async (_, steps, expected) => {
    for (const step of steps) await step();
    expect(await told()).toEqual([`kube-bench:cis-1.8/4.2.6 ${expected}`]);
  });
});

it('what three scanners see in one image is one finding of the workload that runs it', async () => {
  const labels = { app: 'web', 'pod-template-hash': '5c9d8f7b6d', 'tags.datadoghq.com/service': 'web' };
  const name = 'web-5c9d8f7b6d';
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${name}-x2x4z`,
      namespace: 'shop',
      labels,
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, controller: true }],
    },
    spec: { containers: [{ name: 'web', image: `${IMAGE}:1` }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        { name: 'web', image: `${IMAGE}:1`, imageID: `${IMAGE}@${digestOf('web')}`, state: { running: {} } },
      ],
    },
  };
  const namespace = {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'shop', labels: { env: 'prod' } },
  };
  await inbox.importReport(
    { apiVersion: 'v1', kind: 'List', items: [namespace, pod] },
    { scope: { cluster: CLUSTER } },
    'kubectl.json',
  );
  const cve = 'CVE-2026-1001';
  await inbox.importReport(
    imageReport({
      image: `${IMAGE}:1`,
      digest: 'web',
      at: START,
      vulnerabilities: [{ id: cve, pkg: 'lodash', purlType: 'npm' }],
    }),
    {},
    'trivy.json',
  );
  await inbox.importReport(
    grypeReport({
      image: `${IMAGE}:1`,
      digest: 'web',
      at: START,
      matches: [{ id: 'GHSA-2234-fmw7-43wr', related: [cve] }],
    }),
    {},
    'grype.json',
  );
  await inbox.importReport(
    {
      findings: [
        {
          findingArn: `arn:aws:inspector2:eu-west-1:${ACCOUNT}:finding/1`,
          awsAccountId: ACCOUNT,
          type: 'PACKAGE_VULNERABILITY',
          status: 'ACTIVE',
          severity: 'HIGH',
          title: `${cve} - lodash`,
          description: 'A flaw.',
          firstObservedAt: '2026-09-30T00:00:00Z',
          lastObservedAt: '2026-09-30T00:00:00Z',
          updatedAt: '2026-09-30T00:00:00Z',
          packageVulnerabilityDetails: {
            vulnerabilityId: cve,
            source: 'NVD',
            cvss: [],
            vulnerablePackages: [{ name: 'lodash', version: '1.0', packageManager: 'NPM' }],
          },
          resources: [
            {
              type: 'AWS_ECR_CONTAINER_IMAGE',
              id: `arn:aws:ecr:eu-west-1:${ACCOUNT}:repository/web/${digestOf('web')}`,
              region: 'eu-west-1',
            },
          ],
        },
      ],
    },
    {},
    'inspector.json',
  );
  expect(await told()).toEqual([`${cve} ????y 1 1 null`]);
  const findings = await inbox.database.pool.query(
    `select (select count(*)::int from sighting where sighting.shard = finding.shard and sighting.fingerprint = finding.fingerprint) as sightings
     from finding where is_open`,
  );
  expect(findings.rows).toEqual([{ sightings: 3 }]);
});
