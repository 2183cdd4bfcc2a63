import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_TYPE, problemOf, refusalOf } from './problem.ts';

/** Answers whatever is thrown by a problem document. Only what is a fault of the server is logged as an error. */
export function answerRefusals(app: FastifyInstance): void {
  app.setErrorHandler(answerRefusal);
}

export async function answerRefusal(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const refusal = refusalOf(error);
  const problem = problemOf(refusal, request.id);
  if (problem.status >= 500 && refusal.code !== 'not_initialised')
    request.log.error({ err: refusal.cause ?? refusal });
  const { retryAfterSeconds } = refusal.details;
  if (typeof retryAfterSeconds === 'number') reply.header('retry-after', retryAfterSeconds);
  if (refusal.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
  // Whoever still sends a body is not listened to any more; gigabytes need not be taken in to be refused.
  if (!request.raw.complete) reply.header('connection', 'close');
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** One line for each answer. The route stands there by its pattern: what a caller wrote into an address is not logged. */
export function logAnswers(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    request.log.info({
      method: request.method,
      route: request.routeOptions.url ?? null,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      actor: request.actor?.name ?? null,
    });
  });
}
