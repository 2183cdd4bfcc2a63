import { type Command, Option } from 'commander';
import { type ControlRequest, editControl, resetControl } from '#app/edit-control.ts';
import { presentControl as controlJson } from '#contract/from-domain/present-control.ts';
import { severitySchema } from '#contract/severity.ts';
import { filled } from '../argument-parsers.ts';
import { type CommandLine, type GlobalOptions, type ServerOptions, serverOptions } from '../command-line.ts';
import { presentControl, presentControls } from '../present-controls.ts';

interface ListOptions extends ServerOptions {
  readonly edited?: true;
}

interface SetOptions extends GlobalOptions {
  readonly vector?: string;
  readonly accessibility?: string;
  readonly impact?: string;
  readonly inbox?: string;
  readonly severity?: string;
  readonly reason: string;
}

/** Stands for "as the catalogue has it". */
const DEFAULT = 'default';

const HELP = `
Examples:
  security-inbox controls list --edited
  security-inbox controls show ec2.imdsv1
  security-inbox controls reset ec2.imdsv1`;

const SET_HELP = `
Severity follows likelihood (what an attacker needs, and from where) and impact, unless --severity names one.
"default" takes the catalogue's word again. Issues of the control are assessed anew at once.

Examples:
  security-inbox controls set ec2.imdsv1 --inbox yes --reason "We had this one"
  security-inbox controls set elb.public-no-waf --severity info --reason "Filtered by the CDN"`;

export function addControlsVerb(program: Command, cli: CommandLine): void {
  const controls = program
    .command('controls')
    .summary('misconfigurations and identity checks')
    .description('Show the catalogue of controls, and change how one counts here.')
    .addHelpText('after', HELP);
  const list = controls
    .command('list')
    .description('List the controls with severity, likelihood, impact and admission.')
    .option('--edited', 'only those that were changed here')
    .action(async () => listControls(cli, list.optsWithGlobals()));
  for (const option of serverOptions()) list.addOption(option);
  const show = controls
    .command('show')
    .description('Show one control: why, fix, frameworks, and the checks that mean it.')
    .argument('<id>', 'id of the control', filled)
    .action(async (id: string) => showControl(cli, id, show.optsWithGlobals()));
  for (const option of serverOptions()) show.addOption(option);
  const set = controls
    .command('set')
    .description('Change how a control counts here.')
    .argument('<id>', 'id of the control', filled)
    .addOption(choice('--vector <word>', 'what an attacker needs', VECTORS))
    .addOption(choice('--accessibility <word>', 'from where it can be tried', ['private', 'public']))
    .addOption(choice('--impact <word>', 'how far the harm goes', ['low', 'medium', 'high', 'critical']))
    .addOption(choice('--inbox <word>', 'whether the default rules take it in', ['yes', 'no']))
    .addOption(
      choice('--severity <word>', 'in place of what likelihood and impact give', severitySchema.options),
    )
    .requiredOption('--reason <text>', 'why, for those who read it later', filled)
    .addHelpText('after', SET_HELP)
    .action(async (id: string) => setControl(cli, id, set.optsWithGlobals()));
  const reset = controls
    .command('reset')
    .description('Let a control count as the catalogue has it again.')
    .argument('<id>', 'id of the control', filled)
    .action(async (id: string) => {
      const options = reset.optsWithGlobals<GlobalOptions>();
      const control = controlJson(await cli.withContext(options, (ctx) => resetControl(ctx, { id })));
      await cli.show(options, control, () => presentControl(control, cli.paint));
    });
}

const VECTORS = ['required_privileges', 'vulnerability', 'no_authorization'];

function choice(flags: string, description: string, words: readonly string[]): Option {
  return new Option(flags, description).choices([...words, DEFAULT]);
}

async function listControls(cli: CommandLine, options: ListOptions): Promise<void> {
  const all = await cli.withInbox(options, (inbox) => inbox.controls());
  const controls = options.edited === true ? all.filter(({ edit }) => edit !== null) : all;
  await cli.show(options, controls, () => presentControls(controls, cli.paint, cli.parts.columns));
}

async function showControl(cli: CommandLine, id: string, options: ServerOptions): Promise<void> {
  const control = await cli.withInbox(options, (inbox) => inbox.control(id));
  await cli.show(options, control, () => presentControl(control, cli.paint));
}

async function setControl(cli: CommandLine, id: string, options: SetOptions): Promise<void> {
  const request = { ...requestOf(options), reason: options.reason };
  const control = controlJson(await cli.withContext(options, (ctx) => editControl(ctx, { id, request })));
  await cli.show(options, control, () => presentControl(control, cli.paint));
}

/** The parser let only the words of each option through. */
function requestOf({ vector, accessibility, impact, inbox, severity }: SetOptions): Partial<ControlRequest> {
  const words = Object.entries({ vector, accessibility, impact, severity }).filter(
    ([, word]) => word !== undefined,
  );
  const request = Object.fromEntries(words.map(([name, word]) => [name, word === DEFAULT ? null : word]));
  return inbox === undefined ? request : { ...request, inbox: inbox === DEFAULT ? null : inbox === 'yes' };
}
