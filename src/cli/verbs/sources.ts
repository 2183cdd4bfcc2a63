import type { Command } from 'commander';
import { mergeSources } from '#app/merge-sources.ts';
import { renameSource } from '#app/rename-source.ts';
import { restoreSource } from '#app/restore-source.ts';
import { retireSource } from '#app/retire-source.ts';
import { setSourceRhythm } from '#app/set-source-rhythm.ts';
import { counted } from '#base/text.ts';
import { filled, keyAndValue, rhythmDays } from '../argument-parsers.ts';
import { type CommandLine, type GlobalOptions, type ServerOptions, serverOptions } from '../command-line.ts';
import { presentSources } from '../present-sources.ts';
import { safe } from '../terminal-text.ts';

interface RetireOptions extends GlobalOptions {
  readonly scope?: Readonly<Record<string, string>>;
  readonly undo?: true;
}

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
    .description('List, rename, merge and retire the sources of reports, and say how often they report.');
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
