import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { InboxError } from '#base/inbox-error.ts';
import { stableJson } from '#base/stable-json.ts';
import type { NewReceiver } from '#domain/delivery/receiver.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * The secret of a receiver as it is stored: AES-256-GCM under a key made of that of the installation, bound to where it
 * is sent. Whoever can write to the database only cannot have it sent elsewhere.
 */
export function sealSecret(key: Uint8Array, receiver: NewReceiver, secret: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(key), nonce).setAAD(boundTo(receiver));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
}

/** The other way. Throws `conflict` where the key or the receiver is another one than it was sealed for. */
export function openSecret(key: Uint8Array, receiver: NewReceiver, stored: Uint8Array): string {
  const sealed = Buffer.from(stored);
  try {
    const decipher = createDecipheriv('aes-256-gcm', keyOf(key), sealed.subarray(0, NONCE_BYTES))
      .setAAD(boundTo(receiver))
      .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([
      decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES)),
      decipher.final(),
    ]).toString('utf8');
  } catch (cause) {
    throw new InboxError(
      'conflict',
      `The secret of ${receiver.name} cannot be read: the file secret.key, or the receiver, is another one than it was kept with. Add the receiver again.`,
      { cause },
    );
  }
}

function keyOf(key: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', 'secrets of receivers', 32));
}

function boundTo({ name, kind, address, account, allowsPrivate }: NewReceiver): Buffer {
  return Buffer.from(stableJson([name, kind, address, account, allowsPrivate]));
}
