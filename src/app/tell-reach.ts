import { compareBytes } from '#base/compare.ts';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { familyOfType } from '#domain/attackpath/asset-family.ts';
import { type BlastRadius, blastRadius } from '#domain/attackpath/blast-radius.ts';
import { repositoryState } from '#domain/attackpath/credential-steps.ts';
import type { Lens } from '#domain/attackpath/lens-steps.ts';
import type { PathFacts } from '#domain/attackpath/path-facts.ts';
import { type TakenThing, takenState } from '#domain/attackpath/taken.ts';
import { type WaysTo, waysTo } from '#domain/attackpath/ways-to.ts';
import { estateName } from '#domain/resource/estate-name.ts';
import { type AppContext, permit } from './context.ts';
import { oneIssue } from './one-issue.ts';

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

/** Resources of one name that a refusal lists. */
const CANDIDATES_MAX = 20;
/** Resources of one issue that are looked at together. */
const TAKEN_MAX = 100;

/**
 * What whoever takes a resource gets to, or whoever uses an issue: everything on which its findings are, or that runs it.
 * Throws `not_found` for what is neither, `usage` for a name that several resources have or that can mean several issues.
 */
export async function tellBlastRadius(ctx: AppContext, { of }: { readonly of: string }): Promise<ToldRadius> {
  permit(ctx, 'read');
  const { keys, controls, isSecret = false } = await meantBy(ctx, of);
  const asked = keys.slice(0, TAKEN_MAX);
  const { facts, notes } = await ctx.paths.facts('outside', asked);
  const code = await ctx.resources.view(asked.filter((key) => !facts.assets.has(key)));
  const taken: readonly TakenThing[] = [
    ...asked.flatMap((key) => facts.assets.get(key) ?? []),
    ...code.flatMap((view) => (view?.kind === 'repository' ? [{ context: view, type: view.kind }] : [])),
  ];
  // Whoever finds a secret in code has read it, and no more.
  const states = taken.flatMap((thing) =>
    isSecret && thing.context.kind === 'repository'
      ? repositoryState(thing.context.key, 'read')
      : (takenState(thing) ?? []),
  );
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

interface Meant {
  /** Of resources. */
  readonly keys: readonly string[];
  /** That fail on an attack path. */
  readonly controls: readonly string[];
  /** Whether a secret is meant that lies there. */
  readonly isSecret?: boolean;
}

/**
 * What a name means: one resource, by its id or as the map calls it, else the resources of an issue, by their keys; of an
 * attack path the controls that fail on it.
 */
async function meantBy(ctx: AppContext, of: string): Promise<Meant> {
  const [resource] = await ctx.resources.view([of.trim()]);
  if (resource !== null && resource !== undefined) return { keys: [resource.key], controls: [] };
  const issues = await ctx.inbox.find(of.trim());
  if (!issues.includes(of.trim())) {
    // The beginning of an issue's id can be a word.
    const { facts } = await ctx.paths.facts('outside');
    const named = namedOnMap(facts, of);
    if (named !== null) return { keys: [named.key], controls: [] };
  }
  const issue = oneIssue(of.trim(), issues);
  const view = issue === null ? null : await ctx.inbox.view(issue);
  if (view === null) throw new InboxError('not_found', `No resource and no issue is called "${of}".`);
  if (view.attackPath !== null) {
    const { resources, paths } = view.attackPath;
    const gates = paths.flatMap(({ steps }) => steps.flatMap((step) => step.gates));
    return { keys: resources, controls: gates.flatMap(({ control }) => control ?? []) };
  }
  const deployed = (view.assessed?.members ?? []).flatMap(({ assessment }) =>
    assessment.deployments.flatMap(({ resourceKey }) => resourceKey ?? []),
  );
  return { keys: [...new Set(deployed)].sort(), controls: [], isSecret: view.row.type === 'secret' };
}

/**
 * The resource that the map calls so, in any case of letters; null where it calls none so. A workload goes before the account
 * that is called after it. Throws `usage` where several are left.
 */
function namedOnMap({ assets }: PathFacts, asked: string): NamedResource | null {
  const name = asked.trim().toLowerCase();
  const all = [...assets.values()].filter(({ context }) => context.name.toLowerCase() === name);
  const workloads = all.filter(({ type }) => familyOfType(type) === 'workload');
  const bearers = (workloads.length > 0 ? workloads : all)
    .map(({ context }) => context)
    .sort((a, b) => compareBytes(a.key, b.key));
  const [only, ...others] = bearers;
  if (only === undefined) return null;
  if (others.length === 0) return { key: only.key, name: only.name };
  const listed = bearers.slice(0, CANDIDATES_MAX).map(({ key }) => oneLine(key, 300));
  const more = bearers.length - listed.length;
  throw new InboxError(
    'usage',
    `"${oneLine(asked, 100)}" could mean several resources: ${listed.join(', ')}${more === 0 ? '' : ` and ${more} more`}. Name one of them.`,
  );
}

/** Who can reach a resource, and which that is. */
export interface ToldWays {
  readonly resource: NamedResource;
  readonly found: WaysTo;
  readonly notes: readonly string[];
}

/**
 * The best way from each entry to a resource, by its id or as the map calls it, as a lens looks. Throws `not_found` for one
 * that is not known, `usage` for a name that several have.
 */
export async function tellWaysTo(
  ctx: AppContext,
  { resource: id, lens }: { readonly resource: string; readonly lens: Lens },
): Promise<ToldWays> {
  permit(ctx, 'read');
  const [known] = await ctx.resources.view([id.trim()]);
  const { facts, notes } = await ctx.paths.facts(lens);
  const resource = known ?? namedOnMap(facts, id);
  if (resource === null) throw new InboxError('not_found', `No resource is called "${id}".`);
  return {
    resource: { key: resource.key, name: resource.name },
    found: waysTo(facts, resource.key, estateCalled(known?.account ?? null, facts)),
    notes,
  };
}

/** The account or cluster that goes by this name, with or without its cloud. */
function estateCalled(account: string | null, { estates }: PathFacts): string | null {
  return [...estates.keys()].find((estate) => estate === account || estateName(estate) === account) ?? null;
}
