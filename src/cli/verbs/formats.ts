import type { Command } from 'commander';
import type { CommandLine } from '../command-line.ts';
import { safe } from '../terminal-text.ts';

const HELP = `
Answers what "import" can read and how to produce it. The first word is what --format takes.`;

export function addFormatsVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('formats')
    .summary('what can be read')
    .description('List the formats that can be read, each with the command that produces such a report.')
    .addHelpText('after', HELP)
    .action(async () => {
      const formats = cli.parts.formats.map(({ id, title, command }) => ({ id, title, command }));
      await cli.show(verb.optsWithGlobals(), formats, () =>
        formats.flatMap(({ id, title, command }) => [
          `${cli.paint.strong(id)}  ${safe(title)}`,
          `  ${safe(command)}`,
        ]),
      );
    });
}
