import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { explainIssue } from '../../src/app/explain-issue.ts';
import type { ImportOptions } from '../../src/app/import/import-options.ts';
import { planFixes } from '../../src/app/plan-fixes.ts';
import { showResources } from '../../src/app/show-resources.ts';
import { sweepIssues } from '../../src/app/sweep-issues.ts';
import { tryFixes } from '../../src/app/try-fixes.ts';
import { updateFeed } from '../../src/app/update-feed.ts';
import { kev } from '../../src/feeds/kev/kev.ts';
import { layOut } from '../support/by-hand-world.ts';
import { kevCatalogue } from '../support/other-reports.ts';
import { pipelineAlert } from '../support/pipeline-alert.ts';
import {
  cellsOfPlace,
  importWorld,
  reasonedTable,
  toldIssues,
  toldResources,
  worldFile,
} from '../support/reasoned-world.ts';
import { imported, openTestInbox, START, type TestInbox } from '../support/test-inbox.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

async function exploited(...ids: readonly string[]): Promise<void> {
  async function* open() {
    yield Buffer.from(JSON.stringify(kevCatalogue(ids)));
  }
  await updateFeed(inbox.ctx, { feed: kev, files: [{ name: 'kev.json', open }], origin: 'test' });
}

async function expectIssues(world: string): Promise<void> {
  const expected = reasonedTable(world, 'issues.txt');
  const rows = [...expected].map(([name, cells]) => [name, ...cells]);
  expect(await toldIssues(inbox, expected.keys())).toEqual(rows);
}

describe('a cluster of GKE and the project around it', () => {
  const CLUSTER = 'gke_kestrel-prod_europe-west1_main';
  beforeEach(async () => {
    await importWorld(inbox, 'cluster', () => ({ scope: { cluster: CLUSTER } }));
  });

  test('is judged as somebody judged it who read the documentation of both', async () => {
    const expected = reasonedTable('cluster', 'expected.txt');
    expect(await toldResources(inbox, expected.keys(), `k8s:${CLUSTER}/`)).toEqual(expected);
  });

  test('ranks its flaws by the one place that is worst, until an attack is a second too old', async () => {
    await exploited('CVE-2021-44228');
    await expectIssues('cluster');
    const attacked = async () => {
      const names = ['front', 'pay', 'office', 'half', 'np'];
      const ids = names.map((name) => `k8s:${CLUSTER}/apps/Deployment/shop/${name}`);
      const views = await showResources(inbox.ctx, { ids });
      return Object.fromEntries(views.map((view, index) => [names[index], view?.underAttack.state]));
    };
    // To the second 15 days old, a second older, eight hours ahead, days ahead (as it was read), and never.
    const now = { front: 'yes', pay: 'no', office: 'yes', half: 'yes', np: 'no' };
    expect(await attacked()).toEqual(now);
    inbox.clock.set(START + 1_000);
    await sweepIssues(inbox.ctx);
    expect(await attacked()).toEqual({ ...now, front: 'no' });
    const [first] = await inbox.list();
    expect(first).toMatchObject({ riskCount: 3, admittedBy: ['default.known-exploited'] });
  });
});

