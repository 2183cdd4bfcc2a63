import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { detectedRiskSchema } from '../../src/contract/detected-risk.ts';
import type { ImportRead } from '../../src/contract/import.ts';
import type { IssueRow } from '../../src/contract/issue.ts';
import type { IssueAbove } from '../../src/contract/issue-above.ts';
import type { IssueDetail } from '../../src/contract/issue-detail.ts';
import { compareInbox, firstDifference } from '../../src/domain/ranking/inbox-order.ts';
import type { EmbeddedPostgres } from '../../src/store/embedded/supervisor.ts';
import { startReadyDatabase } from '../support/ready-cluster.ts';
import {
  makeScratch,
  type RunningServer,
  runCommand,
  runJson,
  runProcess,
  sample,
  startServer,
} from '../support/run-server.ts';
import { zipOf } from '../support/zip-of.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const IMAGE = sample('trivy', 'image-alpine-310.json');
const CODE = sample('sarif', 'codeql.sarif');

const IMPORT_MEMBERS = [
  'file',
  'format',
  'source',
  'scope',
  'complete',
  'records',
  'findings',
  'passed',
  'resources',
  'relations',
  'signals',
  'rejects',
  'created',
  'changed',
  'unchanged',
  'closed',
  'held',
  'regressed',
];

const ISSUE_MEMBERS = [
  'id',
  'key',
  'title',
  'type',
  'severity',
  'score',
  'risks',
  'riskStates',
  'riskCount',
  'resources',
  'services',
  'impact',
  'admittedBy',
  'status',
  'muted',
  'dueAt',
  'assignee',
  'team',
  'attackPaths',
  'snoozedUntil',
  'firstSeen',
  'regressedAt',
  'tickets',
];

let scratch: Awaited<ReturnType<typeof makeScratch>>;
let data: string;
let server: RunningServer;
let database: EmbeddedPostgres;

beforeAll(async () => {
  scratch = await makeScratch();
  data = join(scratch.folder, 'our data');
  database = await startReadyDatabase(data);
  server = await startServer(['--data', data]);
  const twice = await Promise.all(
    ['twice', 'again'].map(async (name) => fileOf(`${name}.json`, await reportOf(name))),
  );
  const spring = sample('trivy', 'image-spring4shell-jre8.json');
  await runCommand(
    on('import', '--separate', IMAGE, CODE, spring, sample('trivy', 'k8s-findings.json'), ...twice),
  );
});

afterAll(async () => {
  await server.stop();
  await database.stop();
  await scratch.remove();
});

const on = (...args: readonly string[]) => [...args, '--data', data];

/** The lines that `import --json` prints. */
async function importLines(args: readonly string[], input?: string | Uint8Array) {
  const { code, stdout, stderr } = await runCommand(
    ['import', '--json', ...on(...args)],
    input === undefined ? {} : { input },
  );
  return {
    code,
    stderr,
    lines: stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ImportRead),
  };
}

async function importOne(...args: readonly string[]): Promise<ImportRead> {
  const { code, lines, stderr } = await importLines(args);
  if (code !== 0 || lines[0] === undefined) throw new Error(`import ended with ${code}: ${stderr}`);
  return lines[0];
}

/** A sample's report about another artifact, so that a test has findings of its own. */
async function reportOf(artifact: string): Promise<string> {
  const report = JSON.parse(await readFile(join(ROOT, sample('trivy', 'fs-npm.json')), 'utf8')) as Record<
    string,
    unknown
  >;
  return JSON.stringify({ ...report, ArtifactName: artifact });
}

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(scratch.folder, name);
  await writeFile(path, content);
  return path;
}

