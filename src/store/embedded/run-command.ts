import { spawn } from 'node:child_process';
import type { SystemUser } from './unprivileged-user.ts';

export interface CommandResult {
  /** Exit code; null when a signal ended it or it could not be started. */
  readonly code: number | null;
  /** What it wrote to both outputs, or why it could not be started. */
  readonly output: string;
}

export interface CommandOptions {
  readonly user: SystemUser | null;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs a program to its end with exactly the environment given, as the given user. Never rejects. */
export function runCommand(
  file: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve) => {
    const child = spawn(file, args, {
      cwd: '/',
      env: options.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.user === null ? {} : options.user),
    });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ code: null, output: error.message }));
    child.once('close', (code) => resolve({ code, output: output.trim() }));
  });
}
