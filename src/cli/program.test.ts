import { Readable, Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { InboxError, type InboxErrorCode, REFUSALS } from '#base/inbox-error.ts';
import type { ServeRequest } from './parts.ts';
import { run } from './program.test-world.ts';

const VECTOR = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const VERBS = [
  'import',
  'list',
  'why',
  'issue',
  'resource',
  'paths',
  'export',
  'score',
  'formats',
  'mappings',
  'rules',
  'sources',
  'aliases',
  'networks',
  'owners',
  'feeds',
  'controls',
  'advisories',
  'receivers',
  'serve',
  'sign-in',
  'token',
  'person',
  'stop',
  'doctor',
];

describe('help', () => {
  test('names every verb', async () => {
    const { code, out, err } = await run(['--help']);
    expect([code, err]).toEqual([0, '']);
    expect(
      [...out.matchAll(/^ {2}([a-z][a-z-]*) /gm)].map(([, verb]) => verb).filter((verb) => verb !== 'help'),
    ).toEqual(VERBS);
  });

  test.each(VERBS)('%s explains itself', async (verb) => {
    const { code, out } = await run([verb, '--help']);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^Usage: security-inbox ${verb}`));
    expect(out).toContain('--json');
  });

  test('each verb that takes something shows how', async () => {
    const silent: string[] = [];
    for (const verb of VERBS) {
      const [, below = ''] = /\nCommands:\n(.*?)\n(?:\n|$)/s.exec((await run([verb, '--help'])).out) ?? [];
      const parts = [...below.matchAll(/^ {2}(?!help)([a-z][a-z-]*)/gm)].map(([, part]) => [
        verb,
        part as string,
      ]);
      for (const argv of parts.length === 0 ? [[verb]] : parts) {
        const { out } = await run([...argv, '--help']);
        const name = `security-inbox ${argv.join(' ')}`;
        const takes =
          out.startsWith(`Usage: ${name} [options] <`) || out.startsWith(`Usage: ${name} [options] [`);
        if (takes && !new RegExp(`\\nExamples?:\\n(?:  .*\\n)*  .*${name} `).test(out))
          silent.push(argv.join(' '));
      }
    }
    expect(silent).toEqual([]);
  });

  test('the version', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, out: '1.2.3\n', err: '' });
  });

  test.each([[[]], [['sources']], [['token']]])(
    'without a verb it is told which there are: %j',
    async (argv) => {
      const { code, out, err } = await run(argv);
      expect([code, out]).toEqual([64, '']);
      expect(err).toMatch(/^Usage: security-inbox/);
    },
  );
});

describe('a wrong command line ends with 64 and one sentence', () => {
  test.each([
    [['lst'], "Unknown command 'lst' (Did you mean list?)", ''],
    [['list', '--limt', '3'], "Unknown option '--limt' (Did you mean --limit?)", 'list '],
    [
      ['list', '--limit', '0'],
      "Option '--limit <count>' argument '0' is invalid. Expected a whole number from 1 to 10000000.",
      'list ',
    ],
    [['list', 'extra'], /^Too many arguments for 'list'/, 'list '],
    [['list', '--query', 'risk:public'], /^"public" is no risk: expected publicly_accessible, /, 'list '],
    [
      ['list', '--token', 't'],
      '--token belongs to --server URL; without a server no token is needed.',
      'list ',
    ],
    [
      ['list', '--server', 'http://x', '--data', 'd'],
      '--data and --server exclude each other: name the data on this machine or a server.',
      'list ',
    ],
    [
      ['list', '--server', 'ftp://x'],
      '--server takes an address such as https://inbox.example.com; "ftp://x" is none.',
      'list ',
    ],
    [['list', '--data', ''], /--data <folder>.* is invalid\. Expected a text that is not empty\./, 'list '],
    [['why'], "Missing required argument 'issue'.", 'why '],
    [['import'], "Missing required argument 'path'.", 'import '],
    [
      ['import', 'x', '--scope', 'cluster'],
      /is invalid\. Expected KEY=VALUE, such as cluster=prod\.$/,
      'import ',
    ],
    [['import', 'x', '--scope', 'a=1', '--scope', 'a=2'], /"a" is given twice\.$/, 'import '],
    [['import', 'x', '--format', 'tryvi'], 'There is no format "tryvi". Known: trivy.', 'import '],
    [['score', 'AV:X'], /^"AV:X" is no CVSS vector/, 'score '],
    [
      ['score', VECTOR, '--context', 'public=maybe'],
      '--context public is one of yes, no, unknown; "maybe" is none of them.',
      'score ',
    ],
    [
      ['person', 'add', 'alex', '--role', 'king'],
      /Allowed choices are read, triage, administer\.$/,
      'person ',
    ],
    [['serve', '--port', '70000'], /Expected a whole number from 0 to 65535\.$/, 'serve '],
    [
      ['sign-in', '--public-url', 'nowhere'],
      '--public-url takes an address such as https://inbox.example.com; "nowhere" is none.',
      'sign-in ',
    ],
  ])('%j', async (argv, sentence, verb) => {
    const { code, out, err } = await run(argv);
    expect([code, out]).toEqual([64, '']);
    const [first, ...rest] = err.split('\n');
    expect(first).toEqual(typeof sentence === 'string' ? sentence : expect.stringMatching(sentence));
    expect(rest).toEqual([`Help: security-inbox ${verb}--help`, '']);
  });

  test.each([
    [
      ['list', '--json', '--limit', 'x'],
      "Option '--limit <count>' argument 'x' is invalid. Expected a whole number from 1 to 10000000.",
    ],
    [['sources', '--json'], 'A verb is missing.'],
  ])('as JSON: %j', async (argv, message) => {
    const { code, out, err } = await run(argv);
    expect([code, out]).toEqual([64, '']);
    expect(JSON.parse(err)).toEqual({ error: { code: 'usage', message } });
  });

  test('behind -- a flag is a word', async () => {
    const { code, err } = await run(['score', '--', '--json']);
    expect(code).toBe(64);
    expect(err).toMatch(/^"--json" is no CVSS vector/);
  });
});

describe('refusals and failures', () => {
  const codes = Object.keys(REFUSALS) as InboxErrorCode[];

  test.each(codes)('%s ends with the exit code of the table', async (code) => {
    const stop = () => Promise.reject(new InboxError(code, 'What was found.\u001b[2J What to do.'));
    expect(await run(['stop', '--json'], { stop })).toEqual({
      code: REFUSALS[code].exitCode,
      out: '',
      err: `{"error":{"code":"${code}","message":"What was found.[2J What to do."}}\n`,
    });
    const { code: exitCode, err } = await run(['stop'], { stop });
    expect([exitCode, err.split('\n')[0]]).toEqual([
      REFUSALS[code].exitCode,
      'What was found.[2J What to do.',
    ]);
  });

  test('anything else is a failure of ours, and tells where only when asked', async () => {
    const stop = () =>
      Promise.reject(new TypeError('x is not a function', { cause: new Error('the cause') }));
    const quiet = await run(['stop'], { stop });
    expect(quiet).toEqual({
      code: 70,
      out: '',
      err: 'A promise of the product is broken, which is a defect: x is not a function. With --debug it says where.\n',
    });
    const { code, err } = await run(['stop', '--debug'], { stop });
    expect(code).toBe(70);
    expect(err).toContain(quiet.err);
    expect(err).toMatch(/^TypeError: x is not a function\n\s*at /m);
    expect(err).toMatch(/^Error: the cause\n/m);
  });

  test('the data are asked for where they were named, and a failure to open them is told', async () => {
    const places: unknown[] = [];
    const openContext = (place: unknown) => {
      places.push(place);
      return Promise.reject(new InboxError('database_unreachable', 'No.'));
    };
    for (const argv of [
      ['--data', 'd', 'list'],
      ['list', '--data', 'd'],
      ['person', 'list', '--data', 'd'],
      ['feeds', 'status'],
    ]) {
      expect((await run(argv, { openContext })).code).toBe(70);
    }
    expect(places).toEqual([{ data: 'd' }, { data: 'd' }, { data: 'd' }, { data: null }]);
  });

  test('what was spooled is deleted even when nothing can be read', async () => {
    let released = 0;
    const reportFiles = () =>
      Promise.resolve({
        files: [],
        release: () => {
          released++;
          return Promise.resolve();
        },
      });
    expect([(await run(['import', '-'], { reportFiles })).code, released]).toEqual([70, 1]);
  });

  test('a sign-in link needs a server', async () => {
    const { code, out, err } = await run(['sign-in']);
    expect([code, out]).toEqual([70, '']);
    expect(err).toMatch(/^No server runs on these data/);
  });
});

describe('verbs that need no data', () => {
  test('score', async () => {
    expect(
      (await run(['score', VECTOR, '--context', 'public=no,exploit=poc', '--context', 'epss=0.2'])).out,
    ).toBe(
      `9.8 -> 9.0 critical  CVSS 3.1
  base      ${VECTOR}
  adjusted  ${VECTOR}/E:P/RL:X/RC:X/CR:X/IR:X/AR:X/MAV:A/MAC:X/MPR:X/MUI:X/MS:X/MC:X/MI:X/MA:X
  safer     E X -> P: A proof of concept is public.
  unknown   CR/IR/AR X: Whether it runs in production is not known.
  neutral   MAC X: EPSS is 20 %, above 1 %.
  safer     MAV X -> A: It is not reachable from the internet.
  riskier   epss_raise 8.3 -> 9.0: EPSS >= 10 %, raised by one level.
`,
    );
  });

  test('score of standard input as JSON', async () => {
    const input = Readable.from([
      Buffer.from(`${VECTOR}\n\n  AV:L/AC:`),
      Buffer.from('L/Au:N/C:N/I:N/A:N\r\n'),
    ]);
    const { code, out } = await run(['score', '-', '--json'], { input });
    expect(code).toBe(0);
    const scored = JSON.parse(out) as Record<string, unknown>[];
    expect(scored.map(({ vector, base }) => [vector, base])).toEqual([
      [VECTOR, 9.8],
      ['AV:L/AC:L/Au:N/C:N/I:N/A:N', 0],
    ]);
    expect(Object.keys(scored[0] ?? {})).toEqual([
      'vector',
      'version',
      'base',
      'adjustedVector',
      'adjusted',
      'severity',
      'factors',
    ]);
  });

  test('formats', async () => {
    expect((await run(['formats'])).out).toBe('trivy  Trivy\n  trivy image --format json IMAGE\n');
    expect(JSON.parse((await run(['formats', '--json'])).out)).toEqual([
      { id: 'trivy', title: 'Trivy', command: 'trivy image --format json IMAGE' },
    ]);
  });

  test('stop', async () => {
    expect(await run(['stop'])).toEqual({ code: 0, out: 'Nothing runs on these data.\n', err: '' });
    expect((await run(['stop', '--json'])).out).toBe(
      '{"stopped":false,"sentence":"Nothing runs on these data."}\n',
    );
  });

  test('doctor says where the data lie, and ends with 70 when something failed', async () => {
    const checks = [
      { title: 'database', state: 'ok', sentence: 'PostgreSQL 18.', remedy: null },
      { title: 'disk', state: 'failure', sentence: 'Full.', remedy: 'Make room.' },
    ] as const;
    expect(
      await run(['doctor'], { diagnose: () => Promise.resolve({ dataDirectory: '/data', checks }) }),
    ).toEqual({
      code: 70,
      out: 'data     /data\nok       database: PostgreSQL 18.\nfailure  disk: Full.\n         Make room.\n',
      err: '',
    });
    expect((await run(['doctor'])).code).toBe(0);
  });

  test.each<[readonly string[], ServeRequest]>([
    [
      ['serve'],
      {
        data: null,
        port: 7070,
        host: '127.0.0.1',
        metricsPort: null,
        databaseUrl: null,
        demo: false,
        publicUrl: null,
      },
    ],
    [
      [
        'serve',
        '--demo',
        '--port',
        '0',
        '--host',
        '::1',
        '--metrics-port',
        '9070',
        '--database-url',
        'postgres://x',
        '--public-url',
        'https://i',
        '--data',
        'd',
      ],
      {
        data: 'd',
        port: 0,
        host: '::1',
        metricsPort: 9070,
        databaseUrl: 'postgres://x',
        demo: true,
        publicUrl: 'https://i',
      },
    ],
  ])('%j', async (argv, expected) => {
    const requests: ServeRequest[] = [];
    const serve = (request: ServeRequest) => {
      requests.push(request);
      return Promise.resolve(7);
    };
    expect((await run(argv, { serve })).code).toBe(7);
    expect(requests).toEqual([expected]);
  });
});

describe('the reader of the output', () => {
  const failing = (code: string) =>
    new Writable({
      write(_chunk, _encoding, done) {
        done(Object.assign(new Error(`write ${code}`), { code }));
      },
    });

  test('may go away: that ends quietly', async () => {
    expect(await run(['formats'], { out: failing('EPIPE') })).toEqual({ code: 0, out: '', err: '' });
    expect(await run(['--help'], { out: failing('EPIPE') })).toEqual({ code: 0, out: '', err: '' });
  });

  test('whose disk is full is told', async () => {
    const { code, err } = await run(['formats'], { out: failing('ENOSPC') });
    expect(code).toBe(70);
    expect(err).toContain('write ENOSPC');
  });
});
