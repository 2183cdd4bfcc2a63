import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const isRoot = process.getuid?.() === 0;
const NOBODY = { uid: 65_534, gid: 65_534 };

/** A small repository with the real launcher in it. */
let root: string;
let lock: { packages: Record<string, object> };

beforeEach(() => {
  const base = mkdtempSync(join(tmpdir(), 'inbox launch '));
  chmodSync(base, 0o755);
  root = realpathSync(base);
  cpSync(join(import.meta.dirname, '..'), join(root, 'bin'), { recursive: true });
  for (const folder of ['src/base', 'src/domain', 'src/contract', 'web', 'tools', 'fake']) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  cpSync(join(import.meta.dirname, 'launch.test-npm.mjs'), join(root, 'fake/npm-cli.js'));
  put('package.json', '{"type":"module"}');
  put('fake/package.json', '{"type":"module"}');
  put('web/index.html', '<p>one</p>');
  put(
    'src/main.ts',
    `const args: string[] = process.argv.slice(2);
     if (args[0] === 'wait') {
       for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(signal === 'SIGINT' ? 7 : 8));
       setInterval(() => undefined, 1000);
     }
     console.log(JSON.stringify(args));
     if (args[0] === 'exit') process.exit(Number(args[1]));
     if (args[0] === 'kill') process.kill(process.pid, args[1]);`,
  );
  lock = { packages: { '': {} } };
  saveLock();
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function put(path: string, text: string): void {
  writeFileSync(join(root, path), text);
}

function saveLock(): void {
  put('package-lock.json', JSON.stringify(lock));
}

function calls(name: 'npm-calls' | 'vite-calls'): string[] {
  return existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8').trim().split('\n') : [];
}

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

function begin(
  args: readonly string[],
  options: { program?: string; user?: typeof NOBODY } = {},
): ChildProcess {
  const program = options.program ?? join(root, 'bin/launch.mjs');
  return spawn(process.execPath, [program, ...args], {
    cwd: '/',
    env: { PATH: process.env.PATH, npm_execpath: join(root, 'fake/npm-cli.js') },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options.user,
  });
}

async function run(
  args: readonly string[],
  options: { program?: string; user?: typeof NOBODY } = {},
): Promise<Ended> {
  const child = begin(args, options);
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, out: out.trim(), err: err.trim() };
}

describe('installing', () => {
  test('once, without scripts, behind one line; the arguments arrive as they were', async () => {
    const first = await run(['list', '--query', 'a b', "it's"]);
    expect(first).toEqual({
      code: 0,
      signal: null,
      out: '["list","--query","a b","it\'s"]',
      err: 'Installing packages; this happens once.',
    });
    expect(calls('npm-calls')).toHaveLength(1);
    expect(calls('npm-calls')[0]).toMatch(/^ci --ignore-scripts /);
    const second = await run(['list']);
    expect([second.err, calls('npm-calls').length]).toEqual(['', 1]);
  });

  test('once, when several start at the same time', async () => {
    const all = await Promise.all([1, 2, 3].map(() => run(['list'])));
    expect(all.map(({ code, out }) => [code, out])).toEqual([1, 2, 3].map(() => [0, '["list"]']));
    expect(calls('npm-calls')).toHaveLength(1);
  });

  test('again when the lock file names other packages, and not when only its layout changed', async () => {
    await run(['list']);
    put('package-lock.json', JSON.stringify(lock, null, 2));
    await run(['list']);
    expect(calls('npm-calls')).toHaveLength(1);
    lock.packages['node_modules/added'] = { version: '1.0.0' };
    saveLock();
    expect((await run(['list'])).code).toBe(0);
    expect(calls('npm-calls')).toHaveLength(2);
  });

  test('again when the last one was killed half way', async () => {
    await run(['list']);
    for (const name of ['.security-inbox-installed', '.package-lock.json'])
      rmSync(join(root, 'node_modules', name));
    expect((await run(['list'])).code).toBe(0);
    expect(calls('npm-calls')).toHaveLength(2);
  });

  test('not when somebody installed by hand', async () => {
    await run(['list']);
    rmSync(join(root, 'node_modules/.security-inbox-installed'));
    expect((await run(['list'])).err).toBe('');
    expect(calls('npm-calls')).toHaveLength(1);
  });

  test('packages of other platforms and what only they need may be absent; ours may not', async () => {
    const [os, cpu] = [[process.platform], [process.arch]];
    lock.packages['node_modules/native-elsewhere'] = { version: '1.0.0', optional: true, os: ['plan9'], cpu };
    lock.packages['node_modules/only-for-elsewhere'] = { version: '1.0.0', optional: true };
    saveLock();
    await run(['list']);
    const npmList = structuredClone(lock);
    for (const name of ['native-elsewhere', 'only-for-elsewhere'])
      delete npmList.packages[`node_modules/${name}`];
    put('node_modules/.package-lock.json', JSON.stringify(npmList));
    rmSync(join(root, 'node_modules/.security-inbox-installed'));
    await run(['list']);
    expect(calls('npm-calls')).toHaveLength(1);
    lock.packages['node_modules/native-here'] = { version: '1.0.0', optional: true, os, cpu };
    saveLock();
    await run(['list']);
    expect(calls('npm-calls')).toHaveLength(2);
  });

  test('without the tools of development only what needs them installs', async () => {
    await run(['list']);
    put('node_modules/.package-lock.json', JSON.stringify(lock));
    rmSync(join(root, 'node_modules/.security-inbox-installed'));
    lock.packages['node_modules/tool'] = { version: '1.0.0', dev: true };
    saveLock();
    expect((await run(['list'])).code).toBe(0);
    expect(calls('npm-calls')).toHaveLength(1);
    await run(['--run', 'src/main.ts']);
    expect(calls('npm-calls')).toHaveLength(2);
  });

  test('a failure is shown, ends with 70, and the next start tries again', async () => {
    put('npm-fails', '');
    const failed = await run(['list']);
    expect([failed.code, failed.out]).toEqual([70, '']);
    expect(failed.err).toContain('npm error code E404');
    rmSync(join(root, 'npm-fails'));
    expect((await run(['list'])).code).toBe(0);
  });
});

describe('building the web app', () => {
  test('for serve only, and again only when its sources changed', async () => {
    await run(['list']);
    expect(calls('vite-calls')).toEqual([]);
    await run(['serve']);
    await run(['serve']);
    expect(calls('vite-calls')).toEqual(['build']);
    put('web/index.html', '<p>two</p>');
    await Promise.all([run(['serve']), run(['serve'])]);
    expect(calls('vite-calls')).toEqual(['build', 'build']);
    expect(readFileSync(join(root, 'web/dist/index.html'), 'utf8')).toBe('<p>two</p>');
    put('src/contract/inbox.ts', 'export const page = 50;');
    await run(['serve']);
    expect(calls('vite-calls')).toHaveLength(3);
  });

  test('its scripts lie packed beside themselves, in both ways that browsers ask for', async () => {
    await run(['serve']);
    const packed = (ending: string) => readFileSync(join(root, `web/dist/assets/index.js.${ending}`));
    expect([String(gunzipSync(packed('gz'))), String(brotliDecompressSync(packed('br')))]).toEqual([
      'start()',
      'start()',
    ]);
  });

  test('a failed build is shown and leaves the last one in place', async () => {
    await run(['serve']);
    rmSync(join(root, 'web/index.html'));
    const failed = await run(['serve']);
    expect([failed.code, failed.err.includes('ENOENT')]).toEqual([70, true]);
    expect(existsSync(join(root, 'web/dist/index.html'))).toBe(true);
  });

  test.runIf(isRoot)('a whole installation that may not be written to works', async () => {
    await run(['serve']);
    chmodSync(root, 0o755);
    expect(await run(['serve'], { user: NOBODY })).toEqual({
      code: 0,
      signal: null,
      out: '["serve"]',
      err: '',
    });
    rmSync(join(root, 'node_modules/.security-inbox-installed'));
    expect((await run(['serve'], { user: NOBODY })).code).toBe(0);
    put('web/index.html', '<p>changed</p>');
    const refused = await run(['serve'], { user: NOBODY });
    expect([refused.code, refused.err.split('\n')[0]]).toEqual([
      70,
      expect.stringContaining('may not be written to by this user'),
    ]);
  });
});

describe('running', () => {
  test('through a link from elsewhere', async () => {
    symlinkSync(join(root, 'bin/security-inbox'), join(root, 'link'));
    const { out, code } = await run(['list'], { program: join(root, 'link') });
    expect([code, out]).toEqual([0, '["list"]']);
  });

  test('the exit code is that of the program', async () => {
    expect((await run(['exit', '3'])).code).toBe(3);
  });

  test.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
    'a program ended by %s is shown as such',
    async (signal) => {
      expect(await run(['kill', signal])).toMatchObject({ code: null, signal });
    },
  );

  test.each([
    ['SIGTERM', 8],
    ['SIGINT', 7],
  ] as const)('%s is passed on where there is no terminal', async (signal, expected) => {
    const child = begin(['wait']);
    await once(createInterface({ input: child.stdout! }), 'line');
    child.kill(signal);
    expect(await once(child, 'exit')).toEqual([expected, null]);
  });

  test('without a packaged Node, the one that runs the launcher serves when it is new enough', async () => {
    await run(['list']);
    rmSync(join(root, `node_modules/node-${process.platform}-${process.arch}`), { recursive: true });
    const { out, err, code } = await run(['exit', '3']);
    expect([code, out, err]).toEqual([3, '["exit","3"]', '']);
  });

  test('--run without a file is a wrong command line', async () => {
    expect((await run(['--run'])).code).toBe(64);
  });
});
