import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { basename, join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Look } from '#app/run-watches.ts';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { Watch } from '#domain/ports/watch-store.ts';
import { checkedAddress } from './outside-address.ts';

const CONNECT_WITHIN_MS = 5_000;
const ANSWER_WITHIN_MS = 10 * 60_000;
const HEADER_MAX = 500;

/**
 * Asks a watched address whether it has something new, and brings it to disk. Redirects are not followed, and only the address that was
 * checked is connected to. Throws `forbidden`, `feed_unreachable`, and `too_large` beyond `maxBytes`.
 */
export async function lookAtAddress(watch: Watch, folder: string, maxBytes: number): Promise<Look> {
  const url = new URL(watch.location);
  const { address, family } = await checkedAddress(url.hostname, watch.allowsPrivate);
  const answer = await ask(url, { address, family }, watch);
  const mark = {
    etag: headerOf(answer, 'etag'),
    lastModified: headerOf(answer, 'last-modified'),
    digest: watch.mark.digest,
  };
  if (answer.statusCode === 304) {
    answer.resume();
    return { is: 'same', mark: null };
  }
  if (answer.statusCode !== 200) {
    answer.destroy();
    throw new InboxError(
      'feed_unreachable',
      `${shown(url)} answers ${answer.statusCode}${whither(answer)}; a report was expected.`,
    );
  }
  const spool = await mkdtemp(join(folder, 'watch-'));
  const release = () => rm(spool, { recursive: true, force: true });
  try {
    const path = join(spool, 'report');
    const digest = await save(answer, path, maxBytes, url);
    if (digest === watch.mark.digest) {
      await release();
      return { is: 'same', mark };
    }
    const name = basename(url.pathname) || 'report';
    return { is: 'new', mark: { ...mark, digest }, files: [{ path, name: oneLine(name, 200) }], release };
  } catch (error) {
    await release();
    throw error;
  }
}

function ask(
  url: URL,
  { address, family }: { readonly address: string; readonly family: number },
  { mark }: Watch,
): Promise<IncomingMessage> {
  const headers = {
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'security-inbox',
    ...(mark.etag !== null && { 'if-none-match': mark.etag }),
    ...(mark.lastModified !== null && { 'if-modified-since': mark.lastModified }),
  };
  const open = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const asked = open(
      url,
      {
        headers,
        agent: false,
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
        lookup: (_host, options, done) => {
          // Node asks for one or for all, and takes the answer in the shape that it asked for.
          if (options.all === true) done(null, [{ address, family }]);
          else done(null, address, family);
        },
      },
      resolve,
    );
    asked.setTimeout(CONNECT_WITHIN_MS, () => {
      if (asked.socket?.connecting !== false) asked.destroy(new Error('no connection within 5 seconds'));
    });
    asked.once('error', (cause) =>
      reject(
        new InboxError('feed_unreachable', `${shown(url)} does not answer: ${oneLine(cause.message, 120)}.`, {
          cause,
        }),
      ),
    );
    asked.end();
  });
}

async function save(answer: IncomingMessage, path: string, maxBytes: number, url: URL): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  const bound = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes)
        return done(
          new InboxError(
            'too_large',
            `${shown(url)} is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB. Offer the report there in parts, or raise upload-mb of SECURITY_INBOX_LIMITS.`,
          ),
        );
      hash.update(chunk);
      done(null, chunk);
    },
  });
  try {
    await pipeline(answer, bound, createWriteStream(path, { mode: 0o600 }));
  } catch (cause) {
    if (cause instanceof InboxError) throw cause;
    throw new InboxError('feed_unreachable', `${shown(url)} broke off before its end.`, { cause });
  }
  return hash.digest('hex');
}

function headerOf(answer: IncomingMessage, name: 'etag' | 'last-modified'): string | null {
  const value = answer.headers[name];
  return value === undefined || value.length > HEADER_MAX ? null : value;
}

/** Without the query, which may hold a key. */
function shown(url: URL): string {
  return oneLine(`${url.origin}${url.pathname}`, 200);
}

function whither({ statusCode = 0, headers }: IncomingMessage): string {
  return statusCode >= 300 && statusCode < 400 && headers.location !== undefined
    ? ` and points elsewhere, which is not followed: watch ${oneLine(headers.location, 200)} instead`
    : '';
}
