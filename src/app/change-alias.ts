import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { isCve, isGhsa, spelledAdvisory } from '#domain/finding/advisory-name.ts';
import { aliasesOfAdvisory } from '#domain/finding/aliases.ts';
import { type AppContext, permit } from './context.ts';

interface AliasRequest {
  readonly name: string;
  /** The CVE or GHSA that it is. */
  readonly target: string;
}

/**
 * Says that two names are one advisory; its findings are one from then on. Answers how many names of
 * findings changed. Throws `usage` for two CVEs, which are never one, and for a target of no higher rank.
 */
export async function declareAlias(
  ctx: AppContext,
  request: AliasRequest,
): Promise<{ readonly moved: number }> {
  permit(ctx, 'administer');
  const { name, target } = spelled(request);
  return { moved: await ctx.aliases.declare(name, target, ctx.actor.name) };
}

/** Says that two names are not one, whatever reports say; their findings part. Throws `not_found`. */
export async function withdrawAlias(
  ctx: AppContext,
  request: AliasRequest,
): Promise<{ readonly moved: number }> {
  permit(ctx, 'administer');
  const { name, target } = spelled(request);
  const moved = await ctx.aliases.withdraw(name, target, ctx.actor.name);
  if (moved === null)
    throw new InboxError(
      'not_found',
      `Nobody says that ${name} is ${target}. "aliases list" prints who says what.`,
    );
  return { moved };
}

function spelled({ name, target }: AliasRequest): AliasRequest {
  const names = { name: spelledAdvisory(name), target: spelledAdvisory(target) };
  const isKnownAs = aliasesOfAdvisory({ is: 'advisory', id: names.name, aliases: [names.target] });
  if (isKnownAs.some((alias) => alias.name === names.name)) return names;
  const why = isCve(names.name) && isCve(names.target) ? 'Two CVE ids are never one advisory.' : '';
  const hint = isCve(names.target) || isGhsa(names.target) ? '' : ' The second name is a CVE or a GHSA.';
  throw new InboxError(
    'usage',
    `${oneLine(names.name, 80)} can not stand for ${oneLine(names.target, 80)}: a GHSA is named by its CVE, any other name by its CVE or GHSA. ${why}${hint}`.trim(),
  );
}
