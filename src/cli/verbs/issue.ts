import { type Command, Option } from 'commander';
import { checkQuery } from '#app/check-query.ts';
import { InboxError } from '#base/inbox-error.ts';
import { type Instant, instantText } from '#base/instant.ts';
import { counted } from '#base/text.ts';
import type { IssueActionBody } from '#contract/issue-action.ts';
import { filled, instantFrom, keyAndValue, wholeNumber } from '../argument-parsers.ts';
import { type CommandLine, type ServerOptions, serverOptions } from '../command-line.ts';
import { findIssue } from '../find-issue.ts';
import type { InboxAccess } from '../inbox-access.ts';
import { safe } from '../terminal-text.ts';
import { readable } from '../words.ts';

interface Selection extends ServerOptions {
  readonly query?: string;
  readonly all?: true;
  readonly expect?: number;
  readonly tell?: true;
}

interface Said extends Selection {
  readonly reason?: string;
  readonly because?: 'false_positive' | 'risk_accepted' | 'pending_fix' | 'no_fix' | 'duplicate' | 'other';
  readonly until?: Instant;
  readonly untilWorse?: true;
  readonly to?: string;
  readonly nobody?: true;
  readonly asKnown?: true;
  readonly on?: Instant;
  readonly never?: true;
}

const HELP = `
Issues are named one by one (id, the first four or more characters of one, key, or advisory), or by --query, as "list"
takes it. Each action prints by which name "issue undo" takes it back, of however many issues it was.

A time is 2027-01-31 (the beginning of that day in UTC), 2027-01-31T12:00:00+01:00, or 30d from now.

Examples:
  security-inbox issue mute CVE-2026-1234 --because false_positive --reason "only in tests"
  security-inbox issue accept 3k8d --until 90d --reason "behind a VPN"
  security-inbox issue snooze 3k8d --until 2w --until-worse
  security-inbox issue assign --query "team:payments severity:critical" --to anna --expect 12
  security-inbox issue wake 3k8d
  security-inbox issue unmute CVE-2026-1234
  security-inbox issue start 3k8d
  security-inbox issue stop 3k8d
  security-inbox issue team --query "service:checkout" --to payments
  security-inbox issue admit 3k8d --reason "asked for by audit"
  security-inbox issue unadmit 3k8d
  security-inbox issue comment 3k8d "waits for the vendor"
  security-inbox issue due --query "overdue:yes" --on 2027-01-31 --tell
  security-inbox issue ticket 3k8d --in payments-issues
  security-inbox issue run 3k8d --workflow page-us --input urgency=high
  security-inbox issue undo 5bq1v6g2k3m4n5p6`;

const MUTE_REASONS = ['false_positive', 'pending_fix', 'no_fix', 'duplicate', 'other'] as const;

/** An action: its name and what it does, the options that it takes, and what is asked of the inbox. */
interface IssueVerb {
  readonly name: string;
  readonly does: string;
  readonly options: (now: Instant) => readonly Option[];
  readonly body: (said: Said) => IssueActionBody;
}

const reason = (mandatory: boolean): Option =>
  new Option('--reason <text>', 'why, for whoever reads it later')
    .argParser(filled)
    .makeOptionMandatory(mandatory);
const time = (flags: string, does: string, now: Instant): Option =>
  new Option(flags, does).argParser(instantFrom(now));

