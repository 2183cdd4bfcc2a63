import { createHash } from 'node:crypto';
import type { Instant } from '#base/instant.ts';
import { counted } from '#base/text.ts';
import { aliasesOfAdvisory } from '#domain/finding/aliases.ts';
import { identifyFinding } from '#domain/finding/identify-finding.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { sightingContent } from '#domain/finding/sighting.ts';
import { matchedFindings } from '#domain/package/matched-finding.ts';
import type { DueBom } from '#domain/ports/bom-store.ts';
import type { ImportSession, SourceRef } from '#domain/ports/import-store.ts';
import { type AppContext, permit } from './context.ts';

/** The source of what advisories say of packages (design: identity, scope). Its tool is this product: no report is read for it. */
const ADVISORIES: SourceRef = { id: 'advisories', name: 'Advisories', tool: 'security-inbox', isNamed: true };

/** What became of one bill of materials. */
export interface MatchedBom {
  /** The source and the scope that list the packages. */
  readonly source: string;
  readonly scope: Readonly<Record<string, string>>;
  readonly findings: number;
  readonly sentence: string;
}

/**
 * Matches the bills of materials that moved, or of whose packages an advisory says something new. What is found is a complete scan
 * of the source *advisories* in the scope of the bill of materials, at the later of the two times: a package that left, an
 * advisory that was withdrawn or that ends at another version closes its findings.
 */
export async function matchBoms(ctx: AppContext): Promise<readonly MatchedBom[]> {
  permit(ctx, 'ingest');
  if ((await ctx.boms.due()).length === 0) return [];
  const session = await ctx.imports.openSession(ctx.clock);
  try {
    const matched: MatchedBom[] = [];
    // Once more: who held the session before may have matched them.
    for (const due of await ctx.boms.due()) {
      const each = await matchOne(ctx, session, due);
      if (each !== null) matched.push(each);
    }
    return matched;
  } finally {
    await session.close();
  }
}

async function matchOne(ctx: AppContext, session: ImportSession, bom: DueBom): Promise<MatchedBom | null> {
  const { isRetired } = bom;
  const candidates = isRetired ? [] : await ctx.boms.candidates(bom.scopeId);
  const findings = candidates.flatMap(({ installed, affected }) =>
    matchedFindings(bom.resource, installed, affected),
  );
  const digest = digestOf(findings);
  const isSame = bom.matched === digest || (bom.matched === null && findings.length === 0);
  const answer = isSame ? null : await applyMatches(ctx, session, bom, findings, digest);
  await ctx.boms.settle(bom.scopeId, bom.dueAt, digest, isRetired);
  return answer;
}

async function applyMatches(
  ctx: AppContext,
  session: ImportSession,
  bom: DueBom,
  findings: readonly FindingObservation[],
  digest: string,
): Promise<MatchedBom> {
  const now: Instant = ctx.clock.now();
  const { request } = bom;
  const source = await session.sourceOf(ADVISORIES);
  const scan = await session.begin({
    ...request,
    source,
    format: 'advisories',
    toolVersion: null,
    arrivedAt: now,
    actor: ctx.actor.name,
    flags: [],
  });
  for (const observation of findings) {
    const identity = identifyFinding(observation, { naming: request.naming, secretKey: ctx.secretKey });
    await scan.add(
      {
        identity,
        traits: {
          findingClass: observation.findingClass ?? null,
          severity: observation.severity,
          fixable: observation.fixable ?? null,
          rule: null,
        },
        check: null,
        cover: '',
        content: sightingContent(observation, []),
        endedWhy: null,
        aliases: observation.subject.is === 'advisory' ? aliasesOfAdvisory(observation.subject) : [],
        entry: null,
      },
      0,
    );
  }
  const outcome = await scan.finish({
    reportAt: Math.min(bom.reportAt, now),
    sha256: digest,
    files: ['advisories'],
    coverage: 'all',
    isDeclaredComplete: true,
    // What feeds take back is no filter that somebody forgot.
    isConfirmed: true,
    guard: { percent: ctx.limits['closing-percent'], findings: ctx.limits['closing-findings'] },
    tally: { records: findings.length, findings: findings.length, rejects: 0 },
  });
  return {
    source: request.source.id,
    scope: request.scope.keys,
    findings: findings.length,
    sentence: `Matched with advisories: ${counted(findings.length, 'match', 'matches')}. ${outcome.sentence}`,
  };
}

function digestOf(findings: readonly FindingObservation[]): string {
  const texts = findings.map((each) => JSON.stringify(each)).sort();
  return createHash('sha256').update(texts.join('\n')).digest('hex');
}
