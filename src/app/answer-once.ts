import { InboxError } from '#base/inbox-error.ts';
import type { AppContext } from './context.ts';
import { hashSecret } from './hash-secret.ts';

export interface RepeatableRequest {
  /** What the caller calls this request, and its repetitions. */
  readonly key: string;
  /** SHA-256 of what is asked. */
  readonly request: Uint8Array;
  /** The keys that this process works on. */
  readonly inWork: Set<string>;
}

/**
 * Does a piece of work once for each key of a caller, and answers a repetition as the first time, for seven days
 * (reliability §4; identity §11, "answers a repeated HTTP request and no more"). A refusal is not kept: it may be tried
 * again. Throws `key_reused` for a key that stood for another request, `conflict` for one whose request is still worked on. Whoever may
 * do the work may repeat it, so it permits nothing itself.
 */
export async function answerOnce<T>(
  { answers, actor }: Pick<AppContext, 'answers' | 'actor'>,
  { key, request, inWork }: RepeatableRequest,
  work: () => Promise<T>,
): Promise<T> {
  const hash = hashSecret(JSON.stringify([actor.name, actor.role, key]));
  const id = Buffer.from(hash).toString('hex');
  if (inWork.has(id))
    throw new InboxError(
      'conflict',
      'The first request with this Idempotency-Key is still worked on. Ask again later; it is not done twice.',
    );
  inWork.add(id);
  try {
    const kept = await answers.find(hash);
    if (kept === null) {
      const body = await work();
      await answers.keep(hash, { request, body });
      return body;
    }
    if (Buffer.compare(kept.request, request) === 0) return kept.body as T;
    throw new InboxError(
      'key_reused',
      'This Idempotency-Key stood for another request. Choose a new one for each request.',
    );
  } finally {
    inWork.delete(id);
  }
}
