import { isAbsolute } from 'node:path';
import { InboxError } from '#base/inbox-error.ts';
import type { JsonObject } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { Watch } from '#domain/ports/watch-store.ts';
import { mappingOf } from './change-mappings.ts';
import { type AppContext, permit } from './context.ts';
import type { ImportOptions } from './import/import-options.ts';
import { namedFormat } from './import/named-format.ts';
import { newId } from './new-id.ts';

const MINUTES_MAX = 31 * 24 * 60;
const WATCHES_MAX = 200;
const LOCATION_MAX = 2_000;

/**
 * Looks at a folder of the server, or at an address, on a schedule, and reads what is new there as an import with these options. It
 * is first looked at within a minute. Throws `usage` for a place, a rhythm or a format that
 * cannot be, and `not_found` for a mapping that nobody keeps.
 */
export async function watchLocation(
  ctx: AppContext,
  input: {
    readonly location: string;
    readonly everyMinutes: number;
    readonly allowsPrivate: boolean;
    readonly options: ImportOptions;
  },
): Promise<{ readonly id: string }> {
  permit(ctx, 'administer');
  const { location, everyMinutes, allowsPrivate, options } = input;
  checkLocation(location);
  if (!Number.isInteger(everyMinutes) || everyMinutes < 1 || everyMinutes > MINUTES_MAX)
    throw new InboxError('usage', `A place is looked at every 1 to ${MINUTES_MAX} minutes.`);
  if (options.format !== null) namedFormat(ctx, options.format);
  mappingOf(options.mapping ?? null, await ctx.mappings.list());
  if ((await ctx.watches.list()).length >= WATCHES_MAX)
    throw new InboxError('usage', `No more than ${WATCHES_MAX} places are watched; take one away first.`);
  const id = newId();
  const now = ctx.clock.now();
  await ctx.watches.add(
    {
      id,
      location,
      options: options as unknown as JsonObject,
      everyMinutes,
      allowsPrivate,
      createdBy: ctx.actor.name,
      nextAt: now,
    },
    now,
  );
  return { id };
}

/** What is watched, with what the last look found. */
export async function listWatches(ctx: AppContext): Promise<readonly Watch[]> {
  permit(ctx, 'read');
  return ctx.watches.list();
}

/** Takes a watched place away; what it brought stays. Throws `not_found`. */
export async function unwatchLocation(ctx: AppContext, { id }: { readonly id: string }): Promise<void> {
  permit(ctx, 'administer');
  if (!(await ctx.watches.remove(id, ctx.actor.name, ctx.clock.now())))
    throw new InboxError(
      'not_found',
      `Nothing is watched as ${oneLine(id, 60)}; "sources watched" lists what is.`,
    );
}

/** Whether a place is a folder of the server, and no address. */
export function isFolder(location: string): boolean {
  return !/^[a-z][a-z0-9+.-]*:\/\//i.test(location);
}

function checkLocation(location: string): void {
  if (location.length > LOCATION_MAX || location.includes('\0'))
    throw new InboxError('usage', 'This is no place that can be watched.');
  if (isFolder(location)) {
    if (!isAbsolute(location))
      throw new InboxError(
        'usage',
        'A watched folder is named from the root: the server has another working directory.',
      );
    return;
  }
  const url = URL.canParse(location) ? new URL(location) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new InboxError('usage', 'A watched address begins with http:// or https://.');
  if (url.username !== '' || url.password !== '')
    throw new InboxError(
      'usage',
      'A watched address holds no name and no password: it is shown to whoever may read.',
    );
}