describe('import', () => {
  test('prints what became of a report, in the members of the design and their order', async () => {
    const path = await fileOf('a report.json', await reportOf('first'));
    const first = await importOne(path);
    expect(Object.keys(first)).toEqual(IMPORT_MEMBERS);
    expect(first).toEqual({
      file: path,
      format: 'trivy',
      source: 'trivy',
      scope: { artifact: 'first' },
      complete: false,
      records: 1,
      findings: 1,
      passed: 0,
      resources: 0,
      relations: 0,
      signals: 0,
      rejects: [],
      created: 1,
      changed: 0,
      unchanged: 0,
      closed: 0,
      held: 0,
      regressed: 0,
    });
    expect(await importOne(path)).toEqual({ ...first, created: 0, unchanged: 1 });
  });

  test('says of each record that could not be read where it stands and why', async () => {
    const report = JSON.parse(await readFile(join(ROOT, sample('trivy', 'fs-npm.json')), 'utf8'));
    report.Results[0].Vulnerabilities.push({ PkgName: 'nameless' });
    const { rejects, findings } = await importOne(await fileOf('reject.json', JSON.stringify(report)));
    expect(findings).toBe(1);
    expect(rejects).toHaveLength(1);
    expect(Object.keys(rejects[0] ?? {})).toEqual(['at', 'code', 'message']);
  });

  test('a file that is not recognised is 3, a broken one 4, and what was good is kept', async () => {
    const unknown = await fileOf('unknown.txt', 'not a report');
    const whole = await reportOf('kept');
    const broken = await fileOf('broken.json', (await readFile(join(ROOT, IMAGE))).subarray(0, 3000));
    const good = await fileOf('good.json', whole);
    const first = await importLines([good, unknown]);
    expect(first.code).toBe(3);
    expect(first.lines).toEqual([
      expect.objectContaining({ file: good, created: 1 }),
      {
        file: unknown,
        format: null,
        error: { code: 'format_unknown', message: expect.stringContaining('formats') },
      },
    ]);
    expect(Object.keys(first.lines[1] ?? {})).toEqual(['file', 'format', 'error']);
    const second = await importLines([unknown, broken]);
    expect(second.code).toBe(4);
    expect(Object.keys(second.lines[1] ?? {})).toEqual([...IMPORT_MEMBERS, 'error']);
    expect(second.lines[1]).toMatchObject({
      format: 'trivy',
      complete: false,
      findings: 1,
      unchanged: 1,
      closed: 0,
      error: { code: 'report_broken', message: expect.stringContaining('3000') },
    });
    expect(await importOne(good)).toMatchObject({ created: 0, unchanged: 1 });
  });

  test('reads standard input, a gzipped file and the members of an archive', async () => {
    const piped = await importLines(['-'], await reportOf('piped'));
    expect(piped).toMatchObject({ code: 0, lines: [{ file: 'stdin', created: 1 }] });
    const gzipped = await fileOf('packed.json.gz', gzipSync(await reportOf('gzipped')));
    expect(await importOne(gzipped)).toMatchObject({ file: gzipped, format: 'trivy', created: 1 });
    const members = {
      'a/one.json': await reportOf('one'),
      'two.json': await reportOf('two'),
      'notes.txt': 'nothing',
    };
    const archive = await fileOf('reports.zip', zipOf(members));
    const { code, lines } = await importLines([archive]);
    expect(lines.map(({ file, format }) => [file, format])).toEqual([
      [`${archive}!a/one.json`, 'trivy'],
      [`${archive}!two.json`, 'trivy'],
      [`${archive}!notes.txt`, null],
    ]);
    expect(code).toBe(3);
  });
});

describe('a wrong command line', () => {
  test.each([
    ['an unknown flag', ['list', '--wrong']],
    ['an unknown verb', ['lst']],
    ['no verb', []],
    ['an unknown format', ['import', IMAGE, '--format', 'trivvy']],
    ['a severity that is none', ['list', '--query', 'severity:urgent']],
    ['a port that is none', ['serve', '--port', '70000']],
  ])('%s ends with 64 and one object on the error stream', async (_name, args) => {
    const { code, stdout, stderr } = await runCommand([...args, '--json']);
    expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
    expect(JSON.parse(stderr)).toEqual({ error: { code: 'usage', message: expect.stringMatching(/[.)]$/) } });
  });

  test('it is the exit code of the process', async () => {
    expect(await runProcess(['lst'])).toMatchObject({ code: 64, stdout: '' });
  });

  test('a file that is not there ends with 1', async () => {
    expect(await runCommand(on('import', 'gone.json', '--json'))).toMatchObject({ code: 1, stdout: '' });
  });
});