const ACTIONS: readonly IssueVerb[] = [
  {
    name: 'mute',
    does: 'Take issues out of sight, with a reason.',
    options: (now) => [
      reason(true),
      new Option('--because <word>', 'what kind of reason').choices(MUTE_REASONS).default('other'),
      time('--until <time>', 'when the mute ends; without it, when it is unmuted', now),
    ],
    body: ({ reason: why = '', because = 'other', until }) => ({
      do: 'mute',
      reason: why,
      because,
      ...(until !== undefined && { until: instantText(until) }),
    }),
  },
  {
    name: 'accept',
    does: 'Accept the risk of issues until a time; where the organisation says so, a second person has to agree.',
    options: (now) => [reason(true), time('--until <time>', 'until when', now).makeOptionMandatory()],
    body: ({ reason: why = '', until = 0 }) => ({
      do: 'mute',
      reason: why,
      because: 'risk_accepted',
      until: instantText(until),
    }),
  },
  { name: 'unmute', does: 'Take a mute back.', options: () => [], body: () => ({ do: 'unmute' }) },
  {
    name: 'snooze',
    does: 'Put issues off until a time, until they get worse, or until the first of both.',
    options: (now) => [
      time('--until <time>', 'until when', now),
      new Option('--until-worse', 'until a new risk, a higher severity, a new resource or a path'),
    ],
    body: ({ until, untilWorse = false }) => ({
      do: 'snooze',
      untilWorse,
      ...(until !== undefined && { until: instantText(until) }),
    }),
  },
  { name: 'wake', does: 'End a snooze.', options: () => [], body: () => ({ do: 'wake' }) },
  {
    name: 'start',
    does: 'Say that somebody works on issues.',
    options: () => [],
    body: () => ({ do: 'start' }),
  },
  {
    name: 'stop',
    does: 'Say that nobody works on issues any more.',
    options: () => [],
    body: () => ({ do: 'stop' }),
  },
  {
    name: 'assign',
    does: 'Give issues to a person, or to nobody.',
    options: () => [
      new Option('--to <name>', 'name of the person').argParser(filled),
      new Option('--nobody', 'whatever a rule says').conflicts('to'),
    ],
    body: ({ to, nobody }) => {
      if (to === undefined && nobody === undefined)
        throw new InboxError('usage', 'Say --to NAME, or --nobody.');
      return { do: 'assign', assignee: to ?? null };
    },
  },
  {
    name: 'team',
    does: 'Give issues to a team, or leave it to rules, tags and catalogues whose they are.',
    options: () => [
      new Option('--to <name>', 'name of the team').argParser(filled),
      new Option('--as-known', 'whose they are by rules, tags and catalogues').conflicts('to'),
    ],
    body: ({ to, asKnown }) => {
      if (to === undefined && asKnown === undefined)
        throw new InboxError('usage', 'Say --to NAME, or --as-known.');
      return { do: 'team', team: to ?? null };
    },
  },
  {
    name: 'due',
    does: 'Say until when issues are to be fixed, or that there is no such date.',
    options: (now) => [
      time('--on <time>', 'when they are due', now),
      new Option('--never', 'whatever a rule says').conflicts('on'),
    ],
    body: ({ on, never }) => {
      if (on === undefined && never === undefined)
        throw new InboxError('usage', 'Say --on TIME, or --never.');
      return { do: 'due', due: on === undefined ? null : instantText(on) };
    },
  },
  {
    name: 'admit',
    does: 'Take issues into the inbox by hand.',
    options: () => [reason(false)],
    body: ({ reason: why }) => ({ do: 'admit', ...(why !== undefined && { reason: why }) }),
  },
  {
    name: 'unadmit',
    does: 'Take back that issues were taken in by hand.',
    options: () => [],
    body: () => ({ do: 'unadmit' }),
  },
];

export function addIssueVerb(program: Command, cli: CommandLine): void {
  const issue = program
    .command('issue')
    .summary('decide about issues, and take it back')
    .description('Mute, accept, snooze, assign and take in issues, comment on them, make tickets, and undo.')
    .addHelpText('after', HELP);
  for (const action of ACTIONS) addAction(issue, cli, action);
  const undo = issue
    .command('undo')
    .description('Take back what an action did, of however many issues.')
    .argument('<action>', 'its name, as the action printed it')
    .action(async (name: string) => {
      const options = undo.optsWithGlobals<ServerOptions>();
      const undone = await cli.withInbox(options, (inbox) => inbox.undoAction(name));
      await cli.show(options, undone, () => [
        `Taken back of ${counted(undone.issues, 'issue')}.${undone.kept === 0 ? '' : ` Of ${counted(undone.kept, 'finding')} something else was decided since, which stays.`}`,
      ]);
    });
  const comment = issue
    .command('comment')
    .description('Say something about an issue.')
    .argument('<issue>', 'id, the first four or more characters of one, key, or advisory')
    .argument('<text>', 'what to say', filled)
    .action(async (name: string, text: string) => {
      const options = comment.optsWithGlobals<ServerOptions>();
      const said = await cli.withInbox(options, async (inbox) => ({
        id: await inbox.comment(await findIssue(inbox, name), text),
      }));
      await cli.show(options, said, () => ['Said.']);
    });
  addDeliveries(issue, cli);
  for (const each of [undo, comment]) for (const option of serverOptions()) each.addOption(option);
}

function addAction(issue: Command, cli: CommandLine, { name, does, options, body }: IssueVerb): void {
  const verb = issue
    .command(name)
    .description(does)
    .argument('[issues...]', 'ids, the first four or more characters of them, keys, or advisories')
    .option('--query <query>', 'all that "list --query" prints')
    .option('--all', 'with --query: what no rule admitted too')
    .option('--expect <count>', 'do nothing where they are not so many', wholeNumber(0, 1_000_000_000))
    .option('--tell', 'only say how many they are')
    .action(async (names: readonly string[]) => act(cli, names, verb.optsWithGlobals<Said>(), body));
  for (const option of [...options(cli.parts.now()), ...serverOptions()]) verb.addOption(option);
}

