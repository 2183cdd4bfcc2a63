import { afterEach, beforeEach, expect, test } from 'vitest';
import { instantText } from '../src/base/instant.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

const CLUSTER = { scope: { cluster: 'production' } };

function deployment(name: string) {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'shop' },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name, image: `registry.example.com/${name}:1` }] },
      },
    },
  };
}

/** `kubectl get deployments -A -o json`. */
function inventory(names: readonly string[], more: object = {}) {
  const list = {
    apiVersion: 'v1',
    kind: 'DeploymentList',
    metadata: { resourceVersion: '1' },
    items: names.map(deployment),
  };
  return inbox.importReport(list, { ...CLUSTER, ...more }, 'deployments.json');
}

/** `trivy k8s`: one failed check for each workload. */
function checks(names: readonly string[]) {
  const report = {
    ClusterName: 'production',
    // A scan of the next day has other bytes.
    CreatedAt: instantText(inbox.clock.now()),
    Resources: names.map((Name) => ({
      Namespace: 'shop',
      Kind: 'Deployment',
      Name,
      Results: [
        {
          Target: `Deployment/${Name}`,
          Class: 'config',
          Type: 'kubernetes',
          Misconfigurations: [
            {
              Type: 'Kubernetes Security Check',
              ID: 'KSV017',
              Title: 'Privileged',
              Severity: 'HIGH',
              Status: 'FAIL',
            },
          ],
        },
      ],
    })),
  };
  return inbox.importReport(report, CLUSTER, 'trivy-k8s.json');
}

const resourcesOf = async () => (await inbox.list())[0]?.resources ?? 0;
const names = (count: number) => Array.from({ length: count }, (_, index) => `app-${index}`);

test('what a complete inventory no longer has takes its findings with it, and they come back with it', async () => {
  await inventory(['cart', 'checkout']);
  await checks(['cart', 'checkout']);
  expect(await resourcesOf()).toBe(2);
  inbox.clock.set(inbox.clock.now() + 1000);
  const gone = imported(await inventory(['cart']));
  expect([gone.closed, gone.held]).toEqual([1, 0]);
  expect(gone.sentences[0]).toMatch(/\(resource gone\)\. Closed: \S/);
  expect(await resourcesOf()).toBe(1);
  inbox.clock.set(inbox.clock.now() + 1000);
  await inventory(['cart', 'checkout']);
  expect(imported(await checks(['cart', 'checkout'])).regressed).toBe(1);
  expect(await resourcesOf()).toBe(2);
});

test('an inventory of another kind or of a cluster without a name says nothing about what it did not look at', async () => {
  await inventory(['cart', 'checkout']);
  await checks(['cart', 'checkout']);
  await inbox.importReport(
    { kind: 'ServiceList', apiVersion: 'v1', metadata: { resourceVersion: '2' }, items: [] },
    CLUSTER,
    'services.json',
  );
  expect(imported(await inventory(['cart'], { scope: {} })).closed).toBe(0);
  expect(await resourcesOf()).toBe(2);
});

test('more than 30 % and more than 20 at once are held until a person accepts it', async () => {
  await inventory(names(40));
  await checks(names(40));
  const held = imported(await inventory(names(10)));
  expect([held.closed, held.held]).toEqual([0, 30]);
  expect(held.sentences[0]).toMatch(/the inventory lacks 30 resources of 40.* Held: \S/);
  expect(imported(await inventory(names(10), { confirm: true })).closed).toBe(30);
});