describe('list', () => {
  test('prints one array in rank order, each issue with the members of the design and their order', async () => {
    const all = await runJson<readonly IssueRow[]>(on('list', '--all'));
    expect(all.length).toBeGreaterThan(10);
    for (const issue of all) {
      expect(Object.keys(issue)).toEqual(ISSUE_MEMBERS);
      expect(Object.keys(issue.riskStates)).toEqual(detectedRiskSchema.options);
      expect(issue.risks).toEqual(
        detectedRiskSchema.options.filter((risk) => issue.riskStates[risk] === 'yes'),
      );
      expect(issue.riskCount).toBe(issue.risks.length);
      expect(issue.impact).toBe(issue.resources + issue.services);
    }
    expect(all).toEqual(all.toSorted(compareInbox));
    const admitted = await runJson<readonly IssueRow[]>(on('list'));
    expect(admitted.length).toBeGreaterThan(0);
    expect(admitted).toEqual(all.filter((issue) => issue.admittedBy.length > 0));
  });

  test('takes a limit and a query', async () => {
    const all = await runJson<readonly IssueRow[]>(on('list', '--all'));
    expect(await runJson(on('list', '--all', '--limit', '3'))).toEqual(all.slice(0, 3));
    const found = await runJson(
      on('list', '--all', '--query', 'severity:critical,high risk:exploit_available spring'),
    );
    expect(found).toEqual(
      all.filter(
        ({ severity, risks, title }) =>
          ['critical', 'high'].includes(severity) &&
          risks.includes('exploit_available') &&
          title.includes('spring'),
      ),
    );
    expect(found).toHaveLength(1);
  });
});

describe('why', () => {
  test('explains the row that the list prints', async () => {
    const [row] = await runJson<readonly IssueRow[]>(on('list'));
    const { why, findings, resources, attackPath, alsoFoundBy, upgrades, description, references, ...rest } =
      await runJson<IssueDetail>(on('why', row?.id ?? ''));
    const { resources: count, ...same } = row as IssueRow;
    expect(rest).toEqual(same);
    expect(resources).toHaveLength(count);
    expect(attackPath).toBe(null);
    expect(alsoFoundBy).toEqual([]);
    expect(upgrades.map(({ name, to }) => [name, to])).toEqual([
      ['org.springframework:spring-beans', '5.3.18'],
    ]);
    expect(description).toBeTruthy();
    expect(references.every((each) => /^https?:/.test(each))).toBe(true);
    expect(Date.parse(rest.firstSeen ?? '')).toBeGreaterThan(0);
    expect(findings.length).toBeGreaterThan(0);
    expect(why.rank).toEqual({
      severity: same.severity,
      riskCount: same.riskCount,
      impact: same.impact,
      sentence: expect.stringMatching(/^Critical, 1 detected risk, /),
    });
    expect(Object.fromEntries(why.risks.map(({ risk, state }) => [risk, state]))).toEqual(same.riskStates);
    expect(why.admission.rules.filter(({ verdict }) => verdict === 'met').map(({ id }) => id)).toEqual(
      same.admittedBy,
    );
    for (const { state, evidence, missing } of why.risks)
      expect(state === 'unknown' ? missing.length : evidence.length).toBeGreaterThan(0);
  });

  test('names the first key that puts one issue above another', async () => {
    const all = await runJson<readonly IssueRow[]>(on('list', '--all'));
    const pairs = all.flatMap((high, index) => all.slice(index + 1).map((low) => ({ high, low })));
    const kinds = new Map(pairs.map((pair) => [firstDifference(pair.high, pair.low), pair]));
    expect([...kinds.keys()].sort()).toEqual(['detected risks', 'equal', 'impact', 'severity']);
    const answers = await Promise.all(
      [...kinds.values()].map(({ high, low }) => runJson<IssueAbove>(on('why', high.id, '--above', low.id))),
    );
    expect(answers).toEqual(
      [...kinds.keys()].map((key) => ({
        above: true,
        firstDifferingKey: key,
        sentence: expect.stringContaining(key === 'equal' ? 'Equal in' : `Ranks above by ${key}: `),
      })),
    );
    const [first, last] = [all[0], all.at(-1)] as [IssueRow, IssueRow];
    expect(await runJson(on('why', last.id, '--above', first.id))).toMatchObject({
      above: false,
      firstDifferingKey: 'severity',
    });
  });

  test('takes an advisory, and the beginning of an id', async () => {
    const [row] = await runJson<readonly IssueRow[]>(on('list'));
    expect(await runJson(on('why', 'cve-2022-22965'))).toMatchObject({ id: row?.id });
    expect(await runJson(on('why', (row?.id ?? '').slice(0, 8)))).toMatchObject({ id: row?.id });
    expect(await runCommand(on('why', 'CVE-1999-0001'))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('list --all'),
    });
  });
});

