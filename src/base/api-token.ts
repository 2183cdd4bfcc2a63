import { createHash } from 'node:crypto';

const PREFIX = 'sinb_';
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 62^43 > 2^256: every 32 bytes fit. */
const BODY_LENGTH = 43;
const CHECKSUM_LENGTH = 6;
const SHAPE = /^sinb_[0-9A-Za-z]{49}$/;

/** How many random bytes a token is made of. */
export const API_TOKEN_BYTES = 32;

/**
 * The text of an API token: `sinb_`, 43 digits of base 62 that hold the bytes, and a checksum of 6 more.
 * Scanners for leaked secrets recognise it by `sinb_[0-9A-Za-z]{49}` and the checksum.
 */
export function apiTokenOf(bytes: Uint8Array): string {
  if (bytes.length !== API_TOKEN_BYTES)
    throw new RangeError(`A token is made of ${API_TOKEN_BYTES} bytes, not ${bytes.length}.`);
  const body = PREFIX + base62(BigInt(`0x${Buffer.from(bytes).toString('hex')}`), BODY_LENGTH);
  return body + checksum(body);
}

/** Whether a text has the shape of an API token and its checksum agrees; a mistyped one is told without a look-up. */
export function isApiToken(text: string): boolean {
  return SHAPE.test(text) && checksum(text.slice(0, -CHECKSUM_LENGTH)) === text.slice(-CHECKSUM_LENGTH);
}

function checksum(body: string): string {
  const value = createHash('sha256').update(body).digest().readBigUInt64BE(0);
  return base62(value % 62n ** BigInt(CHECKSUM_LENGTH), CHECKSUM_LENGTH);
}

function base62(value: bigint, length: number): string {
  let digits = '';
  for (let rest = value; rest > 0n; rest /= 62n) digits = DIGITS[Number(rest % 62n)] + digits;
  return digits.padStart(length, '0');
}
