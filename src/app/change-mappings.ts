import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { isMappingName, type KeptMapping } from '#domain/ports/mapping-store.ts';
import { type AppContext, permit } from './context.ts';

const MAPPINGS_MAX = 200;

/** A kept mapping, with what it says it is for. */
export interface ListedMapping extends KeptMapping {
  readonly tool: string;
  /** Members or columns by which a file is taken for its own; null: only when somebody names it. */
  readonly when: readonly string[] | null;
}

/** The mappings that the organisation keeps, by name. */
export async function listMappings(ctx: AppContext): Promise<readonly ListedMapping[]> {
  permit(ctx, 'read');
  return (await ctx.mappings.list()).map((kept) => ({ ...kept, ...ctx.checkMapping(kept.text) }));
}

/**
 * Keeps a mapping by a name, in the place of the one that had it. Throws `usage` for a name that cannot be one, and with line and
 * column for a mistake in the mapping.
 */
export async function keepMapping(
  ctx: AppContext,
  { name, text }: { readonly name: string; readonly text: string },
): Promise<{ readonly name: string; readonly tool: string }> {
  permit(ctx, 'administer');
  if (!isMappingName(name))
    throw new InboxError(
      'usage',
      `A mapping is called by small letters, digits and hyphens, at most 60, such as acme-scan; found "${oneLine(name, 80)}".`,
    );
  const { tool } = ctx.checkMapping(text);
  const kept = await ctx.mappings.list();
  if (kept.length >= MAPPINGS_MAX && !kept.some((each) => each.name === name))
    throw new InboxError('usage', `There are ${MAPPINGS_MAX} mappings already. Remove one that nobody uses.`);
  await ctx.mappings.keep({ name, text }, ctx.actor.name);
  return { name, tool };
}

/** The mapping is kept no longer; what was read by it stays. Throws `not_found`. */
export async function removeMapping(ctx: AppContext, { name }: { readonly name: string }): Promise<void> {
  permit(ctx, 'administer');
  if (!(await ctx.mappings.remove(name, ctx.actor.name))) throw unknownMapping(name);
}

/** `import --mapping`: the mapping itself, also where a kept one is named. Throws `not_found`. */
export function mappingOf(said: string | null, kept: readonly KeptMapping[]): string | null {
  if (said === null || !isMappingName(said)) return said;
  const named = kept.find(({ name }) => name === said);
  if (named === undefined) throw unknownMapping(said);
  return named.text;
}

function unknownMapping(name: string): InboxError {
  return new InboxError(
    'not_found',
    `No mapping is kept as ${oneLine(name, 80)}. "mappings list" prints those that are; "mappings apply FILE --name ${isMappingName(name) ? name : 'NAME'}" keeps one.`,
  );
}
