import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { DeliveryFailure } from '#app/delivery-failure.ts';
import { SECOND_MS } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { Receiver } from '#domain/delivery/receiver.ts';
import { checkedAddress } from './outside-address.ts';

/** All of an answer: shorter than the time after which somebody else tries the same, however often one asks for a delivery. */
const ANSWER_WITHIN_MS = 20 * SECOND_MS;
const ANSWER_BYTES_MAX = 4 * 1024 * 1024;

export interface OutsideQuestion {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The bytes as they were signed; null: none. */
  readonly body: string | null;
}

export interface OutsideAnswer {
  readonly status: number;
  /** Its text; what is beyond 4 MB is a failure. */
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
}

/**
 * Asks a receiver. Only the address that was checked is connected to, and redirects are not followed. Throws
 * `DeliveryFailure` where nothing answers, and `forbidden` for an address of this network that is not allowed.
 */
export async function askOutside(
  { allowsPrivate }: Pick<Receiver, 'allowsPrivate'>,
  { method, url, headers, body }: OutsideQuestion,
): Promise<OutsideAnswer> {
  const { address, family } = await checkedAddress(url.hostname, allowsPrivate);
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  try {
    return await new Promise((resolve, reject) => {
      const asked = open(
        url,
        {
          method,
          agent: false,
          signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
          headers: {
            'user-agent': 'security-inbox',
            'accept-encoding': 'identity',
            ...(body !== null && {
              'content-type': 'application/json',
              'content-length': String(Buffer.byteLength(body)),
            }),
            ...headers,
          },
          lookup: (_host, options, done) => {
            // Node asks for one or for all, and takes the answer in the shape that it asked for.
            if (options.all === true) done(null, [{ address, family }]);
            else done(null, address, family);
          },
        },
        (answer) => readAll(answer).then(resolve, reject),
      );
      asked.once('error', reject);
      asked.end(body ?? undefined);
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DeliveryFailure(`${shown(url)} does not answer: ${oneLine(why, 120)}.`, { cause });
  }
}

async function readAll(answer: IncomingMessage): Promise<OutsideAnswer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of answer as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > ANSWER_BYTES_MAX) throw new Error('its answer is larger than 4 MB');
    parts.push(part);
  }
  return {
    status: answer.statusCode ?? 0,
    text: Buffer.concat(parts).toString('utf8'),
    headers: answer.headers,
  };
}

/** Says what a receiver answered in the place of what was expected; what it says of its reasons is not repeated whole. */
export function refusedBy(url: URL, { status, text, headers }: OutsideAnswer): DeliveryFailure {
  const seconds = Number(headers['retry-after']);
  const meaning = MEANINGS[status];
  return new DeliveryFailure(
    `${shown(url)} answers ${status}${meaning === undefined ? '' : `, ${meaning}`}: ${oneLine(text, 200) || 'no reason'}`,
    { leaveAloneMs: Number.isFinite(seconds) && seconds > 0 ? seconds * SECOND_MS : 0 },
  );
}

const MEANINGS: Readonly<Record<number, string>> = {
  401: 'which means that it does not know the token',
  403: 'which means that the token may not do this, or did too much',
  404: 'which means that there is no such project, or that the token does not see it',
};

/** Without the query. */
function shown(url: URL): string {
  return oneLine(`${url.origin}${url.pathname}`, 200);
}
