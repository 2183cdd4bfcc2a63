import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addPerson } from '../src/app/add-person.ts';
import { decideFix, listFixes } from '../src/app/decide-fix.ts';
import type { ImportedFile } from '../src/app/import/import-result.ts';
import { planFixes } from '../src/app/plan-fixes.ts';
import { restoreSource } from '../src/app/restore-source.ts';
import { retireSource } from '../src/app/retire-source.ts';
import { sweepIssues } from '../src/app/sweep-issues.ts';
import { tellBlastRadius, tellWaysTo } from '../src/app/tell-reach.ts';
import { tryFixes } from '../src/app/try-fixes.ts';
import { undoImport } from '../src/app/undo-import.ts';
import { HOUR_MS, instantText } from '../src/base/instant.ts';
import type { PathStore } from '../src/domain/ports/path-store.ts';
import { PostgresPathStore } from '../src/store/attackpath/path-store.ts';
import { organisationOf } from '../src/store/organisation.ts';
import { inspectorReport } from './support/inspector-report.ts';
import { prowlerFinding } from './support/prowler-finding.ts';
import { HARD, SHOP_CLUSTER, scanOfImage, shopCluster, TOKEN_CHECK } from './support/shop-cluster.ts';
import { imported, openTestInbox, START, type TestInbox } from './support/test-inbox.ts';
import { muteIssue } from './support/triage.ts';
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

const IMAGE = 'registry.example.com/shop:1.0';

/** A cluster in which one deployment, behind a load balancer where it is open, has all rights. */
async function cluster({
  isOpen = true,
  parts = 1,
}: {
  readonly isOpen?: boolean;
  readonly parts?: 1 | 4;
} = {}) {
  next();
  const list = shopCluster({ image: IMAGE, isOpen }) as { readonly items: readonly unknown[] };
  if (parts > 1)
    return inbox.importReports(
      list.items.map((item) => ({ ...list, items: [item] })),
      SHOP_CLUSTER,
    );
  return imported(await inbox.importReport(list, SHOP_CLUSTER, `cluster-${hour}.json`));
}

/** A scan of the image that the deployment runs. */
async function scan(...ids: readonly string[]) {
  const at = next();
  const report = scanOfImage(IMAGE, at, ids);
  return imported(await inbox.importReport(report, { source: 'trivy' }, `image-${hour}.json`));
}

/** A check of the deployment, which mounts a token that it does not need. */
async function checkTokens() {
  next();
  await inbox.importReport(TOKEN_CHECK, { source: 'trivy-cluster', scope: { cluster: 'shop' } });
}

const A = 'CVE-2026-0001';
const B = 'CVE-2026-0002';
const TITLE = 'A flaw in registry.example.com/shop lets outsiders administer cluster shop';

