import { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemOf, refusalOf } from './problem.ts';

/**
 * Answers with what `work` comes to. Whoever says `Prefer: progress` is sent white space meanwhile, one character each
 * `everyMs`, which JSON allows in front of a value: clients and proxies give up on an answer that is silent for minutes.
 * The status is sent with the first of these and says only that the request was taken in then; a refusal that comes
 * later is the problem document in the body. Work that is done before has its own status, as everybody else's.
 */
export async function answerSlowly(
  request: FastifyRequest,
  reply: FastifyReply,
  work: Promise<unknown>,
  /** When everything that was sent is taken in. */
  taken: Promise<void>,
  everyMs: number,
): Promise<unknown> {
  if (request.headers.prefer !== 'progress') return work;
  // Whoever goes away meanwhile hears nothing; the work goes on.
  work.catch(() => undefined);
  const isDone = await Promise.race([
    work.then(() => true),
    taken.then(() => pause(everyMs, false, { ref: false })),
  ]);
  if (isDone) return work;
  return reply
    .type('application/json; charset=utf-8')
    .header('preference-applied', 'progress')
    .send(Readable.from(spaces(request, work, everyMs)));
}

async function* spaces(
  request: FastifyRequest,
  work: Promise<unknown>,
  everyMs: number,
): AsyncGenerator<string> {
  const answer = work.then(
    (body) => JSON.stringify(body),
    (error: unknown) => {
      const refusal = refusalOf(error);
      if (refusal.code === 'internal') request.log.error({ err: refusal.cause ?? refusal });
      return JSON.stringify(problemOf(refusal, request.id));
    },
  );
  for (;;) {
    yield '\n';
    const text = await Promise.race([answer, pause(everyMs, null, { ref: false })]);
    if (text === null) continue;
    yield text;
    return;
  }
}
