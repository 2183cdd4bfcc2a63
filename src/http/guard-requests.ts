import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { InboxError } from '#base/inbox-error.ts';
import { SECOND_MS } from '#base/instant.ts';
import { isAllowedHost } from './allowed-hosts.ts';
import { securityHeaders } from './security-headers.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body is a file of any size, with limits of its own. */
    isUpload?: boolean;
    /** Anybody may ask under any name: a probe knows the server by its address only. */
    isProbe?: boolean;
  }
}

const REPORT_ENCODINGS: ReadonlySet<string> = new Set(['gzip', 'zstd']);
const BODY_MAX_MS = 60 * SECOND_MS;

export function addSafeHeaders(request: FastifyRequest, reply: FastifyReply, publicUrl: URL | null): void {
  reply.headers({ ...securityHeaders(publicUrl), 'x-request-id': request.id });
}

/** What every request meets before anything else: headers that make an answer safe to show, and the questions of name and pace. */
export function guardRequests(app: FastifyInstance, publicUrl: URL | null): void {
  app.addHook('onRequest', async (request, reply) => {
    addSafeHeaders(request, reply, publicUrl);
    if (!request.routeOptions.config.isProbe && !isAllowedHost(request.headers.host, publicUrl)) {
      throw new InboxError(
        'forbidden',
        'The server is not known by the name that the request gives it. Use 127.0.0.1, localhost or the public URL.',
      );
    }
    if (request.url.includes('%00'))
      throw new InboxError(
        'usage',
        'An address without NUL characters is expected: no name or text holds one.',
      );
    const encoding = request.headers['content-encoding']?.toLowerCase() ?? 'identity';
    // An upload is told by its bytes and unpacked by the importer, within its limits; nothing is unpacked here.
    if (
      encoding !== 'identity' &&
      !(request.routeOptions.config.isUpload && REPORT_ENCODINGS.has(encoding))
    ) {
      throw new InboxError(
        'usage',
        'A body without Content-Encoding is expected; that of an upload may be gzip or zstd.',
      );
    }
  });
  app.addHook('preParsing', async (request, _reply, payload) => {
    if (request.routeOptions.config.isUpload) return payload;
    const deadline = setTimeout(() => request.raw.destroy(), BODY_MAX_MS);
    request.raw.once('close', () => clearTimeout(deadline)).once('end', () => clearTimeout(deadline));
    return payload;
  });
}