describe('pods of GKE and AKS that are somebody in their cloud', () => {
  const GKE = 'gke_kestrel-shop_europe-west1_main';
  const options = (file: string) => {
    if (file === 'cluster-gke.json') return { scope: { cluster: GKE } };
    return file === 'cluster-aks.json' ? { scope: { cluster: 'kestrel-aks' } } : {};
  };

  const POD = {
    web: `k8s:${GKE}/apps/Deployment/shop/web`,
    portal: 'k8s:kestrel-aks/apps/Deployment/front/portal',
  } as const;
  type Pod = keyof typeof POD;
  const READS_BLOBS = 'roleDefinitions/2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
  const READER = 'roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7';

  test('are as privileged as that, and lead to what it reads', async () => {
    await importWorld(inbox, 'pods', options);
    await exploited('CVE-2021-44228');
    const expected = reasonedTable('pods', 'expected.txt');
    expect(await toldResources(inbox, expected.keys(), '')).toEqual(expected);
    await expectIssues('pods');
  });

  test('are of the project that their nodes are in, where kubectl calls the cluster otherwise', async () => {
    const node = (name: string, project: string) => ({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name },
      spec: { providerID: `gce://${project}/europe-west1-b/${name}` },
    });
    const level = async (project: string, cluster: string) => {
      const own = { scope: { cluster } };
      const list = JSON.parse(worldFile('pods', 'cluster-gke.json')) as { readonly items: readonly object[] };
      const items = [...list.items, node('n1', project)];
      imported(await inbox.importReport({ ...list, items }, own, `${cluster}.json`));
      const key = `k8s:${cluster}/apps/Deployment/shop/web`;
      const [before] = await showResources(inbox.ctx, { ids: [key] });
      for (const name of ['gcp-resources.ndjson', 'gcp-iam.ndjson'])
        imported(await inbox.importReport(worldFile('pods', name), {}, name));
      const [after] = await showResources(inbox.ctx, { ids: [key] });
      return [before?.privilege.level, after?.privilege.level];
    };
    expect(await level('kestrel-shop', 'main')).toEqual(['unknown', 'P3']);
    // The same names in another project are somebody else, of whom no policy says that he may be web@.
    expect(await level('kestrel-lab', 'lab')).toEqual(['none', 'none']);
  });

  test('are cut off by what a try says, gate by gate, and by the one advisory together', async () => {
    await importWorld(inbox, 'pods', options);
    await exploited('CVE-2021-44228');
    const { paths } = await inbox.ctx.paths.list();
    const closes = async (words: readonly string[]) =>
      (await tryFixes(inbox.ctx, { words })).issues
        .filter(({ type }) => type === 'attack_path')
        .map(({ id, effect }) => [id, effect]);
    for (const { issueId, path } of paths) {
      expect(path.paths).toHaveLength(1);
      const steps = path.paths[0]?.steps ?? [];
      expect(steps.map(({ rule }) => rule)).toEqual(
        path.targets.includes('gcp://storage.googleapis.com/kestrel-customers')
          ? ['public-endpoint', 'network-exploit', 'pod-cloud-role', 'iam-escalation', 'reads-data']
          : ['public-endpoint', 'network-exploit', 'pod-cloud-role', 'reads-data'],
      );
      for (const gate of steps.flatMap(({ gates }) => gates))
        expect([gate.sentence, await closes([gate.id])]).toEqual([gate.sentence, [[issueId, 'resolves']]]);
    }
    const flaw = (await inbox.list()).find(({ type }) => type === 'library_vulnerability');
    expect((await closes([flaw?.id ?? ''])).sort()).toEqual(
      paths.map(({ issueId }) => [issueId, 'resolves']).sort(),
    );
    // Nothing lies on both ways but the advisory, which is two findings: each plan needs two fixes, the likelier way first.
    const { fixes, atLeast } = await planFixes(inbox.ctx);
    expect([fixes.length, atLeast]).toEqual([2, 2]);
    // Ways of cost 5 (four steps: 1, 2, 1, 1) and 6 to data of one worth: 2^-0.5 and 2^-0.6 of their sum.
    const whole = 2 ** -0.5 + 2 ** -0.6;
    expect(fixes.map(({ share }) => share.toFixed(3))).toEqual([
      (2 ** -0.5 / whole).toFixed(3),
      (2 ** -0.6 / whole).toFixed(3),
    ]);
  });

  test('lead nowhere once any one of the things is gone that the way rests on', async () => {
    await importWorld(inbox, 'pods', options);
    await exploited('CVE-2021-44228');
    const targets = async () => {
      const paths = (await inbox.list()).filter(({ type }) => type === 'attack_path');
      return ['kestrel-customers', 'kestreldata'].filter((name) =>
        paths.some(({ title }) => title.includes(name)),
      );
    };
    expect(await targets()).toEqual(['kestrel-customers', 'kestreldata']);
    const put = async (name: string, text: string) => {
      inbox.clock.set(inbox.clock.now() + 3_600_000);
      const at = new Date(inbox.clock.now()).toISOString();
      const told = text.replace(/"CreatedAt":"[^"]*"/, `"CreatedAt":"${at}"`);
      // All that there is: what a query leaves out is no proof of anything.
      imported(
        await inbox.importReport(told, { ...options(name), complete: name.startsWith('azure') }, name),
      );
    };
    const gates: readonly (readonly [of: Pod, file: string, what: string, instead: string, level: string])[] =
      [
        ['web', 'cluster-gke.json', '"type":"LoadBalancer"', '"type":"ClusterIP"', 'P3'],
        ['web', 'trivy-web.json', 'CVSS:3.1/AV:N', 'CVSS:3.1/AV:L', 'P3'],
        ['web', 'cluster-gke.json', 'AccountName":"web"', 'AccountName":"default"', 'none'],
        // It is its node then, of which nobody tells who that is.
        ['web', 'cluster-gke.json', 'AccountName":"web"', 'AccountName":"web","hostNetwork":true', 'unknown'],
        ['web', 'gcp-iam.ndjson', 'svc.id.goog[shop/web]', 'svc.id.goog[shop-test/web]', 'none'],
        ['web', 'gcp-iam.ndjson', 'kestrel-shop.svc.id.goog', 'kestrel-lab.svc.id.goog', 'none'],
        ['web', 'gcp-iam.ndjson', 'iam.workloadIdentityUser', 'iam.serviceAccountViewer', 'none'],
        ['web', 'gcp-iam.ndjson', 'storage.objectViewer', 'storage.objectCreator', 'none'],
        ['web', 'gcp-resources.ndjson', '"projectId":"kestrel-shop"}', '"disabled":true}', 'none'],
        ['web', 'gcp-resources.ndjson', '"prod","data_classification":"restricted"', '"dev"', 'P3'],
        ['portal', 'cluster-aks.json', 'identity/use":"true"', 'identity/use":"no"', 'unknown'],
        ['portal', 'cluster-aks.json', 'client-id":"c11e0000', 'client-id":"c11e0009', 'unknown'],
        ['portal', 'azure-federated-credentials.json', ':front:portal', ':front:other', 'unknown'],
        ['portal', 'azure-roles.json', READS_BLOBS, READER, 'none'],
      ];
    const told = async (of: Pod) => {
      const [view] = await showResources(inbox.ctx, { ids: [POD[of]] });
      return [view?.privilege.level, ...(await targets())];
    };
    for (const [of, file, what, instead, level] of gates) {
      const text = worldFile('pods', file);
      expect(text).toContain(what);
      await put(file, text.replace(what, instead));
      const left = of === 'web' ? 'kestreldata' : 'kestrel-customers';
      expect([what, ...(await told(of))]).toEqual([what, level, left]);
      await put(file, text);
      expect([what, ...(await told(of))]).toEqual([what, 'P3', 'kestrel-customers', 'kestreldata']);
    }
  });
});

