import { InboxError } from '#base/inbox-error.ts';
import type { AttackPath } from '#domain/attackpath/attack-path.ts';
import type { Gate } from '#domain/attackpath/attack-step.ts';
import { modelOf } from '#domain/attackpath/derive-paths.ts';
import { pathKey } from '#domain/attackpath/judge-ways.ts';
import type { PathFacts } from '#domain/attackpath/path-facts.ts';
import {
  type ChangedPath,
  type FixEffect,
  gatesMeant,
  gatesOfIssues,
  whatIf,
} from '#domain/attackpath/what-if.ts';
import {
  type AffectedIssue,
  type Places,
  projectInbox,
  type Standing,
} from '#domain/inbox/projected-inbox.ts';
import type { InboxFilter, IssueRow, MendedIssue } from '#domain/ports/inbox-store.ts';
import { packRank } from '#domain/ranking/packed-rank.ts';
import type { Severity } from '#domain/severity/severity.ts';
import { type AppContext, permit } from './context.ts';
import { severalIssues } from './one-issue.ts';
import { UNNARROWED } from './unnarrowed.ts';

/** What a fix does to one issue. */
export interface TriedIssue extends Places {
  readonly id: string;
  readonly type: IssueRow['type'];
  readonly title: string;
  readonly effect: FixEffect;
  /** Null where it is no issue yet. */
  readonly severity: Severity | null;
  /** Of itself, or of the path that takes its place; null where it is resolved. */
  readonly severityAfter: Severity | null;
}

/** A row of the inbox as it would be. */
export interface TriedRow {
  readonly id: string;
  readonly type: IssueRow['type'];
  readonly title: string;
  readonly severity: Severity;
  readonly place: number;
  /** As it is now; null where it is not in the inbox now. */
  readonly placeBefore: number | null;
  /** Whether anything was done to it. */
  readonly isAffected: boolean;
}

/** What becomes of attack paths and issues when gates are closed and issues are mended. */
export interface TriedFixes {
  readonly gates: readonly Gate[];
  readonly paths: readonly ChangedPath[];
  /** Those that something is done to: paths first, in the order of the inbox. */
  readonly issues: readonly TriedIssue[];
  /** The first rows of the inbox as it would be. */
  readonly inbox: readonly TriedRow[];
  readonly notes: readonly string[];
}

/** Rows of the inbox as it would be that are shown. */
const ROWS = 25;
/** Issues whose places are counted; more keep no place. */
const PLACED_MAX = 200;

const INBOX: InboxFilter = {
  all: false,
  ...UNNARROWED,
  condition: null,
};

/**
 * Tries to mend things: gates by their ids, those of their fixes, or words of what closing them means, and issues as a
 * whole, by id, the beginning of one, key or advisory. Nothing is stored. Throws `not_found` for a word that means none,
 * `usage` for the beginning of several ids.
 */
