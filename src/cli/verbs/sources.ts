import type { Command } from 'commander';
import type { ImportOptions } from '#app/import/import-options.ts';
import { mergeSources } from '#app/merge-sources.ts';
import { renameSource } from '#app/rename-source.ts';
import { restoreSource } from '#app/restore-source.ts';
import { retireSource } from '#app/retire-source.ts';
import { setSourceRhythm } from '#app/set-source-rhythm.ts';
import { listWatches, unwatchLocation, watchLocation } from '#app/watch-location.ts';
import { counted } from '#base/text.ts';
import { filled, keyAndValue, oneMore, rhythmDays, wholeNumber } from '../argument-parsers.ts';
import { type CommandLine, type GlobalOptions, type ServerOptions, serverOptions } from '../command-line.ts';
import { presentSources } from '../present-sources.ts';
import { presentWatches } from '../present-watches.ts';
import { safe } from '../terminal-text.ts';

interface RetireOptions extends GlobalOptions {
  readonly scope?: Readonly<Record<string, string>>;
  readonly undo?: true;
}

const HELP = `
Examples:
  security-inbox sources rename nightly trivy-nightly
  security-inbox sources unwatch 4xk2`;

const LIST_HELP = `
Answers which scanners report, what each covers, how fresh it is, and which closings wait for a person.`;

const RHYTHM_HELP = `
Without it the rhythm is twice the median of the last ten intervals between a source's reports, at least a day, and
30 days for a source that was seen less than three times. An overdue source keeps its findings.

Example:
  security-inbox sources rhythm nightly 3`;

const RETIRE_HELP = `
Closes what only this source said: for a scanner that is no longer run, or with --scope for a cluster or
repository that is gone. A new report of that scope takes it up again.

Examples:
  security-inbox sources retire nightly --scope cluster=old
  security-inbox sources retire nightly --scope cluster=old --undo`;

const MERGE_HELP = `
For two names of one origin. Equal scopes become one, in which the later report stands; what only the older
one shows stays open until the scope is scanned again. Reports that name the first belong to the second from
now on. It cannot be undone.

Example:
  security-inbox sources merge trivy nightly`;

export function addSourcesVerb(program: Command, cli: CommandLine): void {
  const sources = program
    .command('sources')
    .summary('where reports come from')
    .description(
      'List, rename, merge and retire the sources of reports, say how often they report, and watch places for them.',
    )
    .addHelpText('after', HELP);
  const list = sources
    .command('list')
    .description('List the sources with what they cover.')
    .addHelpText('after', LIST_HELP)
    .action(async () => listSources(cli, list.optsWithGlobals()));
  for (const option of serverOptions()) list.addOption(option);
  const rename = sources
    .command('rename')
    .description('Give a source another name; its id and its findings stay.')
    .argument('<id>', 'id of the source')
    .argument('<name>', 'its new name', filled)
    .action(async (id: string, name: string) => {
      const options = rename.optsWithGlobals<GlobalOptions>();
      await cli.withContext(options, (ctx) => renameSource(ctx, { id, name }));
      await cli.show(options, { id, name }, () => [`${safe(id)} is now called ${safe(name)}.`]);
    });
  const merge = sources
    .command('merge')
    .description('Make one source of two.')
    .argument('<id>', 'id of the source that goes over')
    .argument('<into>', 'id of the source that stays')
    .addHelpText('after', MERGE_HELP)
    .action(async (id: string, into: string) => {
      const options = merge.optsWithGlobals<GlobalOptions>();
      const merged = await cli.withContext(options, (ctx) => mergeSources(ctx, { id, into }));
      await cli.show(options, merged, () => [
        `${safe(id)} is part of ${safe(into)} now: ${counted(merged.scopes, 'scope')} went over, ${counted(merged.findings, 'finding')} got another name.`,
      ]);
    });
  const rhythm = sources
    .command('rhythm')
    .description('Say for how many days a source may be silent before it is overdue.')
    .argument('<id>', 'id of the source')
    .argument('<days>', 'days, or "learned" for what its reports tell', rhythmDays)
    .addHelpText('after', RHYTHM_HELP)
    .action(async (id: string, days: number | null) => {
      const options = rhythm.optsWithGlobals<GlobalOptions>();
      await cli.withContext(options, (ctx) => setSourceRhythm(ctx, { id, days }));
      await cli.show(options, { id, days }, () => [
        days === null
          ? `The rhythm of ${safe(id)} is learned from its reports.`
          : `${safe(id)} is overdue when it is silent for more than ${counted(days, 'day')}.`,
      ]);
    });
  addWatchVerbs(sources, cli);
  const retire = sources
    .command('retire')
    .description('Close what only this source said.')
    .argument('<id>', 'id of the source')
    .option('--scope <key=value>', 'only scopes with this key (may be repeated)', keyAndValue)
    .option('--undo', 'take it back')
    .addHelpText('after', RETIRE_HELP)
    .action(async (id: string) => {
      const options = retire.optsWithGlobals<RetireOptions>();
      if (options.undo === true) return restore(cli, id, options);
      const retired = await cli.withContext(options, (ctx) =>
        retireSource(ctx, { id, keys: options.scope ?? {} }),
      );
      await cli.show(options, retired, () => [
        `${counted(retired.scopes, 'scope')} retired, ${counted(retired.closed, 'finding')} closed.`,
      ]);
    });
}

