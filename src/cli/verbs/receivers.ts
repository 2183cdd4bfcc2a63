import { readFile } from 'node:fs/promises';
import { text as wholeText } from 'node:stream/consumers';
import { type Command, Option } from 'commander';
import { listReceivers, putReceiver, removeReceiver } from '#app/change-receivers.ts';
import { InboxError } from '#base/inbox-error.ts';
import { counted } from '#base/text.ts';
import { presentReceiver } from '#contract/from-domain/present-delivery.ts';
import type { Receiver } from '#contract/receiver.ts';
import { severitySchema } from '#contract/severity.ts';
import { filled, wholeNumber } from '../argument-parsers.ts';
import type { CommandLine, GlobalOptions } from '../command-line.ts';
import { presentTable } from '../table.ts';
import { safe } from '../terminal-text.ts';

interface AddOptions extends GlobalOptions {
  readonly kind: 'github' | 'jira' | 'webhook';
  readonly address?: string;
  readonly project?: string;
  readonly ticketType?: string;
  readonly account?: string;
  readonly events?: true;
  readonly severity?: NonNullable<Receiver['leastSeverity']>;
  readonly digest?: number;
  readonly allowPrivate?: true;
  readonly secretFile: string;
}

const HELP = `
A tracker takes tickets, from rules and from "issue ticket"; a webhook takes signed messages, from "issue run" and, with
--events, whatever happens to issues (Standard Webhooks: HMAC-SHA256 over id, time and body): each thing as it happens, or
with --digest all of some minutes as one message. The secret is sealed with the key in the data folder and never shown.
A running server delivers; what fails is tried again, ten times.

Examples:
  security-inbox receivers add shop --kind github --project acme/shop --secret-file token.txt
  security-inbox receivers add sec --kind jira --address https://acme.atlassian.net --project SEC \\
    --account bot@example.com --ticket-type Bug --secret-file token.txt
  security-inbox receivers add page-us --kind webhook --address https://flows.example.com/in --secret-file -
  security-inbox receivers add hourly --kind webhook --address https://chat.example.com/in --events \
    --severity high --digest 60 --secret-file key.txt
  security-inbox receivers remove hourly`;

export function addReceiversVerb(program: Command, cli: CommandLine): void {
  const receivers = program
    .command('receivers')
    .summary('trackers and webhooks outside')
    .description('List, add and remove trackers, in which tickets are made, and webhooks.')
    .addHelpText('after', HELP);
  const list = receivers
    .command('list')
    .description('List them with what became of the last delivery.')
    .action(async () => {
      const options = list.optsWithGlobals<GlobalOptions>();
      const known = (await cli.withContext(options, listReceivers)).map(presentReceiver);
      await cli.show(options, known, () => presentReceivers(known, cli.parts.columns));
    });
  const add = receivers
    .command('add')
    .description('Add one, or put another one in the place of that name.')
    .argument('<name>', 'small letters, digits and dashes', filled)
    .addOption(
      new Option('--kind <kind>', 'what it is').choices(['github', 'jira', 'webhook']).makeOptionMandatory(),
    )
    .option(
      '--address <url>',
      'root of the API (https://api.github.com for github), or of a webhook its address',
    )
    .option('--project <project>', 'owner/repository, or the key of a project in Jira')
    .option('--ticket-type <type>', 'of Jira; Task unless said')
    .option('--account <account>', 'of Jira Cloud: the account that the token belongs to')
    .option('--events', 'a webhook that gets whatever happens to issues')
    .addOption(
      new Option(
        '--severity <severity>',
        'of these events: only of issues of this severity and above',
      ).choices(severitySchema.options),
    )
    .option(
      '--digest <minutes>',
      'of these events: so many minutes of them as one message',
      wholeNumber(1, 10_080),
    )
    .option('--allow-private', 'it is at an address of this machine or network, or without encryption')
    .requiredOption(
      '--secret-file <file>',
      'file with the token or the key of signatures; - reads it from standard input',
      filled,
    )
    .action(async (name: string) => {
      const options = add.optsWithGlobals<AddOptions>();
      const secret = await secretIn(cli, options.secretFile);
      const receiver = {
        name,
        kind: options.kind,
        address: options.address ?? (options.kind === 'github' ? 'https://api.github.com' : ''),
        project: options.project ?? null,
        ticketType: options.ticketType ?? null,
        account: options.account ?? null,
        allowsPrivate: options.allowPrivate ?? false,
        wantsEvents: options.events ?? false,
        leastSeverity: options.severity ?? null,
        digestMinutes: options.digest ?? null,
      };
      await cli.withContext(options, (ctx) => putReceiver(ctx, { receiver, secret }));
      await cli.show(options, { name }, () => [`${safe(name)} is there; a running server delivers to it.`]);
    });
  const remove = receivers
    .command('remove')
    .description('Take one away with its secret; what is to be delivered to it waits.')
    .argument('<name>', 'as "receivers list" prints it')
    .action(async (name: string) => {
      const options = remove.optsWithGlobals<GlobalOptions>();
      await cli.withContext(options, (ctx) => removeReceiver(ctx, { name }));
      await cli.show(options, { removed: name }, () => [`${safe(name)} was taken away.`]);
    });
}

async function secretIn({ parts }: CommandLine, file: string): Promise<string> {
  try {
    return (file === '-' ? await wholeText(parts.input) : await readFile(file, 'utf8')).trim();
  } catch (cause) {
    throw new InboxError('usage', `${file} cannot be read: ${(cause as NodeJS.ErrnoException).code}.`, {
      cause,
    });
  }
}

/** Which events of issues it gets, and how: `high and above, every 60 minutes`. */
function eventsText({ events, leastSeverity, digestMinutes }: Receiver): string {
  if (!events) return '-';
  const which = leastSeverity === null || leastSeverity === 'info' ? 'all' : leastSeverity;
  const above = which === 'all' || which === 'critical' ? which : `${which} and above`;
  return digestMinutes === null ? above : `${above}, every ${counted(digestMinutes, 'minute')}`;
}

function presentReceivers(known: readonly Receiver[], width: number | null): readonly string[] {
  if (known.length === 0) return ['There is no receiver; "receivers add" makes one.'];
  return presentTable<Receiver>(
    [
      { title: 'NAME', text: ({ name }) => safe(name) },
      { title: 'KIND', text: ({ kind }) => kind },
      {
        title: 'WHERE',
        text: ({ address, project }) => safe(project === null ? address : `${address} ${project}`),
      },
      { title: 'EVENTS', text: eventsText },
      {
        title: 'LAST',
        text: ({ last }) =>
          last === null ? '-' : `${last.at.slice(0, 10)} ${last.failure === null ? 'arrived' : 'failed'}`,
      },
    ],
    known,
    width,
  ).concat(
    known.flatMap(({ name, last }) =>
      last?.failure == null ? [] : [`${safe(name)}: ${safe(last.failure)}`],
    ),
  );
}
