import { z } from 'zod';
import { InboxError } from '#base/inbox-error.ts';

const rank = z
  .string()
  .regex(/^\d{1,18}$/)
  .transform(BigInt);
const text = z.string().max(2_100);

/** Places in the lists of the explorers, by the keys of their orders. */
export const PLACES = {
  finding: z
    .tuple([rank, text, z.string().regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)])
    .transform(([at, issue, fingerprint]) => ({ rank: at, issue, fingerprint })),
  resource: z.tuple([text]).transform(([key]) => key),
  signal: z.tuple([z.number(), text, text]).transform(([at, resource, id]) => ({ at, resource, id })),
  advisory: z.tuple([rank, text]).transform(([at, issue]) => ({ rank: at, issue })),
};

/** A place as a text without meaning to others: the keys of its row, numbers of any size as texts. */
export function writePlace(keys: readonly (string | number | bigint)[]): string {
  return Buffer.from(
    JSON.stringify(keys.map((key) => (typeof key === 'bigint' ? String(key) : key))),
  ).toString('base64url');
}

/** Null without a cursor. Throws `usage` for a text that is no cursor of this list. */
export function readPlace<Place>(schema: z.ZodType<Place>, cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  const place = schema.safeParse(parsed(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (place.success) return place.data;
  throw new InboxError(
    'usage',
    'The cursor is not one of this list. Leave it out to begin with the first page.',
  );
}

function parsed(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return undefined;
  }
}
