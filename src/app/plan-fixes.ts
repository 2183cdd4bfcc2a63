import { InboxError } from '#base/inbox-error.ts';
import type { Gate } from '#domain/attackpath/attack-step.ts';
import {
  type ChangedPath,
  gatesMeant,
  type PlannedFixes,
  planFixes as plan,
  whatIf,
} from '#domain/attackpath/fix-plan.ts';
import { type AppContext, permit } from './context.ts';

/** The fixes that take the most risk of attack paths, one after another. */
export async function planFixes(ctx: AppContext): Promise<PlannedFixes> {
  permit(ctx, 'read');
  const { facts } = await ctx.paths.facts('outside');
  return plan(facts);
}

/** What becomes of attack paths when gates are closed, and which those are. */
export interface TriedGates {
  readonly gates: readonly Gate[];
  readonly paths: readonly ChangedPath[];
}

/** Tries to close gates, by their ids, issues or words of them. Throws `not_found` for a word that means none. */
export async function tryGates(
  ctx: AppContext,
  { words }: { readonly words: readonly string[] },
): Promise<TriedGates> {
  permit(ctx, 'read');
  const { facts } = await ctx.paths.facts('outside');
  const gates = words.flatMap((word) => {
    const meant = gatesMeant(facts.steps, word);
    if (meant.length === 0)
      throw new InboxError(
        'not_found',
        `No gate of an attack path is called "${word}". The command "paths fix-plan" prints gates.`,
      );
    return meant;
  });
  const distinct = [...new Map(gates.map((gate) => [gate.id, gate])).values()];
  return {
    gates: distinct,
    paths: whatIf(
      facts,
      distinct.map(({ id }) => id),
    ),
  };
}
