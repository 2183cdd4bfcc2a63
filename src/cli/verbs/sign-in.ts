import type { Command } from 'commander';
import { createSignInLink } from '#app/create-sign-in-link.ts';
import { InboxError } from '#base/inbox-error.ts';
import { instantText } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import { filled } from '../argument-parsers.ts';
import { type CommandLine, type GlobalOptions, placeOf } from '../command-line.ts';
import { safe } from '../terminal-text.ts';

interface SignInOptions extends GlobalOptions {
  readonly person?: string;
  readonly publicUrl?: string;
}

const HELP = `
The link works once, within 30 minutes, at the address in it. Whoever can read the data folder can make one.

Example:
  security-inbox sign-in --person alex`;

export function addSignInVerb(program: Command, cli: CommandLine): void {
  const verb = program
    .command('sign-in')
    .summary('a fresh link to the web app')
    .description('Print a link that signs a person in to the web app of the running server.')
    .option(
      '--person <name>',
      'whom it signs in, else the oldest administrator; where there is none it makes one',
      filled,
    )
    .option(
      '--public-url <url>',
      'address of the server, else that of the one that runs on these data',
      filled,
    )
    .addHelpText('after', HELP)
    .action(async () => signIn(cli, verb.optsWithGlobals()));
}

async function signIn(cli: CommandLine, options: SignInOptions): Promise<void> {
  const address =
    options.publicUrl === undefined ? await cli.parts.publicUrl(placeOf(options)) : origin(options.publicUrl);
  if (address === null)
    throw new InboxError(
      'server_unreachable',
      'No server runs on these data, so there is nothing to sign in to. Start it with "serve", or name its address with --public-url.',
    );
  const { secret, name, expiresAt } = await cli.withContext(options, (ctx) =>
    createSignInLink(ctx, { name: options.person ?? null, address }),
  );
  const url = `${address}/sign-in#${secret}`;
  await cli.show(options, { url, person: name, expiresAt: instantText(expiresAt) }, () => [url]);
  if (options.json !== true)
    await cli.err.line(`Signs in ${safe(name)}, once, until ${instantText(expiresAt)}.`);
}

function origin(text: string): string {
  const url = URL.parse(text);
  if (url !== null && ['http:', 'https:'].includes(url.protocol)) return url.origin;
  throw new InboxError(
    'usage',
    `--public-url takes an address such as https://inbox.example.com; "${oneLine(text, 100)}" is none.`,
  );
}
