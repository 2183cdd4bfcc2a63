import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled } from './install.mjs';
import { LaunchError } from './launch-error.mjs';
import { runOnNode } from './runtime.mjs';
import { ensureWebBuilt } from './web-build.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
/** Those that show the web app. */
const TOOLS_WITH_PAGES = ['tools/test.ts', 'tools/screenshots.ts'];

/**
 * Sets up what is missing, then runs the program on Node 24 and ends as it ended. When nothing is
 * missing nothing is written, so that a read-only installation works.
 */
export async function launch(args) {
  const { file, rest } = program(args);
  try {
    const showsPages = rest[0] === 'serve' || TOOLS_WITH_PAGES.some((tool) => file === join(root, tool));
    await ensureInstalled(root, { withTools: args[0] === '--run' });
    if (showsPages) await ensureWebBuilt(root);
    await runOnNode(root, file, rest);
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    console.error(error.message);
    process.exitCode = error.exitCode;
  }
}

function program(args) {
  if (args[0] !== '--run') return { file: join(root, 'src/main.ts'), rest: args };
  if (args[1] === undefined) {
    console.error('Expected a file after --run, as in: launch.mjs --run tools/test.ts');
    process.exit(64);
  }
  return { file: resolve(root, args[1]), rest: args.slice(2) };
}
