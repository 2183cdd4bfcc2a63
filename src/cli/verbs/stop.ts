import type { Command } from 'commander';
import { type CommandLine, placeOf } from '../command-line.ts';
import { safe } from '../terminal-text.ts';

const HELP = `
Nothing that runs is no error.

Example:
  security-inbox stop --data /srv/inbox`;

export function addStopVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('stop')
    .summary('end the server and the database')
    .description('End the server and the database that run on these data.')
    .addHelpText('after', HELP)
    .action(async () => {
      const options = verb.optsWithGlobals();
      const { isStopped, sentence } = await cli.parts.stop(placeOf(options));
      await cli.show(options, { stopped: isStopped, sentence }, () => [safe(sentence)]);
    });
}
