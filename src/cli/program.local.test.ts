import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import type { FeedFile } from '#app/update-feed.ts';
import { InboxError } from '#base/inbox-error.ts';
import { issueRowSchema } from '#contract/issue.ts';
import { type IssueDetail, issueDetailSchema } from '#contract/issue-detail.ts';
import { resourceSchema } from '#contract/resource.ts';
import { openPool } from '#store/database.ts';
import { inboxOn, openTestInbox, type TestInbox } from '../../test/support/test-inbox.ts';
import type { CommandLineParts } from './parts.ts';
import { run } from './program.test-world.ts';

let inbox: TestInbox;
let folder: string;
let closed = 0;

beforeAll(async () => {
  inbox = await openTestInbox();
  folder = await mkdtemp(join(tmpdir(), 'inbox-cli-'));
});

afterAll(async () => {
  await inbox.close();
  await rm(folder, { recursive: true, force: true });
});

function local(argv: readonly string[], given: Partial<CommandLineParts> = {}) {
  const openContext = () =>
    Promise.resolve({
      ctx: inbox.ctx,
      close: () => {
        closed++;
        return Promise.resolve();
      },
    });
  return run(argv, { openContext, formats: inbox.ctx.formats, ...given });
}

async function json(argv: readonly string[], given?: Partial<CommandLineParts>): Promise<unknown> {
  const { code, out, err } = await local([...argv, '--json'], given);
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out);
}

const VULNERABILITY = {
  PkgName: 'log4j-core',
  InstalledVersion: '2.14.1',
  FixedVersion: '2.17.1',
  Severity: 'CRITICAL',
  Title: 'Remote code\u001b[2J',
};
const REPORT = {
  SchemaVersion: 2,
  ArtifactName: 'shop:1',
  ArtifactType: 'container_image',
  Results: [
    {
      Target: 'app.jar',
      Class: 'lang-pkgs',
      Type: 'jar',
      Vulnerabilities: [
        { ...VULNERABILITY, VulnerabilityID: 'CVE-2021-44228' },
        { ...VULNERABILITY, VulnerabilityID: 'CVE-2021-45046', Severity: 'HIGH' },
      ],
    },
  ],
};

test('reports in, ranked list out, and why', async () => {
  const good = join(folder, 'trivy.json');
  const strange = join(folder, 'strange.txt');
  const broken = join(folder, 'broken.json');
  await writeFile(good, JSON.stringify(REPORT));
  await writeFile(strange, 'hello');
  await writeFile(broken, JSON.stringify(REPORT).slice(0, -5));

  expect((await local(['list'])).out).toBe(
    'Nothing is open. Read a report with: security-inbox import PATH\n',
  );
  const imported = await local(['import', good, strange, broken, '--source', 'nightly', '--json']);
  expect(imported.code).toBe(4);
  const results = imported.out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { format: string | null; error?: { code: string } });
  expect(results.map(({ format, error }) => [format, error?.code])).toEqual([
    ['trivy', undefined],
    [null, 'format_unknown'],
    ['trivy', 'report_broken'],
  ]);

  const rows = await json(['list', '--all']);
  expect(z.array(z.strictObject(issueRowSchema.shape)).parse(rows)).toEqual(rows);
  const [first, second] = rows as { id: string; key: string; severity: string; admittedBy: string[] }[];
  expect([first?.key, first?.severity, second?.key, second?.severity]).toEqual([
    'library_vulnerability|CVE-2021-44228',
    'critical',
    'library_vulnerability|CVE-2021-45046',
    'high',
  ]);

  const text = await local(['list']);
  expect(text.out).toContain('2 open findings wait outside the inbox');
  expect(text.out).toContain('Ranked by the same rule, not admitted:');
  expect(text.out).not.toContain('\u001b');

  const detail = await json(['why', 'CVE-2021-44228']);
  expect(z.strictObject(issueDetailSchema.shape).parse(detail)).toEqual(detail);
  expect(detail).toMatchObject({
    id: first?.id,
    why: { risks: { length: 5 }, admission: { admitted: false } },
    findings: { length: 1 },
  });
  expect((await local(['why', first?.id.slice(0, 8) ?? ''])).out).toContain('seen by nightly');
  expect(await json(['why', 'CVE-2021-44228', '--above', 'CVE-2021-45046'])).toMatchObject({
    above: true,
    firstDifferingKey: 'severity',
  });
});

