import type { FastifyInstance } from 'fastify';
import type { ImportResult } from '#app/import/import-result.ts';
import type { InboxListing } from '#app/list-inbox.ts';

/** Counts what this process has answered since it started, and writes it in the text format of Prometheus. */
export class Metrics {
  readonly #requests = new Map<string, { count: number; seconds: number }>();
  readonly #imports = { read: 0, failed: 0 };

  countRequest(method: string, route: string, status: number, seconds: number): void {
    const labels = `method="${method}",route="${route}",status="${status}"`;
    const total = this.#requests.get(labels) ?? { count: 0, seconds: 0 };
    this.#requests.set(labels, { count: total.count + 1, seconds: total.seconds + seconds });
  }

  countImports(results: readonly ImportResult[]): void {
    for (const { error } of results) this.#imports[error === null ? 'read' : 'failed'] += 1;
  }

  text({ totals, facets }: Pick<InboxListing, 'totals' | 'facets'>): string {
    const requests = [...this.#requests];
    return [
      ...family('security_inbox_http_request_seconds', 'summary', 'Time to answer requests.', [
        ...requests.map(([labels, { seconds }]) => `_sum{${labels}} ${seconds}`),
        ...requests.map(([labels, { count }]) => `_count{${labels}} ${count}`),
      ]),
      ...family(
        'security_inbox_imported_files_total',
        'counter',
        'Files and archive members that were uploaded, by outcome.',
        [`{outcome="read"} ${this.#imports.read}`, `{outcome="failed"} ${this.#imports.failed}`],
      ),
      ...family(
        'security_inbox_issues',
        'gauge',
        'Issues in the inbox: admitted, open, not muted.',
        Object.entries(facets.severity).map(([severity, count]) => `{severity="${severity}"} ${count}`),
      ),
      ...family('security_inbox_waiting_findings', 'gauge', 'Open findings that nothing admits.', [
        ` ${totals.waiting}`,
      ]),
      '',
    ].join('\n');
  }
}

function family(
  name: string,
  type: 'counter' | 'gauge' | 'summary',
  help: string,
  samples: readonly string[],
): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...samples.map((sample) => name + sample)];
}

/** Measures every request by its route's pattern, so that no address of a caller becomes a label. */
export function measureRequests(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', async (request, reply) => {
    metrics.countRequest(
      request.method,
      request.routeOptions.url ?? 'none',
      reply.statusCode,
      reply.elapsedTime / 1_000,
    );
  });
}
