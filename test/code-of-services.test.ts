import { afterEach, beforeEach, expect, test } from 'vitest';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { DAY_MS, instantText } from '../src/base/instant.ts';
import { sarifReport } from './support/other-reports.ts';
import { openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

interface Labels {
  readonly service?: string;
  readonly env?: string;
  readonly replicas?: number;
}

/** A cluster with a Deployment of these labels, or with none. */
function inventory(labels: Labels | null) {
  inbox.clock.set(inbox.clock.now() + 1_000);
  const items =
    labels === null
      ? []
      : [
          {
            apiVersion: 'apps/v1',
            kind: 'Deployment',
            metadata: {
              name: 'cart',
              namespace: 'shop',
              labels: { env: labels.env ?? 'production', 'app.kubernetes.io/name': labels.service ?? 'cart' },
            },
            spec: {
              replicas: labels.replicas ?? 2,
              template: {
                metadata: { labels: { app: 'cart' } },
                spec: { containers: [{ name: 'cart', image: 'registry.example.com/cart:1' }] },
              },
            },
          },
        ];
  return inbox.importReport(
    {
      apiVersion: 'v1',
      kind: 'DeploymentList',
      metadata: { resourceVersion: instantText(inbox.clock.now()) },
      items,
    },
    { scope: { cluster: 'one' }, confirm: true },
    'deployments.json',
  );
}

function code() {
  return inbox.importReport(
    sarifReport({ repository: 'https://github.com/acme/cart', results: [{ rule: 'sql-injection' }] }),
    { services: ['cart'] },
    'code.sarif',
  );
}

function attack(at: number) {
  const event = {
    time: instantText(at),
    rule: 'Read sensitive file untrusted',
    priority: 'Warning',
    output: 'cat read /etc/shadow',
    source: 'syscall',
    output_fields: { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'cart-7d9f8c6b54-x2x9k' },
  };
  return inbox.importReport(event, { scope: { cluster: 'one' } }, 'falco.json');
}

async function row() {
  const [issue] = await inbox.list();
  if (issue === undefined) throw new Error('There is no issue.');
  const { riskStates, resources, services } = issue;
  return { production: riskStates.in_production, attack: riskStates.under_attack, resources, services };
}

test('a flaw in code has the risks of what runs its service, whichever was told first', async () => {
  await code();
  expect(await row()).toMatchObject({ production: 'unknown' });
  await inventory({});
  expect(await row()).toMatchObject({ production: 'yes', resources: 1, services: 1 });
  await inventory({ env: 'staging' });
  expect(await row()).toMatchObject({ production: 'no' });
});

test('the inventory first', async () => {
  await inventory({});
  await code();
  expect(await row()).toMatchObject({ production: 'yes', resources: 1, services: 1 });
});

test.each([
  ['belongs to another service', { service: 'mail' }],
  ['is scaled to nothing', { replicas: 0 }],
  ['is gone', null],
])('what ran it %s: nothing is known any more', async (_, labels) => {
  await inventory({});
  await code();
  await inventory(labels);
  expect(await row()).toMatchObject({ production: 'unknown' });
});

test('an attack on what runs it is one on it, for 15 days', async () => {
  await inventory({});
  await code();
  const at = inbox.clock.now();
  await attack(at);
  expect(await row()).toMatchObject({ attack: 'yes' });
  inbox.clock.set(at + 15 * DAY_MS + 1);
  await sweepIssues(inbox.ctx);
  expect((await row()).attack).not.toBe('yes');
});