test('a mapping is kept by a name, and reports are read by it', async () => {
  const report = join(folder, 'acme.json');
  const mapping = join(folder, 'acme.yaml');
  await writeFile(report, '[{"message":"Bad","level":"high","file":"a.js"}]');
  await writeFile(mapping, 'tool: Acme Scan\nfields:\n  title: message\n  severity: level\n  path: file\n');
  expect((await local(['mappings', 'list'])).out).toContain('No mapping is kept');
  const unknown = await local(['import', report, '--mapping', 'acme']);
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('No mapping is kept as acme.')]);
  const path = await local(['import', report, '--mapping', './acme.yml']);
  expect([path.code, path.err]).toEqual([
    1,
    expect.stringContaining('The mapping ./acme.yml cannot be read.'),
  ]);
  expect((await local(['mappings', 'apply', mapping, '--name', 'Acme'])).code).toBe(64);
  expect(await json(['mappings', 'apply', mapping, '--name', 'acme'])).toMatchObject({ tool: 'Acme Scan' });
  expect(await json(['mappings', 'list'])).toEqual([expect.objectContaining({ name: 'acme', when: null })]);
  expect((await local(['mappings', 'export', 'acme'])).out).toBe(await readFile(mapping, 'utf8'));
  expect(await json(['import', report, '--mapping', 'acme'])).toMatchObject({
    source: 'acme-scan',
    findings: 1,
  });
  let previewed: unknown;
  await local(['import', report, '--mapping', 'acme', '--preview'], {
    previewReports: async ({ options }) => {
      previewed = options.mapping;
      return [];
    },
  });
  expect(previewed).toBe(await readFile(mapping, 'utf8'));
  expect((await local(['mappings', 'remove', 'acme'])).code).toBe(0);
  expect((await local(['mappings', 'remove', 'acme'])).err).toContain('"mappings list" prints');
  expect(await json(['import', 'undo', await scanOf('acme-scan')])).toMatchObject({ removed: 1 });
});

async function scanOf(source: string): Promise<string> {
  const { rows } = await inbox.database.pool.query<{ id: string }>(
    'select scan.id from scan join source on source.id = scan.source_id where source.name = $1',
    [source],
  );
  return rows[0]?.id ?? '';
}

test('issues are decided of by name or by query, told first, and taken back', async () => {
  const muted = (await json([
    'issue',
    'mute',
    'CVE-2021-44228',
    '--because',
    'pending_fix',
    '--reason',
    'on its way',
    '--until',
    '30d',
  ])) as { action: string };
  expect(muted).toMatchObject({ issue: { muted: true } });
  expect(await json(['issue', 'undo', muted.action])).toEqual({ issues: 1, kept: 0 });
  const all = ['--query', 'severity:critical,high', '--all'];
  expect(await json(['issue', 'start', ...all, '--tell'])).toEqual({
    matched: 2,
    changed: 0,
    action: null,
    stopped: null,
  });
  for (const count of ['3', '30000'])
    expect((await local(['issue', 'start', ...all, '--expect', count])).err).toContain(
      `${count} were expected`,
    );
  const started = await local(['issue', 'start', ...all, '--expect', '2']);
  expect(started.out).toMatch(/^Done to 2 issues\. Undo: security-inbox issue undo \w+\n$/);
  expect(await json(['list', '--query', 'status:in_progress', '--all'])).toHaveLength(2);
  expect((await local(['issue', 'undo', started.out.trim().split(' ').at(-1) ?? ''])).out).toBe(
    'Taken back of 2 issues.\n',
  );
  expect((await local(['issue', 'comment', 'CVE-2021-44228', 'Look at this.'])).out).toBe('Said.\n');
  expect((await local(['why', 'CVE-2021-44228'])).out).toContain('Look at this.');
  expect((await local(['issue', 'due', 'CVE-2021-44228'])).err).toContain('--on TIME');
  expect((await local(['issue', 'mute', 'CVE-2021-44228'])).code).toBe(64);
  expect((await local(['issue', 'wake'])).err).toContain('Name issues');
});

