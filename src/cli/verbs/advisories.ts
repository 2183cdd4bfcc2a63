import { type Command, Option } from 'commander';
import { listRatings, type RatedAdvisory, rateAdvisory, unrateAdvisory } from '#app/rate-advisory.ts';
import type { AdvisoryRatingView } from '#contract/advisory-rating.ts';
import { presentRating } from '#contract/from-domain/present-rating.ts';
import { severitySchema } from '#contract/severity.ts';
import { filled } from '../argument-parsers.ts';
import type { CommandLine, GlobalOptions } from '../command-line.ts';
import { safe } from '../terminal-text.ts';

interface RateOptions extends GlobalOptions {
  readonly severity?: string;
  readonly vector?: string;
  readonly reason: string;
}

const HELP = `
Example:
  security-inbox advisories reset CVE-2024-3094`;

const RATE_HELP = `
--severity counts in the end, whatever the surroundings; --vector counts in place of every published one, and is
adjusted to the surroundings as they are. Issues of the advisory are assessed anew at once.

Examples:
  security-inbox advisories rate CVE-2024-3094 --severity low --reason "We never call that function"
  security-inbox advisories rate CVE-2024-3094 --vector CVSS:3.1/AV:L/AC:H/PR:L/UI:N/S:U/C:L/I:N/A:N --reason "Local only"`;

export function addAdvisoriesVerb(program: Command, cli: CommandLine): void {
  const advisories = program
    .command('advisories')
    .summary('advisories that you rate yourself')
    .description('List, make and take back ratings of advisories that count in place of published ones.')
    .addHelpText('after', HELP);
  const list = advisories
    .command('list')
    .description('List the advisories that are rated here, with who did it and why.')
    .action(async () => {
      const options = list.optsWithGlobals<GlobalOptions>();
      const rows = (await cli.withContext(options, listRatings)).map(presentRating);
      await cli.show(options, rows, () =>
        rows.length === 0
          ? ['No advisory is rated here; each counts as its sources rate it.']
          : rows.map(ratingLine),
      );
    });
  const rate = advisories
    .command('rate')
    .description('Rate an advisory in place of its sources.')
    .argument('<advisory>', 'like CVE-2024-3094', filled)
    .addOption(new Option('--severity <word>', 'how bad it is here').choices(severitySchema.options))
    .option('--vector <text>', 'a vector of CVSS 2.0 to 4.0', filled)
    .requiredOption('--reason <text>', 'why, for those who read it later', filled)
    .addHelpText('after', RATE_HELP)
    .action(async (advisory: string) => rateOne(cli, advisory, rate.optsWithGlobals()));
  const reset = advisories
    .command('reset')
    .description('Let an advisory count as its sources rate it again.')
    .argument('<advisory>', 'as "advisories list" prints it', filled)
    .action(async (advisory: string) => {
      const options = reset.optsWithGlobals<GlobalOptions>();
      await cli.withContext(options, (ctx) => unrateAdvisory(ctx, { advisory }));
      await cli.show(options, { reset: advisory }, () => [
        `${safe(advisory)} counts as its sources rate it again; its issues were assessed anew.`,
      ]);
    });
}

async function rateOne(cli: CommandLine, advisory: string, options: RateOptions): Promise<void> {
  const { vector, reason } = options;
  const severity = options.severity === undefined ? null : severitySchema.parse(options.severity);
  const rated: RatedAdvisory = await cli.withContext(options, (ctx) =>
    rateAdvisory(ctx, { advisory, severity, vector, reason }),
  );
  const shown = presentRating(rated);
  await cli.show(options, shown, () => [`${ratingLine(shown)}. Its issues were assessed anew.`]);
}

function ratingLine({ advisory, severity, vector, reason, by }: AdvisoryRatingView): string {
  const how = [severity, vector].filter((each) => each !== null).join(', ');
  return `${safe(advisory)}  ${safe(how)}  ${safe(reason)} (${safe(by)})`;
}