interface WatchFlags extends GlobalOptions {
  readonly every: number;
  readonly allowPrivate?: true;
  readonly format?: string;
  readonly mapping?: string;
  readonly source?: string;
  readonly scope?: Readonly<Record<string, string>>;
  readonly complete?: true;
  readonly account?: string;
  readonly region?: string;
  readonly env?: string;
  readonly service?: readonly string[];
  readonly team?: string;
}

const WATCH_HELP = `
A running server looks there, and reads what is new as "import" with the same flags; the same content is not read again.
An address is asked whether it has something new (ETag, Last-Modified); redirects are not followed, and an address of
this machine or network needs --allow-private. A folder is one of the server. What went wrong stands in "sources watched".

Examples:
  security-inbox sources watch /srv/reports --every 15 --source nightly
  security-inbox sources watch https://ci.example.com/trivy.json --every 60 --source ci --env production`;

function addWatchVerbs(sources: Command, cli: CommandLine): void {
  const watch = sources
    .command('watch')
    .description('Read what is new in a folder or at an address, on a schedule.')
    .argument('<place>', 'a folder of the server, named from the root, or an address', filled)
    .requiredOption('--every <minutes>', 'how often to look', wholeNumber(1, 44_640))
    .option('--allow-private', 'the address may be one of this machine or network')
    .option('--format <name>', 'as of import', filled)
    .option('--mapping <name>', 'a mapping that is kept by this name ("mappings list")', filled)
    .option('--source <name>', 'as of import', filled)
    .option('--scope <key=value>', 'as of import (may be repeated)', keyAndValue)
    .option('--complete', 'as of import')
    .option('--account <id>', 'as of import', filled)
    .option('--region <name>', 'as of import', filled)
    .option('--env <name>', 'as of import', filled)
    .option('--service <name>', 'as of import (may be repeated)', oneMore)
    .option('--team <name>', 'as of import', filled)
    .addHelpText('after', WATCH_HELP)
    .action(async (location: string) => {
      const flags = watch.optsWithGlobals<WatchFlags>();
      const watched = await cli.withContext(flags, (ctx) =>
        watchLocation(ctx, {
          location,
          everyMinutes: flags.every,
          allowsPrivate: flags.allowPrivate ?? false,
          options: optionsOf(flags),
        }),
      );
      await cli.show(flags, watched, () => [
        `A running server looks there every ${counted(flags.every, 'minute')}. "sources unwatch ${watched.id}" ends it.`,
      ]);
    });
  const watched = sources
    .command('watched')
    .description('List what is watched, and what the last look found.')
    .action(async () => {
      const options = watched.optsWithGlobals<GlobalOptions>();
      const watches = await cli.withContext(options, listWatches);
      await cli.show(options, watches, () => presentWatches(watches, cli.parts.columns));
    });
  const unwatch = sources
    .command('unwatch')
    .description('Look there no longer; what it brought stays.')
    .argument('<id>', 'id of the watched place')
    .action(async (id: string) => {
      const options = unwatch.optsWithGlobals<GlobalOptions>();
      await cli.withContext(options, (ctx) => unwatchLocation(ctx, { id }));
      await cli.show(options, { id }, () => [`${safe(id)} is not looked at any more.`]);
    });
}

function optionsOf(flags: WatchFlags): ImportOptions {
  return {
    format: flags.format ?? null,
    mapping: flags.mapping ?? null,
    source: flags.source ?? null,
    scope: flags.scope ?? {},
    complete: flags.complete ?? false,
    confirm: false,
    separate: false,
    root: null,
    account: flags.account ?? null,
    region: flags.region ?? null,
    environment: flags.env ?? null,
    services: flags.service ?? [],
    team: flags.team ?? null,
  };
}

async function restore(cli: CommandLine, id: string, options: RetireOptions): Promise<void> {
  const restored = await cli.withContext(options, (ctx) =>
    restoreSource(ctx, { id, keys: options.scope ?? {} }),
  );
  await cli.show(options, restored, () => [
    `${counted(restored.scopes, 'scope')} count again, ${counted(restored.reopened, 'finding')} open again.`,
  ]);
}

async function listSources(cli: CommandLine, options: ServerOptions): Promise<void> {
  const sources = await cli.withInbox(options, (inbox) => inbox.sources());
  await cli.show(options, sources, () => presentSources(sources, cli.paint));
}
