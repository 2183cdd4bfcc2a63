import type { Command } from 'commander';
import { declareAlias, withdrawAlias } from '#app/change-alias.ts';
import { listAliases } from '#app/list-aliases.ts';
import { instantText } from '#base/instant.ts';
import { counted } from '#base/text.ts';
import { filled } from '../argument-parsers.ts';
import type { CommandLine, GlobalOptions } from '../command-line.ts';
import { safe } from '../terminal-text.ts';

const HELP = `
Reports tell that a GHSA is a CVE; findings under both names are one from then on. Where a report is wrong,
"remove" parts them again, and no report brings that alias back.

Examples:
  security-inbox aliases add GHSA-2222-3333-4444 CVE-2026-1234
  security-inbox aliases remove GHSA-2222-3333-4444 CVE-2026-1234`;

const CHANGES = [
  { verb: 'add', description: 'Say that two names are one advisory.', change: declareAlias, is: 'is' },
  { verb: 'remove', description: 'Say that they are not.', change: withdrawAlias, is: 'is not' },
] as const;

export function addAliasesVerb(program: Command, cli: CommandLine): void {
  const aliases = program
    .command('aliases')
    .summary('names of one advisory')
    .description('List, add and remove other names of advisories.')
    .addHelpText('after', HELP);
  const list = aliases
    .command('list')
    .description('List the names with who told them.')
    .action(async () => {
      const options = list.optsWithGlobals<GlobalOptions>();
      const known = await cli.withContext(options, listAliases);
      const rows = known.map(({ learnedAt, ...alias }) => ({ ...alias, learnedAt: instantText(learnedAt) }));
      await cli.show(options, rows, () =>
        known.map(
          ({ name, target, origin, isWithdrawn }) =>
            `${safe(name)}  ${isWithdrawn ? 'is not' : 'is'} ${safe(target)}  (${safe(origin)})`,
        ),
      );
    });
  for (const { verb, description, change, is } of CHANGES) {
    const command = aliases
      .command(verb)
      .description(description)
      .argument('<name>', 'GHSA or other id', filled)
      .argument('<target>', 'the CVE or GHSA that it is', filled)
      .action(async (name: string, target: string) => {
        const options = command.optsWithGlobals<GlobalOptions>();
        const changed = await cli.withContext(options, (ctx) => change(ctx, { name, target }));
        await cli.show(options, changed, () => [
          `${safe(name)} ${is} ${safe(target)}: ${counted(changed.moved, 'finding')} got another name.`,
        ]);
      });
  }
}
