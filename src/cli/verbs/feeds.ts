import type { Command } from 'commander';
import type { AppContext } from '#app/context.ts';
import { type FeedFile, type UpdatedFeed, updateFeed } from '#app/update-feed.ts';
import { InboxError } from '#base/inbox-error.ts';
import { instantText, instantTextOrNull } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { filled } from '../argument-parsers.ts';
import { type CommandLine, type GlobalOptions, type ServerOptions, serverOptions } from '../command-line.ts';
import { exitCodeOf } from '../exit-code.ts';
import { filesOfFeed, sortFeedFiles } from '../feed-files.ts';
import { presentFeeds, presentUpdatedFeed } from '../present-feeds.ts';
import { safe } from '../terminal-text.ts';

interface UpdateOptions extends GlobalOptions {
  readonly from?: string;
  readonly confirm?: true;
}

const STATUS_HELP = `
Answers how old the intelligence is. A feed older than 30 days still says yes; its no counts as unknown.`;

const UPDATE_HELP = `
Reads the newest file of each feed from its publisher, or from where --from says. A file of the wrong
shape, older than what is known, or with less than half of its entries changes nothing; --confirm accepts
that a feed shrank.

Examples:
  security-inbox feeds update
  security-inbox feeds update epss
  security-inbox feeds update --from /media/stick/feeds
  security-inbox feeds update nvd --from https://mirror.example.com/nvdcve-2.0-2026.json.gz`;

const IMPORT_HELP = `
The file tells its feed by itself. For a machine without a network, and for a list of your own of emerging advisories
(src/feeds/emerging/README.md).

Examples:
  security-inbox feeds import known_exploited_vulnerabilities.json
  security-inbox feeds import emerging.json`;

export function addFeedsVerb(program: Command, cli: CommandLine): void {
  const feeds = program
    .command('feeds')
    .summary('intelligence about advisories')
    .description(
      'Show and update the intelligence feeds: KEV, EPSS, Exploit-DB, Metasploit, Nuclei, NVD, and a list of your own.',
    );
  const status = feeds
    .command('status')
    .description('Show each feed and how old it is.')
    .addHelpText('after', STATUS_HELP)
    .action(async () => showStatus(cli, status.optsWithGlobals()));
  for (const option of serverOptions()) status.addOption(option);
  const update = feeds
    .command('update')
    .description('Read the feeds anew.')
    .argument('[feed]', 'only this one')
    .option('--from <place>', 'file, folder or URL, else the publisher of the feed', filled)
    .option('--confirm', 'accept that a feed lost more than half of its entries')
    .addHelpText('after', UPDATE_HELP)
    .action(async (feed: string | undefined) => updateFeeds(cli, feed ?? null, update.optsWithGlobals()));
  const read = feeds
    .command('import')
    .description('Read a file of a feed.')
    .argument('<file>', 'file or folder', filled)
    .option('--confirm', 'accept that a feed lost more than half of its entries')
    .addHelpText('after', IMPORT_HELP)
    .action(async (file: string) =>
      updateFeeds(cli, null, { ...read.optsWithGlobals<UpdateOptions>(), from: file }),
    );
}

async function showStatus(cli: CommandLine, options: ServerOptions): Promise<void> {
  const feeds = await cli.withInbox(options, (inbox) => inbox.feeds());
  await cli.show(options, feeds, () => presentFeeds(feeds, cli.paint));
}

/** What became of one feed: one that fails does not keep the others from being read. */
type Outcome = UpdatedFeed | { readonly feed: string; readonly error: InboxError };

async function updateFeeds(cli: CommandLine, named: string | null, options: UpdateOptions): Promise<void> {
  const outcomes = await cli.withContext(options, (ctx) => updateAll(cli, ctx, named, options));
  const failures = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  // Alone it is the whole command that fails, and is told as such.
  if (outcomes.length === 1 && failures[0] !== undefined) throw failures[0];
  cli.exitCode = Math.max(0, ...failures.map(({ code }) => exitCodeOf(code)));
  await cli.show(options, outcomes.map(outcomeJson), () =>
    outcomes.map((outcome) =>
      'error' in outcome
        ? `${cli.paint.strong(safe(outcome.feed))}  ${safe(outcome.error.message, 1_000)}`
        : presentUpdatedFeed(outcome, cli.paint),
    ),
  );
}

async function updateAll(
  cli: CommandLine,
  ctx: AppContext,
  named: string | null,
  { from, confirm = false }: { readonly from?: string; readonly confirm?: boolean },
): Promise<readonly Outcome[]> {
  const feeds = named === null ? ctx.feeds : [feedNamed(ctx, named)];
  const wanted = named === null ? feeds.filter(({ isLarge }) => isLarge !== true) : feeds;
  if (from === undefined)
    return inTurn(
      wanted.filter(({ defaultUrl }) => named !== null || defaultUrl !== null),
      async (feed) => {
        const { defaultUrl } = feed;
        if (defaultUrl === null)
          throw new InboxError(
            'usage',
            `Nobody publishes ${feed.title}: read a list of your own with "feeds import FILE".`,
          );
        return updateFeed(ctx, {
          feed,
          files: await cli.parts.openFeedFiles(defaultUrl),
          origin: defaultUrl,
          isConfirmed: confirm,
        });
      },
    );
  const files = await cli.parts.openFeedFiles(from);
  const filesOf = new Map<IntelligenceFeed, readonly FeedFile[]>(
    named === null
      ? await sortFeedFiles(feeds, files)
      : await Promise.all(feeds.map(async (feed) => [feed, await filesOfFeed(feed, files)] as const)),
  );
  return inTurn([...filesOf.keys()], (feed) =>
    updateFeed(ctx, { feed, files: filesOf.get(feed) ?? [], origin: from, isConfirmed: confirm }),
  );
}

async function inTurn(
  feeds: readonly IntelligenceFeed[],
  update: (feed: IntelligenceFeed) => Promise<UpdatedFeed>,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const feed of feeds) {
    try {
      outcomes.push(await update(feed));
    } catch (error) {
      if (!(error instanceof InboxError)) throw error;
      outcomes.push({ feed: feed.id, error });
    }
  }
  return outcomes;
}

function outcomeJson(outcome: Outcome): object {
  if ('error' in outcome)
    return { feed: outcome.feed, error: { code: outcome.error.code, message: outcome.error.message } };
  const { feed, files, entries, rejects, changedAdvisories, changedIssues, contentAt, gapSince } = outcome;
  return {
    feed,
    files,
    asOf: instantText(contentAt),
    entries,
    rejects,
    changedAdvisories,
    changedIssues,
    gapSince: instantTextOrNull(gapSince),
  };
}

function feedNamed({ feeds }: AppContext, name: string): IntelligenceFeed {
  const feed = feeds.find(({ id }) => id === name);
  if (feed !== undefined) return feed;
  throw new InboxError(
    'usage',
    `There is no feed "${oneLine(name, 60)}". Known: ${feeds.map(({ id }) => id).join(', ')}.`,
  );
}
