import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../src/cli/program.test-world.ts';
import { openTestServer, type TestServer } from '../src/http/server.test-suite.ts';
import { SHOP_CLUSTER, scanOfImage, shopCluster } from './support/shop-cluster.ts';
import { imported, START, type TestInbox } from './support/test-inbox.ts';
import { muteIssue } from './support/triage.ts';

/** The beginning of an id is enough wherever an issue is named, and where several begin so, none is taken for the one that is meant. */
const IMAGE = 'registry.example.com/shop:1.0';
const FLAW = 'CVE-2026-0001';

let server: TestServer;
let inbox: TestInbox;
let reader: { readonly authorization: string };
let path: string;
let flaw: string;

beforeAll(async () => {
  server = await openTestServer();
  inbox = server.inbox;
  reader = await server.tokenOf('bob', 'read');
  inbox.clock.set(START);
  imported(
    await inbox.importReport(shopCluster({ image: IMAGE, isOpen: true }), SHOP_CLUSTER, 'cluster.json'),
  );
  imported(await inbox.importReport(scanOfImage(IMAGE, START, [FLAW]), { source: 'trivy' }, 'image.json'));
  const issues = await inbox.list();
  path = issues.find(({ type }) => type === 'attack_path')?.id ?? '';
  flaw = issues.find(({ type }) => type === 'library_vulnerability')?.id ?? '';
});

afterAll(() => server.close());

const short = (id: string) => id.slice(0, 4);

/** While there is a copy of an issue whose id begins as another one does. */
async function beside(of: string, like: string, look: (twin: string) => Promise<void>): Promise<void> {
  const twin = `${short(like)}${like.slice(4) === 'vvvvvvvvvvvv' ? 'u' : 'v'}${'v'.repeat(11)}`;
  const { pool } = inbox.database;
  await pool.query(
    `insert into issue select (jsonb_populate_record(issue, jsonb_build_object('id', $1::text, 'key', 'twin|' || key, 'rank', 0))).* from issue where id = $2`,
    [twin, of],
  );
  try {
    await look(twin);
  } finally {
    await pool.query('delete from issue where id = $1', [twin]);
  }
}

/** What the command line says, and what the server answers to the same question. */
async function asked(argv: readonly string[], url: string): Promise<readonly [string, string]> {
  const { code, out, err } = await run([...argv, '--json'], {
    openContext: () => Promise.resolve({ ctx: inbox.ctx, close: () => Promise.resolve() }),
    formats: inbox.ctx.formats,
    now: () => inbox.clock.now(),
  });
  const answer = await server.ask({ url: `/api/v1/${url}`, headers: reader });
  return [code === 0 ? out : err, answer.body];
}

const WAYS: readonly (readonly [
  what: string,
  argv: (id: string) => readonly string[],
  url: (id: string) => string,
])[] = [
  ['map', (id) => ['paths', '--map', id], (id) => `attack-paths/map?issue=${id}`],
  ['blast radius', (id) => ['paths', 'blast-radius', id], (id) => `attack-paths/blast-radius?of=${id}`],
  ['what-if', (id) => ['paths', 'what-if', id], (id) => `attack-paths/what-if?gate=${id}`],
];

describe.each(WAYS)('%s', (what, argv, url) => {
  const meant = () => (what === 'what-if' ? flaw : path);
  const both = (name: string) => asked(argv(name), url(name));

  test('takes the beginning of an id, whatever its letters', async () => {
    const whole = await both(meant());
    expect(whole[0]).not.toContain('could mean');
    expect(await both(short(meant()))).toEqual(whole);
    expect(await both(short(meant()).toUpperCase())).toEqual(whole);
  });

  test('refuses one that several begin with, and lists them', async () => {
    await beside(meant(), meant(), async (twin) => {
      const said = `"${short(meant())}" could mean several issues: ${meant()}, ${twin}. Name one of them.`;
      for (const told of await both(short(meant())))
        expect(told).toContain(JSON.stringify(said).slice(1, -1));
      for (const told of await both(meant())) expect(told).not.toContain('could mean');
    });
  });
});

test('every other verb of one issue refuses it too', async () => {
  await beside(path, path, async (twin) => {
    const said = `could mean several issues: ${path}, ${twin}. Name one of them.`;
    for (const argv of [
      ['why', short(path)],
      ['why', FLAW, '--above', short(path)],
      ['issue', 'mute', short(path), '--reason', 'none'],
      ['issue', 'comment', short(path), 'none'],
      ['issue', 'ticket', short(path), '--in', 'nobody'],
      ['issue', 'run', short(path), '--workflow', 'nobody'],
    ])
      expect((await asked(argv, 'issues'))[0]).toContain(said);
  });
});

test('a map is drawn of the only attack path that begins so, whatever else does', async () => {
  await beside(flaw, path, async () => {
    const [here] = await asked(['paths', '--map', short(path)], 'issues');
    expect(JSON.parse(here)).toMatchObject({ id: path });
  });
});

test('a map is drawn of a muted path that is named, by its key too', async () => {
  const [row] = (await inbox.list()).filter(({ id }) => id === path);
  await muteIssue(inbox.ctx, { id: path, reason: 'accepted', until: null });
  const maps = [path, short(path), row?.key ?? ''].map((name) =>
    asked(['paths', '--map', name], `attack-paths/map?issue=${encodeURIComponent(name)}`),
  );
  for (const [here, there] of await Promise.all(maps)) {
    expect(JSON.parse(here)).toMatchObject({ id: path });
    expect(JSON.parse(there)).toEqual(JSON.parse(here));
  }
  const [none] = await asked(['paths', '--map'], 'issues');
  expect(none).toContain('There is no attack path to draw.');
});

test('all issues of an advisory are tried together, and a word of a gate is no beginning of an id', async () => {
  const { pool } = inbox.database;
  const tried = async (name: string) =>
    JSON.parse((await asked(['paths', 'what-if', name], 'issues'))[0]) as { gates: { sentence: string }[] };
  const twin = 'mendvvvvvvvvvvvv';
  await pool.query(
    `insert into issue select (jsonb_populate_record(issue, jsonb_build_object('id', $1::text, 'key', replace(key, 'library', 'infrastructure'), 'type', 'infrastructure_vulnerability', 'rank', 0))).* from issue where id = $2`,
    [twin, flaw],
  );
  try {
    expect((await tried(FLAW)).gates).toHaveLength(1);
    // `mend` stands in what the gate is called; the twin has no finding, and so no gate.
    expect((await tried('mend')).gates).toEqual((await tried(FLAW)).gates);
    expect((await tried(twin)).gates).toEqual([]);
  } finally {
    await pool.query('delete from issue where id = $1', [twin]);
  }
});