export async function tryFixes(
  ctx: AppContext,
  { words }: { readonly words: readonly string[] },
  placedMax: number = PLACED_MAX,
): Promise<TriedFixes> {
  permit(ctx, 'read');
  const { facts, notes } = await ctx.paths.facts('outside');
  const { gates, issueIds } = await meant(ctx, facts, words);
  const closed = gates.map(({ id }) => id);
  const paths = whatIf(facts, closed);
  const afterwards = new Map(
    modelOf(facts)
      .derive(closed)
      .paths.map((path) => [pathKey(path.shape, path.pivot.key, path.targetClass), path]),
  );
  const mended = (
    await ctx.inbox.mended(
      gates.flatMap(({ is, id, saidBy }) => (is === 'finding' ? [id] : (saidBy ?? []))),
      issueIds,
    )
  ).filter(({ id }) => !paths.some(({ issueId }) => issueId === id));
  const rows = new Map(
    (await ctx.inbox.rows([...paths.map(({ issueId }) => issueId), ...mended.map(({ id }) => id)])).map(
      (row) => [row.id, row],
    ),
  );
  const issues = [
    ...paths.map((path) =>
      pathIssue(
        path,
        afterwards.get(pathKey(path.shape, path.pivot, path.targetClass)) ?? null,
        rows.get(path.issueId),
      ),
    ),
    ...mended.flatMap((issue) => {
      const row = rows.get(issue.id);
      return row === undefined ? [] : [mendedIssue(issue, row)];
    }),
  ];
  const moved = issues.filter(({ isMoved }) => isMoved);
  const placed = moved.slice(0, placedMax);
  const affected = await withAbove(ctx, placed);
  const head = await ctx.inbox.list({ ...INBOX, after: null, limit: ROWS + affected.length });
  const projected = projectInbox(head, affected, ROWS);
  const told = new Map<string, Pick<IssueRow, 'type' | 'title'>>([
    ...head.map((row) => [row.id, row] as const),
    ...issues.map((issue) => [issue.id, issue] as const),
  ]);
  const severities = new Map<string, Severity>([
    ...head.map((row) => [row.id, row.severity] as const),
    ...issues.flatMap(({ id, after }) => (after === null ? [] : [[id, after.severity] as const])),
  ]);
  const isAffected = new Set(affected.map(({ id }) => id));
  return {
    gates,
    paths,
    issues: issues
      .filter(({ effect, before }) => effect !== 'no change' || before === null)
      .map(({ id, type, title, effect, before, severityAfter }) => ({
        id,
        type,
        title,
        effect,
        severity: before?.severity ?? null,
        severityAfter,
        place: projected.places.get(id)?.place ?? null,
        placeAfter: projected.places.get(id)?.placeAfter ?? null,
      })),
    inbox: projected.head.map(({ id, place, placeBefore }) => ({
      id,
      type: told.get(id)?.type as IssueRow['type'],
      title: told.get(id)?.title as string,
      severity: severities.get(id) as Severity,
      place,
      placeBefore,
      isAffected: isAffected.has(id),
    })),
    notes: [
      ...notes,
      ...modelOf(facts).outlines().notes,
      ...(moved.length > placedMax
        ? [`Of ${moved.length} issues that move, the places of the first ${placedMax} are told.`]
        : []),
      'Other issues stand as they do now: what closing a way in does to the risks of a resource shows when its inventory is read again.',
    ],
  };
}

/** What the words mean: gates, and issues that are mended as a whole. */
async function meant(
  ctx: AppContext,
  facts: PathFacts,
  words: readonly string[],
): Promise<{ readonly gates: readonly Gate[]; readonly issueIds: readonly string[] }> {
  const gates = new Map<string, Gate>();
  const issueIds = new Set<string>();
  for (const word of words) {
    const named = gatesMeant(facts.steps, word);
    const exact =
      named.length === 1 && named[0]?.sentence.toLowerCase().includes(word.toLowerCase()) !== true;
    const issues = exact ? [] : await issuesMeant(ctx, word, named.length > 0);
    await refusePaths(ctx, issues);
    for (const id of issues) issueIds.add(id);
    if (issues.length === 0) for (const gate of named) gates.set(gate.id, gate);
    if (issues.length === 0 && named.length === 0)
      throw new InboxError(
        'not_found',
        `No gate of an attack path and no issue is called "${word}". The command "paths fix-plan" prints gates.`,
      );
  }
  for (const gate of gatesOfIssues(facts.steps, issueIds)) gates.set(gate.id, gate);
  return { gates: [...gates.values()], issueIds: [...issueIds] };
}

/** Those of an advisory are mended together, whatever their types. What a gate is called may begin an id too, and means the gate. */
async function issuesMeant(ctx: AppContext, word: string, isGate: boolean): Promise<readonly string[]> {
  const name = word.trim();
  const found = await ctx.inbox.rows(await ctx.inbox.find(name));
  const advisories = new Set(found.map(({ key, type }) => key.slice(type.length)));
  const ids = found.map(({ id }) => id);
  const isBeginning = ids.some((id) => id.startsWith(name.toLowerCase()));
  if (isBeginning && isGate) return [];
  if (advisories.size > 1) throw severalIssues(name, ids);
  return ids;
}

