import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportedFile } from '../src/app/import/import-result.ts';
import { muteIssue } from '../src/app/mute-issue.ts';
import { restoreSource } from '../src/app/restore-source.ts';
import { retireSource } from '../src/app/retire-source.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { HOUR_MS, instantText } from '../src/base/instant.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { flaws, imageReport } from './support/trivy-report.ts';

let inbox: TestInbox;
beforeEach(async () => {
  inbox = await openTestInbox();
});
afterEach(() => inbox.close());

let hour = 0;
beforeEach(() => {
  hour = 0;
});
const next = (): number => {
  const at = START + hour++ * HOUR_MS;
  inbox.clock.set(at);
  return at;
};

const CLUSTER = { source: 'kubectl', scope: { cluster: 'shop' }, environment: 'production' };
const IMAGE = 'registry.example.com/shop:1.0';

/** A cluster in which one deployment, behind a load balancer where it is open, has all rights. */
async function cluster({ isOpen = true }: { readonly isOpen?: boolean } = {}) {
  next();
  const metadata = { name: 'web', namespace: 'shop' };
  const items = [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            serviceAccountName: 'web',
            containers: [{ name: 'web', image: IMAGE, ports: [{ containerPort: 8080 }] }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: isOpen ? 'LoadBalancer' : 'ClusterIP',
        selector: { app: 'web' },
        ports: [{ port: 443, targetPort: 8080 }],
      },
      ...(isOpen ? { status: { loadBalancer: { ingress: [{ ip: '54.1.2.3' }] } } } : {}),
    },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: 'web' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
    },
  ];
  return imported(
    await inbox.importReport({ apiVersion: 'v1', kind: 'List', items }, CLUSTER, `cluster-${hour}.json`),
  );
}

