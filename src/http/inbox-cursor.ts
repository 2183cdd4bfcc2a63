import { InboxError } from '#base/inbox-error.ts';
import type { InboxPageRequest } from '#domain/ports/inbox-store.ts';

type Place = NonNullable<InboxPageRequest['after']>;

const PLACE = /^(\d{1,18})\.([\w-]{1,100})$/;

/** A place in the ranked list as a text without meaning to others. */
export function writeCursor({ rank, id }: Place): string {
  return Buffer.from(`${rank}.${id}`).toString('base64url');
}

/** Throws `usage` for a text that is no cursor of ours. */
export function readCursor(text: string): Place {
  const match = PLACE.exec(Buffer.from(text, 'base64url').toString('utf8'));
  const [, rank, id] = match ?? [];
  if (rank !== undefined && id !== undefined) return { rank: BigInt(rank), id };
  throw new InboxError(
    'usage',
    'The cursor is not one of this list. Leave it out to begin with the first page.',
  );
}
