import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SAMPLE_CONTROL } from './present-controls.test-sample.ts';
import { testRow } from './present-list.test-rows.ts';
import { run } from './program.test-world.ts';

interface Asked {
  readonly method: string | undefined;
  readonly path: string;
  /** A parameter that is repeated is a list. */
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
  readonly prefer?: string;
  readonly body: string;
}

type Answer = (asked: Asked) => {
  readonly status?: number;
  readonly body: unknown;
  /** Where the connection ends instead. */
  readonly cut?: 'before the answer' | 'in its body';
};

let server: Server;
let url: string;
let folder: string;
let answer: Answer;
let asked: Asked[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inbox-remote-'));
  server = createServer((request, response) => {
    void readAsked(request).then((each) => {
      asked.push(each);
      const { status = 200, body, cut } = answer(each);
      if (cut !== undefined) {
        if (cut === 'in its body') response.writeHead(200).write('{"items": [');
        setImmediate(() => response.destroy());
        return;
      }
      response
        .writeHead(status, { 'content-type': 'application/json', location: `${url}/elsewhere` })
        .end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

beforeEach(() => {
  asked = [];
});

afterAll(async () => {
  await new Promise((closed) => server.close(closed));
  await rm(folder, { recursive: true, force: true });
});

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const { pathname, searchParams } = new URL(request.url ?? '', url);
  const { authorization, 'content-type': type, prefer } = request.headers;
  return {
    method: request.method,
    path: pathname,
    query: Object.fromEntries(
      [...searchParams.keys()].map((name) => {
        const [only, ...others] = searchParams.getAll(name);
        return [name, only !== undefined && others.length === 0 ? only : [only ?? '', ...others]];
      }),
    ),
    authorization,
    type,
    ...(prefer === undefined ? {} : { prefer: String(prefer) }),
    body: await text(request),
  };
}

const ROWS = [
  testRow({ id: 'a'.repeat(16) }),
  testRow({ id: 'b'.repeat(16) }),
  testRow({ id: 'c'.repeat(16) }),
];
const FACETS = {
  severity: { critical: 3, high: 0, medium: 0, low: 0, info: 0 },
  type: {
    misconfiguration: 0,
    identity_risk: 0,
    library_vulnerability: 3,
    code_vulnerability: 0,
    infrastructure_vulnerability: 0,
    attack_path: 0,
    secret: 0,
    iac_misconfiguration: 0,
    api_finding: 0,
  },
  risk: Object.fromEntries(Object.keys(testRow({}).riskStates).map((risk) => [risk, { yes: 0, unknown: 0 }])),
};

/** Pages of two issues. */
const inboxPages: Answer = ({ query }) => {
  const from = Number(query.cursor ?? 0);
  const items = ROWS.slice(from, from + Math.min(2, Number(query.limit)));
  const next = from + items.length;
  return {
    body: {
      items,
      query: null,
      nextCursor: next < ROWS.length ? String(next) : null,
      total: 3,
      admittedTotal: 3,
      waiting: 0,
      holdingBack: [],
      facets: FACETS,
    },
  };
};

test('a list is read page by page, with the query and the token', async () => {
  answer = inboxPages;
  const argv = [
    'list',
    '--server',
    url,
    '--token',
    'sinb_x',
    '--all',
    '--json',
    '--query',
    'severity:high,low type:secret risk:in_production,under_attack status:open,resolved muted:yes a&b',
  ];
  const { code, out, err } = await run(argv);
  expect([code, err]).toEqual([0, '']);
  expect(JSON.parse(out)).toEqual(ROWS);
  const query = {
    all: 'true',
    query: argv.at(-1),
    limit: '200',
  };
  expect(
    asked.map(({ method, path, query, authorization }) => ({ method, path, query, authorization })),
  ).toEqual([
    { method: 'GET', path: '/api/v1/issues', query, authorization: 'Bearer sinb_x' },
    {
      method: 'GET',
      path: '/api/v1/issues',
      query: { ...query, cursor: '2' },
      authorization: 'Bearer sinb_x',
    },
  ]);
});

test('no more is asked for than is shown, and a server below a path is one', async () => {
  answer = inboxPages;
  const { out } = await run(['list', '--server', `${url}/inbox`, '--limit', '1', '--json']);
  expect((JSON.parse(out) as unknown[]).length).toBe(1);
  expect(asked.map(({ path, query, authorization }) => [path, query.limit, authorization])).toEqual([
    ['/inbox/api/v1/issues', '1', undefined],
  ]);
});

test('an empty list as JSON', async () => {
  answer = () => ({
    body: {
      items: [],
      query: null,
      nextCursor: null,
      total: 0,
      admittedTotal: 0,
      waiting: 0,
      holdingBack: [],
      facets: FACETS,
    },
  });
  expect(await run(['list', '--server', url, '--json'])).toEqual({ code: 0, out: '[]\n', err: '' });
});

test('while little is admitted, a list for people has what waits as well', async () => {
  const waiting = testRow({ id: 'd'.repeat(16), admittedBy: [], title: 'Waits' });
  answer = ({ query }) => {
    const items = query.all === 'true' ? [ROWS[0], waiting] : [ROWS[0]];
    const holdingBack = [
      {
        condition: 'in_production',
        sentence: 'Whether it runs in production',
        count: 1,
        remedy: 'import --env',
      },
    ];
    return {
      body: {
        items,
        query: null,
        nextCursor: null,
        total: items.length,
        admittedTotal: 1,
        waiting: 1,
        holdingBack,
        facets: FACETS,
      },
    };
  };
  const { out } = await run(['list', '--server', url]);
  expect(out).toContain('1 open finding waits outside the inbox');
  expect(
    out
      .split('\n')
      .filter((line) => /^ *\d/.test(line))
      .map((line) => line.trim().replace(/ {2,}/g, '|')),
  ).toEqual([
    `1|critical|10.0|-----|2+1|library|${'a'.repeat(16)}|CVE-2021-44228: Log4Shell`,
    '1 open finding waits outside the inbox, as no rule admits it.',
    `1|critical|10.0|-----|2+1|library|${'d'.repeat(16)}|Waits`,
  ]);
  expect(asked.map(({ query }) => [query.all, query.limit])).toEqual([
    ['false', '50'],
    ['true', '11'],
  ]);
});

test('two issues are compared by the ids that their names mean', async () => {
  answer = (each) =>
    each.path.includes('/above/')
      ? { body: { above: true, firstDifferingKey: 'impact', sentence: 'It ranks above.' } }
      : { body: { ids: [(each.path.endsWith('aaaa') ? 'a' : 'b').repeat(16)] } };
  expect((await run(['why', 'aaaa', '--above', 'code|a/b|x', '--server', url])).out).toBe(
    'It ranks above.\n',
  );
  expect(asked.map(({ path }) => path)).toEqual([
    '/api/v1/issue-names/aaaa',
    '/api/v1/issue-names/code%7Ca%2Fb%7Cx',
    `/api/v1/issues/${'a'.repeat(16)}/above/${'b'.repeat(16)}`,
  ]);
});

const READ = {
  file: 'report.json',
  format: 'trivy',
  source: null,
  scope: {},
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
  error: null,
  sentences: ['1 new.'],
};

const { error: _error, sentences: _sentences, ...READ_JSON } = READ;

test('a report is sent as it is, and the answer decides the exit code', async () => {
  const path = join(folder, 'report.json');
  await writeFile(path, '{"Results":[]}');
  answer = () => ({
    body: {
      results: [
        READ,
        { file: 'x', format: null, error: { code: 'format_unknown', message: 'Nobody knows it.' } },
      ],
    },
  });
  const flags = [
    '--format',
    'trivy',
    '--scope',
    'cluster=a',
    '--scope',
    'image=b',
    '--complete',
    '--env',
    'production',
    '--service',
    'shop',
    '--service',
    'a,b',
    '--confirm',
    '--separate',
  ];
  const { code, out } = await run(['import', path, '--server', url, '--json', ...flags]);
  expect(code).toBe(3);
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    READ_JSON,
    { file: 'x', format: null, error: { code: 'format_unknown', message: 'Nobody knows it.' } },
  ]);
  expect(asked).toEqual([
    {
      method: 'POST',
      path: '/api/v1/imports',
      query: {
        name: 'report.json',
        format: 'trivy',
        scope: 'cluster=a,image=b',
        complete: 'true',
        confirm: 'true',
        separate: 'true',
        env: 'production',
        service: ['shop', 'a,b'],
      },
      authorization: undefined,
      type: 'application/octet-stream',
      prefer: 'progress',
      body: '{"Results":[]}',
    },
  ]);
});

test('a report that broke off keeps its counts, and what moved is told', async () => {
  const path = join(folder, 'broken.json');
  await writeFile(path, '{');
  const error = { code: 'report_broken', message: 'It ends in the middle.' };
  answer = () => ({ body: { results: [{ ...READ, error }] } });
  const asJson = await run(['import', path, '--server', url, '--json']);
  expect([asJson.code, JSON.parse(asJson.out)]).toEqual([4, { ...READ_JSON, error }]);
  const { out } = await run(['import', path, '--server', url]);
  expect(out).toContain('  1 new, 0 changed');
  expect(out).toContain('  1 new.\n');
  expect(out).toContain('broke off, what stood before was kept: It ends in the middle. (report_broken)');
});

test.each([
  [['a', 'b'], /^With --server each of the 2 files becomes a scan of its own\./],
  [['a', '--scope', 'image=a,b'], /^With --server the value of a --scope has no comma/],
])('what a server would leave out is refused before anything is sent: %j', async (argv, sentence) => {
  const { code, err } = await run(['import', ...argv, '--server', url]);
  expect([code, asked]).toEqual([64, []]);
  expect(err).toMatch(sentence);
});

const problem = (status: number, code: string) => ({
  status,
  body: { type: 'docs', title: 'No', status, code, detail: 'It is\u001b so.', requestId: 'r1' },
});

test.each([
  [problem(401, 'unauthenticated'), 1, 'unauthenticated', 'It is so.'],
  [problem(404, 'not_found'), 1, 'not_found', 'It is so.'],
  [problem(418, 'teapot'), 70, 'internal', 'It is so.'],
  [{ status: 502, body: '<html>' }, 70, 'server_unreachable', /answered with status 502/],
  [{ status: 200, body: '<html>' }, 70, 'server_unreachable', /is no Security Inbox of this version/],
  [
    { status: 200, body: { items: [{ id: 1 }] } },
    70,
    'server_unreachable',
    /is no Security Inbox of this version/,
  ],
  [{ status: 302, body: '' }, 70, 'server_unreachable', /answered with status 302/],
])('an answer that is none: %j', async (each, exitCode, code, message) => {
  answer = () => each;
  const { code: ended, err } = await run(['feeds', 'status', '--server', url, '--token', 't', '--json']);
  expect(ended).toBe(exitCode);
  expect(JSON.parse(err)).toEqual({
    error: { code, message: typeof message === 'string' ? message : expect.stringMatching(message) },
  });
  expect(asked).toHaveLength(1);
});

test('mappings are kept, printed and removed by the server, and named in an upload', async () => {
  const kept = {
    name: 'acme',
    tool: 'Acme Scan',
    when: ['message'],
    text: 'tool: Acme Scan\nfields: { title: message }\n',
    keptBy: 'ann',
    keptAt: '2026-10-01T00:00:00.000Z',
  };
  const file = join(folder, 'acme.yaml');
  await writeFile(file, kept.text);
  answer = ({ path }) => ({ body: path.endsWith('imports') ? { results: [READ] } : { items: [kept] } });
  const mappings = (...argv: readonly string[]) => run(['mappings', ...argv, '--server', url]);
  expect((await mappings('apply', file, '--name', 'acme')).out).toContain('Kept as acme:');
  expect((await mappings('list')).out).toBe('acme  reports of Acme Scan, files with message  (ann)\n');
  expect((await mappings('export', 'acme')).out).toBe(kept.text);
  expect((await mappings('export', 'beta')).err).toContain('No mapping is kept as beta.');
  expect((await mappings('remove', 'acme')).out).toBe('acme is kept no longer.\n');
  await run(['import', file, '--mapping', 'acme', '--server', url]);
  expect(asked.map(({ method, path, query, body }) => [method, path, query, body])).toEqual([
    ['POST', '/api/v1/mappings', {}, JSON.stringify({ name: 'acme', text: kept.text })],
    ['GET', '/api/v1/mappings', {}, ''],
    ['GET', '/api/v1/mappings', {}, ''],
    ['GET', '/api/v1/mappings', {}, ''],
    ['POST', '/api/v1/mappings/remove', {}, '{"name":"acme"}'],
    ['POST', '/api/v1/imports', { name: 'acme.yaml', mapping: 'acme' }, kept.text],
  ]);
});

test('nobody who answers', async () => {
  const { code, err } = await run(['list', '--server', 'http://127.0.0.1:1']);
  expect([code, err]).toEqual([
    70,
    'No server answers at 127.0.0.1:1. Check --server, or start it with "serve" there.\n',
  ]);
});

test('a scan is taken back by the server that read it', async () => {
  const undone = { scanId: 's1', files: ['a.json'], removed: 2, reopened: 1, closed: 0 };
  answer = () => ({ body: undone });
  const taken = await run(['import', 'undo', 's1', '--server', url, '--token', 't']);
  expect([taken.code, taken.out]).toEqual([
    0,
    'Scan s1 is taken back: 2 findings removed, 1 open again, 0 closed again.\n',
  ]);
  expect(JSON.parse((await run(['import', 'undo', 's1', '--server', url, '--json'])).out)).toEqual(undone);
  expect(asked.map(({ method, path, authorization, body }) => [method, path, authorization, body])).toEqual([
    ['POST', '/api/v1/scans/s1/undo', 'Bearer t', ''],
    ['POST', '/api/v1/scans/s1/undo', undefined, ''],
  ]);
});

test('feeds and sources print what the server says', async () => {
  const feed = {
    id: 'kev',
    name: 'KEV',
    state: 'fresh',
    asOf: '2026-09-30T00:00:00Z',
    fetchedAt: null,
    entries: 2,
    sentence: 'As of 2026-09-30.',
  };
  const source = {
    id: 'nightly',
    name: 'Nightly',
    format: 'trivy',
    derived: false,
    scopes: [{ image: 'shop' }, {}],
    openFindings: 2,
    lastReportAt: '2026-09-30T00:00:00Z',
    rhythm: { days: 2, from: 'learned' },
    overdue: true,
    lastScan: {
      id: 's',
      file: 'a.json',
      at: '2026-09-30T00:00:00Z',
      importedAt: '2026-10-01T00:00:00Z',
      complete: true,
      records: 2,
      findings: 2,
      rejects: 0,
    },
    held: [
      {
        scanId: 's',
        scope: { image: 'shop' },
        at: '2026-09-30T00:00:00Z',
        count: 30,
        open: 40,
        sentence: 'Too many at once.',
        remedy: 'import --confirm',
      },
    ],
    notLookedAt: [],
    retired: true,
  };
  answer = ({ path }) => ({ body: { items: [path.endsWith('feeds') ? feed : source] } });
  expect((await run(['feeds', 'status', '--server', url])).out).toBe(
    'kev  KEV: fresh, 2 entries\n  As of 2026-09-30.\n',
  );
  expect((await run(['sources', 'list', '--server', url])).out).toBe(
    `Nightly  id nightly, trivy, 2 open findings, retired
  last scan  2026-09-30, complete: a.json
             2 records, 2 findings, 0 rejected
  scope      image=shop
  scope      everything
  held       30 closings of 40 open in image=shop since 2026-09-30: Too many at once.
             import --confirm
`,
  );
  answer = ({ path }) => ({ body: path.endsWith('controls') ? { items: [SAMPLE_CONTROL] } : SAMPLE_CONTROL });
  expect(JSON.parse((await run(['controls', 'list', '--server', url, '--json'])).out)).toEqual([
    SAMPLE_CONTROL,
  ]);
  expect(JSON.parse((await run(['controls', 'show', 'a/b', '--server', url, '--json'])).out)).toEqual(
    SAMPLE_CONTROL,
  );
  answer = ({ path }) => ({ body: { items: [path.endsWith('feeds') ? feed : source] } });
  expect(JSON.parse((await run(['feeds', 'status', '--server', url, '--json'])).out)).toEqual([feed]);
});

test('resources are asked for a hundred at a time, and printed in their order', async () => {
  const file = join(folder, 'ids.txt');
  const ids = Array.from({ length: 150 }, (_, index) => `arn:aws:s3:::bucket-${index}`);
  await writeFile(file, `${ids.join('\r\n')}\n\n`);
  answer = ({ query }) => ({
    body: { items: [query['id'] ?? []].flat().map((id) => ({ ...NOT_KNOWN, id })) },
  });
  const { code, out } = await run(['resource', '--file', file, '--json', '--server', url]);
  expect(code).toBe(0);
  expect(JSON.parse(out).map((each: { id: string }) => each.id)).toEqual(ids);
  expect(asked.map(({ path, query }) => [path, [query['id']].flat().length])).toEqual([
    ['/api/v1/resources', 100],
    ['/api/v1/resources', 50],
  ]);
});

test.each([[[]], [['x', '--file', 'y']], [['--file', '/nowhere/ids.txt']]])(
  'resource %j is no command line',
  async (words) => {
    const { code, err } = await run(['resource', ...words, '--server', url]);
    expect(code).toBe(64);
    expect(err).toMatch(/--file/);
  },
);

const STATES = {
  publicly_accessible: 'unknown',
  privileged_access: 'unknown',
  under_attack: 'unknown',
  exploit_available: 'unknown',
  in_production: 'unknown',
};
const NOT_KNOWN = {
  kind: null,
  name: 'x',
  riskStates: STATES,
  evidence: {},
  missing: {},
  privilege: { level: 'unknown', reasons: [] },
  exposure: [],
  environment: null,
  goneAt: null,
  services: [],
  servicesFrom: null,
  owner: null,
  owners: [],
  data: { class: null, types: [], reasons: [] },
  issues: [],
};

describe('a connection that is lost', () => {
  test.each(['before the answer', 'in its body'] as const)(
    '%s leaves open what became of a report',
    async (cut) => {
      const path = join(folder, 'cut.json');
      await writeFile(path, '{}');
      answer = () => ({ body: null, cut });
      const { code, err } = await run(['import', path, '--server', url]);
      expect(code).toBe(70);
      expect(err).toContain('may have been stored, or may still be worked on: "sources list --server"');
      expect(err).toContain('To send the same file again is safe');
    },
  );

  test.each(['before the answer', 'in its body'] as const)('%s of a question is asked again', async (cut) => {
    answer = () => ({ body: null, cut });
    const { code, err } = await run(['sources', 'list', '--server', url]);
    expect([code, err]).toEqual([
      70,
      `The connection to ${new URL(url).host} was lost before its answer came. Try again.\n`,
    ]);
  });

  test('is none where nobody listens: then nothing was sent', async () => {
    const path = join(folder, 'nobody.json');
    await writeFile(path, '{}');
    const { code, err } = await run(['import', path, '--server', 'http://127.0.0.1:9']);
    expect(code).toBe(70);
    expect(err).toMatch(/^No server answers at 127\.0\.0\.1:9\./);
  });
});

test('an answer may begin with white space, and a refusal may come after its status', async () => {
  const path = join(folder, 'slow.json');
  await writeFile(path, '{}');
  answer = () => ({ body: `\n\n${JSON.stringify({ results: [] })}` });
  expect((await run(['import', path, '--server', url])).code).toBe(0);
  expect(asked.at(-1)).toMatchObject({ prefer: 'progress' });
  const problem = {
    type: 'docs/reference/errors.md#timeout',
    title: 'It took too long',
    status: 504,
    code: 'timeout',
    detail: 'The import took more than its time.',
    requestId: 'r1',
  };
  answer = () => ({ body: `\n\n${JSON.stringify(problem)}` });
  expect(await run(['import', path, '--server', url])).toMatchObject({
    code: 70,
    err: 'The import took more than its time.\n',
  });
});
