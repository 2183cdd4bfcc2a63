import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { ImportOptions } from '#app/import/import-options.ts';
import type { ImportRequest } from '#app/import-reports.ts';
import { InboxError } from '#base/inbox-error.ts';
import { counted, oneLine } from '#base/text.ts';
import { filled, keyAndValue, oneMore } from '../argument-parsers.ts';
import { type CommandLine, type ServerOptions, serverOptions } from '../command-line.ts';
import { exitCodeOf } from '../exit-code.ts';
import type { ReportResult } from '../inbox-access.ts';
import type { KnownFormat } from '../parts.ts';
import { importJson, presentImport } from '../present-import.ts';
import { presentPreview } from '../present-preview.ts';
import { jsonText, safe } from '../terminal-text.ts';
import { namedMapping } from './mappings.ts';

interface ImportFlags extends ServerOptions {
  readonly format?: string;
  readonly mapping?: string;
  readonly preview?: true;
  readonly source?: string;
  readonly scope?: Readonly<Record<string, string>>;
  readonly complete?: true;
  readonly confirm?: true;
  readonly separate?: true;
  readonly root?: string;
  readonly account?: string;
  readonly region?: string;
  readonly env?: string;
  readonly service?: readonly string[];
  readonly team?: string;
}

const HELP = `
Reads reports of scanners and inventories, and says what moved: new, changed, closed, held.

Examples:
  trivy image --format json nginx:1.27 | security-inbox import -
  security-inbox import reports/ --source nightly --env production
  security-inbox import 'reports/**/*.json'
  security-inbox import prowler.json --scope cluster=shop --complete
  security-inbox import audit.json --mapping acme.yaml --preview
  security-inbox import undo SCAN       take back the scan of this id, the latest of its scope
  security-inbox import ./undo          a file of that name

A mapping says in a few lines where title, severity and place of a finding stand in JSON, JSON lines or a
table: docs/reference/mapping.md. With --preview it can be tried until it fits, and "mappings apply" keeps it.

A report closes only what a complete scan of the same source and scope no longer shows. --complete says
that the report is all of its scope; --confirm accepts closings that were held because they are many.

Exit status: 0 all was read, 3 a file was not recognised, 4 a file was broken. What was good is kept.`;

export function addImportVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('import')
    .summary('read reports and inventories')
    .description('Read files, folders or archives of reports into the inbox; - is standard input.')
    .argument('<path...>', 'files, folders, archives, or -; or "undo SCAN"')
    .option('--format <name>', 'read as this format, else it is detected ("formats" lists them)', filled)
    .option(
      '--mapping <file>',
      'read as this YAML file says, or the mapping that is kept by this name: for tools that no format knows',
      filled,
    )
    .option('--preview', 'print what would be read, and store nothing')
    .option('--source <name>', 'name of the origin of these reports, else the name of the tool', filled)
    .option(
      '--scope <key=value>',
      'what the report covers, where it does not say (may be repeated)',
      keyAndValue,
    )
    .option('--complete', 'the report is all that there is in its scope')
    .option('--confirm', 'accept closings that were held')
    .option('--separate', 'every file is a scan of its own')
    .option('--root <folder>', 'working directory of the scan, taken off absolute paths', filled)
    .option('--account <id>', 'cloud account, where the report does not say', filled)
    .option('--region <name>', 'cloud region, where the report does not say', filled)
    .option('--env <name>', 'environment of what was scanned, such as production', filled)
    .option('--service <name>', 'service that it belongs to (may be repeated)', oneMore)
    .option('--team <name>', 'team that owns it', filled)
    .addHelpText('after', HELP)
    .action(async (paths: readonly string[]) =>
      paths[0] === 'undo'
        ? undoScan(cli, paths.slice(1), verb.optsWithGlobals())
        : importPaths(cli, paths, verb.optsWithGlobals()),
    );
  for (const option of serverOptions()) verb.addOption(option);
}