test('trackers are added with a secret that no output tells; a ticket waits for a server', async () => {
  const secret = join(folder, 'token.txt');
  await writeFile(secret, 'hush-hush\n');
  const add = [
    'receivers',
    'add',
    'shop',
    '--kind',
    'github',
    '--project',
    'acme/shop',
    '--secret-file',
    secret,
  ];
  const outputs = [
    await local(add),
    await local(['receivers', 'list']),
    await local(['receivers', 'list', '--json']),
    await local(['issue', 'ticket', 'CVE-2021-44228', '--in', 'shop']),
    await local(['why', 'CVE-2021-44228']),
  ];
  expect(outputs.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  expect(outputs[1]?.out).toContain('https://api.github.com acme/shop');
  expect(outputs[4]?.out).toContain('A ticket in shop waits to be made.');
  expect(JSON.stringify(outputs)).not.toContain('hush-hush');
  expect((await local(['receivers', 'remove', 'shop'])).code).toBe(0);
  expect((await local(['issue', 'run', 'CVE-2021-44228', '--workflow', 'shop'])).err).toContain(
    'There is no receiver shop',
  );
});

test('the list is written for other programs, to the screen or to a new file', async () => {
  const file = join(folder, 'inbox.csv');
  expect((await local(['export', '--format', 'csv', '--all', '--output', file])).code).toBe(0);
  expect((await local(['export', '--format', 'csv', '--all'])).out).toBe(await readFile(file, 'utf8'));
  expect((await local(['export', '--format', 'csv', '--output', file])).err).toContain('is there already');
  expect((await local(['export', '--format', 'xml'])).code).toBe(64);
});

test('muted and resolved issues are listed by query, and found by name', async () => {
  const [row] = (await json(['list', '--all', '--query', 'CVE-2021-45046'])) as { id: string; key: string }[];
  await inbox.ctx.inbox.decide(
    row?.id ?? '',
    { kind: 'mute', isMuted: true, reason: 'not reachable', until: null },
    'tester',
  );
  expect(await json(['list', '--all', '--query', 'CVE-2021-45046'])).toEqual([]);
  expect(await json(['list', '--all', '--query', 'muted:yes'])).toEqual([{ ...row, muted: true }]);
  expect((await local(['list', '--query', 'status:resolved'])).out).toBe('No issue matches the query.\n');
  expect((await local(['list', '--query', 'muted:yes'])).out).toBe('No issue matches the query.\n');
  for (const name of [row?.id.slice(0, 8), row?.key, 'cve-2021-45046'])
    expect(await json(['why', name ?? ''])).toMatchObject({ id: row?.id, muted: true });
  await inbox.ctx.inbox.decide(
    row?.id ?? '',
    { kind: 'mute', isMuted: false, reason: '', until: null },
    'tester',
  );
});

test('a resource is one object, those of a file are a list, and an id that is not known has no kind', async () => {
  const { id: issue, findings } = (await json(['why', 'CVE-2021-44228'])) as IssueDetail;
  const id = findings[0]?.resource.id ?? '';
  const one = await json(['resource', id]);
  expect(z.strictObject(resourceSchema.shape).parse(one)).toEqual(one);
  expect(one).toMatchObject({ id, kind: 'image', issues: expect.arrayContaining([issue]) });
  const risks = [
    'publicly_accessible',
    'privileged_access',
    'under_attack',
    'exploit_available',
    'in_production',
  ];
  for (const member of ['riskStates', 'evidence', 'missing'] as const)
    expect(Object.keys((one as Record<typeof member, object>)[member])).toEqual(risks);
  const ids = join(folder, 'ids.txt');
  await writeFile(ids, `nobody\n\n ${id}\r\n`);
  expect(await json(['resource', '--file', ids])).toEqual([
    {
      id: 'nobody',
      kind: null,
      name: 'nobody',
      riskStates: Object.fromEntries(risks.map((risk) => [risk, 'unknown'])),
      evidence: Object.fromEntries(risks.map((risk) => [risk, []])),
      missing: Object.fromEntries(risks.map((risk) => [risk, []])),
      privilege: { level: 'unknown', reasons: [] },
      exposure: [],
      environment: null,
      services: [],
      servicesFrom: null,
      owner: null,
      owners: [],
      data: { class: null, types: [], reasons: [] },
      goneAt: null,
      issues: [],
    },
    one,
  ]);
  expect((await local(['resource'])).code).toBe(64);
  expect((await local(['resource', id, '--file', ids])).code).toBe(64);
  expect((await local(['resource', '--file', join(folder, 'gone.txt')])).code).toBe(64);
});

test('a database that does not answer is told as such', async () => {
  const pool = openPool({ host: '127.0.0.1', port: 1, user: 'me', database: 'inbox' });
  const { ctx } = inboxOn({ ...inbox.database, pool });
  const openContext = () => Promise.resolve({ ctx, close: () => pool.end() });
  const { code, out, err } = await local(['list', '--json'], { openContext });
  expect([code, out]).toEqual([70, '']);
  expect(JSON.parse(err)).toMatchObject({ error: { code: 'database_unreachable' } });
});

test('a scan is taken back by its id, once, and a file may be called undo', async () => {
  const path = join(folder, 'undone.json');
  await writeFile(path, JSON.stringify({ ...REPORT, ArtifactName: 'undone:1' }));
  const imported = await local(['import', path, '--source', 'undone']);
  const id = /"import undo (\w+)"/.exec(imported.out)?.[1] ?? '';
  expect(await json(['import', 'undo', id])).toEqual({
    scanId: id,
    files: [path],
    removed: 2,
    reopened: 0,
    closed: 0,
  });
  expect((await local(['import', 'undo', id])).code).toBe(1);
  expect((await local(['import', 'undo'])).code).toBe(64);
  expect((await local(['import', './undo'])).out).toContain('there is no such file');
});

test('sources are listed, renamed and retired', async () => {
  expect(await json(['sources', 'list'])).toMatchObject([
    {
      id: 'nightly',
      name: 'nightly',
      format: 'trivy',
      retired: false,
      openFindings: 2,
      held: [],
      // One of the files that it was made of broke off after its first finding.
      lastScan: { records: 3, findings: 3, rejects: 0 },
    },
  ]);
  expect((await local(['sources', 'rename', 'nightly', 'Every night'])).out).toBe(
    'nightly is now called Every night.\n',
  );
  expect((await local(['sources', 'rhythm', 'nightly', '3'])).out).toBe(
    'nightly is overdue when it is silent for more than 3 days.\n',
  );
  expect(await json(['sources', 'list'])).toMatchObject([{ rhythm: { days: 3, from: 'set' } }]);
  expect((await local(['sources', 'rhythm', 'nightly', 'learned'])).out).toContain(
    'learned from its reports',
  );
  expect((await local(['sources', 'rhythm', 'nightly', '0'])).code).toBe(64);
  expect((await local(['sources', 'rhythm', 'nobody', '3'])).code).toBe(1);
  expect((await local(['sources', 'retire', 'nightly', '--scope', 'image=other'])).code).toBe(1);
  expect(await json(['sources', 'retire', 'nightly'])).toEqual({ scopes: 1, closed: 2 });
  expect((await local(['sources', 'list'])).out).toMatch(
    /^Every night {2}id nightly, trivy, 0 open findings/,
  );
});

test('controls are listed, shown, changed and reset', async () => {
  expect(await json(['controls', 'list'])).toHaveLength(167);
  expect((await local(['controls', 'list'])).out).toMatch(
    /^ {2}ID +SEVERITY {2}LIKELIHOOD +IMPACT +INBOX {2}TITLE\n {2}net\.sg\.any-all +critical +highly probable +high +yes +Security group open/,
  );
  expect((await local(['controls', 'list', '--edited'])).out).toBe(
    'No control was edited; each counts as the catalogue has it.\n',
  );
  const set = ['controls', 'set', 'elb.public-no-waf'];
  expect(
    (await local([...set, '--impact', 'medium', '--inbox', 'yes', '--reason', 'No\u001b CDN'])).out,
  ).toBe(
    `medium  Public ALB without WAF
elb.public-no-waf, misconfiguration, aws: load balancer; catalogue 2026.11.2
Nothing filters known attacks before they meet the application, and nothing can be switched on in an emergency.

likelihood   possible (vulnerability, private)
impact       medium
severity     medium
frameworks   PCI DSS 4.0 6.4.2
fix          Associate a web ACL with the managed core rule groups, first in count mode.
             aws wafv2 associate-web-acl --web-acl-arn ACL --resource-arn LOAD_BALANCER
inbox        yes
checks       prowler:elbv2_waf_acl_attached, securityhub:ELB.16, checkov:CKV2_AWS_28
edited       impact medium, inbox yes
             by tester on 2026-10-01: No CDN
`,
  );
  expect(await json([...set, '--impact', 'default', '--severity', 'info', '--reason', 'CDN'])).toMatchObject({
    severity: 'info',
    inbox: true,
    edit: { impact: null, inbox: true, severity: 'info' },
  });
  expect((await local(['controls', 'list', '--edited'])).out).toMatch(/\n\* {2}elb\.public-no-waf +info /);
  expect((await local(['controls', 'reset', 'elb.public-no-waf'])).out).toMatch(/^low {2}Public ALB/);
  expect(await json(['controls', 'show', 'elb.public-no-waf'])).toMatchObject({ edit: null });
  expect((await local(['controls', 'show', 'none'])).code).toBe(1);
  expect((await local([...set, '--impact', 'huge', '--reason', 'x'])).code).toBe(64);
  expect((await local([...set, '--impact', 'low'])).code).toBe(64);
  expect((await local([...set, '--reason', 'x'])).code).toBe(64);
});

test('feeds are read from where they are, and one that fails does not keep the others out', async () => {
  const kev =
    '{"title":"CISA Catalog of Known Exploited Vulnerabilities","catalogVersion":"2026.09.30","dateReleased":"2026-09-30T00:00:00Z","count":1,"vulnerabilities":[{"cveID":"CVE-2021-44228","vulnerabilityName":"Log4Shell","dateAdded":"2021-12-10","dueDate":"2021-12-24","knownRansomwareCampaignUse":"Known"}]}';
  const file = (name: string, text: string): FeedFile => ({
    name,
    async *open() {
      yield Buffer.from(text);
    },
  });
  const asked: string[] = [];
  const openFeedFiles = (location: string): Promise<readonly FeedFile[]> => {
    asked.push(location);
    return location.includes('known_exploited')
      ? Promise.resolve([file('kev.json', kev)])
      : Promise.reject(new InboxError('feed_unreachable', 'Nobody answers.'));
  };
  const { code, out } = await local(['feeds', 'update', '--json'], { openFeedFiles });
  expect(code).toBe(70);
  // The large ones are read only by name.
  expect(asked).toEqual(
    inbox.ctx.feeds
      .filter(({ id }) => !['emerging', 'ghsa', 'osv'].includes(id))
      .map(({ defaultUrl }) => defaultUrl),
  );
  expect(JSON.parse(out)).toMatchObject([
    { feed: 'epss', error: { code: 'feed_unreachable' } },
    { feed: 'exploitdb', error: { code: 'feed_unreachable' } },
    { feed: 'kev', files: ['kev.json'], asOf: '2026-09-30T00:00:00.000Z', entries: 1, rejects: 0 },
    { feed: 'metasploit', error: { code: 'feed_unreachable' } },
    { feed: 'nuclei', error: { code: 'feed_unreachable' } },
    { feed: 'nvd', error: { code: 'feed_unreachable' } },
  ]);
  expect((await local(['feeds', 'import', 'known_exploited.json'], { openFeedFiles })).out).toMatch(
    /^kev {2}as of 2026-09-30: 1 entry;/,
  );
  expect(await local(['feeds', 'update', 'epss'], { openFeedFiles })).toEqual({
    code: 70,
    out: '',
    err: 'Nobody answers.\n',
  });
  expect((await local(['feeds', 'update', 'gsd'])).err).toMatch(
    /^There is no feed "gsd"\. Known: emerging, epss, exploitdb, ghsa, kev, metasploit, nuclei, nvd, osv\./,
  );
  expect((await local(['feeds', 'status'])).out).toContain(
    'kev  CISA Known Exploited Vulnerabilities: fresh, 1 entry\n  As of 2026-09-30.\n',
  );
});

test('people, links and tokens', async () => {
  expect((await local(['person', 'list'])).out).toBe(
    'Nobody is there yet; "sign-in" makes the first administrator.\n',
  );
  const link = (await json(['sign-in', '--public-url', 'https://inbox.example.com/'])) as {
    url: string;
    person: string;
    expiresAt: string;
  };
  expect(link.url).toMatch(/^https:\/\/inbox\.example\.com\/sign-in#[\w-]{43}$/);
  expect([link.person, link.expiresAt]).toEqual(['admin', '2026-10-01T12:30:00.000Z']);
  const spoken = await local(['sign-in'], { publicUrl: () => Promise.resolve('http://127.0.0.1:7070') });
  expect(spoken.out).toMatch(/^http:\/\/127\.0\.0\.1:7070\/sign-in#[\w-]{43}\n$/);
  expect(spoken.err).toBe('Signs in admin, once, until 2026-10-01T12:30:00.000Z.\n');

  expect(await json(['person', 'add', 'bo b', '--role', 'triage'])).toMatchObject({
    name: 'bo b',
    role: 'triage',
  });
  expect((await local(['person', 'list'])).out).toBe('ROLE    ADDED       NAME\ntriage  2026-10-01  bo b\n');
  const made = await local(['token', 'create', '--name', 'ci', '--person', 'bo b', '--days', '1']);
  expect(made.out).toMatch(/^sinb_\w+\n$/);
  expect(made.err).toBe('Acts as bo b until 2026-10-02. It is not shown again.\n');
  const [token, ...others] = (await json(['token', 'list'])) as { id: string }[];
  expect([token, others]).toEqual([
    {
      id: token?.id,
      kind: 'pat',
      name: 'ci',
      lastFour: made.out.trim().slice(-4),
      person: 'bo b',
      role: null,
      source: null,
      scope: null,
      createdAt: '2026-10-01T12:00:00.000Z',
      expiresAt: '2026-10-02T12:00:00.000Z',
      lastUsedAt: null,
    },
    [],
  ]);
  expect((await local(['token', 'revoke', token?.id ?? ''])).code).toBe(0);
  const upload = ['token', 'create', '--kind', 'ing', '--name', 'ci', '--person', 'bo b'];
  expect(await json([...upload, '--source', 'nightly', '--scope', 'cluster=shop'])).toMatchObject({
    token: expect.stringMatching(/^sinb_ing_\w{36}$/),
    source: 'nightly',
    scope: { cluster: 'shop' },
    expiresAt: '2027-10-01T12:00:00.000Z',
  });
  expect((await local(upload)).code).toBe(64);
  const listed = await local(['token', 'list']);
  expect(listed.out).toMatch(/sinb_ing_….{4} .* upload to nightly +ci\n$/);
  const [uploading] = (await json(['token', 'list'])) as { id: string }[];
  await local(['token', 'revoke', uploading?.id ?? '']);
  expect((await local(['token', 'list'])).out).toBe('There is no token.\n');
  expect(await json(['token', 'create'])).toMatchObject({
    kind: 'pat',
    name: 'command line',
    person: 'admin',
  });
  expect((await local(['person', 'remove', 'bo b'])).out).toBe('bo b was removed.\n');
  expect((await local(['person', 'remove', 'bo b'])).code).toBe(1);
});

test('the data are let go, also where a verb is refused', async () => {
  closed = 0;
  await local(['list']);
  await local(['why', 'ffffffffffffffff']);
  await local(['token', 'revoke', 'none']);
  expect(closed).toBe(3);
});
