import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Instant } from '#base/instant.ts';

/** A run of events that were deleted: the chain goes on behind it as if they were there. */
export interface EventAnchor {
  readonly shard: bigint;
  readonly from_seq: bigint;
  readonly to_seq: bigint;
  readonly digest_before: Buffer;
  readonly digest: Buffer;
  readonly at: Instant;
}

/** Says that this installation deleted them: who has the database alone cannot make it. */
export function signAnchor(
  { shard, from_seq, to_seq, digest_before, digest, at }: EventAnchor,
  key: Uint8Array,
): Buffer {
  const text = [
    'event anchor',
    shard,
    from_seq,
    to_seq,
    digest_before.toString('hex'),
    digest.toString('hex'),
    at,
  ];
  return createHmac('sha256', key).update(text.join(' ')).digest();
}

export function isSigned(anchor: EventAnchor & { readonly signature: Buffer }, key: Uint8Array): boolean {
  const expected = signAnchor(anchor, key);
  return anchor.signature.length === expected.length && timingSafeEqual(anchor.signature, expected);
}
