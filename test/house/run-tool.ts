import { spawn } from 'node:child_process';
import { ROOT } from './tree.ts';

/** How a tool ended: its exit code (null when a signal ended it) and all that it printed, in order of arrival. */
export interface ToolRun {
  readonly code: number | null;
  readonly output: string;
}

/** Runs a JavaScript tool at the root of the repository, on the Node that runs the tests. */
export async function runTool(script: string, ...args: readonly string[]): Promise<ToolRun> {
  const child = spawn(process.execPath, [script, ...args], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  return { code, output };
}
