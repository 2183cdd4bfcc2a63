import { InboxError } from '#base/inbox-error.ts';

const KEY = /^[!-~]{1,200}$/;

/** What a caller calls a request and its repetitions; null: it gave no name. Throws `usage`. */
export function readIdempotencyKey(header: string | readonly string[] | undefined): string | null {
  if (header === undefined) return null;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw new InboxError(
    'usage',
    'Idempotency-Key: 1 to 200 visible characters without spaces are expected, such as a UUID.',
  );
}
