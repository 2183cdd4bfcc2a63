import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { cloneRule, removeRule, switchRule } from '#app/change-rules.ts';
import { chooseScoring } from '#app/choose-scoring.ts';
import { InboxError } from '#base/inbox-error.ts';
import { conditionsSchema, type Scoring } from '#contract/admission-rules.ts';
import { findingTypeSchema } from '#contract/finding-type.ts';
import { presentRule } from '#contract/from-domain/present-rule.ts';
import { filled } from '../argument-parsers.ts';
import { type CommandLine, type GlobalOptions, type ServerOptions, serverOptions } from '../command-line.ts';
import { presentRules, presentScoring } from '../present-rules.ts';

interface CloneOptions extends GlobalOptions {
  readonly title: string;
  readonly sentence?: string;
  readonly type?: readonly string[];
  readonly when?: string;
}

interface ScoringOptions extends GlobalOptions {
  readonly severityBasis?: Scoring['severityBasis'];
  readonly epssRule?: Scoring['epssRule'];
  readonly privilegedAccess?: Scoring['privilegedAccess'];
}

const CLONE_HELP = `
A clone counts beside the original; "rules disable" switches the original off. Conditions are a JSON list, as
"rules list --json" prints them under "when".

Example:
  security-inbox rules clone default.library_vulnerability --title "Libraries in production" --when conditions.json`;

export function addRulesVerb(program: Command, cli: CommandLine): void {
  const rules = program
    .command('rules')
    .summary('what takes findings into the inbox')
    .description('Show the rules of admission, switch them, clone them, and choose how severities count.');
  const list = rules
    .command('list')
    .description('List the rules, the default ones first.')
    .action(async () => {
      const options = list.optsWithGlobals<ServerOptions>();
      const all = await cli.withInbox(options, (inbox) => inbox.rules());
      await cli.show(options, all, () => presentRules(all, cli.parts.columns));
    });
  for (const option of serverOptions()) list.addOption(option);
  for (const isEnabled of [true, false]) {
    const verb = rules
      .command(isEnabled ? 'enable' : 'disable')
      .description(`Switch a rule ${isEnabled ? 'on' : 'off'}; findings enter or leave the inbox at once.`)
      .argument('<id>', 'id of the rule', filled)
      .action(async (id: string) => {
        const options = verb.optsWithGlobals<GlobalOptions>();
        const rule = presentRule(await cli.withContext(options, (ctx) => switchRule(ctx, { id, isEnabled })));
        await cli.show(options, rule, () => presentRules([rule], cli.parts.columns));
      });
  }
  const clone = rules
    .command('clone')
    .description('Make a rule of the organisation out of another one.')
    .argument('<id>', 'id of the rule', filled)
    .requiredOption('--title <text>', 'its name', filled)
    .option('--sentence <text>', 'its criterion as people read it', filled)
    .addOption(
      new Option('--type <types...>', 'types of findings that it is about').choices(
        findingTypeSchema.options,
      ),
    )
    .option('--when <file>', 'its conditions, a JSON list')
    .addHelpText('after', CLONE_HELP)
    .action(async (id: string) => cloneOne(cli, id, clone.optsWithGlobals()));
  const remove = rules
    .command('remove')
    .description('Take a rule of the organisation away.')
    .argument('<id>', 'id of the rule', filled)
    .action(async (id: string) => {
      const options = remove.optsWithGlobals<GlobalOptions>();
      await cli.withContext(options, (ctx) => removeRule(ctx, { id }));
      await cli.show(options, { id }, () => [`${id} is gone.`]);
    });
  const scoring = rules
    .command('scoring')
    .description('Show or choose how severities count, and what counts as privileged access.')
    .addOption(
      new Option('--severity-basis <word>', 'the score with context, or the one that was published').choices([
        'adjusted',
        'base',
      ]),
    )
    .addOption(
      new Option('--epss-rule <word>', 'ours, or the reference product’s').choices(['ours', 'reference']),
    )
    .addOption(
      new Option('--privileged-access <levels>', 'which levels of privilege are a risk').choices([
        'P0-P3',
        'P0-P4',
      ]),
    )
    .action(async () => {
      const options = scoring.optsWithGlobals<ScoringOptions>();
      const { severityBasis, epssRule, privilegedAccess } = options;
      const chosen = await cli.withContext(options, (ctx) =>
        chooseScoring(ctx, { severityBasis, epssRule, privilegedAccess }),
      );
      await cli.show(options, chosen, () => presentScoring(chosen));
    });
}

async function cloneOne(cli: CommandLine, id: string, options: CloneOptions): Promise<void> {
  const { title, sentence = null, type, when } = options;
  const request = {
    id,
    title,
    sentence,
    // The parser let only the types of findings through.
    types: type === undefined ? null : type.map((each) => findingTypeSchema.parse(each)),
    when: when === undefined ? null : await conditionsIn(when),
  };
  const rule = presentRule(await cli.withContext(options, (ctx) => cloneRule(ctx, request)));
  await cli.show(options, rule, () => presentRules([rule], cli.parts.columns));
}

async function conditionsIn(path: string) {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new InboxError('usage', `--when: ${path} cannot be read (${cause.code}).`, { cause });
  });
  const parsed = conditionsSchema.safeParse(jsonOrNull(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InboxError(
    'usage',
    `--when: ${path} is no list of conditions (${issue?.path.join('/') ?? ''}: ${issue?.message ?? ''}). "rules list --json" prints some.`,
  );
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
