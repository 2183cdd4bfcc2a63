import { randomBytes } from 'node:crypto';
import { base32Hex } from '#base/digest.ts';

/** A random id of 16 characters, for what has no content to be named after: a person, a token. */
export function newId(): string {
  return base32Hex(randomBytes(10));
}