describe('sources', () => {
  test('are listed, renamed and retired', async () => {
    const path = await fileOf('laptop.json', await reportOf('laptop'));
    await importOne(path, '--source', 'laptop');
    const listed = async () =>
      (await runJson<readonly { readonly id: string }[]>(on('sources', 'list'))).find(
        ({ id }) => id === 'laptop',
      );
    expect(await listed()).toMatchObject({
      name: 'laptop',
      format: 'trivy',
      retired: false,
      openFindings: 1,
      held: [],
    });
    expect(await runJson(on('sources', 'rename', 'laptop', 'Old laptop'))).toEqual({
      id: 'laptop',
      name: 'Old laptop',
    });
    expect(await runJson(on('sources', 'retire', 'laptop'))).toEqual({ scopes: 1, closed: 1 });
    expect(await listed()).toMatchObject({ name: 'Old laptop', retired: true, openFindings: 0 });
    expect(await runCommand(on('sources', 'retire', 'nobody'))).toMatchObject({ code: 1 });
  });
});

describe('feeds', () => {
  test('a newer catalogue of exploited vulnerabilities raises what it lists', async () => {
    const kev = async () =>
      (
        await runJson<readonly { readonly id: string; readonly entries: number }[]>(on('feeds', 'status'))
      ).find(({ id }) => id === 'kev');
    expect(await kev()).toMatchObject({ state: 'stale', entries: 1404 });
    const [target] = await runJson<readonly IssueRow[]>(on('list', '--all', '--query', 'CVE-2019-1549'));
    expect(target).toMatchObject({ riskStates: { exploit_available: 'unknown' } });
    const catalogue = JSON.parse(await readFile(join(ROOT, 'src/feeds/kev/samples/catalogue.json'), 'utf8'));
    const today = new Date().toISOString();
    catalogue.dateReleased = today;
    catalogue.vulnerabilities[0] = {
      ...catalogue.vulnerabilities[0],
      cveID: 'CVE-2019-1549',
      dateAdded: today.slice(0, 10),
    };
    const path = await fileOf('kev.json', JSON.stringify(catalogue));
    // Five of 1,404 may be a part.
    for (const verb of [on('feeds', 'update', 'kev', '--from', path), on('feeds', 'import', path)])
      expect(await runCommand(verb)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('would leave 5 entries of 1404'),
      });
    expect(await kev()).toMatchObject({ state: 'stale', entries: 1404 });
    const [updated] = await runJson<readonly object[]>(on('feeds', 'import', path, '--confirm'));
    expect(updated).toMatchObject({ feed: 'kev', entries: 5, rejects: 0 });
    expect(await kev()).toMatchObject({ state: 'fresh', entries: 5 });
    expect(await runJson(on('list', '--all', '--query', 'CVE-2019-1549'))).toMatchObject([
      { id: target?.id, riskStates: { exploit_available: 'yes' }, riskCount: (target?.riskCount ?? 0) + 1 },
    ]);
    const whole = on('feeds', 'update', 'kev', '--confirm', '--from', path);
    expect(await runJson<readonly object[]>(whole)).toMatchObject([{ feed: 'kev', entries: 5 }]);
    const broken = await fileOf('broken-kev.json', '{"vulnerabilities": 3}');
    expect(await runCommand(on('feeds', 'update', 'kev', '--from', broken))).toMatchObject({ code: 4 });
    expect(await kev()).toMatchObject({ state: 'fresh', entries: 5 });
  });
});