test('a pipeline at GitHub that a managed identity trusts leads to what that one reads', async () => {
  const put = async (name: string, text: string) => imported(await inbox.importReport(text, {}, name));
  for (const name of ['azure-resources.json', 'azure-roles.json']) await put(name, worldFile('pods', name));
  const trusted = worldFile('pods', 'azure-federated-credentials.json')
    .replace(/"issuer":"[^"]*"/, '"issuer":"https://token.actions.githubusercontent.com"')
    .replace('system:serviceaccount:front:portal', 'repo:Acme/Shop:ref:refs/heads/main');
  await put('trusted.json', trusted);
  imported(await inbox.importReport([pipelineAlert(false)], { source: 'github' }, 'alerts.json'));
  const ways = async () => {
    const { paths } = await inbox.ctx.paths.list();
    return paths.map(({ path }) => path.paths[0]?.steps.map(({ rule }) => rule));
  };
  // Who runs code in the pipeline is the identity, which reads a store that lies in production.
  expect(await ways()).toEqual([['pipeline-flaw', 'pipeline-role', 'reads-data']]);
  inbox.clock.set(inbox.clock.now() + 3_600_000);
  await put('trusted.json', trusted.replace('Acme/Shop', 'Acme/Shop-Legacy'));
  expect(await ways()).toEqual([]);
});

