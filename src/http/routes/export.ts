import { Readable } from 'node:stream';
import { z } from 'zod';
import { exportInbox } from '#app/export-inbox.ts';
import { instantText } from '#base/instant.ts';
import { EXPORT_FILES, exportQuerySchema } from '#contract/export.ts';
import { FINDINGS_OF, writeExport } from '#contract/from-domain/export/write-export.ts';
import { listingFilter } from '#contract/from-domain/listing-filter.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { RateLimits } from '../rate-limits.ts';
import type { ServerParts } from '../server-parts.ts';

/** All of a list in one file, written while it is read. */
export function exportRoutes(app: App, parts: ServerParts, limits: RateLimits): void {
  app.route({
    method: 'GET',
    url: '/api/v1/export',
    schema: {
      summary: 'All issues of a listing as CSV, JSON, SARIF 2.1.0 or OCSF, or its mutes as OpenVEX',
      querystring: exportQuerySchema,
      response: { 200: z.string() },
    },
    handler: async (request, reply) => {
      const { format, ...query } = request.query;
      limits.exports(request);
      const ctx = contextOf(request, parts);
      const now = ctx.clock.now();
      const found = exportInbox(ctx, { ...listingFilter(query), findings: FINDINGS_OF[format] });
      const text = writeExport(format, found, { now, version: parts.version });
      // What is refused is refused before anything is sent.
      const first = await text.next();
      const { type, ending } = EXPORT_FILES[format];
      const day = instantText(now).slice(0, 10);
      reply
        .header('content-type', type)
        .header('content-disposition', `attachment; filename="security-inbox-${day}.${ending}"`);
      // A listing that broke off is cut off, so that nobody takes it for a whole one.
      return Readable.from(whole(first, text)) as unknown as string;
    },
  });
}

async function* whole(first: IteratorResult<string>, rest: AsyncIterable<string>): AsyncGenerator<string> {
  if (first.done !== true) yield first.value;
  yield* rest;
}
