import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

/** A command line for the process that runs many. */
export interface HostedCommand {
  readonly id: number;
  readonly args: readonly string[];
  readonly cwd: string;
}

/** How a command ended, and what it printed. */
export interface CommandRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface HostedAnswer {
  readonly id: number;
  readonly ran?: CommandRun;
  readonly failure?: string;
}

interface Waiting {
  readonly resolve: (ran: CommandRun) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A process that has loaded the program and runs commands in it, one at a time. Most of a command's time is the
 * loading; what only a process of its own shows (its input, its environment, two at once) this does not.
 */
export class CommandHost {
  readonly #process: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;

  constructor(env: NodeJS.ProcessEnv) {
    this.#process = fork(join(import.meta.dirname, 'command-host.test-process.ts'), {
      env,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    this.#process.on('message', ({ id, ran, failure }: HostedAnswer) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (ran === undefined) waiting?.reject(new Error(failure));
      else waiting?.resolve(ran);
      this.#rest();
    });
    this.#process.on('exit', (code, signal) => {
      for (const { reject } of this.#waiting.values())
        reject(new Error(`the process of the commands ended with ${code ?? signal}`));
      this.#waiting.clear();
    });
    this.#rest();
  }

  run(args: readonly string[], cwd: string): Promise<CommandRun> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#process.channel?.ref();
      this.#process.send({ id, args, cwd } satisfies HostedCommand);
    });
  }

  /** Nobody has to wait for a process that has nothing to do. */
  #rest(): void {
    if (this.#waiting.size > 0) return;
    this.#process.unref();
    this.#process.channel?.unref();
  }
}