test('a subscription of Azure is judged as somebody judged it who read the documentation', async () => {
  await importWorld(inbox, 'azure', () => ({}));
  const expected = reasonedTable('azure', 'expected.txt');
  const groups = 'azure:/subscriptions/5b000000-0000-4000-8000-000000000001/resourcegroups/';
  expect(await toldResources(inbox, expected.keys(), groups)).toEqual(expected);
  await expectIssues('azure');
});

test('the edge of a subscription of Azure is judged as somebody judged it who read the documentation', async () => {
  const subscription = '5b000000-0000-4000-8000-000000000002';
  await importWorld(inbox, 'azure-edge', () => ({ account: subscription }));
  const expected = reasonedTable('azure-edge', 'expected.txt');
  const groups = `azure:/subscriptions/${subscription}/resourcegroups/`;
  expect(await toldResources(inbox, expected.keys(), groups)).toEqual(expected);
  await expectIssues('azure-edge');
});

test('the edge of an account of AWS is judged as somebody judged it who read the documentation', async () => {
  // Since November 2026 AWS asks for two grants of every function's URL.
  inbox.clock.set(Date.UTC(2026, 11, 1));
  const answers = await layOut(join(import.meta.dirname, 'reasoned/aws-edge'), ['network', 'fronts', 'data']);
  await inbox.importFiles(answers.files);
  await answers.remove();
  const expected = reasonedTable('aws-edge', 'expected.txt');
  expect(await toldResources(inbox, expected.keys(), 'aws:arn:aws:')).toEqual(expected);
});

test('a project of Google Cloud is judged as somebody judged it who read the documentation', async () => {
  await importWorld(inbox, 'gcp', () => ({}));
  const expected = reasonedTable('gcp', 'expected.txt');
  expect(await toldResources(inbox, expected.keys(), '')).toEqual(expected);
  await expectIssues('gcp');
});

test('the edge of a project of Google Cloud is judged as somebody judged it who read the documentation', async () => {
  await importWorld(inbox, 'gcp-edge', () => ({}));
  const expected = reasonedTable('gcp-edge', 'expected.txt');
  expect(await toldResources(inbox, expected.keys(), '')).toEqual(expected);
  await expectIssues('gcp-edge');
});