/** A scan of the image that the deployment runs. */
async function scan(...ids: readonly string[]) {
  const at = next();
  const Vulnerabilities = ids.map((id) => ({
    VulnerabilityID: id,
    PkgName: id.toLowerCase(),
    InstalledVersion: '1.0',
    Severity: 'CRITICAL',
    Title: `Flaw ${id}`,
    CVSS: { nvd: { V3Vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', V3Score: 9.8 } },
  }));
  const report = {
    SchemaVersion: 2,
    CreatedAt: instantText(at),
    ArtifactName: IMAGE,
    ArtifactType: 'container_image',
    Metadata: { RepoTags: [IMAGE] },
    Results: [{ Target: 'Node.js', Class: 'lang-pkgs', Type: 'node-pkg', Vulnerabilities }],
  };
  return imported(await inbox.importReport(report, { source: 'trivy' }, `image-${hour}.json`));
}

const A = 'CVE-2026-0001';
const B = 'CVE-2026-0002';
const TITLE = 'A flaw in registry.example.com/shop lets outsiders administer cluster shop';

/** Open attack paths as `list` shows them. */
async function open(): Promise<readonly string[]> {
  const issues = await inbox.list({ all: false });
  return issues.filter(({ type }) => type === 'attack_path').map(({ title }) => title);
}

async function rows() {
  const result = await inbox.database.pool.query<{
    is_open: boolean;
    closed_why: string | null;
    is_again: boolean;
    status: string;
    is_muted: boolean;
  }>(
    `select finding.is_open, closed_why, reopened_at is not null as is_again, issue.status, issue.is_muted
     from finding join issue on issue.shard = finding.shard and issue.id = finding.issue_id where finding.type = 'attack_path'`,
  );
  return result.rows;
}

async function idOf(type: string): Promise<string> {
  return (await inbox.list()).find((issue) => issue.type === type)?.id ?? '';
}

function scanOf({ sentences }: ImportedFile): string {
  return /^Scan (\w+):/.exec(sentences.at(-1) ?? '')?.[1] ?? '';
}

describe('an attack path', () => {
  test.each([
    ['inventory, then findings', true],
    ['findings, then inventory', false],
  ])('is in the inbox by itself: %s', async (_order, isInventoryFirst) => {
    if (isInventoryFirst) await cluster();
    await scan(A, B);
    expect(await open()).toEqual(isInventoryFirst ? [TITLE] : []);
    if (!isInventoryFirst) await cluster();
    const sources = await inbox.ctx.sources.list();
    expect(sources.filter(({ isDerived }) => isDerived).map(({ id }) => id)).toEqual(['attack-paths']);
    const [issue] = (await inbox.list({ all: false })).filter(({ type }) => type === 'attack_path');
    expect(issue).toMatchObject({
      title: TITLE,
      severity: 'high',
      riskStates: {
        publicly_accessible: 'yes',
        privileged_access: 'yes',
        under_attack: 'unknown',
        exploit_available: 'unknown',
        in_production: 'yes',
      },
      riskCount: 3,
      resources: 2,
      admittedBy: ['default.attack_path'],
    });
  });

  test('goes when its exposure closes, and returns as one that is back', async () => {
    await cluster();
    await scan(A);
    await cluster({ isOpen: false });
    expect(await open()).toEqual([]);
    expect(await rows()).toEqual([
      {
        is_open: false,
        closed_why: 'nothing leads there any more',
        is_again: false,
        status: 'resolved',
        is_muted: false,
      },
    ]);
    await cluster();
    expect(await open()).toEqual([TITLE]);
    expect(await rows()).toMatchObject([{ is_open: true, closed_why: null, is_again: true, status: 'open' }]);
  });

  test('goes with its last flaw, and not with the first of two', async () => {
    await cluster();
    await scan(A, B);
    await scan(B);
    expect(await open()).toEqual([TITLE]);
    await scan();
    expect(await open()).toEqual([]);
  });

  test('goes with the import that made it, when that is undone', async () => {
    await cluster();
    const made = await scan(A);
    expect(await open()).toEqual([TITLE]);
    await undoImport(inbox.ctx, { scanId: scanOf(made) });
    expect(await open()).toEqual([]);
  });

  test('goes with the source of its flaw, and returns with it', async () => {
    await cluster();
    await scan(A);
    await retireSource(inbox.ctx, { id: 'trivy', keys: {} });
    expect(await open()).toEqual([]);
    await restoreSource(inbox.ctx, { id: 'trivy', keys: {} });
    expect(await open()).toEqual([TITLE]);
  });

  test('stays when a flaw on it is muted', async () => {
    await cluster();
    await scan(A);
    await muteIssue(inbox.ctx, {
      id: await idOf('library_vulnerability'),
      reason: 'accepted',
      until: null,
    });
    expect(await open()).toEqual([TITLE]);
    await scan(A, B);
    expect(await open()).toEqual([TITLE]);
  });

  test('stays muted through what changes, closes and comes back', async () => {
    await cluster();
    await scan(A);
    await muteIssue(inbox.ctx, {
      id: await idOf('attack_path'),
      reason: 'accepted',
      until: null,
    });
    expect(await open()).toEqual([]);
    await scan(A, B);
    await cluster({ isOpen: false });
    await cluster();
    expect(await open()).toEqual([]);
    expect(await rows()).toMatchObject([{ is_open: true, is_again: true, is_muted: true }]);
  });

  test('says the same again without a change', async () => {
    await cluster();
    await scan(A);
    const stored = async () =>
      (
        await inbox.database.pool.query(
          'select * from sighting where rule is null and finding_class is null order by fingerprint',
        )
      ).rows;
    const before = await stored();
    await cluster();
    expect(await stored()).toEqual(before);
  });

  test('is not looked for where nothing moved that outsiders reach', async () => {
    await cluster();
    await scan(A);
    const searched = async () => (await inbox.database.pool.query('select at from attack_path_search')).rows;
    const before = await searched();
    next();
    await inbox.importReport(
      imageReport({ image: 'registry.example.com/cart:1.0', at: START, vulnerabilities: flaws(3) }),
      { source: 'trivy' },
    );
    expect(await searched()).toEqual(before);
    await scan(A, B);
    expect(await searched()).not.toEqual(before);
  });

  test('is looked for by a sweep where a program with other rules looked last', async () => {
    await cluster();
    await scan(A);
    await inbox.database.pool.query("update attack_path_search set rules = 'older'");
    await inbox.database.pool.query("delete from sighting where content ? 'path'");
    await inbox.database.pool.query("delete from finding where type = 'attack_path'");
    await sweepIssues(inbox.ctx);
    expect((await rows()).map(({ is_open }) => is_open)).toEqual([true]);
  });
});
