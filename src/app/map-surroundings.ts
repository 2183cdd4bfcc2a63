import type { Surroundings } from '#domain/ports/explorer-store.ts';
import type { SeverityCounts } from '#domain/severity/severity.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';

const THINGS_MAX = 60;
/** Of an issue on very many resources these are drawn, its lead's first. */
const BEGINNINGS_MAX = 12;

interface IssueSurroundings extends Surroundings {
  /** Open findings by severity, of the things that have any. */
  readonly counts: ReadonlyMap<string, SeverityCounts>;
  readonly id: string;
  readonly title: string;
}

/** What is around the resources of an issue in the graph, at most 60 things. Throws `not_found`. */
export async function mapSurroundings(
  ctx: AppContext,
  { id: asked }: { readonly id: string },
): Promise<IssueSurroundings> {
  permit(ctx, 'read');
  const { row, findings, assessed } = knownIssue(asked, await ctx.inbox.view(asked));
  const lead = assessed?.lead.finding.resource.key;
  const keys = new Set([
    ...(lead === undefined ? [] : [lead]),
    ...findings.filter(({ isOpen }) => isOpen).map(({ resourceKey }) => resourceKey),
  ]);
  const around = await ctx.explorer.surroundings([...keys].slice(0, BEGINNINGS_MAX), THINGS_MAX);
  const left = Math.max(0, keys.size - BEGINNINGS_MAX);
  const counts = await ctx.explorer.severities(around.things.map(({ key }) => key));
  return { ...around, counts, id: row.id, title: row.title, hidden: around.hidden + left };
}
