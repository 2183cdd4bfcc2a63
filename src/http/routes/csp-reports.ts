import { asArray, asText, at } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { App } from '../app.ts';
import type { RateLimits } from '../rate-limits.ts';
import type { ServerParts } from '../server-parts.ts';

const BODY_MAX_BYTES = 64 * 1024;
const REPORTS_MAX = 10;
const TEXT_MAX = 200;

/** Where browsers tell that a page of ours tried what its content security policy forbids: a line of the log for each. */
export function cspReportRoutes(app: App, { log }: ServerParts, limits: RateLimits): void {
  app.addContentTypeParser(
    'application/reports+json',
    { parseAs: 'string' },
    app.getDefaultJsonParser('remove', 'remove'),
  );
  app.route({
    method: 'POST',
    url: '/api/v1/csp-reports',
    bodyLimit: BODY_MAX_BYTES,
    config: { access: 'public' },
    schema: { hide: true },
    handler: async (request, reply) => {
      limits.anonymous(request);
      for (const report of asArray(request.body).slice(0, REPORTS_MAX)) {
        const told = (name: string) => oneLine(asText(at(report, 'body', name)) ?? '', TEXT_MAX);
        log.warn(
          { directive: told('effectiveDirective'), blocked: told('blockedURL'), source: told('sourceFile') },
          'a page was kept from what its content security policy forbids',
        );
      }
      return reply.code(204).send();
    },
  });
}
