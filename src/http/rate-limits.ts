import type { FastifyInstance, FastifyRequest } from 'fastify';
import { InboxError } from '#base/inbox-error.ts';

/** Counts a request against a limit. Throws `rate_limited` with the seconds to wait. */
export type RateLimit = (request: FastifyRequest) => Promise<void>;

/** How often who may ask (design: reliability, rate limits). Counted in this process's memory. */
export interface RateLimits {
  /** Requests that show no valid credential, per address. */
  readonly anonymous: RateLimit;
  /** Throws when the address has used up what anonymous requests it has; counts nothing. */
  readonly anonymousLeft: RateLimit;
  /** Requests of one person, tokens included. */
  readonly person: RateLimit;
  readonly signIn: RateLimit;
  readonly imports: RateLimit;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Needs the plugin `@fastify/rate-limit`. Addresses of one IPv6 /64 count as one. */
export function makeRateLimits(app: FastifyInstance): RateLimits {
  const byPerson = { keyGenerator: (request: FastifyRequest) => request.actor?.name ?? request.ip };
  const anonymous = app.createRateLimit({ max: 25, timeWindow: 5 * SECOND });
  return {
    anonymous: refusing(anonymous),
    anonymousLeft: refusing((request) => anonymous(request, { increment: false })),
    person: refusing(app.createRateLimit({ max: 100, timeWindow: 5 * SECOND, ...byPerson })),
    signIn: refusing(app.createRateLimit({ max: 10, timeWindow: MINUTE })),
    imports: refusing(app.createRateLimit({ max: 60, timeWindow: MINUTE, ...byPerson })),
  };
}

type Limiter = ReturnType<FastifyInstance['createRateLimit']>;

function refusing(count: (request: FastifyRequest) => ReturnType<Limiter>): RateLimit {
  return async (request) => {
    const state = await count(request);
    if (state.isAllowed || !state.isExceeded) return;
    throw new InboxError(
      'rate_limited',
      `At most ${state.max} such requests in ${state.timeWindow / SECOND} seconds are answered. Wait ${state.ttlInSeconds} seconds.`,
      {
        details: { retryAfterSeconds: state.ttlInSeconds },
      },
    );
  };
}
