import { afterEach, beforeEach, expect, test } from 'vitest';
import { planFixes } from '../src/app/plan-fixes.ts';
import { tryFixes } from '../src/app/try-fixes.ts';
import { HOUR_MS } from '../src/base/instant.ts';
import type { AttackStep } from '../src/domain/attackpath/attack-step.ts';
import { SHOP_CLUSTER, scanOfImage, shopCluster } from './support/shop-cluster.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

const IMAGE = 'registry.example.com/shop:1.0';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

test('a path whose place another takes keeps the severity of that one', async () => {
  const { items } = shopCluster({ image: IMAGE, isOpen: true }) as { readonly items: readonly object[] };
  const AGENT = { name: 'agent', namespace: 'shop' };
  const pods = (container: object, serviceAccountName: string) => ({
    metadata: { labels: { app: serviceAccountName } },
    spec: { serviceAccountName, containers: [container] },
  });
  const privileged = {
    name: 'web',
    image: IMAGE,
    ports: [{ containerPort: 8080 }],
    securityContext: { privileged: true },
  };
  const [web, ...others] = items as readonly { readonly spec: object }[];
  const list = {
    apiVersion: 'v1',
    kind: 'List',
    items: [
      { ...web, spec: { ...web?.spec, template: pods(privileged, 'web') } },
      ...others,
      { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node-1' } },
      {
        apiVersion: 'apps/v1',
        kind: 'DaemonSet',
        metadata: AGENT,
        spec: {
          selector: { matchLabels: { app: 'agent' } },
          template: pods({ name: 'agent', image: 'agent' }, 'agent'),
        },
        status: { desiredNumberScheduled: 1 },
      },
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: AGENT },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'agent' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ kind: 'ServiceAccount', ...AGENT }],
      },
    ],
  };
  inbox.clock.set(START);
  await inbox.importReport(list, SHOP_CLUSTER, 'cluster.json');
  inbox.clock.set(START + HOUR_MS);
  await inbox.importReport(
    scanOfImage(IMAGE, START + HOUR_MS, ['CVE-2026-0001']),
    { source: 'trivy' },
    'image.json',
  );
  const own = (await inbox.ctx.paths.list()).paths.find(({ path }) => path.targetClass === 'cluster-admin');
  const token = own?.path.paths[0]?.steps.find(({ rule }) => rule === 'service-account-token')?.gates[0];
  const { issues, paths } = await tryFixes(inbox.ctx, { words: [token?.id ?? ''] });
  const changed = paths.find(({ issueId }) => issueId === own?.issueId);
  expect(changed).toMatchObject({ becomes: 'gone', continuesAs: expect.any(String) });
  expect(issues.find(({ id }) => id === own?.issueId)).toMatchObject({
    effect: 'reduces',
    severityAfter: changed?.left?.severity,
    placeAfter: null,
  });
  expect(changed?.left).not.toBeNull();
  const told = await tryFixes(inbox.ctx, { words: [token?.id ?? ''] }, 0);
  expect(told.issues.map(({ place, placeAfter }) => place ?? placeAfter)).toEqual(
    told.issues.map(() => null),
  );
  expect(told.notes.filter((note) => note.includes('places'))).toEqual([
    expect.stringMatching(/^Of \d issues that move, the places of the first 0 are told\.$/),
  ]);
});

test('a plan and a try say what was left out of the search, as the list does', async () => {
  inbox.clock.set(START);
  await inbox.importReport(shopCluster({ image: IMAGE, isOpen: true }), SHOP_CLUSTER, 'cluster.json');
  inbox.clock.set(START + HOUR_MS);
  await inbox.importReport(
    scanOfImage(IMAGE, START + HOUR_MS, ['CVE-2026-0001']),
    { source: 'trivy' },
    'image.json',
  );
  const { paths } = inbox.ctx;
  const { facts } = await paths.facts('outside');
  const entry = facts.steps.find(({ from }) => from.family === 'origin') as AttackStep;
  const flaw = facts.steps.find(({ rule }) => rule === 'network-exploit');
  expect(flaw?.sentence).toMatch(/, which has CVE-2026-0001 in (?!version)\S+ [0-9][^ ]*: it lets/);
  const admin = facts.steps.find(({ to }) => to.family === 'account') as AttackStep;
  const at = (place: number) => ({ asset: `link-${place}`, family: 'principal', capability: 'use' }) as const;
  const links = Array.from({ length: 13 }, (_, place) => ({ ...admin, from: at(place), to: at(place + 1) }));
  const steps = [{ ...entry, to: at(0) }, ...links, { ...admin, from: at(13) }];
  const ctx = {
    ...inbox.ctx,
    paths: {
      list: () => paths.list(),
      fixes: () => paths.fixes(),
      decideFix: (...of: Parameters<typeof paths.decideFix>) => paths.decideFix(...of),
      facts: async () => ({ facts: { ...facts, steps }, notes: ['told'] }),
    },
  };
  const left = '1 way of more than 12 steps is left out.';
  expect((await planFixes(ctx)).notes).toEqual(['told', left]);
  expect((await tryFixes(ctx, { words: [entry.gates[0]?.id ?? ''] })).notes.slice(0, 2)).toEqual([
    'told',
    left,
  ]);
});
