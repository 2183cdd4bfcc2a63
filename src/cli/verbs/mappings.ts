import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { InboxError } from '#base/inbox-error.ts';
import { cleanText, oneLine } from '#base/text.ts';
import type { Mapping } from '#contract/mapping.ts';
import { filled } from '../argument-parsers.ts';
import { type CommandLine, type ServerOptions, serverOptions } from '../command-line.ts';
import { safe } from '../terminal-text.ts';

const HELP = `
A mapping says in a few lines of YAML how reports of a tool are read that no format knows. One that is kept is used by its name
by imports, uploads and watched places; with "when" it reads files that look like it by itself.

Examples:
  security-inbox import audit.json --mapping acme.yaml --preview
  security-inbox mappings apply acme.yaml --name acme
  security-inbox import audit.json --mapping acme
  security-inbox mappings export acme > acme.yaml
  security-inbox mappings remove acme`;

export function addMappingsVerb(program: Command, cli: CommandLine): void {
  const mappings = program
    .command('mappings')
    .summary('how reports are read that no format knows')
    .description('List, keep, print and remove mappings: how reports of tools are read that no format knows.')
    .addHelpText('after', HELP);
  const list = mappings
    .command('list')
    .description('List the mappings that are kept.')
    .action(async () => {
      const options = list.optsWithGlobals<ServerOptions>();
      const kept = await cli.withInbox(options, (inbox) => inbox.mappings());
      await cli.show(options, kept, () =>
        kept.length === 0
          ? ['No mapping is kept; "mappings apply FILE --name NAME" keeps one.']
          : kept.map(
              ({ name, tool, when, keptBy }) =>
                `${safe(name)}  reports of ${safe(tool)}, ${when === null ? 'where it is named' : `files with ${safe(when.join(', '))}`}  (${safe(keptBy)})`,
            ),
      );
    });
  const apply = mappings
    .command('apply')
    .description('Keep a mapping by a name, in the place of the one that had it.')
    .argument('<file>', 'YAML', filled)
    .requiredOption('--name <name>', 'small letters, digits and hyphens', filled)
    .action(async (file: string) => {
      const options = apply.optsWithGlobals<ServerOptions & { readonly name: string }>();
      const { name } = options;
      const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
        throw new InboxError('usage', `${oneLine(file, 200)} cannot be read (${cause.code}).`, { cause });
      });
      const kept = namedMapping(
        await cli.withInbox(options, (inbox) => inbox.keepMapping({ name, text })),
        name,
      );
      await cli.show(options, kept, () => [
        `Kept as ${safe(name)}: "import FILE --mapping ${safe(name)}" reads reports of ${safe(kept.tool)}.`,
      ]);
    });
  const print = mappings
    .command('export')
    .description('Print a mapping, as "apply" reads it.')
    .argument('<name>', 'as "mappings list" prints it', filled)
    .action(async (name: string) => {
      const options = print.optsWithGlobals<ServerOptions>();
      const kept = namedMapping(await cli.withInbox(options, (inbox) => inbox.mappings()), name);
      await cli.show(options, kept, () => cleanText(kept.text).split('\n'));
    });
  const remove = mappings
    .command('remove')
    .description('Keep a mapping no longer; what was read by it stays.')
    .argument('<name>', 'as "mappings list" prints it', filled)
    .action(async (name: string) => {
      const options = remove.optsWithGlobals<ServerOptions>();
      await cli.withInbox(options, (inbox) => inbox.removeMapping(name));
      await cli.show(options, { removed: name }, () => [`${safe(name)} is kept no longer.`]);
    });
  for (const verb of [list, apply, print, remove])
    for (const option of serverOptions()) verb.addOption(option);
}

/** The mapping of a name. Throws `not_found`. */
export function namedMapping(kept: readonly Mapping[], name: string): Mapping {
  const mapping = kept.find((each) => each.name === name);
  if (mapping !== undefined) return mapping;
  throw new InboxError(
    'not_found',
    `No mapping is kept as ${oneLine(name, 80)}. "mappings list" prints those that are.`,
  );
}
