import { instantText, instantTextOrNull } from '#base/instant.ts';
import type {
  AttackPath as FoundPath,
  PathStep,
  RepresentativePath,
} from '#domain/attackpath/attack-path.ts';
import type { Gate as StepGate } from '#domain/attackpath/attack-step.ts';
import type { BlastRadius as FoundRadius } from '#domain/attackpath/blast-radius.ts';
import type { ContextMap } from '#domain/attackpath/context-map.ts';
import type { PlannedFix, PlannedFixes } from '#domain/attackpath/fix-plan.ts';
import { mostOfPath } from '#domain/attackpath/likelihood.ts';
import { TECHNIQUES } from '#domain/attackpath/technique.ts';
import type { WaysTo as FoundWays } from '#domain/attackpath/ways-to.ts';
import type { ChangedPath } from '#domain/attackpath/what-if.ts';
import type { AssignedFix, AttackPathView, PathList, SamePath } from '#domain/ports/path-store.ts';
import type {
  AttackPath,
  AttackPathList,
  BlastRadius,
  FixList,
  FixPlan,
  Gate,
  PathMap,
  WaysTo,
  WhatIf,
} from '../attack-path.ts';
import { detectedRiskSchema } from '../detected-risk.ts';

export function presentPathList({ paths, searchedAt, notes }: PathList): AttackPathList {
  return {
    items: paths.map(presentAttackPath),
    searchedAt: instantTextOrNull(searchedAt),
    notes: [...notes],
  };
}

export function presentSamePath({ issueId, title, sources }: SamePath): AttackPath['alsoFoundBy'][number] {
  return { id: issueId, title, sources: [...sources] };
}

/** An attack path as the wire has it: the likeliest way in full, the others beside it. */
export function presentAttackPath({ issueId, path, alsoFoundBy }: AttackPathView): AttackPath {
  const [best, ...others] = path.paths as [RepresentativePath, ...RepresentativePath[]];
  const { shape, title, story, severity, why, pivot, targetClass, entries, fixes, more } = path;
  return {
    ...presentWay(best),
    id: issueId,
    alsoFoundBy: alsoFoundBy.map(presentSamePath),
    shape,
    title,
    story,
    severity,
    why,
    pivot: { id: pivot.key, kind: pivot.kind, name: pivot.name },
    targetClass,
    entries,
    targets: path.targets.length,
    resources: path.resources.length,
    services: path.services.length,
    risks: risksOf(path),
    fixes: fixes.map(presentGate),
    alternatives: others.map(presentWay),
    more,
  };
}

function risksOf({ risks }: FoundPath): AttackPath['risks'] {
  return detectedRiskSchema.options.filter((risk) => risks[risk].state === 'yes');
}

function presentWay({
  entry,
  target,
  likelihood,
  steps,
}: RepresentativePath): AttackPath['alternatives'][number] {
  const likelihoodAtMost = mostOfPath(
    likelihood,
    steps.map(({ probability }) => probability),
  );
  return { entry, target, likelihood, likelihoodAtMost, steps: steps.map(presentStep) };
}

function presentStep(step: PathStep): AttackPath['steps'][number] {
  return {
    from: step.from.asset,
    to: step.to.asset,
    gains: step.to.capability,
    rule: step.rule,
    sentence: step.sentence,
    gates: step.gates.map(presentGate),
    evidence: step.evidence.map(({ sentence, provenance, at, link }) => ({
      sentence,
      provenance,
      at: instantTextOrNull(at),
      link: link ?? null,
    })),
    assumptions: [...step.assumptions],
    technique: step.technique === null ? null : { id: step.technique, name: TECHNIQUES[step.technique] },
    probability: step.probability,
    otherWays: step.otherWays,
  };
}

/** Paths that an older program stored name no fixes; they are looked for anew within minutes of a start. */
function presentGate({
  fix,
  is,
  id,
  sentence,
  issueId,
}: Omit<StepGate, 'fix'> & { readonly fix?: string }): Gate {
  return { fix: fix ?? id, is, id, sentence, issue: issueId };
}

interface PlanView extends Omit<PlannedFixes, 'fixes'> {
  readonly fixes: readonly (PlannedFix & { readonly assigned: AssignedFix | null })[];
  readonly notes: readonly string[];
}

