import type { FastifyRequest, RouteOptions } from 'fastify';
import { answerOnce } from '#app/answer-once.ts';
import { hashSecret } from '#app/hash-secret.ts';
import type { App } from './app.ts';
import { contextOf } from './authentication.ts';
import { readIdempotencyKey } from './read-idempotency-key.ts';
import type { ServerParts } from './server-parts.ts';

/**
 * A change that was asked for with an `Idempotency-Key` is made once, and its repetition answered as the first time
 * (reliability §4). Holds for every POST of somebody who signed in that is added from here on; an upload, whose body is
 * known only when it was read, sees to it itself. Errors: `conflict`, `key_reused`, `usage`.
 */
export function answerRepeats(app: App, parts: ServerParts): void {
  const inWork = new Set<string>();
  app.addHook('onRoute', (route: RouteOptions) => {
    if (route.method !== 'POST' || route.config?.access !== undefined || route.config?.isUpload) return;
    const { handler } = route;
    route.handler = async function (request, reply) {
      const work = async () => handler.call(this, request, reply);
      const key = readIdempotencyKey(request.headers['idempotency-key']);
      return key === null
        ? work()
        : answerOnce(contextOf(request, parts), { key, request: asked(request), inWork }, work);
    };
  });
}

function asked({ url, body }: FastifyRequest): Uint8Array {
  return hashSecret(JSON.stringify([url, body ?? null]));
}
