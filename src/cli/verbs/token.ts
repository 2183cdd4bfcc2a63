import type { Command } from 'commander';
import { createToken, TOKEN_DAYS } from '#app/create-token.ts';
import { listTokens } from '#app/list-tokens.ts';
import { revokeToken } from '#app/revoke-token.ts';
import { dateText, type Instant, instantText, instantTextOrNull } from '#base/instant.ts';
import type { TokenView } from '#domain/ports/people-store.ts';
import { filled, wholeNumber } from '../argument-parsers.ts';
import type { CommandLine, GlobalOptions } from '../command-line.ts';
import { type Column, presentTable } from '../table.ts';
import { safe } from '../terminal-text.ts';

interface CreateOptions extends GlobalOptions {
  readonly name: string;
  readonly person?: string;
  readonly days: number;
}

const CREATE_HELP = `
The token is printed this once and kept nowhere. It may do what its person may do.

Example:
  security-inbox token create --name ci --person build --days 30`;

export function addTokenVerb(program: Command, cli: CommandLine): void {
  const token = program
    .command('token')
    .summary('API tokens')
    .description('Create, list and revoke API tokens.');
  const create = token
    .command('create')
    .description('Make an API token and print it.')
    .requiredOption('--name <name>', 'what it is for, as lists show it', filled)
    .option('--person <name>', 'whom it acts as, else the first administrator', filled)
    .option(
      '--days <count>',
      'after how many days it expires',
      wholeNumber(1, TOKEN_DAYS.max),
      TOKEN_DAYS.default,
    )
    .addHelpText('after', CREATE_HELP)
    .action(async () => createOne(cli, create.optsWithGlobals()));
  const list = token
    .command('list')
    .description('List the tokens that were not revoked.')
    .action(async () => listAll(cli, list.optsWithGlobals()));
  const revoke = token
    .command('revoke')
    .description('Make a token useless from its next request on.')
    .argument('<id>', 'id of the token')
    .action(async (id: string) => {
      const options = revoke.optsWithGlobals<GlobalOptions>();
      await cli.withContext(options, (ctx) => revokeToken(ctx, { id }));
      await cli.show(options, { id, revoked: true }, () => [`Token ${safe(id)} is revoked.`]);
    });
}

async function createOne(cli: CommandLine, options: CreateOptions): Promise<void> {
  const { name, days, person = null } = options;
  const { secret, ...token } = await cli.withContext(options, (ctx) =>
    createToken(ctx, { name, days, person }),
  );
  await cli.show(options, { token: secret, ...tokenJson(token) }, () => [secret]);
  if (options.json !== true)
    await cli.err.line(
      `Acts as ${safe(token.person)}${token.expiresAt === null ? '' : ` until ${dateText(token.expiresAt)}`}. It is not shown again.`,
    );
}

const COLUMNS: readonly Column<TokenView>[] = [
  { title: 'ID', text: ({ id }) => safe(id) },
  { title: 'PERSON', text: ({ person }) => safe(person) },
  { title: 'CREATED', text: ({ createdAt }) => dateText(createdAt) },
  { title: 'EXPIRES', text: ({ expiresAt }) => dateOr(expiresAt, 'never') },
  { title: 'LAST USED', text: ({ lastUsedAt }) => dateOr(lastUsedAt, 'never') },
  { title: 'NAME', text: ({ name }) => safe(name) },
];

async function listAll(cli: CommandLine, options: GlobalOptions): Promise<void> {
  const tokens = await cli.withContext(options, listTokens);
  await cli.show(options, tokens.map(tokenJson), () =>
    tokens.length === 0 ? ['There is no token.'] : presentTable(COLUMNS, tokens, cli.parts.columns),
  );
}

function tokenJson({ id, name, person, createdAt, expiresAt, lastUsedAt }: TokenView): object {
  return {
    id,
    name,
    person,
    createdAt: instantText(createdAt),
    expiresAt: instantTextOrNull(expiresAt),
    lastUsedAt: instantTextOrNull(lastUsedAt),
  };
}

function dateOr(instant: Instant | null, word: string): string {
  return instant === null ? word : dateText(instant);
}
