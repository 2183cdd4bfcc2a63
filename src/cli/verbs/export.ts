import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { type Command, Option } from 'commander';
import { checkQuery } from '#app/check-query.ts';
import { InboxError } from '#base/inbox-error.ts';
import { type ExportFormat, exportFormatSchema } from '#contract/export.ts';
import { filled } from '../argument-parsers.ts';
import { type CommandLine, type ServerOptions, serverOptions } from '../command-line.ts';
import type { InboxAccess } from '../inbox-access.ts';
import { safe } from '../terminal-text.ts';

interface ExportOptions extends ServerOptions {
  readonly format: ExportFormat;
  readonly query?: string;
  readonly all?: true;
  readonly output?: string;
}

const HELP = `
csv and json have one entry for each issue, as "list --json" has them; sarif (2.1.0) and ocsf (1.3) one for each open
finding; openvex (0.2.0) what was said of advisories by muting and accepting, with the justification. In csv what a
sheet would take for a formula has a ' before it.

Examples:
  security-inbox export --format csv --query "severity:critical,high" > inbox.csv
  security-inbox export --format openvex --all --output decisions.openvex.json
  security-inbox export --format sarif --query "source:semgrep" --output code.sarif`;

export function addExportVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('export')
    .summary('the list for other programs')
    .description('Write the ranked list, or a part of it, as CSV, JSON, SARIF, OCSF or OpenVEX.')
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(exportFormatSchema.options)
        .makeOptionMandatory(),
    )
    .option('--query <query>', 'as "list" takes it')
    .option('--all', 'what no rule admitted too')
    .option('--output <file>', 'a file that is not there yet, in the place of the screen', filled)
    .addHelpText('after', HELP)
    .action(async () => run(cli, verb.optsWithGlobals()));
  for (const option of serverOptions()) verb.addOption(option);
}

async function run(cli: CommandLine, options: ExportOptions): Promise<void> {
  const query = options.query?.trim() ? options.query : null;
  if (query !== null) checkQuery(query);
  const { output } = options;
  await cli.withInbox(options, async (inbox) => {
    const text = inbox.exportIssues({ format: options.format, query, all: options.all ?? false });
    if (output === undefined) await print(cli, text);
    else await save(output, text);
  });
  if (output !== undefined) await cli.show(options, { file: output }, () => [`Written to ${safe(output)}.`]);
}

async function print({ out }: CommandLine, text: ReturnType<InboxAccess['exportIssues']>): Promise<void> {
  for await (const piece of text) await out.write(piece);
}

async function save(path: string, text: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(text, createWriteStream(path, { flags: 'wx' }));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === undefined || cause instanceof InboxError) throw cause;
    throw new InboxError(
      'usage',
      code === 'EEXIST'
        ? `${path} is there already; name another file.`
        : `${path} cannot be written: ${code}.`,
      { cause },
    );
  }
}
