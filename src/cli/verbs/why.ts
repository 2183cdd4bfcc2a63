import type { Command } from 'commander';
import { type CommandLine, type ServerOptions, serverOptions } from '../command-line.ts';
import { findIssue } from '../find-issue.ts';
import { historyLines } from '../present-history.ts';
import { presentWhy } from '../present-why.ts';
import { safe } from '../terminal-text.ts';

interface WhyOptions extends ServerOptions {
  readonly above?: string;
}

const HELP = `
Answers why an issue stands where it stands: the key that ranks it, each step of its score, each rule of
admission, the evidence of each detected risk or what is missing for it, and who saw it.

Examples:
  security-inbox why CVE-2021-44228
  security-inbox why 3k8d --above 91vq`;

export function addWhyVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('why')
    .summary('why an issue stands where it stands')
    .description('Explain the rank of an issue from its evidence, or compare it with another one.')
    .argument('<issue>', 'id, the first four or more characters of one, key, or advisory')
    .option('--above <issue>', 'whether it ranks above this one, and the first key that differs')
    .addHelpText('after', HELP)
    .action(async (issue: string) => why(cli, issue, verb.optsWithGlobals()));
  for (const option of serverOptions()) verb.addOption(option);
}

async function why(cli: CommandLine, issue: string, options: WhyOptions): Promise<void> {
  await cli.withInbox(options, async (inbox) => {
    const id = await findIssue(inbox, issue);
    if (options.above === undefined) {
      const explained = await inbox.explain(id);
      const { items } = await inbox.history(id);
      await cli.show(options, explained, () => [
        ...presentWhy(explained, cli.paint),
        ...historyLines(items, cli.paint),
      ]);
    } else {
      const comparison = await inbox.compare(id, await findIssue(inbox, options.above));
      await cli.show(options, comparison, () => [safe(comparison.sentence)]);
    }
  });
}
