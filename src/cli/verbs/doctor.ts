import type { Command } from 'commander';
import { REFUSALS } from '#base/inbox-error.ts';
import { type CommandLine, placeOf } from '../command-line.ts';
import type { Diagnosis, DiagnosisCheck } from '../parts.ts';
import { safe } from '../terminal-text.ts';

const HELP = `
Answers where the data lie and whether the database, the disk and the feeds are well. Exit status 70 when
something has failed.`;

export function addDoctorVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('doctor')
    .summary('where the data lie, and whether all is well')
    .description('Look at the data folder, the database and what else the program stands on.')
    .addHelpText('after', HELP)
    .action(async () => {
      const options = verb.optsWithGlobals();
      const diagnosis = await cli.parts.diagnose(placeOf(options));
      if (diagnosis.checks.some(({ state }) => state === 'failure'))
        cli.exitCode = REFUSALS.internal.exitCode;
      await cli.show(options, diagnosis, () => presentDiagnosis(diagnosis));
    });
}

function presentDiagnosis({ dataDirectory, checks }: Diagnosis): readonly string[] {
  return [`data     ${safe(dataDirectory)}`, ...checks.flatMap(checkLines)];
}

function checkLines({ title, state, sentence, remedy }: DiagnosisCheck): readonly string[] {
  const line = `${state.padEnd(7)}  ${safe(title)}: ${safe(sentence)}`;
  return remedy === null ? [line] : [line, `         ${safe(remedy)}`];
}
