import { type Command, Option } from 'commander';
import { createToken, TOKEN_DAYS } from '#app/create-token.ts';
import { listTokens } from '#app/list-tokens.ts';
import { revokeToken } from '#app/revoke-token.ts';
import { API_TOKEN_KINDS, type ApiTokenKind } from '#base/api-token.ts';
import { InboxError } from '#base/inbox-error.ts';
import { dateText, type Instant, instantText, instantTextOrNull } from '#base/instant.ts';
import { type Role, roleSchema } from '#contract/session.ts';
import type { TokenView } from '#domain/ports/people-store.ts';
import { filled, keyAndValue, wholeNumber } from '../argument-parsers.ts';
import type { CommandLine, GlobalOptions } from '../command-line.ts';
import { type Column, presentTable } from '../table.ts';
import { safe } from '../terminal-text.ts';

interface CreateOptions extends GlobalOptions {
  readonly name: string;
  readonly kind: ApiTokenKind;
  readonly person?: string;
  readonly days?: number;
  readonly role?: Role;
  readonly source?: string;
  readonly scope?: Readonly<Record<string, string>>;
}

const HELP = `
Example:
  security-inbox token revoke 6h2m9t4w1x3z5b7d`;

const CREATE_HELP = `
The token is printed this once; only its hash is kept. It never does more than its person may do.

Kinds: pat for a person's own scripts; ing uploads reports of one --source and can neither read nor
change anything else, for pipelines; svc for a service and mcp for an assistant, which only read unless
--role says more.

Examples:
  security-inbox token create --name laptop --person alex
  security-inbox token create --kind ing --name ci --source nightly --scope cluster=shop
  security-inbox token create --kind svc --name tickets --role triage --days 30`;

export function addTokenVerb(program: Command, cli: CommandLine): void {
  const token = program
    .command('token')
    .summary('API tokens')
    .description('Create, list and revoke API tokens.')
    .addHelpText('after', HELP);
  const create = token
    .command('create')
    .description('Make an API token and print it.')
    .option('--name <name>', 'what it is for, as lists show it', filled, 'command line')
    .addOption(new Option('--kind <kind>', 'what it may be used for').choices(API_TOKEN_KINDS).default('pat'))
    .option('--person <name>', 'whom it acts as, else the first administrator', filled)
    .addOption(
      new Option('--role <role>', 'the most that it may do, of what its person may do').choices(
        roleSchema.options,
      ),
    )
    .option('--source <name>', 'the source that an ing token uploads to', filled)
    .option('--scope <key=value>', 'the scope that its reports must have (may be repeated)', keyAndValue)
    .option(
      '--days <count>',
      `after how many days it expires, else ${TOKEN_DAYS.default.pat}, of ing ${TOKEN_DAYS.default.ing}`,
      wholeNumber(1, TOKEN_DAYS.max),
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
  const { kind, name, days = null, person = null, role = null } = options;
  const binding = bindingOf(options);
  const { secret, ...token } = await cli.withContext(options, (ctx) =>
    createToken(ctx, { kind, name, days, person, role, binding }),
  );
  await cli.show(options, { token: secret, ...tokenJson(token) }, () => [secret]);
  if (options.json !== true)
    await cli.err.line(
      `Acts as ${safe(token.person)} until ${dateText(token.expiresAt)}. It is not shown again.`,
    );
}

function bindingOf({ source, scope }: CreateOptions) {
  if (source !== undefined) return { source, scope: scope ?? {} };
  if (scope === undefined) return null;
  throw new InboxError('usage', '--scope goes with --source, of a token of kind ing.');
}

const COLUMNS: readonly Column<TokenView>[] = [
  { title: 'ID', text: ({ id }) => safe(id) },
  { title: 'TOKEN', text: ({ kind, lastFour }) => `sinb_${kind}_…${safe(lastFour)}` },
  { title: 'PERSON', text: ({ person }) => safe(person) },
  { title: 'CREATED', text: ({ createdAt }) => dateText(createdAt) },
  { title: 'EXPIRES', text: ({ expiresAt }) => dateText(expiresAt) },
  { title: 'LAST USED', text: ({ lastUsedAt }) => dateOr(lastUsedAt, 'never') },
  { title: 'MAY', text: (token) => safe(rightsText(token)) },
  { title: 'NAME', text: ({ name }) => safe(name) },
];

/** `upload to nightly`, the role, or `all of its person`. */
function rightsText({ role, binding }: TokenView): string {
  return binding === null ? (role ?? 'all of its person') : `upload to ${binding.source}`;
}

async function listAll(cli: CommandLine, options: GlobalOptions): Promise<void> {
  const tokens = await cli.withContext(options, listTokens);
  await cli.show(options, tokens.map(tokenJson), () =>
    tokens.length === 0 ? ['There is no token.'] : presentTable(COLUMNS, tokens, cli.parts.columns),
  );
}

function tokenJson(token: TokenView): object {
  const { id, kind, name, lastFour, person, role, binding, createdAt, expiresAt, lastUsedAt } = token;
  return {
    id,
    kind,
    name,
    lastFour,
    person,
    role,
    source: binding?.source ?? null,
    scope: binding?.scope ?? null,
    createdAt: instantText(createdAt),
    expiresAt: instantText(expiresAt),
    lastUsedAt: instantTextOrNull(lastUsedAt),
  };
}

function dateOr(instant: Instant | null, word: string): string {
  return instant === null ? word : dateText(instant);
}
