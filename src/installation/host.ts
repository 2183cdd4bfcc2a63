import type { Config } from '#config';
import type { Clock } from '#domain/ports/clock.ts';

/** What the running program is given by its process: settings, the clock, where it lies and whom it talks to. */
export interface Host {
  readonly config: Config;
  readonly clock: Clock;
  readonly version: string;
  readonly isRoot: boolean;
  /** The file that the process was started with; import workers are started with it again. */
  readonly program: string;
  /** A line for whoever started the program. */
  print(line: string): void;
  /** A line about what went wrong, or is about to be changed. */
  complain(line: string): void;
}
