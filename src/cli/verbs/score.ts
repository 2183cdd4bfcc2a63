import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import { scoreVectors } from '#app/score-vectors.ts';
import { InboxError } from '#base/inbox-error.ts';
import { oneMore } from '../argument-parsers.ts';
import type { CommandLine, GlobalOptions } from '../command-line.ts';
import { presentScore } from '../present-score.ts';
import { parseScoreContext } from '../score-context.ts';

interface ScoreOptions extends GlobalOptions {
  readonly context?: readonly string[];
}

const STANDARD_INPUT = '-';
const INPUT_CHARACTERS_MAX = 64 * 1024 * 1024;

const HELP = `
Answers how bad a vulnerability is where it runs. The context is what is known there; what is not given
is unknown, and unknown never lowers a score:

  public      yes, no, unknown: reachable from the internet
  production  yes, no, unknown: runs in production
  exploit     weaponised, poc, none, unknown
  epss        probability from 0 to 1, unknown
  published   date of the advisory, unknown

Examples:
  security-inbox score CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H --context public=no,exploit=poc
  cut -f2 vectors.tsv | security-inbox score - --context production=no --json`;

export function addScoreVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('score')
    .summary('CVSS base and adjusted score')
    .description('Score CVSS vectors (2.0, 3.0, 3.1, 4.0) as they are and as they count in a context.')
    .argument('<vector...>', 'CVSS vectors; - reads them from standard input, one on a line')
    .option('--context <key=value,...>', 'what is known where it runs', oneMore)
    .addHelpText('after', HELP)
    .action(async (vectors: readonly string[]) => score(cli, vectors, verb.optsWithGlobals()));
}

async function score(cli: CommandLine, given: readonly string[], options: ScoreOptions): Promise<void> {
  const context = parseScoreContext(options.context ?? [], cli.parts.now());
  const vectors: string[] = [];
  for (const each of given) {
    if (each === STANDARD_INPUT) for (const line of await linesOf(cli.parts.input)) vectors.push(line);
    else vectors.push(each);
  }
  const scored = scoreVectors({ vectors, context });
  await cli.show(options, scored, () => scored.flatMap((each) => presentScore(each, cli.paint)));
}

/** The lines that hold something. Throws `too_large`. */
async function linesOf(input: Readable): Promise<readonly string[]> {
  let text = '';
  for await (const chunk of input.setEncoding('utf8')) {
    text += chunk;
    if (text.length > INPUT_CHARACTERS_MAX)
      throw new InboxError(
        'too_large',
        'Standard input holds more than 64 MB of vectors. Give them in several parts.',
      );
  }
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
