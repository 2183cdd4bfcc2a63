import { createHmac, hash } from 'node:crypto';

const BASE32_HEX = '0123456789abcdefghijklmnopqrstuv';

// A digest as text costs half of what one as bytes does: millions are made in an import.

/** SHA-256 over the parts, each with its length before it, so that ('ab','c') and ('a','bc') differ: as lower-case hex. */
export function digestOfParts(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${part.length}:${part}`;
  return hash('sha256', text, 'hex');
}

/** HMAC-SHA-256 of a text, as lower-case hex: for values that must not be guessable from their hash. */
export function keyedDigest(key: Uint8Array, value: string): string {
  return createHmac('sha256', key).update(value).digest('hex');
}

/** SHA-256 of a text as lower-case hex. */
export function digestOfText(text: string): string {
  return hash('sha256', text, 'hex');
}

const KEY_BYTES_MAX = 700;

/**
 * A name that a report chose, as a key that PostgreSQL stores and indexes: itself up to 700 bytes, else its
 * beginning and its hash; U+FFFD in the place of NUL and of half characters. One such name must not keep a
 * whole report out. Normalised (NFC): macOS writes `é` as two characters, others as one.
 */
export function boundedKey(name: string): string {
  const text = name.replaceAll('\0', '\ufffd').toWellFormed().normalize('NFC');
  if (text.length * 3 <= KEY_BYTES_MAX || Buffer.byteLength(text) <= KEY_BYTES_MAX) return text;
  return `${text.slice(0, 150).toWellFormed()}…${digestOfText(text).slice(0, 32)}`;
}

/** Lower-case base32hex without padding: it sorts as its bytes do and reads well in an address. */
export function base32Hex(bytes: Uint8Array): string {
  let result = '';
  let bits = 0;
  let pending = 0;
  for (const byte of bytes) {
    pending = (pending << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      result += BASE32_HEX[(pending >> bits) & 31];
      pending &= (1 << bits) - 1;
    }
  }
  return bits > 0 ? result + BASE32_HEX[(pending << (5 - bits)) & 31] : result;
}

/** Writes the first 16 bytes of a digest in hex as a UUID text, the form in which PostgreSQL keeps them fixed-size. */
export function uuidText(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** 64 bits of SHA-256 over a text, as a signed number that fits PostgreSQL's bigint. */
export function hash64(text: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${hash('sha256', text, 'hex').slice(0, 16)}`));
}
