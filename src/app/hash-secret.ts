import { createHash } from 'node:crypto';

/** What is kept of a secret with 32 random bytes: SHA-256. It needs no salt and no slowness, as nobody can guess it. */
export function hashSecret(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}