const MACHINE = {
  uid: 'arn:aws:ec2:eu-west-1:111111111111:instance/i-1',
  name: 'i-1',
  type: 'AwsEc2Instance',
};

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

  test('goes on to the node by a flaw of its kernel, as long as that is open', async () => {
    await cluster();
    await scan(A);
    const rules = async () => {
      const { facts } = await inbox.ctx.paths.facts('outside');
      return facts.steps.flatMap(({ rule, to }) => (rule === 'machine-flaw' ? to.asset : []));
    };
    const uid = 'arn:aws:ec2:eu-west-1:111111111111:instance/i-0123456789abcdef0';
    next();
    await inbox.importReport(
      {
        Reservations: [
          {
            OwnerId: '111111111111',
            Instances: [{ InstanceId: 'i-0123456789abcdef0', State: { Name: 'running' } }],
          },
        ],
      },
      { account: '111111111111', region: 'eu-west-1' },
      'ec2-describe-instances.json',
    );
    next();
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'node-1' },
      spec: { providerID: 'aws:///eu-west-1a/i-0123456789abcdef0' },
    };
    await inbox.importReport({ apiVersion: 'v1', kind: 'List', items: [node] }, SHOP_CLUSTER, 'nodes.json');
    const inspect = (status: 'ACTIVE' | 'CLOSED') =>
      inbox.importReport(inspectorReport(next(), uid, status), { source: 'inspector' }, 'inspector.json');
    expect(await rules()).toEqual([]);
    await inspect('ACTIVE');
    expect(await rules()).toEqual(['k8s:shop/node']);
    await inspect('CLOSED');
    expect(await rules()).toEqual([]);
  });

  test('is as severe as any once an attack on it was seen, and says at which step', async () => {
    await cluster();
    await scan(A);
    const told = async () => {
      const [path] = (await inbox.ctx.paths.list()).paths;
      return [path?.path.severity, path?.path.paths[0]?.steps.map(({ isObserved }) => isObserved === true)];
    };
    expect(await told()).toEqual(['high', [false, false, false, false]]);
    const at = next();
    const event = {
      time: instantText(at),
      rule: 'Read sensitive file untrusted',
      priority: 'Warning',
      output: 'cat read /etc/shadow',
      source: 'syscall',
      output_fields: { 'k8s.ns.name': 'shop', 'k8s.pod.name': 'web-7d9f8c6b54-x2x9k' },
    };
    await inbox.importReport(event, { scope: { cluster: 'shop' } }, 'falco.json');
    expect(await told()).toEqual(['critical', [false, true, false, false]]);
  });

  test('says at the step by a flaw of an image that a tag is all that joins it', async () => {
    await cluster();
    await scan(A);
    const [path] = (await inbox.ctx.paths.list()).paths;
    const steps = path?.path.paths[0]?.steps ?? [];
    expect(
      steps.flatMap(({ rule, assumptions }) =>
        assumptions.includes(`Assumed join: image tag ${IMAGE}, no digest.`) ? [rule] : [],
      ),
    ).toEqual(['network-exploit']);
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
    // Looked for anew, with the muted flaw as its only one.
    await cluster({ isOpen: false });
    expect(await open()).toEqual([]);
    await cluster();
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
    const listed = async () => (await inbox.ctx.paths.list()).paths;
    expect(await listed()).toEqual([]);
    await scan(A, B);
    await cluster({ isOpen: false });
    await cluster();
    expect(await open()).toEqual([]);
    expect(await listed()).toEqual([]);
    expect(await rows()).toMatchObject([{ is_open: true, is_again: true, is_muted: true }]);
  });

  test('tells how many flaws on it were left out for their number', async () => {
    await cluster();
    await scan(...Array.from({ length: 40 }, (_, at) => `CVE-2026-${1_000 + at}`));
    expect((await inbox.ctx.paths.list()).notes).toEqual([
      '8 less likely flaws of workloads that have more than enough are left out.',
    ]);
  });

  test('is listed among the others where the inbox has it', async () => {
    await cluster();
    await scan(A);
    const record = {
      uid: 'arn:aws:route53:::hostedzone/Z1',
      name: 'old.example.com',
      type: 'AwsRoute53HostedZone',
    };
    await inbox.importReport(
      [prowlerFinding(next(), record, 'route53_dangling_ip_subdomain_takeover', true)],
      { source: 'prowler' },
    );
    const titles = (await inbox.ctx.paths.list()).paths.map(({ path }) => path.title);
    expect(titles).toHaveLength(2);
    expect(titles).toEqual(await open());
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
    // A machine inside may be reached from one that is not.
    const found = await searched();
    next();
    await inbox.importReport(
      {
        Reservations: [
          { OwnerId: '111111111111', Instances: [{ InstanceId: 'i-1', State: { Name: 'running' } }] },
        ],
      },
      { region: 'eu-west-1' },
    );
    const described = await searched();
    expect(described).not.toEqual(found);
    next();
    await inbox.importReport([prowlerFinding(START, MACHINE, 'ec2_instance_imdsv2_enabled')], {
      source: 'prowler',
    });
    expect(await searched()).not.toEqual(described);
  });

  test('rests on facts that are loaded once for as long as nothing changes, whichever process changes it', async () => {
    await cluster();
    await scan(A);
    const { pool } = inbox.database;
    const other = new PostgresPathStore(pool, organisationOf(1n), inbox.clock);
    const steps = async (store: PathStore) => (await store.facts('outside')).facts.steps.length;
    let { facts } = await inbox.ctx.paths.facts('outside');
    // The server's account of what is finished is that of all its databases, and other tests write to theirs.
    for (let last: typeof facts | null = null; last !== facts; ) {
      last = facts;
      facts = (await inbox.ctx.paths.facts('outside')).facts;
    }
    expect((await other.facts('outside')).facts).not.toBe(facts);
    expect((await inbox.ctx.paths.facts('vendor')).facts).not.toBe(facts);
    await scan(A, B);
    expect(await steps(inbox.ctx.paths)).toBe(facts.steps.length + 1);
    expect(await steps(other)).toBe(facts.steps.length + 1);
    await pool.query("delete from finding where advisory = 'CVE-2026-0002'");
    expect(await steps(inbox.ctx.paths)).toBe(facts.steps.length);
    const kept = await inbox.ctx.paths.facts('outside');
    inbox.clock.set(START + hour * HOUR_MS);
    expect(await inbox.ctx.paths.facts('outside')).not.toBe(kept);
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

test('is the same whether its inventory came in one file or in several', async () => {
  await cluster();
  await scan(A);
  const whole = await rows();
  const titles = await open();
  await inbox.close();
  inbox = await openTestInbox();
  hour = 0;
  await cluster({ parts: 4 });
  await scan(A);
  expect(await open()).toEqual(titles);
  expect(await rows()).toEqual(whole);
});

describe('what if', () => {
  /** The inbox by titles and severities, in order. */
  const listed = async () =>
    (await inbox.list({ all: false })).map(({ title, severity }) => `${severity} ${title}`);
  const projected = async (...words: readonly string[]) =>
    (await tryFixes(inbox.ctx, { words })).inbox.map(({ title, severity }) => `${severity} ${title}`);

  test.each([
    ['one of two flaws', [A], [B]],
    ['both flaws', [A, B], []],
  ])(
    'the inbox that is told once %s are mended is the one that the next scan leaves',
    async (_what, mended, left) => {
      await cluster();
      await scan(A, B);
      const before = await listed();
      const told = await projected(...mended);
      expect(await listed()).toEqual(before);
      await scan(...left);
      expect(told).toEqual(await listed());
      expect(told.length).toBe(left.length === 0 ? before.length - 1 : before.length);
    },
  );

  test('an issue that loses its gravest finding stands where what is left of it stands', async () => {
    await cluster();
    await scan(A);
    await inbox.importReport(
      imageReport({
        image: 'registry.example.com/cart:1.0',
        at: next(),
        vulnerabilities: [{ id: A, purlType: 'npm', severity: 'LOW' }],
      }),
      { source: 'cart' },
    );
    const issue = await idOf('library_vulnerability');
    const gate = (await planFixes(inbox.ctx)).fixes.find((fix) => fix.gate.issueId === issue)?.id ?? '';
    const { issues } = await tryFixes(inbox.ctx, { words: [gate] });
    const told = issues.find(({ id }) => id === issue);
    expect(told).toMatchObject({ effect: 'reduces' });
    expect(issues.find(({ type }) => type === 'attack_path')).toMatchObject({
      effect: 'resolves',
      severity: 'high',
      severityAfter: null,
      placeAfter: null,
    });
    await scan();
    const row = (await inbox.list()).find(({ id }) => id === issue);
    expect(row?.severity).toBe(told?.severityAfter);
  });

  test('a path that is harder to go afterwards is told with the severity that the next scan leaves it', async () => {
    await cluster();
    await scan(A, HARD);
    const { issues } = await tryFixes(inbox.ctx, { words: [A] });
    const told = issues.find(({ type }) => type === 'attack_path');
    expect(told?.effect).toBe('reduces');
    await scan(HARD);
    const [left] = (await inbox.ctx.paths.list()).paths;
    expect(told).toMatchObject({ id: left?.issueId, severityAfter: left?.path.severity });
  });

  test('a setting that is mended resolves the issue that tells of it', async () => {
    await cluster();
    await scan(A);
    await checkTokens();
    const { facts } = await inbox.ctx.paths.facts('outside');
    const gates = facts.steps.flatMap((step) => step.gates);
    const gate = gates.find(({ is, saidBy }) => is !== 'finding' && saidBy !== undefined);
    const { issues } = await tryFixes(inbox.ctx, { words: [gate?.id ?? ''] });
    const issueId = await idOf('misconfiguration');
    expect(issueId).toBe(gate?.issueId);
    expect(issues.find(({ id }) => id === issueId)).toMatchObject({
      effect: 'resolves',
      severityAfter: null,
    });
  });

  test('a path is no word for what closes it, and nothing is none', async () => {
    await cluster();
    await scan(A);
    const path = await idOf('attack_path');
    await expect(tryFixes(inbox.ctx, { words: [path] })).rejects.toMatchObject({ code: 'usage' });
    await expect(tryFixes(inbox.ctx, { words: ['nothing at all'] })).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

describe('a fix', () => {
  test("is somebody's to do until a day, and stays so when no path goes through it any more", async () => {
    await cluster();
    await scan(A);
    await addPerson(inbox.ctx, { name: 'Ada', role: 'triage' });
    const [first] = (await planFixes(inbox.ctx)).fixes;
    const id = first?.id ?? '';
    expect(first?.assigned).toBeNull();
    const dueAt = START + 1_000 * HOUR_MS;
    await decideFix(inbox.ctx, { id, assignee: 'Ada' });
    await decideFix(inbox.ctx, { id, dueAt });
    expect((await planFixes(inbox.ctx)).fixes[0]?.assigned).toMatchObject({ assignee: 'Ada', dueAt });
    await cluster({ isOpen: false });
    expect(await listFixes(inbox.ctx)).toMatchObject([{ id, assignee: 'Ada', dueAt, isOpen: false }]);
    await decideFix(inbox.ctx, { id, assignee: null });
    expect(await decideFix(inbox.ctx, { id, dueAt: null })).toEqual([]);
    await expect(decideFix(inbox.ctx, { id, assignee: 'Ada' })).rejects.toMatchObject({ code: 'not_found' });
    const events = await inbox.database.pool.query('select subject from event where verb = $1', [
      'decide fix',
    ]);
    expect(events.rows).toHaveLength(4);
  });

  test("is nobody's whom nobody knows", async () => {
    await cluster();
    await scan(A);
    const id = (await planFixes(inbox.ctx)).fixes[0]?.id ?? '';
    await expect(decideFix(inbox.ctx, { id, assignee: 'eve' })).rejects.toMatchObject({ code: 'usage' });
  });
});

describe('what somebody who has something gets to', () => {
  const DEPLOYMENT = 'k8s:shop/apps/Deployment/shop/web';

  test('is told of a workload that nobody enters, of an issue, and of a path', async () => {
    await cluster({ isOpen: false });
    await scan(A);
    const within = async (of: string) => (await tellBlastRadius(inbox.ctx, { of })).radius.sentence;
    const all = 'administers 1 cluster';
    expect(await within(DEPLOYMENT)).toBe(all);
    expect(await within(await idOf('library_vulnerability'))).toBe(all);
    await cluster();
    expect(await within(await idOf('attack_path'))).toBe(all);
    await expect(within('nothing')).rejects.toMatchObject({ code: 'not_found' });
  });

  test('and would affect what a control serves that fails on the path itself', async () => {
    await cluster();
    await scan(A);
    const affected = async () =>
      (await tellBlastRadius(inbox.ctx, { of: await idOf('attack_path') })).radius.implications;
    expect(await affected()).toEqual([]);
    await checkTokens();
    const told = await affected();
    expect(told.map(({ framework }) => framework)).toContain('CIS Kubernetes 1.8.0');
    expect(new Set(told.map(({ because }) => because))).toEqual(
      new Set(['failing on the way: Service account token mounted without need']),
    );
  });

  test('and who gets to it: from outside while it is open', async () => {
    await cluster();
    await scan(A);
    const ways = async () =>
      (await tellWaysTo(inbox.ctx, { resource: DEPLOYMENT, lens: 'outside' })).found.ways;
    expect((await ways()).map(({ gains, steps }) => `${gains} in ${steps.length}`)).toEqual(['exec in 2']);
    await cluster({ isOpen: false });
    expect(await ways()).toEqual([]);
    await expect(tellWaysTo(inbox.ctx, { resource: 'nothing', lens: 'outside' })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  test('is told of what goes by its name on the map, and of which there are where several do', async () => {
    await cluster();
    await scan(A);
    const waysOf = (resource: string) => tellWaysTo(inbox.ctx, { resource, lens: 'outside' });
    const within = (of: string) => tellBlastRadius(inbox.ctx, { of });
    for (const name of ['web', ' Web ']) {
      expect(await waysOf(name)).toEqual(await waysOf(DEPLOYMENT));
      expect(await within(name)).toEqual(await within(DEPLOYMENT));
    }
    next();
    await inbox.importReport(shopCluster({ image: IMAGE, isOpen: true }), {
      source: 'stage',
      scope: { cluster: 'stage' },
    });
    const several = {
      code: 'usage',
      message: `"web" could mean several resources: ${DEPLOYMENT}, k8s:stage/apps/Deployment/shop/web. Name one of them.`,
    };
    await expect(waysOf('web')).rejects.toMatchObject(several);
    await expect(within('web')).rejects.toMatchObject(several);
    expect((await within(DEPLOYMENT)).taken).toEqual([{ key: DEPLOYMENT, name: 'web' }]);
  });
});
