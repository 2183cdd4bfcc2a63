import type { Command } from 'commander';
import { checkQuery } from '#app/check-query.ts';
import type { IssueRow } from '#contract/issue.ts';
import { wholeNumber } from '../argument-parsers.ts';
import { type CommandLine, type ServerOptions, serverOptions } from '../command-line.ts';
import type { InboxAccess, ListPage, ListRequest } from '../inbox-access.ts';
import { type FirstReport, presentList } from '../present-list.ts';
import { jsonText } from '../terminal-text.ts';

interface ListOptions extends ServerOptions {
  readonly query?: string;
  readonly limit?: number;
  readonly all?: true;
}

/** A person reads so many rows; a program gets all. */
const ROWS_FOR_PEOPLE = 50;
const LIMIT_MAX = 10_000_000;
/** How much is shown of what is not admitted while little is. */
const NOT_ADMITTED_SHOWN = 10;

const HELP = `
Answers what to fix first: critical before high, then more detected risks, then more that it touches.

The query holds words and "phrases" that title or key contain, and conditions field:value, such as severity:,
type:, risk:, status:, score:, due:, team:, resource:, source:. Commas stand between values: any of them, but
all of several risks. AND, OR, NOT (or -) and brackets join conditions. Without status: the open issues are
listed; muted issues are listed by muted:yes and alone. docs/reference/query-language.md has all of it.

Examples:
  security-inbox list
  security-inbox list --query "severity:critical,high risk:publicly_accessible log4j"
  security-inbox list --query status:resolved
  security-inbox list --query "(due:<7d OR overdue:yes) -team:*"
  security-inbox list --query "score:>=7 unknown:in_production resource:*payments*"
  security-inbox list --all --json > inbox.json

With --json all issues are printed unless --limit says less.`;

export function addListVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('list')
    .summary('the ranked inbox')
    .description('Print the ranked inbox: what to fix first.')
    .option('--query <query>', 'words, "phrases", field:value, AND, OR, NOT, brackets')
    .option(
      '--limit <count>',
      `at most so many issues (${ROWS_FOR_PEOPLE} unless --json)`,
      wholeNumber(1, LIMIT_MAX),
    )
    .option('--all', 'what no rule admitted too, at the rank that it would have')
    .addHelpText('after', HELP)
    .action(async () => list(cli, verb.optsWithGlobals()));
  for (const option of serverOptions()) verb.addOption(option);
}

async function list(cli: CommandLine, options: ListOptions): Promise<void> {
  const query = options.query?.trim() ? options.query : null;
  if (query !== null) checkQuery(query);
  const wanted = { query, all: options.all ?? false };
  await cli.withInbox(options, (inbox) =>
    options.json === true
      ? printJson(cli, inbox, { ...wanted, limit: options.limit ?? null })
      : printTable(cli, inbox, { ...wanted, limit: options.limit ?? ROWS_FOR_PEOPLE }),
  );
}

/** One array, written while it is read: a list of any length needs the memory of a page. */
async function printJson({ out }: CommandLine, inbox: InboxAccess, request: ListRequest): Promise<void> {
  let isFirst = true;
  for await (const { items } of inbox.list(request)) {
    if (items.length === 0) continue;
    await out.write(`${isFirst ? '[' : ',\n'}${items.map(jsonText).join(',\n')}`);
    isFirst = false;
  }
  await out.line(isFirst ? '[]' : ']');
}

async function printTable(cli: CommandLine, inbox: InboxAccess, request: ListRequest): Promise<void> {
  const issues: IssueRow[] = [];
  let page: ListPage | null = null;
  for await (const each of inbox.list(request)) {
    issues.push(...each.items);
    page ??= each;
  }
  const { all: isAll } = request;
  const isFiltered = request.query !== null;
  const firstReport = page === null || isAll || isFiltered ? null : await readFirstReport(inbox, page);
  const lines = presentList(
    { issues, total: page?.total ?? 0, isAll, isFiltered, firstReport },
    { paint: cli.paint, width: cli.parts.columns },
  );
  await cli.out.write(lines.map((line) => `${line}\n`).join(''));
}

async function readFirstReport(
  inbox: InboxAccess,
  { admittedTotal, waiting, holdingBack }: ListPage,
): Promise<FirstReport | null> {
  if (waiting === 0 || (holdingBack.length === 0 && admittedTotal > 0)) return null;
  const notAdmitted: IssueRow[] = [];
  for await (const { items } of inbox.list({
    query: null,
    all: true,
    limit: admittedTotal + NOT_ADMITTED_SHOWN,
  })) {
    notAdmitted.push(...items.filter((issue) => issue.admittedBy.length === 0));
  }
  return { waiting, holdingBack, notAdmitted: notAdmitted.slice(0, NOT_ADMITTED_SHOWN) };
}