describe('doctor', () => {
  test('says where the data lie and what runs on them', async () => {
    const { dataDirectory, checks } = await runJson<{
      readonly dataDirectory: string;
      readonly checks: readonly object[];
    }>(on('doctor'));
    expect(dataDirectory).toBe(data);
    expect(checks).toEqual(
      expect.arrayContaining([
        { title: 'server', state: 'ok', sentence: expect.stringContaining(server.url), remedy: null },
        {
          title: 'database',
          state: 'ok',
          sentence: expect.stringContaining('already running'),
          remedy: null,
        },
      ]),
    );
  });
});

describe('a token', () => {
  const session = (secret: string) =>
    fetch(`${server.url}/api/v1/session`, { headers: { authorization: `Bearer ${secret}` } });

  test('opens the API until it is revoked', async () => {
    const { token, id } = await runJson<{ readonly token: string; readonly id: string }>(
      on('token', 'create', '--name', 'ci'),
    );
    const answer = await session(token);
    expect({ status: answer.status, body: await answer.json() }).toEqual({
      status: 200,
      body: { name: 'admin', role: 'administer' },
    });
    await runJson(on('token', 'revoke', id));
    expect((await session(token)).status).toBe(401);
    expect((await session(`${token}x`)).status).toBe(401);
  });
});

describe('a sign-in link', () => {
  test('opens a session once', async () => {
    const { url, person } = await runJson<{ readonly url: string; readonly person: string }>(on('sign-in'));
    expect(person).toBe('admin');
    const [page, token] = url.split('#') as [string, string];
    expect(page).toBe(`${server.url}/sign-in`);
    const enter = () =>
      fetch(`${server.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: server.url, 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify({ token }),
      });
    const first = await enter();
    expect(first.status).toBe(200);
    const [cookie = ''] = first.headers.getSetCookie();
    expect(cookie).toMatch(/HttpOnly/);
    const again = await fetch(`${server.url}/api/v1/session`, {
      headers: { cookie: cookie.split(';', 1)[0] ?? '' },
    });
    expect(await again.json()).toEqual({ name: 'admin', role: 'administer' });
    expect((await enter()).status).toBe(401);
  });
});

describe('--server', () => {
  test('answers the same as the machine of the data', async () => {
    const { token } = await runJson<{ readonly token: string }>(on('token', 'create', '--name', 'remote'));
    const remote = ['--server', server.url, '--token', token];
    const [row, other] = await runJson<readonly IssueRow[]>(on('list', '--all'));
    for (const verb of [
      ['list', '--all', '--query', 'severity:medium,high'],
      ['why', row?.id ?? ''],
      ['why', row?.id ?? '', '--above', other?.id ?? ''],
      ['sources', 'list'],
      ['feeds', 'status'],
    ]) {
      const [there, here] = await Promise.all([runJson([...verb, ...remote]), runJson(on(...verb))]);
      expect(there, verb.join(' ')).toEqual(here);
    }
    // The name of a file is all that a server learns of its place.
    const path = await fileOf('sent.json', await reportOf('sent'));
    const sent = await runCommand(['import', 'sent.json', '--json', '--source', 'sent', ...remote], {
      cwd: dirname(path),
    });
    const here = await runCommand(on('import', 'sent.json', '--json', '--source', 'here'), {
      cwd: dirname(path),
    });
    expect(sent.stdout).toBe(here.stdout.replace('"here"', '"sent"'));
    expect(JSON.parse(sent.stdout)).toMatchObject({ file: 'sent.json', findings: 1 });
    const refused = await runCommand(['list', '--server', server.url, '--token', `${token}x`, '--json']);
    expect(refused).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('unauthenticated'),
    });
  });
});