/** Nobody mends a path: something on it is. */
async function refusePaths(ctx: AppContext, issueIds: readonly string[]): Promise<void> {
  const path = (await ctx.inbox.rows(issueIds)).find(({ type }) => type === 'attack_path');
  if (path === undefined) return;
  const { paths } = await ctx.paths.list();
  const [fix] = paths.find(({ issueId }) => issueId === path.id)?.path.fixes ?? [];
  throw new InboxError(
    'usage',
    `${path.id} is an attack path, which goes when one of its gates is closed${fix === undefined ? '' : `: try ${fix.fix} (${fix.sentence})`}.`,
  );
}

interface WeighedIssue extends Omit<AffectedIssue, 'above'> {
  readonly type: IssueRow['type'];
  readonly title: string;
  readonly effect: FixEffect;
  readonly severityAfter: Severity | null;
  readonly isMoved: boolean;
}

function pathIssue(
  path: ChangedPath,
  afterwards: AttackPath | null,
  row: IssueRow | undefined,
): WeighedIssue {
  const { issueId, title, effect, left } = path;
  const severityAfter = left?.severity ?? null;
  const before = path.before === null || row === undefined ? null : standingOf(row);
  // A path that is new may have been there before, and what was decided about it then holds.
  const isListed = before === null ? row?.isMuted !== true : before.isListed;
  const after = afterwards === null ? null : { ...rankOfPath(afterwards), isListed };
  return {
    id: issueId,
    type: 'attack_path',
    title,
    effect,
    severityAfter,
    before,
    after,
    isMoved: isMoved(before, after),
  };
}

function rankOfPath({ severity, risks, resources, services }: AttackPath): Omit<Standing, 'isListed'> {
  return {
    severity,
    riskCount: Object.values(risks).filter(({ state }) => state === 'yes').length,
    impact: resources.length + services.length,
  };
}

function mendedIssue({ id, left, assessed }: MendedIssue, row: IssueRow): WeighedIssue {
  const before = standingOf(row);
  const after =
    left === 0
      ? null
      : assessed === null
        ? before
        : {
            severity: assessed.severity,
            riskCount: assessed.riskCount,
            impact: assessed.impact,
            isListed: row.status === 'open' && assessed.isAdmitted && !assessed.isMuted,
          };
  const effect: FixEffect =
    after === null ? 'resolves' : packRank(after) < packRank(before) ? 'reduces' : 'no change';
  return {
    id,
    type: row.type,
    title: row.title,
    effect,
    severityAfter: after?.severity ?? null,
    before,
    after,
    isMoved: isMoved(before, after),
  };
}

function standingOf({ severity, riskCount, impact, isAdmitted, isMuted, status }: IssueRow): Standing {
  return { severity, riskCount, impact, isListed: isAdmitted && !isMuted && status === 'open' };
}

function isMoved(before: Standing | null, after: Standing | null): boolean {
  return (
    before === null ||
    after === null ||
    packRank(before) !== packRank(after) ||
    before.isListed !== after.isListed
  );
}

async function withAbove(
  ctx: AppContext,
  issues: readonly Omit<AffectedIssue, 'above'>[],
): Promise<readonly AffectedIssue[]> {
  const marks = issues.flatMap(({ id, before, after }) =>
    [before, after].flatMap((standing) =>
      standing?.isListed === true ? [{ id, rank: packRank(standing), standing }] : [],
    ),
  );
  const counts = await ctx.inbox.countAbove(marks.map(({ id, rank }) => ({ id, rank })));
  const above = new Map(marks.map(({ standing }, index) => [standing, counts[index] as number]));
  const countOf = (standing: Standing | null): number => (standing === null ? 0 : (above.get(standing) ?? 0));
  return issues.map((issue) => ({
    ...issue,
    above: { before: countOf(issue.before), after: countOf(issue.after) },
  }));
}
