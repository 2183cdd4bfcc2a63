import { InboxError } from '#base/inbox-error.ts';
import { type BlastRadius, blastRadius } from '#domain/attackpath/blast-radius.ts';
import type { Lens } from '#domain/attackpath/lens-steps.ts';
import { takenState } from '#domain/attackpath/taken.ts';
import { type WaysTo, waysTo } from '#domain/attackpath/ways-to.ts';
import { type AppContext, permit } from './context.ts';

interface NamedResource {
  readonly key: string;
  readonly name: string;
}

/** What whoever takes something gets to, and what that is. */
export interface ToldRadius {
  readonly taken: readonly NamedResource[];
  readonly radius: BlastRadius;
  readonly notes: readonly string[];
}

/** Resources of one issue that are looked at together. */
const TAKEN_MAX = 100;

/**
 * What whoever takes a resource gets to, or whoever uses an issue: everything on which its findings are, or that runs it.
 * Throws `not_found` for what is neither.
 */
export async function tellBlastRadius(ctx: AppContext, { of }: { readonly of: string }): Promise<ToldRadius> {
  permit(ctx, 'read');
  const { keys, controls } = await meantBy(ctx, of);
  const { facts, notes } = await ctx.paths.facts('outside', keys.slice(0, TAKEN_MAX));
  const taken = keys.slice(0, TAKEN_MAX).flatMap((key) => facts.assets.get(key) ?? []);
  const states = taken.flatMap((asset) => takenState(asset) ?? []);
  return {
    taken: taken.map(({ context }) => ({ key: context.key, name: context.name })),
    radius: blastRadius(facts, states, controls),
    notes: [
      ...notes,
      ...(states.length === 0 ? ['No inventory describes it as something that can be taken over.'] : []),
      ...(keys.length > TAKEN_MAX
        ? [`Only the first ${TAKEN_MAX} of ${keys.length} resources are looked at.`]
        : []),
    ],
  };
}

/** What a name means: the resources of an issue, else one resource, by their keys; of an attack path the controls that fail on it. */
async function meantBy(
  ctx: AppContext,
  of: string,
): Promise<{ readonly keys: readonly string[]; readonly controls: readonly string[] }> {
  const [resource] = await ctx.resources.view([of.trim()]);
  if (resource !== null && resource !== undefined) return { keys: [resource.key], controls: [] };
  const [issue] = await ctx.inbox.find(of);
  const view = issue === undefined ? null : await ctx.inbox.view(issue);
  if (view === null) throw new InboxError('not_found', `No resource and no issue is called "${of}".`);
  if (view.attackPath !== null) {
    const { resources, paths } = view.attackPath;
    const gates = paths.flatMap(({ steps }) => steps.flatMap((step) => step.gates));
    return { keys: resources, controls: gates.flatMap(({ control }) => control ?? []) };
  }
  const deployed = (view.assessed?.members ?? []).flatMap(({ assessment }) =>
    assessment.deployments.flatMap(({ resourceKey }) => resourceKey ?? []),
  );
  return { keys: [...new Set(deployed)].sort(), controls: [] };
}

/** Who can reach a resource, and which that is. */
export interface ToldWays {
  readonly resource: NamedResource;
  readonly found: WaysTo;
  readonly notes: readonly string[];
}

/** The best way from each entry to a resource, as a lens looks. Throws `not_found` for a resource that is not known. */
export async function tellWaysTo(
  ctx: AppContext,
  { resource: id, lens }: { readonly resource: string; readonly lens: Lens },
): Promise<ToldWays> {
  permit(ctx, 'read');
  const [resource] = await ctx.resources.view([id.trim()]);
  if (resource === null || resource === undefined)
    throw new InboxError('not_found', `No resource is called "${id}".`);
  const { facts, notes } = await ctx.paths.facts(lens);
  return {
    resource: { key: resource.key, name: resource.name },
    found: waysTo(facts, resource.key),
    notes,
  };
}
