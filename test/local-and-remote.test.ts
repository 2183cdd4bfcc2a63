import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { putReceiver } from '../src/app/change-receivers.ts';
import { createToken } from '../src/app/create-token.ts';
import { type Ended, run } from '../src/cli/program.test-world.ts';
import { openTestServer, type TestServer } from '../src/http/server.test-suite.ts';
import { flaw, shop } from './support/days.ts';

/** Each verb that takes `--server` prints the same of the data on this machine and of a server over the same data. */
const sample = (path: string) => join(import.meta.dirname, '..', 'src', 'formats', path);

const PERSON = 'ann';

let server: TestServer;
let folder: string;
let url: string;
let token: string;

beforeAll(async () => {
  server = await openTestServer();
  await server.inbox.importReport(
    shop(0, 'a', [flaw(ISSUE, { severity: 'CRITICAL' }), flaw(OTHER, { severity: 'HIGH' })]),
  );
  await server.inbox.importFiles([sample('sarif/samples/codeql.sarif')]);
  await server.tokenOf(PERSON, 'administer');
  url = await server.app.listen({ port: 0, host: '127.0.0.1' });
  folder = await mkdtemp(join(tmpdir(), 'inbox-both-'));
  const files = {
    'report.json': JSON.stringify(shop(0, 'new', [flaw('CVE-2026-7')], 'registry.example.com/new:1')),
    'strange.txt': 'hello',
    'rules.yaml': 'mute: [{ id: none, name: None, for: [secret], when: "severity:low", reason: no_fix }]\n',
    'mapping.yaml': 'tool: Acme Scan\nfields:\n  title: message\n  severity: level\n  path: file\n',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  const receiver = {
    address: 'https://outside.example.com',
    ticketType: null,
    account: null,
    allowsPrivate: false,
    wantsEvents: false,
    leastSeverity: null,
    digestMinutes: null,
  };
  await putReceiver(server.inbox.ctx, {
    receiver: { ...receiver, name: 'tracker', kind: 'github', project: 'acme/shop' },
    secret: 'x'.repeat(32),
  });
  await putReceiver(server.inbox.ctx, {
    receiver: { ...receiver, name: 'hook', kind: 'webhook', project: null },
    secret: 'x'.repeat(32),
  });
});
// A token may ask so often only, and the clock stands.
beforeEach(async () => {
  const made = { kind: 'pat', name: 'both', person: PERSON, days: 1, role: null, binding: null } as const;
  token = (await createToken(server.inbox.ctx, made)).secret;
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

const GIVEN = {
  reportFiles: (paths: readonly string[]) =>
    Promise.resolve({
      files: paths.map((path) => ({ path, name: basename(path) })),
      release: () => Promise.resolve(),
    }),
};

function local(argv: readonly string[]): Promise<Ended> {
  const ctx = { ...server.inbox.ctx, actor: { name: PERSON, role: 'administer' as const } };
  return run(argv, {
    openContext: () => Promise.resolve({ ctx, close: () => Promise.resolve() }),
    ...GIVEN,
    formats: ctx.formats,
    now: () => server.inbox.clock.now(),
  });
}

function remote(argv: readonly string[]): Promise<Ended> {
  return run([...argv, '--server', url, '--token', token], {
    ...GIVEN,
    formats: server.inbox.ctx.formats,
    now: () => server.inbox.clock.now(),
  });
}

const file = (name: string) => join(folder, name);
/** The names that are made anew each time: of actions, scans, comments and deliveries. */
const unnamed = ({ code, out, err }: Ended): Ended => ({
  code,
  out: out.replace(/\b[0-9a-v]{16,26}\b|\bScan \w+/g, 'NAME'),
  err,
});

async function both(argv: readonly string[]): Promise<void> {
  for (const flags of [[], ['--json']]) {
    const here = await local([...argv, ...flags]);
    const there = await remote([...argv, ...flags]);
    expectSame(inOrder(there), inOrder(here));
  }
}

/** JSON with the members of its objects in one order: which comes first says nothing. */
function inOrder({ code, out, err }: Ended): Ended {
  const sorted = (_name: string, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  const ordered = (text: string): string | null => {
    try {
      return JSON.stringify(JSON.parse(text), sorted);
    } catch {
      return null;
    }
  };
  const lines = () => out.split('\n').map((line) => ordered(line) ?? line);
  return { code, out: ordered(out) ?? lines().join('\n'), err };
}

/** Says where long texts begin to differ. */
function expectSame(there: Ended, here: Ended): void {
  expect([there.code, there.err]).toEqual([here.code, here.err]);
  expect(here.out + here.err).not.toBe('');
  expectSameText(there.out, here.out);
}

function expectSameText(there: string, here: string): void {
  if (there === here) return;
  let at = 0;
  while (there[at] === here[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 100), at + 100);
  expect(around(there)).toBe(around(here));
  expect(there.length).toBe(here.length);
}

const ISSUE = 'CVE-2021-44228';
const OTHER = 'CVE-2024-3094';

/** What only looks, by the verb. */
const LOOKS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  list: [['list'], ['list', '--all', '--limit', '7'], ['list', '--query', 'severity:critical', '--all']],
  why: [
    ['why', ISSUE],
    ['why', ISSUE, '--above', OTHER],
    ['why', 'nothing-of-that-name'],
  ],
  resource: [['resource', 'arn:aws:s3:::nobody-knows-it']],
  paths: [['paths'], ['paths', '--map'], ['paths', '--lens', 'insider']],
  'paths fix-plan': [['paths', 'fix-plan']],
  'paths what-if': [['paths', 'what-if', ISSUE]],
  'paths blast-radius': [['paths', 'blast-radius', ISSUE]],
  'paths who-can-reach': [['paths', 'who-can-reach', 'arn:aws:s3:::nobody-knows-it']],
  export: ['csv', 'json', 'sarif', 'ocsf', 'openvex'].map((format) => [
    'export',
    '--all',
    '--format',
    format,
  ]),
  'rules list': [['rules', 'list']],
  'rules export': [['rules', 'export']],
  'rules preview': [['rules', 'preview', 'rules.yaml']],
  'rules diff': [['rules', 'diff', 'rules.yaml']],
  'sources list': [['sources', 'list']],
  'feeds status': [['feeds', 'status']],
  'controls list': [['controls', 'list']],
  'controls show': [
    ['controls', 'show', 's3.bucket-public'],
    ['controls', 'show', 'nothing'],
  ],
  'mappings list': [['mappings', 'list']],
};

/** What changes something, with what takes it back: the same is done here and there, from the same state. */
const CHANGES: Readonly<
  Record<string, readonly { readonly does: readonly string[]; readonly back: Back }[]>
> = {
  ...Object.fromEntries(
    [
      ['mute', '--reason', 'why', '--until', '30d'],
      ['unmute'],
      ['accept', '--reason', 'why', '--until', '30d'],
      ['snooze', '--until', '7d'],
      ['wake'],
      ['start'],
      ['stop'],
      ['assign', '--to', PERSON],
      ['team', '--to', 'shop'],
      ['due', '--on', '7d'],
      ['admit', '--reason', 'why'],
      ['unadmit'],
    ].map(([name = '', ...flags]) => [
      `issue ${name}`,
      [
        { does: ['issue', name, ISSUE, ...flags], back: 'undo' as const },
        { does: ['issue', name, '--query', 'severity:critical', '--all', ...flags], back: 'undo' as const },
        { does: ['issue', name, 'nothing-of-that-name', ...flags], back: null },
      ],
    ]),
  ),
  'issue undo': [{ does: ['issue', 'undo', 'nothing-of-that-name'], back: null }],
  'issue comment': [{ does: ['issue', 'comment', ISSUE, 'Looked at it'], back: null }],
  'issue ticket': [{ does: ['issue', 'ticket', ISSUE, '--in', 'nobody'], back: null }],
  'issue run': [{ does: ['issue', 'run', ISSUE, '--workflow', 'hook', '--input', 'a=b'], back: null }],
  import: [
    { does: ['import', 'report.json', '--source', 'late'], back: 'unimport' },
    { does: ['import', 'strange.txt'], back: null },
  ],
  'rules apply': [{ does: ['rules', 'apply', 'rules.yaml'], back: 'rules' }],
  'mappings apply': [
    {
      does: ['mappings', 'apply', 'mapping.yaml', '--name', 'acme'],
      back: ['mappings', 'remove', 'acme'],
    },
  ],
  'mappings export': [{ does: ['mappings', 'export', 'nobody'], back: null }],
  'mappings remove': [{ does: ['mappings', 'remove', 'nobody'], back: null }],
};

type Back = 'undo' | 'unimport' | 'rules' | readonly string[] | null;

const placed = (argv: readonly string[]) =>
  argv.map((word) => (/\.(json|txt|yaml)$/.test(word) ? file(word) : word));

describe('looking', () => {
  test.each(Object.entries(LOOKS))('%s', async (_verb, lines) => {
    for (const line of lines) await both(placed(line));
  });
});

describe('changing', () => {
  test.each(Object.entries(CHANGES))('%s', async (_verb, cases) => {
    const rules = file('before.yaml');
    await writeFile(rules, (await local(['rules', 'export'])).out);
    const listed = async () => (await local(['list', '--all', '--json'])).out;
    const before = await listed();
    for (const { does, back } of cases) {
      const ended: Ended[] = [];
      const states: string[] = [];
      for (const where of [local, remote]) {
        const done = await where(placed(does));
        ended.push(unnamed(done));
        states.push(await listed());
        await takeBack(where, back, done, rules);
        expectSameText(await listed(), before);
      }
      expectSame(ended[1] as Ended, ended[0] as Ended);
      expectSameText(states[1] ?? '', states[0] ?? '');
      expect(ended[0]?.code === 0).toBe(!does.some((word) => /^nothing|^nobody$|strange/.test(word)));
    }
  });
});

async function takeBack(where: typeof local, back: Back, done: Ended, rules: string): Promise<void> {
  if (back === null) return;
  const argv = {
    undo: () => ['issue', 'undo', /issue undo (\w+)/.exec(done.out)?.[1] ?? ''],
    unimport: () => ['import', 'undo', /Scan (\w+):/.exec(done.out)?.[1] ?? ''],
    rules: () => ['rules', 'apply', rules],
  };
  const { code, err } = await where(typeof back === 'string' ? argv[back]() : back);
  expect([code, err]).toEqual([0, '']);
}

test('each verb that takes --server is one of these', async () => {
  const verbs = await verbsOfServers([]);
  expect([...Object.keys(LOOKS), ...Object.keys(CHANGES)].toSorted()).toEqual(verbs.toSorted());
});

/** By the help of each verb. */
async function verbsOfServers(path: readonly string[]): Promise<readonly string[]> {
  const { out } = await run([...path, '--help']);
  // Of a word that is no verb the help is that of the verb before it.
  if (!out.includes(`Usage: ${['security-inbox', ...path].join(' ')} `)) return [];
  const own = /^ +--server <url>/m.test(out) ? [path.join(' ')] : [];
  const below: string[] = [];
  let isVerbs = false;
  for (const line of out.split('\n')) {
    if (/^\S.*:$/.test(line)) isVerbs = !/^(Options|Global Options|Arguments|Examples):$/.test(line);
    const name = /^ {2}([a-z][a-z-]*)(?: |$)/.exec(line)?.[1];
    if (isVerbs && name !== undefined && name !== 'help' && !line.startsWith('   '))
      below.push(...(await verbsOfServers([...path, name])));
  }
  return [...own, ...below];
}
