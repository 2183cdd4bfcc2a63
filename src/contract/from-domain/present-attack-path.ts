import { instantTextOrNull } from '#base/instant.ts';
import type { AttackPath as FoundPath, RepresentativePath } from '#domain/attackpath/attack-path.ts';
import type { Gate as StepGate } from '#domain/attackpath/attack-step.ts';
import type { ContextMap } from '#domain/attackpath/context-map.ts';
import type { ChangedPath, PlannedFixes } from '#domain/attackpath/fix-plan.ts';
import { TECHNIQUES } from '#domain/attackpath/technique.ts';
import type { AttackPathView, PathList } from '#domain/ports/path-store.ts';
import type { AttackPath, AttackPathList, FixPlan, Gate, PathMap, WhatIf } from '../attack-path.ts';
import { detectedRiskSchema } from '../detected-risk.ts';

export function presentPathList({ paths, searchedAt, notes }: PathList): AttackPathList {
  return {
    items: paths.map(presentAttackPath),
    searchedAt: instantTextOrNull(searchedAt),
    notes: [...notes],
  };
}

/** An attack path as the wire has it: the likeliest way in full, the others beside it. */
export function presentAttackPath({ issueId, path }: AttackPathView): AttackPath {
  const [best, ...others] = path.paths as [RepresentativePath, ...RepresentativePath[]];
  const { shape, title, story, severity, why, pivot, targetClass, entries, fixes, more } = path;
  return {
    ...presentWay(best),
    id: issueId,
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
  return {
    entry,
    target,
    likelihood,
    steps: steps.map((step) => ({
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
    })),
  };
}

function presentGate({ is, id, sentence, issueId }: StepGate): Gate {
  return { is, id, sentence, issue: issueId };
}

export function presentFixPlan({ fixes, share: all, atLeast }: PlannedFixes): FixPlan {
  return {
    share: all,
    atLeast,
    items: fixes.map(({ gate, share, targetsCut, closes, left }) => ({
      gate: presentGate(gate),
      share,
      targetsCut,
      closes: closes.map((each) => ({ ...each })),
      left,
    })),
  };
}

export function presentWhatIf({
  gates,
  paths,
}: {
  readonly gates: readonly StepGate[];
  readonly paths: readonly ChangedPath[];
}): WhatIf {
  return { gates: gates.map(presentGate), items: paths.map((each) => ({ ...each })) };
}

export function presentPathMap({
  issueId,
  path,
  map,
}: AttackPathView & { readonly map: ContextMap }): PathMap {
  return {
    id: issueId,
    title: path.title,
    nodes: map.nodes.map((node) => ({ ...node, badges: [...node.badges], issues: [...node.issues] })),
    edges: map.edges.map((edge) => ({ ...edge })),
    hidden: map.hidden,
  };
}
