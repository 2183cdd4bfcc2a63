import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { answerOnce } from '#app/answer-once.ts';
import { permit } from '#app/context.ts';
import { hashSecret } from '#app/hash-secret.ts';
import { undoImport } from '#app/undo-import.ts';
import { presentUndoneImport } from '#contract/from-domain/present-undone-import.ts';
import {
  type ImportAnswer,
  importAnswerSchema,
  importQuerySchema,
  runningImportListSchema,
  undoneImportSchema,
} from '#contract/import.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { Metrics } from '../metrics.ts';
import { presentImport } from '../present-import.ts';
import type { RateLimits } from '../rate-limits.ts';
import { readIdempotencyKey } from '../read-idempotency-key.ts';
import { readImportQuery } from '../read-import-query.ts';
import { RunningImports } from '../running-imports.ts';
import type { ServerParts } from '../server-parts.ts';
import { answerSlowly } from '../slow-answer.ts';
import { checkDeclaredSize, withSpooledUpload } from '../spool-upload.ts';

/** The body is the file's bytes; they go to disk as they come, and a process of its own reads them from there. */
export function importRoutes(app: App, parts: ServerParts, limits: RateLimits, metrics: Metrics): void {
  const inWork = new Set<string>();
  const running = new RunningImports();
  const maxBytesFor = ({ credential }: FastifyRequest) => parts.uploadMaxBytes[credential?.kind ?? 'session'];
  app.addContentTypeParser('application/octet-stream', (_request, payload, done) => {
    done(null, payload);
  });
  app.route({
    method: 'POST',
    url: '/api/v1/imports',
    config: { isUpload: true },
    // Packed, a sign of life would wait for others to go with it.
    compress: false,
    // The verb asks again, in its process; here nobody is to send gigabytes first.
    onRequest: async (request) => {
      permit(contextOf(request, parts), 'ingest');
      checkDeclaredSize(request.headers['content-length'], maxBytesFor(request));
      limits.imports(request);
      limits.uploadLeft(request, Number(request.headers['content-length'] ?? 0));
    },
    schema: {
      summary: 'Read a report or an inventory, or an archive of them',
      consumes: ['application/octet-stream'],
      querystring: importQuerySchema,
      response: { 200: importAnswerSchema },
    },
    handler: async (request, reply) => {
      const options = readImportQuery(request.query);
      const key = readIdempotencyKey(request.headers['idempotency-key']);
      const context = contextOf(request, parts);
      const { actor, clock } = context;
      const { name } = request.query;
      const declared = request.headers['content-length'];
      const body = request.body instanceof Readable ? request.body : Readable.from([]);
      const taken = Promise.withResolvers<void>();
      const upload = { name, size: declared === undefined ? null : Number(declared), begunAt: clock.now() };
      const work = running.during(upload, (progress) => {
        const importIt = async (path: string): Promise<ImportAnswer> => {
          const results = await parts.runImportWorker({ path, name, options, actor }, progress.read);
          metrics.countImports(results);
          return { results: results.map(presentImport) };
        };
        const count = (bytes: number) => {
          progress.receive(bytes);
          limits.uploaded(request, bytes);
        };
        return withSpooledUpload(
          body,
          parts.spoolFolder,
          { maxBytes: maxBytesFor(request), clock, count },
          (path, digest) => {
            // Reading it may take longer than an idle connection lives.
            request.raw.socket.setTimeout(0);
            taken.resolve();
            if (key === null) return importIt(path);
            const asked = hashSecret(`${request.url} ${Buffer.from(digest).toString('hex')}`);
            return answerOnce(context, { key, request: asked, inWork }, () => importIt(path));
          },
        );
      });
      return answerSlowly(request, reply, work, taken.promise, parts.signOfLifeMs) as Promise<ImportAnswer>;
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/imports',
    schema: {
      summary: 'The uploads that this server is at work on, and how far it is',
      response: { 200: runningImportListSchema },
    },
    handler: async (request) => {
      permit(contextOf(request, parts), 'read');
      return { items: [...running.list()] };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/scans/:id/undo',
    schema: {
      summary: 'Take one scan back, the latest of its scope',
      params: z.object({ id: z.string().min(1).max(60) }),
      response: { 200: undoneImportSchema },
    },
    handler: async (request) =>
      presentUndoneImport(await undoImport(contextOf(request, parts), { scanId: request.params.id })),
  });
}
