import type { Readable, Writable } from 'node:stream';
import type { AppContext } from '#app/context.ts';
import type { ImportRequest } from '#app/import-reports.ts';
import type { ReportPreview } from '#app/preview-reports.ts';
import type { FeedFile } from '#app/update-feed.ts';
import type { Instant } from '#base/instant.ts';

/** On which data a verb works; null: where the configuration says, else `.data` beside the code. */
export interface DataPlace {
  readonly data: string | null;
}

/** The parts behind the verbs, opened on some data. `close` lets the database go and is called exactly once. */
export interface OpenedContext {
  readonly ctx: AppContext;
  close(): Promise<void>;
}

/** The flags of `serve`. */
export interface ServeRequest extends DataPlace {
  readonly port: number;
  readonly host: string;
  /** A port of loopback for metrics and details of health; null: what the configuration says, else none of its own. */
  readonly metricsPort: number | null;
  /** A PostgreSQL of your own; null: what the configuration says, else the embedded one. */
  readonly databaseUrl: string | null;
  readonly demo: boolean;
  /** Under which address people reach it; null: the address that it listens on. */
  readonly publicUrl: string | null;
}

export interface StopOutcome {
  /** False: nothing ran on these data, which is no error. */
  readonly isStopped: boolean;
  /** What was stopped where, for a person. */
  readonly sentence: string;
}

/** What `doctor` found. */
export interface Diagnosis {
  /** Where the data lie, and why there if it is not the wanted place. */
  readonly dataDirectory: string;
  readonly checks: readonly DiagnosisCheck[];
}

export interface DiagnosisCheck {
  /** What was looked at, in a word or two: `database`, `disk`. */
  readonly title: string;
  readonly state: 'ok' | 'warning' | 'failure';
  readonly sentence: string;
  /** What to do about it; null where all is well. */
  readonly remedy: string | null;
}

/** A report to import: where it lies, and what it is called in messages and results. */
export interface ReportFile {
  readonly path: string;
  readonly name: string;
  /** A file beside it that tells whose account it is about. */
  readonly identity?: string;
}

export interface ReportFiles {
  readonly files: readonly ReportFile[];
  /** Deletes what was spooled from standard input. Called once, also after a failure. */
  release(): Promise<void>;
}

/** A format as `formats` lists it. */
export interface KnownFormat {
  /** What `--format` takes. */
  readonly id: string;
  readonly title: string;
  /** The command that produces such a report. */
  readonly command: string;
}

/** Everything that the command line needs from the world: handed over by the composition root, or by a test. */
export interface CommandLineParts {
  readonly version: string;
  readonly formats: readonly KnownFormat[];

  /** Starts the embedded database or adopts the one that runs; the actor is the administrator of this machine. */
  openContext(place: DataPlace): Promise<OpenedContext>;
  /** Runs the server until it is asked to end; answers the exit code. */
  serve(request: ServeRequest): Promise<number>;
  /** Ends the server and the database that run on these data. */
  stop(place: DataPlace): Promise<StopOutcome>;
  diagnose(place: DataPlace): Promise<Diagnosis>;
  /** The address of the server that runs on these data, without a slash at the end; null when none runs. */
  publicUrl(place: DataPlace): Promise<string | null>;

  /** The files at a file, folder or URL (http or https), by name. Throws `not_found` and `feed_unreachable`. */
  openFeedFiles(location: string): Promise<readonly FeedFile[]>;
  /**
   * The reports at these paths, in their order: folders with all that lies below them, by the bytes of
   * the names; `-` is standard input, spooled to a file that only its owner reads and called `stdin`.
   * Throws `not_found` for a path that is not there.
   */
  reportFiles(paths: readonly string[]): Promise<ReportFiles>;
  /** What reports would give, without a database; nothing is stored. */
  previewReports(request: ImportRequest): Promise<readonly ReportPreview[]>;
  /** Talks to a server (`--server`). */
  readonly request: typeof fetch;

  readonly input: Readable;
  readonly out: Writable;
  readonly err: Writable;
  /** Whether `out` is a terminal that may be sent colours. */
  readonly isColourWanted: boolean;
  /** How wide the terminal behind `out` is; null when it is none, and then nothing is cut. */
  readonly columns: number | null;
  now(): Instant;
}
