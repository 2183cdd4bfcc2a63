import { Command, CommanderError } from 'commander';
import { InboxError, REFUSALS } from '#base/inbox-error.ts';
import { CommandLine } from './command-line.ts';
import { Output, ReaderGone } from './output.ts';
import type { CommandLineParts } from './parts.ts';
import { jsonText, safe } from './terminal-text.ts';
import { addDoctorVerb } from './verbs/doctor.ts';
import { addFeedsVerb } from './verbs/feeds.ts';
import { addFormatsVerb } from './verbs/formats.ts';
import { addImportVerb } from './verbs/import.ts';
import { addListVerb } from './verbs/list.ts';
import { addPersonVerb } from './verbs/person.ts';
import { addScoreVerb } from './verbs/score.ts';
import { addServeVerb } from './verbs/serve.ts';
import { addSignInVerb } from './verbs/sign-in.ts';
import { addSourcesVerb } from './verbs/sources.ts';
import { addStopVerb } from './verbs/stop.ts';
import { addTokenVerb } from './verbs/token.ts';
import { addWhyVerb } from './verbs/why.ts';

type AddVerb = (program: Command, cli: CommandLine) => void;

/** The verbs in the groups and the order in which the help shows them. */
const VERBS: readonly { readonly group: string; readonly verbs: readonly AddVerb[] }[] = [
  { group: 'Reports in, ranked list out:', verbs: [addImportVerb, addListVerb, addWhyVerb, addScoreVerb] },
  { group: 'What it rests on:', verbs: [addFormatsVerb, addSourcesVerb, addFeedsVerb] },
  { group: 'Server and people:', verbs: [addServeVerb, addSignInVerb, addTokenVerb, addPersonVerb, addStopVerb, addDoctorVerb] },
];

/**
 * Runs one command line, given without the program's own name, and answers its exit code: what the verb
 * says, 64 for a command line that is none, the code of a refusal, 70 for a failure of ours. Nothing is
 * thrown. With `--json` a refusal is `{"error":{"code","message"}}` on the error stream.
 */
export async function runCommandLine(argv: readonly string[], parts: CommandLineParts): Promise<number> {
  const cli = new CommandLine(parts);
  const help: HelpTexts = { out: '', err: '' };
  try {
    await makeProgram(cli, help).parseAsync(argv, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    if (error instanceof ReaderGone) return cli.exitCode;
    return tell(error, cli, help, argv).catch((failure: unknown) => {
      if (failure instanceof ReaderGone) return cli.exitCode;
      throw failure;
    });
  }
}
