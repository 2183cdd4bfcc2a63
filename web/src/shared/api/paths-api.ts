import {
  type AttackPathList,
  attackPathListSchema,
  type BlastRadius,
  blastRadiusSchema,
  type FixList,
  type FixPlan,
  fixListSchema,
  fixPlanSchema,
  type PathMap,
  type PlanOrder,
  pathMapSchema,
  type WaysTo,
  type WhatIf,
  waysToSchema,
  whatIfSchema,
} from '../../../../src/contract/attack-path.ts';
import { post, readAs } from './call-api.ts';

/** Attack paths of open issues, in the order of the inbox. */
export function getAttackPaths(signal: AbortSignal): Promise<AttackPathList> {
  return readAs(attackPathListSchema, '/attack-paths', { signal });
}

export function getFixPlan(order: PlanOrder, signal: AbortSignal): Promise<FixPlan> {
  return readAs(fixPlanSchema, `/attack-paths/fix-plan?${new URLSearchParams({ order })}`, { signal });
}

/** Gives a fix of attack paths to a person, or to nobody. */
export function assignFix(id: string, assignee: string | null): Promise<FixList> {
  return readAs(fixListSchema, `/attack-paths/fixes/${encodeURIComponent(id)}/assign`, post({ assignee }));
}

/** What becomes of attack paths when these gates are closed: ids of gates, or of issues whose findings are gates. */
export function getWhatIf(gates: readonly string[], signal: AbortSignal): Promise<WhatIf> {
  return readAs(
    whatIfSchema,
    `/attack-paths/what-if?${new URLSearchParams(gates.map((gate) => ['gate', gate]))}`,
    {
      signal,
    },
  );
}

export function getPathMap(issue: string, signal: AbortSignal): Promise<PathMap> {
  return readAs(pathMapSchema, `/attack-paths/map?${new URLSearchParams({ issue })}`, { signal });
}

/** What whoever takes a resource, or what an issue is about, gets to. */
export function getBlastRadius(of: string, signal: AbortSignal): Promise<BlastRadius> {
  return readAs(blastRadiusSchema, `/attack-paths/blast-radius?${new URLSearchParams({ of })}`, { signal });
}

/** From where a resource can be reached, the likeliest first. */
export function getWaysTo(resource: string, signal: AbortSignal): Promise<WaysTo> {
  return readAs(waysToSchema, `/attack-paths/who-can-reach?${new URLSearchParams({ resource })}`, { signal });
}

/** The graph around the resources of an issue. */
export function getSurroundings(issue: string, signal: AbortSignal): Promise<PathMap> {
  return readAs(pathMapSchema, `/surroundings?${new URLSearchParams({ issue })}`, { signal });
}