export function presentFixPlan({ fixes, share: all, atLeast, notes }: PlanView): FixPlan {
  return {
    share: all,
    atLeast,
    notes: [...notes],
    items: fixes.map(({ gate, changes, assigned, ...fix }) => ({
      ...fix,
      gate: presentGate(gate),
      assignee: assigned?.assignee ?? null,
      dueAt: instantTextOrNull(assigned?.dueAt ?? null),
      paths: changes.map(presentChange),
    })),
  };
}

function presentChange({ issueId, before, after: _, left, ...change }: ChangedPath): WhatIf['paths'][number] {
  return {
    id: issueId,
    ...change,
    severity: before?.severity ?? null,
    severityAfter: left?.severity ?? null,
    likelihood: before?.likelihood ?? null,
    likelihoodAfter: left?.likelihood ?? null,
  };
}

type Issue = WhatIf['issues'][number];
type Row = WhatIf['inbox'][number];

interface TriedView {
  readonly gates: readonly StepGate[];
  readonly paths: readonly ChangedPath[];
  readonly issues: readonly Readonly<Issue>[];
  readonly inbox: readonly (Readonly<Omit<Row, 'affected'>> & { readonly isAffected: boolean })[];
  readonly notes: readonly string[];
}

export function presentWhatIf({ gates, paths, issues, inbox, notes }: TriedView): WhatIf {
  return {
    gates: gates.map(presentGate),
    paths: paths.map(presentChange),
    issues: issues.map((issue) => ({ ...issue })),
    inbox: inbox.map(({ isAffected, ...row }) => ({ ...row, affected: isAffected })),
    notes: [...notes],
  };
}

export function presentFixes(fixes: readonly (AssignedFix & { readonly isOpen: boolean })[]): FixList {
  return {
    items: fixes.map(({ id, gate, assignee, dueAt, isOpen, actor, at }) => ({
      id,
      gate: presentGate(gate),
      assignee,
      dueAt: instantTextOrNull(dueAt),
      open: isOpen,
      decidedBy: actor,
      decidedAt: instantText(at),
    })),
  };
}

export function presentPathMap({
  issueId,
  path,
  map,
}: AttackPathView & { readonly map: ContextMap }): PathMap {
  return {
    id: issueId,
    title: path.title,
    nodes: map.nodes.map((node) => ({
      ...node,
      badges: [...node.badges],
      issues: [...node.issues],
      data: [...node.data],
      findings: { ...node.findings },
    })),
    edges: map.edges.map((edge) => ({ ...edge })),
    hidden: map.hidden,
  };
}

type Named = { readonly key: string; readonly name: string };

export function presentBlastRadius({
  taken,
  radius,
  notes,
}: {
  readonly taken: readonly Named[];
  readonly radius: FoundRadius;
  readonly notes: readonly string[];
}): BlastRadius {
  const {
    sentence,
    targets,
    controlled,
    byDataType,
    byAccount,
    byEnvironment,
    byService,
    byTeam,
    implications,
  } = radius;
  const shares = (list: FoundRadius['byTeam']) => list.map((share) => ({ ...share }));
  return {
    taken: taken.map(({ key, name }) => ({ id: key, name })),
    sentence,
    targets: targets.map(({ asset, steps, estate, production: _, ...target }) => ({
      ...target,
      id: asset,
      account: estate,
      dataTypes: [...target.dataTypes],
      services: [...target.services],
      steps: steps.map(presentStep),
    })),
    controlled: controlled.length,
    byDataType: shares(byDataType),
    byAccount: shares(byAccount),
    byEnvironment: shares(byEnvironment),
    byService: shares(byService),
    byTeam: shares(byTeam),
    wouldAffect: implications.map((each) => ({ ...each, items: [...each.items] })),
    notes: [...notes],
  };
}

export function presentWaysTo({
  resource,
  found,
  notes,
}: {
  readonly resource: Named;
  readonly found: FoundWays;
  readonly notes: readonly string[];
}): WaysTo {
  return {
    resource: { id: resource.key, name: resource.name },
    ways: found.ways.map((way) => ({
      ...presentWay(way),
      through: way.through,
      throughName: way.throughName,
      gains: way.gains,
    })),
    more: found.more,
    notes: [...notes, ...found.notes],
  };
}
