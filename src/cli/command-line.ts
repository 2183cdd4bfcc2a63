import { Option } from 'commander';
import type { AppContext } from '#app/context.ts';
import { InboxError } from '#base/inbox-error.ts';
import { filled } from './argument-parsers.ts';
import type { InboxAccess } from './inbox-access.ts';
import { localInbox } from './local-inbox.ts';
import { Output } from './output.ts';
import { type Paint, paintFor } from './paint.ts';
import type { CommandLineParts, DataPlace } from './parts.ts';
import { remoteInbox } from './remote-inbox.ts';
import { jsonText } from './terminal-text.ts';

/** The flags that every verb takes. */
export interface GlobalOptions {
  readonly data?: string;
  readonly json?: true;
  readonly debug?: true;
}

/** The flags of verbs that can ask a server. */
export interface ServerOptions extends GlobalOptions {
  readonly server?: string;
  readonly token?: string;
}

/** A fresh pair for each verb, as an option belongs to one command. */
export function serverOptions(): readonly Option[] {
  return [
    new Option('--server <url>', 'ask this server and not the data on this machine').argParser(filled),
    new Option('--token <token>', 'API token for --server, made with "token create"').argParser(filled),
  ];
}

/** What a verb works with: the parts, where to write, and the exit code that it leaves. */
export class CommandLine {
  readonly parts: CommandLineParts;
  readonly out: Output;
  readonly err: Output;
  readonly paint: Paint;
  /** The exit code if nothing is thrown. */
  exitCode = 0;

  constructor(parts: CommandLineParts) {
    this.parts = parts;
    this.out = new Output(parts.out);
    this.err = new Output(parts.err);
    this.paint = paintFor(parts);
  }

  /** Prints one JSON value on one line, or the lines for a person. */
  async show(options: GlobalOptions, value: unknown, lines: () => readonly string[]): Promise<void> {
    await this.out.write(
      options.json === true
        ? `${jsonText(value)}\n`
        : lines()
            .map((line) => `${line}\n`)
            .join(''),
    );
  }

  /** Opens the data of this machine for the time of `work`. */
  async withContext<T>(options: GlobalOptions, work: (ctx: AppContext) => Promise<T>): Promise<T> {
    const opened = await this.parts.openContext(placeOf(options));
    try {
      return await work(opened.ctx);
    } finally {
      await opened.close();
    }
  }

  /** Opens the inbox for the time of `work`: a server's with `--server`, else the data of this machine. */
  async withInbox<T>(options: ServerOptions, work: (inbox: InboxAccess) => Promise<T>): Promise<T> {
    const inbox = await this.#openInbox(options);
    try {
      return await work(inbox);
    } finally {
      await inbox.close();
    }
  }

  async #openInbox(options: ServerOptions): Promise<InboxAccess> {
    const { server, token, data } = options;
    if (server === undefined) {
      if (token !== undefined)
        throw new InboxError(
          'usage',
          '--token belongs to --server URL; without a server no token is needed.',
        );
      return localInbox(await this.parts.openContext(placeOf(options)), this.parts.version);
    }
    if (data !== undefined)
      throw new InboxError(
        'usage',
        '--data and --server exclude each other: name the data on this machine or a server.',
      );
    return remoteInbox({ server, token: token ?? null, request: this.parts.request });
  }
}

export function placeOf({ data }: GlobalOptions): DataPlace {
  return { data: data ?? null };
}
