import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import { showResources } from '../src/app/show-resources.ts';
import { type Instant, parseInstant } from '../src/base/instant.ts';
import { sarifReport } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const FORMATS = new URL('../src/formats/', import.meta.url);
const SERVICE = 'shop';

interface Source {
  /** A report of the tool that is kept as a sample of its format. */
  readonly sample: string;
  /** When it saw the attack. */
  readonly at: string;
  /** The resource that was attacked, as people name it. */
  readonly resource: string;
  /** What an inventory says of it: that it is of the service, and under which names it goes. */
  readonly inventory: {
    readonly name: string;
    readonly report: unknown;
    readonly options: Partial<ImportOptions>;
  };
  /** Whether its requests are aimed at whatever service stands behind the name. */
  readonly isOnService: boolean;
}

/** `aws ec2 describe-instances`, of one that is of the service. */
function instance(
  arn: string,
  names: { readonly PrivateIpAddress?: string; readonly PrivateDnsName?: string } = {},
): Source['inventory'] {
  const [, , , region = '', account = '', id = ''] = arn.split(':');
  const own = { InstanceId: id.replace('instance/', ''), State: { Name: 'running' }, ...names };
  const Instances = [{ ...own, Tags: [{ Key: 'service', Value: SERVICE }] }];
  const report = { Reservations: [{ OwnerId: account, Instances }] };
  return { name: 'describe-instances.json', options: { account, region }, report };
}

const WEB = 'arn:aws:ec2:eu-west-1:111122223333:instance/i-0aaaaaaaaaaaaaaa1';
const MINER = 'arn:aws:ec2:eu-west-1:111111111111:instance/i-0aaaaaaaaaaaaaaa1';
const ENTERED = 'arn:aws:ec2:eu-south-1r:572910899909:instance/i-fDb357cB7e99ad973';
const SOURCES: readonly (readonly [tool: string, source: Source])[] = [
  [
    'Falco',
    {
      sample: 'falco/samples/many.jsonl',
      at: '2026-10-01T12:00:00Z',
      resource: 'k8s:one/apps/Deployment/shop/web',
      inventory: {
        name: 'deployments.json',
        options: { scope: { cluster: 'one' } },
        report: {
          apiVersion: 'v1',
          kind: 'List',
          items: [
            {
              apiVersion: 'apps/v1',
              kind: 'Deployment',
              metadata: { name: 'web', namespace: 'shop', labels: { 'app.kubernetes.io/name': SERVICE } },
              spec: {
                template: { spec: { containers: [{ name: 'web', image: 'registry.example.com/web:1' }] } },
              },
            },
          ],
        },
      },
      isOnService: false,
    },
  ],
  [
    'GuardDuty',
    {
      sample: 'aws-guardduty/samples/get-findings-own.json',
      at: '2026-09-01T09:00:00Z',
      resource: MINER,
      inventory: instance(MINER),
      isOnService: false,
    },
  ],
  [
    'Suricata',
    {
      sample: 'suricata/samples/one.json',
      at: '2022-07-12T06:22:33Z',
      resource: WEB,
      inventory: instance(WEB, { PrivateIpAddress: '1.2.3.5' }),
      isOnService: true,
    },
  ],
  [
    'Wazuh',
    {
      sample: 'wazuh/samples/alerts.json',
      at: '2026-11-20T10:00:00Z',
      resource: WEB,
      inventory: instance(WEB, { PrivateIpAddress: '10.0.1.5' }),
      isOnService: true,
    },
  ],
  [
    'ModSecurity',
    {
      sample: 'modsecurity/samples/one.jsonl',
      at: '2026-11-20T10:00:00Z',
      resource: WEB,
      inventory: instance(WEB, { PrivateIpAddress: '10.0.1.5' }),
      isOnService: true,
    },
  ],
  [
    'AWS WAF',
    {
      sample: 'aws-waf/samples/managed-rules.json',
      at: '2024-03-20T09:00:00Z',
      resource: 'arn:aws:wafv2:us-east-1:123456789012:regional/webacl/test/a1b2c3d4',
      inventory: instance(WEB, { PrivateIpAddress: '10.0.1.5' }),
      isOnService: true,
    },
  ],
  [
    'CloudTrail',
    {
      sample: 'cloudtrail/samples/stratus-techniques.json',
      at: '2024-08-01T13:24:47Z',
      resource: ENTERED,
      inventory: instance(ENTERED),
      isOnService: false,
    },
  ],
  [
    'OCSF detection findings',
    {
      sample: 'ocsf/samples/security-lake.jsonl',
      at: '2026-08-29T10:40:00Z',
      resource: WEB,
      inventory: instance(WEB, { PrivateDnsName: 'node-1.example.org' }),
      isOnService: false,
    },
  ],
];

/** What is known of a resource, and of the code of the service. */
async function states(resource: string) {
  const [view] = await showResources(inbox.ctx, { ids: [resource] });
  const issues = (await inbox.list({ all: true })).filter(({ type }) => type === 'code_vulnerability');
  return [view?.underAttack.state, ...issues.map(({ riskStates }) => riskStates.under_attack)];
}

async function read({ name, report, options }: Source['inventory'], at: string) {
  inbox.clock.set((parseInstant(at) as Instant) + 3_600_000);
  await inbox.importReport(report, options, name);
  const code = sarifReport({
    repository: 'https://github.com/acme/shop',
    results: [{ rule: 'sql-injection' }],
  });
  await inbox.importReport(code, { services: [SERVICE] }, 'code.sarif');
}

function attack({ sample }: Source, options: Partial<ImportOptions>) {
  return inbox.importFiles([fileURLToPath(new URL(sample, FORMATS))], options);
}

test.each(SOURCES)('%s reports an attack on a resource, and on the code that it runs', async (_, source) => {
  const { inventory, resource } = source;
  await read(inventory, source.at);
  expect(await states(resource)).not.toContain('yes');
  await attack(source, { scope: inventory.options.scope ?? {} });
  // A web ACL runs nothing.
  expect(await states(resource)).toEqual(['yes', resource.includes('/webacl/') ? 'unknown' : 'yes']);
});

test.each(SOURCES.filter(([, { isOnService }]) => isOnService))(
  '%s reports an attack on the service that a person names',
  async (_, source) => {
    await read(instance(WEB), source.at);
    expect(await states(WEB)).toEqual(['unknown', 'unknown']);
    await attack(source, { services: [SERVICE] });
    expect(await states(WEB)).toEqual(['yes', 'yes']);
  },
);
