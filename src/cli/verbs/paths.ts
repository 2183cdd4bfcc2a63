import { type Command, Option } from 'commander';
import { lensSchema } from '#contract/attack-path.ts';
import type { Lens } from '#domain/attackpath/lens-steps.ts';
import { type CommandLine, type ServerOptions, serverOptions } from '../command-line.ts';
import { presentFixPlan, presentPathMap, presentPaths, presentWhatIf } from '../present-paths.ts';
import { presentBlastRadius, presentWaysTo } from '../present-reach.ts';

const HELP = `
Answers how outsiders could get to what matters: each path step by step, with the evidence of each step and
with what would close it. Likelihoods are experts' estimates; they choose the path that is shown, and the severity.

Examples:
  security-inbox paths
  security-inbox paths --map
  security-inbox paths fix-plan
  security-inbox paths what-if CVE-2021-44228
  security-inbox paths blast-radius i-0abc123
  security-inbox paths who-can-reach arn:aws:s3:::exports`;

export function addPathsVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('paths')
    .summary('attack paths, and what closes most of them')
    .description('Show attack paths, plan fixes, or try what closing a gate would do.')
    .addHelpText('after', HELP)
    .addOption(
      new Option('--lens <from>', 'from where to look; only paths from outside are in the inbox')
        .choices([...lensSchema.options])
        .default('outside'),
    )
    .option(
      '--map [issue]',
      'draw what the path of an issue passes, in columns; of the first path where none is named',
    )
    .action(async () => list(cli, verb.optsWithGlobals()));
  for (const option of serverOptions()) verb.addOption(option);
  const plan = verb
    .command('fix-plan')
    .summary('the choke points')
    .description('Print the fixes that take the most risk, one after another.')
    .option('--cheapest', 'those first that take most for the work that they are')
    .action(async () => fixPlan(cli, plan.optsWithGlobals()));
  for (const option of serverOptions()) plan.addOption(option);
  const tried = verb
    .command('what-if')
    .summary('what closing a gate would do')
    .description(
      'Print what becomes of attack paths, of issues and of the inbox when gates are closed or issues are mended.',
    )
    .argument(
      '<gate...>',
      'id of a gate, of a fix or of an issue, an advisory, or words of what closing it means',
    )
    .action(async (gates: readonly string[]) => whatIf(cli, gates, tried.optsWithGlobals()));
  for (const option of serverOptions()) tried.addOption(option);
  const radius = verb
    .command('blast-radius')
    .summary('what whoever takes something gets to')
    .description('Print what whoever takes a resource, or what an issue is about, gets to.')
    .argument('<id>', 'an issue, or a resource: its id, or its name on the map')
    .action(async (of: string) => showRadius(cli, of, radius.optsWithGlobals()));
  for (const option of serverOptions()) radius.addOption(option);
  const ways = verb
    .command('who-can-reach')
    .summary('the best way from each entry to a resource')
    .description('Print who can reach a resource, and how; --lens says from where to look.')
    .argument('<resource>', 'id of a resource, or its name on the map')
    .action(async (resource: string) => showWays(cli, resource, ways.optsWithGlobals()));
  for (const option of serverOptions()) ways.addOption(option);
}

async function showRadius(cli: CommandLine, of: string, options: ServerOptions): Promise<void> {
  const radius = await cli.withInbox(options, (inbox) => inbox.blastRadius(of));
  await cli.show(options, radius, () => presentBlastRadius(radius, cli.paint));
}

async function showWays(
  cli: CommandLine,
  resource: string,
  options: ServerOptions & { readonly lens: Lens },
): Promise<void> {
  const ways = await cli.withInbox(options, (inbox) => inbox.waysTo(resource, options.lens));
  await cli.show(options, ways, () => presentWaysTo(ways, cli.paint));
}

async function list(
  cli: CommandLine,
  options: ServerOptions & { readonly lens: Lens; readonly map?: string | true },
): Promise<void> {
  if (options.map !== undefined) {
    const issue = options.map === true ? null : options.map;
    const map = await cli.withInbox(options, (inbox) => inbox.pathMap(issue));
    await cli.show(options, map, () => presentPathMap(map, cli.paint));
    return;
  }
  const paths = await cli.withInbox(options, (inbox) => inbox.paths(options.lens));
  await cli.show(options, paths.items, () => presentPaths(paths, cli.paint));
}

async function fixPlan(
  cli: CommandLine,
  options: ServerOptions & { readonly cheapest?: true },
): Promise<void> {
  const order = options.cheapest === true ? 'cheapest' : 'risk';
  const plan = await cli.withInbox(options, (inbox) => inbox.fixPlan(order));
  await cli.show(options, plan.items, () => presentFixPlan(plan, cli.paint));
}

async function whatIf(cli: CommandLine, gates: readonly string[], options: ServerOptions): Promise<void> {
  const answer = await cli.withInbox(options, (inbox) => inbox.whatIf(gates));
  await cli.show(options, answer, () => presentWhatIf(answer, cli.paint));
}