describe('fronts of a cluster of GKE', () => {
  const CLUSTER = 'gke_kestrel-web_europe-west1_front';
  const CLOUD = ['gcp-resources.ndjson', 'gcp-iam.ndjson'];
  const put = async (names: readonly string[]) => {
    for (const name of names) {
      const own = name === 'cluster.json' ? { scope: { cluster: CLUSTER } } : {};
      imported(await inbox.importReport(worldFile('gke-ingress', name), own, name));
    }
  };
  const expectTable = async (table: string) => {
    const expected = reasonedTable('gke-ingress', table);
    expect(await toldResources(inbox, expected.keys(), `k8s:${CLUSTER}/`)).toEqual(expected);
  };

  test('are judged by kubectl alone, by the project alone once it is told, and by both', async () => {
    await put(['cluster.json']);
    await expectTable('expected-cluster.txt');
    await put(CLOUD);
    await expectTable('expected-cloud.txt');
    await expectTable('expected.txt');
  });

  test('are judged the same where the project was told first', async () => {
    await put(CLOUD);
    await expectTable('expected-cloud.txt');
    await put(['cluster.json']);
    await expectTable('expected.txt');
  });

  test('lead to no pods of another project, whose groups of endpoints are called the same', async () => {
    await put(['cluster.json', ...CLOUD]);
    const none = [`k8s:${CLUSTER}/apps/Deployment/shop/edge-none`];
    const state = async () => (await showResources(inbox.ctx, { ids: none }))[0]?.publiclyAccessible.state;
    // There an external load balancer leads to the group that here none leads to.
    const other = worldFile('gke-ingress', 'gcp-resources.ndjson')
      .replaceAll(/shop-edge-(?:none|inside)/g, 'shop-rest')
      .replaceAll('shop-edge', 'shop-edge-none')
      .replaceAll('\\"service-name\\":\\"edge\\"', '\\"service-name\\":\\"edge-none\\"')
      .replaceAll('4701', '4702');
    imported(await inbox.importReport(other.replaceAll('kestrel-web', 'kestrel-lab'), {}, 'lab.ndjson'));
    expect(await state()).toBe('no');
    inbox.clock.set(inbox.clock.now() + 3_600_000);
    imported(await inbox.importReport(other.replaceAll('4702', '4701'), {}, 'gcp-resources.ndjson'));
    expect(await state()).toBe('yes');
  });

  test('are judged anew where groups of endpoints are all that the cluster and the project share', async () => {
    const list = JSON.parse(worldFile('gke-ingress', 'cluster.json')) as {
      readonly items: readonly { readonly metadata: { readonly name: string } }[];
    };
    const items = list.items.filter(({ metadata }) => metadata.name === 'edge');
    const own = { scope: { cluster: CLUSTER } };
    imported(await inbox.importReport({ ...list, items }, own, 'cluster.json'));
    const state = async () => {
      const ids = [`k8s:${CLUSTER}/apps/Deployment/shop/edge`];
      return (await showResources(inbox.ctx, { ids }))[0]?.publiclyAccessible.state;
    };
    expect(await state()).toBe('unknown');
    const lines = worldFile('gke-ingress', 'gcp-resources.ndjson').split('\n');
    const rest = lines.filter((line) => !/container\.googleapis\.com\/Cluster|\/Instance"/.test(line));
    imported(await inbox.importReport(rest.join('\n'), {}, 'gcp-resources.ndjson'));
    expect(await state()).toBe('yes');
  });

  test('stay open questions behind a login while nobody told whom it lets in', async () => {
    await put(['cluster.json', 'gcp-resources.ndjson']);
    const ids = ['staff', 'guests', 'level', 'desk'].map(
      (name) => `k8s:${CLUSTER}/apps/Deployment/shop/${name}`,
    );
    const views = await showResources(inbox.ctx, { ids });
    expect(views.map((view) => [view?.publiclyAccessible.state, view?.publiclyAccessible.missing])).toEqual(
      ids.map(() => [
        'unknown',
        [
          'IAM policies of kestrel-web: gcloud asset list --project=kestrel-web --content-type=iam-policy --format=json',
        ],
      ]),
    );
  });
});

describe.each([false, true])(
  'whose things are, where they are and what they hold, read backwards: %s',
  (isBackwards) => {
    const OPTIONS: Readonly<Record<string, Partial<ImportOptions>>> = {
      'cluster.json': { scope: { cluster: 'shop-eu' } },
      'config-staging.json': { environment: 'staging' },
      CODEOWNERS: { scope: { repository: 'github.com/acme/shop' } },
      'semgrep-shop.json': { scope: { repository: 'github.com/acme/shop' } },
      'git-log': { scope: { repository: 'github.com/acme/tools' } },
      'semgrep-tools.json': { scope: { repository: 'github.com/acme/tools' } },
    };
    beforeEach(async () => {
      await importWorld(inbox, 'owners', (file) => OPTIONS[file] ?? {}, { isBackwards });
    });

    test('is told of each resource as somebody worked it out who read what says so', async () => {
      const expected = reasonedTable('owners', 'expected.txt');
      expect(await toldResources(inbox, expected.keys(), '', cellsOfPlace)).toEqual(expected);
    });

    test('is told of code by the line of CODEOWNERS that is about it, else by who keeps changing it', async () => {
      const expected = reasonedTable('owners', 'owners.txt');
      const told = new Map<string, readonly string[]>();
      for (const { id, title } of await inbox.list()) {
        const file = [...expected.keys()].find((each) => title.includes(each)) ?? title;
        const { why } = await explainIssue(inbox.ctx, { id });
        told.set(file, [why?.owners.map(({ name }) => name).join(', ') ?? 'not known']);
      }
      for (const file of expected.keys()) expect([file, told.get(file)]).toEqual([file, expected.get(file)]);
    });
  },
);