async function act(
  cli: CommandLine,
  names: readonly string[],
  options: Said,
  bodyOf: IssueVerb['body'],
): Promise<void> {
  const query = options.query?.trim() ? options.query : null;
  if ((names.length === 0) === (query === null))
    throw new InboxError('usage', 'Name issues, or give a --query: one of both.');
  if (query !== null) checkQuery(query);
  const action = bodyOf(options);
  await cli.withInbox(options, async (inbox) => {
    const ids = await Promise.all(names.map((name) => findIssue(inbox, name)));
    const [only, ...others] = ids;
    const isOne = only !== undefined && others.length === 0;
    return isOne && options.tell === undefined && options.expect === undefined
      ? actOnOne(cli, inbox, only, options, action)
      : actOnMany(cli, inbox, query === null ? { ids } : { query }, options, action);
  });
}

async function actOnOne(
  cli: CommandLine,
  inbox: InboxAccess,
  id: string,
  options: Said,
  action: IssueActionBody,
): Promise<void> {
  const done = await inbox.act(id, action);
  const { issue } = done;
  await cli.show(options, done, () => [
    done.action === null
      ? `A second person has to agree first: ${safe(issue.title)}`
      : `${safe(issue.title)} (${id}): ${standing(issue)}. Undo: security-inbox issue undo ${done.action}`,
  ]);
}

async function actOnMany(
  cli: CommandLine,
  inbox: InboxAccess,
  which: { readonly ids: string[] } | { readonly query: string },
  options: Said,
  action: IssueActionBody,
): Promise<void> {
  const { all = false, expect: expected, tell = false } = options;
  const done = await inbox.actOnMany({
    ...('ids' in which ? which : { listing: { query: which.query, all } }),
    action,
    tell,
    ...(expected !== undefined && { expected }),
  });
  await cli.show(options, done, () => [
    done.action === null
      ? `${counted(done.matched, 'issue')}; nothing was done.`
      : `Done to ${counted(done.changed, 'issue')}. Undo: security-inbox issue undo ${done.action}`,
    ...(done.stopped === null
      ? []
      : [`It stopped before the other ${done.matched - done.changed}: ${safe(done.stopped)}`]),
  ]);
}

function standing({
  status,
  muted,
  assignee,
  team,
  dueAt,
  admittedBy,
}: Awaited<ReturnType<InboxAccess['act']>>['issue']): string {
  return [
    muted ? 'muted' : readable(status),
    ...(admittedBy.length === 0 ? ['not in the inbox'] : []),
    ...(assignee === null ? [] : [`assigned to ${safe(assignee)}`]),
    ...(team === null ? [] : [`team ${safe(team)}`]),
    ...(dueAt === null ? [] : [`due ${dueAt.slice(0, 10)}`]),
  ].join(', ');
}

function addDeliveries(issue: Command, cli: CommandLine): void {
  const ticket = issue
    .command('ticket')
    .description('Make a ticket for an issue in a tracker, once; a running server makes it.')
    .argument('<issue>', 'id, the first four or more characters of one, key, or advisory')
    .requiredOption('--in <receiver>', 'the tracker, as "receivers list" prints it', filled)
    .action(async (name: string) => {
      const options = ticket.optsWithGlobals<ServerOptions & { readonly in: string }>();
      const made = await cli.withInbox(options, async (inbox) =>
        inbox.createTicket(await findIssue(inbox, name), options.in),
      );
      await cli.show(options, made, () => [
        made.state === 'made'
          ? `There is a ticket: ${safe(made.key ?? '')} ${safe(made.url ?? '')}`
          : `A server makes the ticket in ${safe(made.receiver)} soon; "why" shows it then.`,
      ]);
    });
  const run = issue
    .command('run')
    .description('Run a workflow about an issue: a running server sends a signed message to a webhook.')
    .argument('<issue>', 'id, the first four or more characters of one, key, or advisory')
    .requiredOption('--workflow <receiver>', 'the webhook, as "receivers list" prints it', filled)
    .option('--input <key=value>', 'what the workflow takes (may be repeated)', keyAndValue)
    .action(async (name: string) => {
      const options = run.optsWithGlobals<
        ServerOptions & { readonly workflow: string; readonly input?: Readonly<Record<string, string>> }
      >();
      const ran = await cli.withInbox(options, async (inbox) =>
        inbox.runWorkflow(await findIssue(inbox, name), options.workflow, options.input ?? {}),
      );
      await cli.show(options, ran, () => [`A server sends it to ${safe(ran.receiver)} soon.`]);
    });
  for (const each of [ticket, run]) for (const option of serverOptions()) each.addOption(option);
}
