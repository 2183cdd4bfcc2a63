import { Command, CommanderError } from 'commander';
import { InboxError, REFUSALS } from '#base/inbox-error.ts';
import { filled } from './argument-parsers.ts';
import { CommandLine } from './command-line.ts';
import { ReaderGone } from './output.ts';
import type { CommandLineParts } from './parts.ts';
import { passExamplesOn } from './pass-examples-on.ts';
import { jsonText, safe } from './terminal-text.ts';
import { addAdvisoriesVerb } from './verbs/advisories.ts';
import { addAliasesVerb } from './verbs/aliases.ts';
import { addControlsVerb } from './verbs/controls.ts';
import { addDoctorVerb } from './verbs/doctor.ts';
import { addExportVerb } from './verbs/export.ts';
import { addFeedsVerb } from './verbs/feeds.ts';
import { addFormatsVerb } from './verbs/formats.ts';
import { addImportVerb } from './verbs/import.ts';
import { addIssueVerb } from './verbs/issue.ts';
import { addListVerb } from './verbs/list.ts';
import { addMappingsVerb } from './verbs/mappings.ts';
import { addNetworksVerb } from './verbs/networks.ts';
import { addOwnersVerb } from './verbs/owners.ts';
import { addPathsVerb } from './verbs/paths.ts';
import { addPersonVerb } from './verbs/person.ts';
import { addReceiversVerb } from './verbs/receivers.ts';
import { addResourceVerb } from './verbs/resource.ts';
import { addRulesVerb } from './verbs/rules.ts';
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
  {
    group: 'Reports in, ranked list out:',
    verbs: [
      addImportVerb,
      addListVerb,
      addWhyVerb,
      addIssueVerb,
      addResourceVerb,
      addPathsVerb,
      addExportVerb,
      addScoreVerb,
    ],
  },
  {
    group: 'What it rests on:',
    verbs: [
      addFormatsVerb,
      addMappingsVerb,
      addRulesVerb,
      addSourcesVerb,
      addAliasesVerb,
      addNetworksVerb,
      addOwnersVerb,
      addFeedsVerb,
      addControlsVerb,
      addAdvisoriesVerb,
      addReceiversVerb,
    ],
  },
  {
    group: 'Server and people:',
    verbs: [addServeVerb, addSignInVerb, addTokenVerb, addPersonVerb, addStopVerb, addDoctorVerb],
  },
];

/**
 * Runs one command line, given without the program's own name, and answers its exit code: what the verb
 * says, 64 for a command line that is none, the code of a refusal, 70 for a failure of ours. Nothing is
 * thrown. With `--json` a refusal is `{"error":{"code","message"}}` on the error stream.
 */
export async function runCommandLine(argv: readonly string[], parts: CommandLineParts): Promise<number> {
  const cli = new CommandLine(parts);
  const help: HelpTexts = { out: '', err: '' };
  const program = makeProgram(cli, help);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return cli.exitCode;
  } catch (error) {
    if (error instanceof ReaderGone) return cli.exitCode;
    const asked = { argv, verbs: program.commands.map((verb) => verb.name()) };
    const { exitCode, out, err } = endingOf(error, help, asked);
    try {
      if (out !== undefined) await cli.out.write(out);
      if (err !== undefined) await cli.err.write(err);
    } catch {
      // Nobody is left to tell; the exit code still says it.
    }
    return exitCode;
  }
}

/** What the parser wants to say, kept until it can be awaited. */
interface HelpTexts {
  out: string;
  err: string;
}

function makeProgram(cli: CommandLine, help: HelpTexts): Command {
  const { parts } = cli;
  const program = new Command('security-inbox')
    .description(
      'Reads the reports of your scanners, and shows one ranked list of what to fix first, and why.',
    )
    .version(parts.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print what a verb does, with examples')
    .option('--data <folder>', 'where the data lie, else .data beside the program', filled)
    .option('--json', 'print JSON for programs')
    .option('--debug', 'print where a failure came from')
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => {
        help.out += text;
      },
      writeErr: (text) => {
        help.err += text;
      },
      outputError: () => undefined,
      getOutHelpWidth: () => parts.columns ?? 100,
      getErrHelpWidth: () => parts.columns ?? 100,
      getOutHasColors: () => parts.isColourWanted,
      getErrHasColors: () => parts.isColourWanted,
    })
    .exitOverride();
  for (const { group, verbs } of VERBS) {
    program.commandsGroup(group);
    for (const addVerb of verbs) addVerb(program, cli);
  }
  passExamplesOn(program);
  return program;
}

/** What was typed, and which verbs there are. */
interface Asked {
  readonly argv: readonly string[];
  readonly verbs: readonly string[];
}

/** How a command line ended that did not run to its end: what to print, and the exit code. */
interface Ending {
  readonly exitCode: number;
  readonly out?: string;
  readonly err?: string;
}

function endingOf(error: unknown, help: HelpTexts, asked: Asked): Ending {
  if (!(error instanceof CommanderError)) return refusalEnding(error, asked);
  if (error.exitCode === 0) return { exitCode: 0, out: help.out };
  const isVerbMissing = error.code === 'commander.help';
  if (isVerbMissing && !hasFlag(asked, '--json')) return { exitCode: REFUSALS.usage.exitCode, err: help.err };
  return refusalEnding(
    new InboxError('usage', isVerbMissing ? 'A verb is missing.' : sentenceOf(error)),
    asked,
  );
}

function refusalEnding(error: unknown, asked: Asked): Ending {
  const refusal = error instanceof InboxError ? error : new InboxError('internal', internalMessage(error));
  const message = safe(refusal.message, 2_000);
  const { exitCode } = REFUSALS[refusal.code];
  if (hasFlag(asked, '--json'))
    return { exitCode, err: `${jsonText({ error: { code: refusal.code, message } })}\n` };
  const lines = [message];
  if (refusal.code === 'usage') lines.push(`Help: security-inbox ${verbOf(asked)}--help`);
  if (hasFlag(asked, '--debug')) lines.push(...traceOf(error));
  return { exitCode, err: lines.map((line) => `${line}\n`).join('') };
}

function internalMessage(error: unknown): string {
  return `A promise of the product is broken, which is a defect: ${error instanceof Error ? error.message : String(error)}. With --debug it says where.`;
}

/** The stack of an error and of what caused it. */
function traceOf(error: unknown): readonly string[] {
  const lines: string[] = [];
  for (let each = error; each instanceof Error && lines.length < 200; each = each.cause)
    lines.push(...(each.stack ?? each.message).split('\n').map((line) => safe(line)));
  return lines;
}

/** The parser says `error: unknown option '--jsn'` and perhaps, on a second line, what was meant. */
function sentenceOf({ message }: CommanderError): string {
  const text = message
    .replace(/^error: /, '')
    .replace(/\n+/g, ' ')
    .trim();
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.)]$/.test(text) ? '' : '.'}`;
}

/** Looked for in the words themselves: where the parser fails, it has read no flags. */
function hasFlag({ argv }: Asked, flag: string): boolean {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? argv.length : end).includes(flag);
}

/** The verb that was meant, with a space behind it; empty where none can be told. */
function verbOf({ argv, verbs }: Asked): string {
  const verb = argv.find((word) => verbs.includes(word));
  return verb === undefined ? '' : `${verb} `;
}
