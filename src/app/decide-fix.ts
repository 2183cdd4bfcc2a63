import { InboxError } from '#base/inbox-error.ts';
import type { Instant } from '#base/instant.ts';
import type { Gate } from '#domain/attackpath/attack-step.ts';
import type { AssignedFix } from '#domain/ports/path-store.ts';
import { type AppContext, permit } from './context.ts';
import { knownPerson } from './known-person.ts';

/** A fix that somebody is to do, and whether a way of an attacker still goes through what it closes. */
export interface FixView extends AssignedFix {
  readonly isOpen: boolean;
}

/** Fixes that somebody is to do or that have a due date. */
export async function listFixes(ctx: AppContext): Promise<readonly FixView[]> {
  permit(ctx, 'read');
  const fixes = await ctx.paths.fixes();
  if (fixes.length === 0) return [];
  const gates = await openGates(ctx);
  return fixes.map((fix) => ({ ...fix, isOpen: gates.has(fix.id) }));
}

/**
 * Says who is to do a fix, or until when it is to be done; null: nobody, or no such date. What is not given stays. Throws
 * `not_found` for a fix that no path knows and nobody has, and `usage` for a name that nobody has.
 */
export async function decideFix(
  ctx: AppContext,
  {
    id,
    ...decision
  }: { readonly id: string; readonly assignee?: string | null; readonly dueAt?: Instant | null },
): Promise<readonly FixView[]> {
  permit(ctx, 'triage');
  const known = (await ctx.paths.fixes()).find((fix) => fix.id === id);
  const gate = (await openGates(ctx)).get(id) ?? known?.gate;
  if (gate === undefined)
    throw new InboxError(
      'not_found',
      `There is no fix ${id}. The command "paths fix-plan" prints the ids of fixes.`,
    );
  const assignee =
    decision.assignee === undefined ? (known?.assignee ?? null) : await knownPerson(ctx, decision.assignee);
  const dueAt = decision.dueAt === undefined ? (known?.dueAt ?? null) : decision.dueAt;
  await ctx.paths.decideFix(id, gate, { assignee, dueAt }, ctx.actor.name);
  return listFixes(ctx);
}

/** Everything that closes a step, by the id of its fix. */
async function openGates(ctx: AppContext): Promise<ReadonlyMap<string, Gate>> {
  const { facts } = await ctx.paths.facts('outside');
  return new Map(facts.steps.flatMap(({ gates }) => gates.map((gate) => [gate.fix, gate] as const)));
}