async function undoScan(cli: CommandLine, scans: readonly string[], flags: ImportFlags): Promise<void> {
  const [scanId, ...others] = scans;
  if (scanId === undefined || others.length > 0)
    throw new InboxError('usage', '"import undo" takes the id of one scan; "./undo" is a file of that name.');
  const undone = await cli.withInbox(flags, (inbox) => inbox.undoImport(scanId));
  await cli.show(flags, undone, () => [
    `Scan ${safe(undone.scanId)} is taken back: ${counted(undone.removed, 'finding')} removed, ${undone.reopened} open again, ${undone.closed} closed again.`,
  ]);
}

async function importPaths(cli: CommandLine, paths: readonly string[], flags: ImportFlags): Promise<void> {
  const options = importOptions(flags, await mappingText(cli, flags));
  if (flags.server === undefined) refuseUnknownFormat(cli.parts.formats, options.format);
  const { files, release } = await cli.parts.reportFiles(paths);
  let results: readonly ReportResult[];
  try {
    if (flags.preview === true) return await previewFiles(cli, { files, options }, flags);
    results = await cli.withInbox(flags, (inbox) => inbox.importReports(files, options));
  } finally {
    await release();
  }
  cli.exitCode = Math.max(0, ...results.map(({ error }) => (error === null ? 0 : exitCodeOf(error.code))));
  for (const result of results) {
    const lines = flags.json === true ? [jsonText(importJson(result))] : presentImport(result, cli.paint);
    await cli.out.write(lines.map((line) => `${line}\n`).join(''));
  }
  if (results.length === 0) await cli.err.line('There was no file to read.');
}

async function previewFiles(cli: CommandLine, request: ImportRequest, flags: ImportFlags): Promise<void> {
  const previews = await cli.parts.previewReports(request);
  cli.exitCode = Math.max(0, ...previews.map(({ error }) => (error === null ? 0 : exitCodeOf(error.code))));
  for (const preview of previews) {
    const lines =
      flags.json === true ? [jsonText(preview)] : presentPreview(preview, cli.parts.columns, cli.paint);
    await cli.out.write(lines.map((line) => `${line}\n`).join(''));
  }
  if (previews.length === 0) await cli.err.line('There was no file to read.');
}

/** The mapping of a file, or the name of one that is kept; a preview opens no database, so that it is asked for the text of that. */
async function mappingText(cli: CommandLine, flags: ImportFlags): Promise<string | null> {
  const { mapping } = flags;
  if (mapping === undefined) return null;
  try {
    return await readFile(mapping, 'utf8');
  } catch (cause) {
    // No name has a dot or a slash.
    if (/[./\\]/.test(mapping))
      throw new InboxError('not_found', `The mapping ${oneLine(mapping, 120)} cannot be read.`, { cause });
  }
  if (flags.preview !== true) return mapping;
  return namedMapping(await cli.withInbox(flags, (inbox) => inbox.mappings()), mapping).text;
}

function importOptions(
  {
    format,
    source,
    scope,
    complete,
    confirm,
    separate,
    root,
    account,
    region,
    env,
    service,
    team,
  }: ImportFlags,
  mapping: string | null,
): ImportOptions {
  return {
    format: format ?? null,
    mapping,
    source: source ?? null,
    scope: scope ?? {},
    complete: complete ?? false,
    confirm: confirm ?? false,
    separate: separate ?? false,
    root: root ?? null,
    account: account ?? null,
    region: region ?? null,
    environment: env ?? null,
    services: service ?? [],
    team: team ?? null,
  };
}

function refuseUnknownFormat(formats: readonly KnownFormat[], named: string | null): void {
  if (named === null || formats.some(({ id }) => id === named)) return;
  throw new InboxError(
    'usage',
    `There is no format "${oneLine(named, 60)}". Known: ${formats.map(({ id }) => id).join(', ')}.`,
  );
}
