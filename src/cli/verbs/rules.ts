import { readFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import { changeAutomation } from '#app/change-automation.ts';
import { cloneRule, removeRule, switchRule } from '#app/change-rules.ts';
import { chooseScoring } from '#app/choose-scoring.ts';
import { InboxError } from '#base/inbox-error.ts';
import { counted } from '#base/text.ts';
import { conditionsSchema, type Scoring } from '#contract/admission-rules.ts';
import type { RulesEdit } from '#contract/automation-rule.ts';
import { findingTypeSchema } from '#contract/finding-type.ts';
import { presentRuleChange } from '#contract/from-domain/present-automation.ts';
import { presentRule } from '#contract/from-domain/present-rule.ts';
import { filled } from '../argument-parsers.ts';
import { type CommandLine, type GlobalOptions, type ServerOptions, serverOptions } from '../command-line.ts';
import { presentAutomation, presentChanges, presentRulesPreview } from '../present-automation.ts';
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

const HELP = `
Examples:
  security-inbox rules disable default.iac_misconfiguration
  security-inbox rules enable default.iac_misconfiguration
  security-inbox rules export > rules.yaml
  security-inbox rules preview rules.yaml
  security-inbox rules diff rules.yaml
  security-inbox rules apply rules.yaml
  security-inbox rules remove libraries-in-production
  security-inbox rules scoring --severity-basis base`;

const CLONE_HELP = `
A clone counts beside the original; "rules disable" switches the original off. Conditions are a JSON list, as
"rules list --json" prints them under "when".

Example:
  security-inbox rules clone default.library_vulnerability --title "Libraries in production" --when conditions.json`;

export function addRulesVerb(program: Command, cli: CommandLine): void {
  const rules = program
    .command('rules')
    .summary('what takes findings into the inbox, and what is done to them')
    .description(
      'Show the rules of admission and those of the organisation, change them, and choose how severities count.',
    )
    .addHelpText('after', HELP);
  const list = rules
    .command('list')
    .description(
      'List the rules: those of admission, the default ones first, then those that act on findings.',
    )
    .action(async () => {
      const options = list.optsWithGlobals<ServerOptions>();
      const { admission, automation } = await cli.withInbox(options, async (inbox) => ({
        admission: await inbox.rules(),
        automation: await inbox.automation(),
      }));
      await cli.show(
        options,
        [...admission.map((rule) => ({ type: 'admission', ...rule })), ...automation.items],
        () => [
          ...presentRules(admission, cli.parts.columns),
          '',
          ...presentAutomation(automation, cli.parts.columns),
        ],
      );
    });
  for (const option of serverOptions()) list.addOption(option);
  for (const isEnabled of [true, false]) {
    const verb = rules
      .command(isEnabled ? 'enable' : 'disable')
      .description(`Switch a rule ${isEnabled ? 'on' : 'off'}; findings enter or leave the inbox at once.`)
      .argument('<id>', 'id of the rule', filled)
      .action(async (id: string) => {
        const options = verb.optsWithGlobals<GlobalOptions>();
        if (isOfAutomation(id)) return changeOne(cli, options, { what: 'switch', id, isEnabled });
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
      if (isOfAutomation(id)) return changeOne(cli, options, { what: 'remove', id });
      await cli.withContext(options, (ctx) => removeRule(ctx, { id }));
      await cli.show(options, { id }, () => [`${id} is gone.`]);
    });
  addFileVerbs(rules, cli);
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

/** Verbs on rules files. */
function addFileVerbs(rules: Command, cli: CommandLine): void {
  const onFile = (name: string, description: string) => {
    const verb = rules
      .command(name)
      .description(description)
      .argument('<file>', 'a rules file, YAML or JSON', filled);
    for (const option of serverOptions()) verb.addOption(option);
    return verb;
  };
  const apply = onFile(
    'apply',
    'Put the rules of a file in the place of those of its types; issues follow at once.',
  );
  apply.action(async (path: string) => {
    const options = apply.optsWithGlobals<ServerOptions>();
    const text = await fileText(path);
    const changes = await cli.withInbox(options, (inbox) =>
      inbox.changeRules({ what: 'file', text }, tellingTenths(cli)),
    );
    await cli.show(options, changes, () => presentChanges(changes));
  });
  const preview = onFile(
    'preview',
    'Tell what a file would do to findings and to the inbox; nothing is changed.',
  );
  preview.action(async (path: string) => {
    const options = preview.optsWithGlobals<ServerOptions>();
    const text = await fileText(path);
    const told = await cli.withInbox(options, (inbox) => inbox.previewRules({ what: 'file', text }));
    await cli.show(options, told, () => presentRulesPreview(told));
  });
  const diff = onFile(
    'diff',
    'Tell what differs between a file and the rules that are there; the exit code is 1 where anything does.',
  );
  diff.action(async (path: string) => {
    const options = diff.optsWithGlobals<ServerOptions>();
    const text = await fileText(path);
    const changes = await cli.withInbox(options, (inbox) => inbox.diffRules(text));
    if (changes.length > 0) cli.exitCode = 1;
    await cli.show(options, changes, () => presentChanges(changes));
  });
  const exported = rules
    .command('export')
    .description('Print the rules that act on findings as a rules file.');
  for (const option of serverOptions()) exported.addOption(option);
  exported.action(async () => {
    const options = exported.optsWithGlobals<ServerOptions>();
    const text = await cli.withInbox(options, (inbox) => inbox.exportRules());
    await cli.show(options, { text }, () => text.trimEnd().split('\n'));
  });
}

/** Says on the way of each tenth of what takes a while that it is done. */
function tellingTenths(cli: CommandLine): (done: number, all: number) => void {
  let told = 0;
  return (done, all) => {
    const tenth = Math.floor((done * 10) / all);
    if (all < SLOW_ISSUES || tenth <= told) return;
    told = tenth;
    // Whoever closed the terminal wants no progress.
    cli.err.line(`${done} of ${counted(all, 'issue')} assessed anew.`).catch(() => undefined);
  };
}

/** So many are assessed anew before anybody wonders. */
const SLOW_ISSUES = 10_000;

/** Ids of rules of admission have a dot. */
function isOfAutomation(id: string): boolean {
  return !id.includes('.');
}

async function changeOne(
  cli: CommandLine,
  options: GlobalOptions,
  edit: Extract<RulesEdit, { readonly what: 'switch' | 'remove' }>,
): Promise<void> {
  const changes = (await cli.withContext(options, (ctx) => changeAutomation(ctx, edit))).map(
    presentRuleChange,
  );
  await cli.show(options, changes, () => presentChanges(changes));
}

async function fileText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    throw new InboxError('usage', `${path} cannot be read (${cause.code}).`, { cause });
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
