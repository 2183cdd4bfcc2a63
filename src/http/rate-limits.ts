import type { FastifyRequest } from 'fastify';
import ipaddr from 'ipaddr.js';
import { hashSecret } from '#app/hash-secret.ts';
import { apiTokenKind } from '#base/api-token.ts';
import { InboxError } from '#base/inbox-error.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '#base/instant.ts';
import { type BucketSize, TokenBuckets } from '#base/token-buckets.ts';
import type { Clock } from '#domain/ports/clock.ts';
import type { InputLimits } from '#domain/ports/input-limits.ts';

/** Counts a request against a limit. Throws `rate_limited` with the seconds to wait. */
type RateLimit = (request: FastifyRequest) => void;

/**
 * How often who may ask (reliability §6.6). An address counts for whoever shows nothing valid, and else a token, or
 * the person of a session. In this process's memory: a start forgets it.
 */
export interface RateLimits {
  /** Requests that show no valid credential. */
  readonly anonymous: RateLimit;
  /** Throws when the address has used up what anonymous requests it has; counts nothing. */
  readonly anonymousLeft: RateLimit;
  /** Requests of somebody who is known; an assistant's token has fewer. */
  readonly caller: RateLimit;
  readonly signIn: RateLimit;
  readonly imports: RateLimit;
  /** Whole lists, which cost more than a page. */
  readonly exports: RateLimit;
  /** Throws when that much more cannot be uploaded today; counts nothing. */
  readonly uploadLeft: (request: FastifyRequest, bytes: number) => void;
  /** Counts what came. */
  readonly uploaded: (request: FastifyRequest, bytes: number) => void;
}

interface Limit extends BucketSize {
  /** Ends the sentence "this server answers at most …". */
  readonly told: string;
}

const LIMITS = {
  anonymous: {
    capacity: 25,
    fillMs: 5 * SECOND_MS,
    told: '5 requests a second, and 25 at once, from an address that shows no valid credential',
  },
  assistant: { capacity: 60, fillMs: MINUTE_MS, told: '60 requests a minute of one token of kind "mcp"' },
  exports: { capacity: 10, fillMs: MINUTE_MS, told: '10 exports a minute of one token or signed-in person' },
  signIn: { capacity: 100, fillMs: HOUR_MS, told: '100 attempts to sign in an hour from one address' },
} as const satisfies Record<string, Limit>;

const BURST_SECONDS = 5;

/** `uploadMaxBytesPerDay` is what one token or signed-in person may send. */
export function makeRateLimits(
  clock: Clock,
  limits: Pick<InputLimits, 'requests-a-second' | 'uploads-a-minute'>,
  uploadMaxBytesPerDay: number,
): RateLimits {
  const { 'requests-a-second': requests, 'uploads-a-minute': uploads } = limits;
  const limited = (limit: Limit, keyOf: (request: FastifyRequest) => string) => {
    const buckets = new TokenBuckets(limit);
    const check =
      (count: 'take' | 'waitFor') =>
      (request: FastifyRequest, cost = 1): void =>
        refuse(limit, buckets[count](keyOf(request), cost, clock.now()));
    return { take: check('take'), left: check('waitFor') };
  };
  const anonymous = limited(LIMITS.anonymous, addressOf);
  const caller = limited(
    {
      capacity: requests * BURST_SECONDS,
      fillMs: BURST_SECONDS * SECOND_MS,
      told: `${requests} requests a second, and ${requests * BURST_SECONDS} at once, of one token or signed-in person`,
    },
    callerOf,
  );
  const assistant = limited(LIMITS.assistant, callerOf);
  const exports = limited(LIMITS.exports, callerOf);
  const signIn = limited(LIMITS.signIn, addressOf);
  const imports = limited(
    {
      capacity: uploads,
      fillMs: MINUTE_MS,
      told: `${uploads} uploads a minute of one token or signed-in person`,
    },
    callerOf,
  );
  const bytes = limited(
    {
      capacity: uploadMaxBytesPerDay,
      fillMs: DAY_MS,
      told: `${uploadMaxBytesPerDay} bytes of uploads a day of one token or signed-in person`,
    },
    callerOf,
  );
  return {
    anonymous: (request) => anonymous.take(request),
    anonymousLeft: (request) => anonymous.left(request),
    caller: (request) => (isAssistant(request) ? assistant : caller).take(request),
    signIn: (request) => signIn.take(request),
    imports: (request) => imports.take(request),
    exports: (request) => exports.take(request),
    uploadLeft: bytes.left,
    uploaded: bytes.take,
  };
}

function refuse(limit: Limit, waitMs: number): void {
  if (waitMs === 0) return;
  // What a full bucket does not hold never comes; a day's wait would be a promise that is not kept.
  const seconds = Math.ceil(Math.min(waitMs, limit.fillMs) / SECOND_MS);
  throw new InboxError(
    'rate_limited',
    `This server answers at most ${limit.told}. Wait ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    { details: { retryAfterSeconds: seconds } },
  );
}

function isAssistant({ credential }: FastifyRequest): boolean {
  return credential?.kind === 'token' && apiTokenKind(credential.secret) === 'mcp';
}

/** Two tokens of one person are two callers: a pipeline that runs wild does not lock its owner out. */
function callerOf(request: FastifyRequest): string {
  const { actor, credential } = request;
  if (actor === null || credential === null) return addressOf(request);
  return credential.kind === 'token'
    ? `token ${Buffer.from(hashSecret(credential.secret)).toString('hex')}`
    : `person ${actor.name}`;
}

/** Whoever has one IPv6 address has its whole /64. */
function addressOf({ ip }: FastifyRequest): string {
  if (!ipaddr.isValid(ip)) return `address ${ip}`;
  const address = ipaddr.process(ip);
  const text = address.kind() === 'ipv6' ? address.toByteArray().slice(0, 8).join('.') : address.toString();
  return `address ${text}`;
}
