import { createHmac } from 'node:crypto';
import type { WebhookMessage } from '#app/deliver-due.ts';
import { SECOND_MS } from '#base/instant.ts';
import { asObject } from '#base/json-value.ts';
import type { Receiver } from '#domain/delivery/receiver.ts';
import { askOutside, refusedBy } from '../ask-outside.ts';

const URL_MAX = 2_000;

/**
 * Sends a message that is signed as Standard Webhooks says: HMAC-SHA256 over its id, its time in seconds and its body,
 * with dots between them. The id is the same when it is sent again, so that whoever takes it takes it once. Answers the
 * `url` that the receiver shows its work at, if it answers one.
 */
export async function sendWebhook(
  receiver: Receiver,
  secret: string,
  { id, at, body }: WebhookMessage,
): Promise<string | null> {
  const url = new URL(receiver.address);
  const text = JSON.stringify(body);
  const seconds = Math.floor(at / SECOND_MS);
  const signature = createHmac('sha256', secret).update(`${id}.${seconds}.${text}`).digest('base64');
  const answer = await askOutside(receiver, {
    method: 'POST',
    url,
    body: text,
    headers: {
      'idempotency-key': id,
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': `v1,${signature}`,
    },
  });
  if (answer.status < 200 || answer.status > 299) throw refusedBy(url, answer);
  return pageIn(answer.text);
}

function pageIn(text: string): string | null {
  let said: unknown;
  try {
    said = JSON.parse(text);
  } catch {
    // Whoever takes a message may answer anything.
    return null;
  }
  const page = asObject(said)?.['url'];
  return typeof page === 'string' && page.length <= URL_MAX && /^https?:\/\//.test(page) && URL.canParse(page)
    ? page
    : null;
}
