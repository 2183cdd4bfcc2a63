import type { Instant } from '#base/instant.ts';
import { addToList } from '#base/list-map.ts';
import {
  ANY_ASSET,
  type BindingFacts,
  GCP_ROLE,
  IAM_POLICY,
  ORG_POLICY,
  PROJECT,
} from '../resource/facts/gcp-facts.ts';
import type { EstateResource, Surroundings } from '../risk/estate.ts';
import { CloudEstate } from './cloud-estate.ts';

/** The assets of Google Cloud that were described, by their full resource names. */
export class GcpEstate extends CloudEstate {
  readonly #now: Instant | undefined;

  constructor(resources: readonly EstateResource[], surroundings: Surroundings = {}) {
    super(resources, surroundings, fullName);
    this.#now = surroundings.now;
  }

  /** When a condition on something is asked about: now, or without a clock as of its description. */
  askedAt({ seenAt }: EstateResource): Instant {
    return this.#now ?? seenAt;
  }
}

/** `https://www.googleapis.com/compute/v1/projects/…` is `//compute.googleapis.com/projects/…`. */
function fullName(id: string): string {
  return id
    .replace(
      /^https?:\/\/(?:www\.googleapis\.com\/([a-z]+)|([a-z]+)\.googleapis\.com\/\2)\/(?:v1|beta|alpha|v1beta1)\//,
      (_, a, b) => `//${a ?? b}.googleapis.com/`,
    )
    .replace(/^https?:\/\/([a-z]+\.googleapis\.com)\/(?:[a-z]+\/)?v\d[a-z0-9]*\//, '//$1/');
}

/** A binding, and the asset whose policy it stands in. */
export interface GcpBinding extends BindingFacts {
  readonly of: string;
  readonly resource: EstateResource;
}

const RESOURCE_MANAGER = '//cloudresourcemanager.googleapis.com/';

/** Project, folders and organisation above an asset, the nearest first, as full names; empty where nothing tells. */
export function chainOf(estate: GcpEstate, resource: EstateResource): readonly string[] {
  const { ancestors = [], id } = estate.facts(ANY_ASSET, resource);
  const told = ancestors.map((each) => `${RESOURCE_MANAGER}${each}`);
  const own = id?.startsWith(RESOURCE_MANAGER) === true ? [id] : [];
  // An old export tells the project alone; the project's own description goes on from there.
  const last = estate.find(told.at(-1) ?? '');
  const more =
    told.length === 1 && last !== undefined && last !== resource
      ? (estate.facts(ANY_ASSET, last).ancestors ?? []).map((each) => `${RESOURCE_MANAGER}${each}`)
      : [];
  return [...new Set([...own, ...told, ...more])].flatMap((name) => spellings(estate, name));
}

/** A project stands under its number in chains and under its id in names. */
function spellings(estate: GcpEstate, name: string): readonly string[] {
  return estate.derived(projectNames).get(name) ?? [name];
}

function projectNames(estate: GcpEstate): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, readonly string[]>();
  for (const project of estate.ofType('gcp-project')) {
    const { projectId, projectNumber, id } = estate.facts(PROJECT, project);
    const both = [projectNumber, projectId].flatMap((each) =>
      each === undefined ? [] : [`${RESOURCE_MANAGER}projects/${each}`],
    );
    const all = [...new Set([...both, ...(id === undefined ? [] : [id])])];
    for (const each of all) names.set(each, all);
  }
  return names;
}

/** The bindings of an asset's own policy, or of those under other names for it, and of everything above it. */
export function bindingsOn(
  estate: GcpEstate,
  resource: EstateResource,
  names: readonly string[] = [estate.facts(ANY_ASSET, resource).id ?? ''],
): readonly GcpBinding[] {
  const policies = estate.derived(policiesByName);
  return [...new Set([...names, ...chainOf(estate, resource)])].flatMap((name) => policies.get(name) ?? []);
}

/** All bindings that were described. */
export function allBindings(estate: GcpEstate): readonly GcpBinding[] {
  return [...estate.derived(policiesByName).values()].flat();
}

function policiesByName(estate: GcpEstate): ReadonlyMap<string, readonly GcpBinding[]> {
  const policies = new Map<string, GcpBinding[]>();
  for (const resource of estate.ofType('gcp-iam-policy')) {
    const { of, bindings = [] } = estate.facts(IAM_POLICY, resource);
    if (of === undefined) continue;
    for (const binding of bindings) addToList(policies, of, { ...binding, of, resource });
  }
  return policies;
}

/** Whether policies of an asset's project were exported: then an asset without one has no binding. */
export function hasPolicies(estate: GcpEstate, resource: EstateResource): boolean {
  return isAmong(estate, resource, estate.derived(placesWithPolicies));
}

/** The same of policies that searches do not find, as those of Identity-Aware Proxy: of an export or a list. */
export function hasListedPolicies(estate: GcpEstate, resource: EstateResource): boolean {
  return isAmong(estate, resource, estate.derived(placesWithListedPolicies));
}

function isAmong(estate: GcpEstate, resource: EstateResource, places: ReadonlySet<string>): boolean {
  const own = [
    estate.facts(ANY_ASSET, resource).id ?? '',
    ...chainOf(estate, resource),
    resource.account ?? '',
  ];
  return own.some((name) => places.has(name));
}

/** Names of assets that have a policy, of everything above those, and their projects. */
function placesWithPolicies(estate: GcpEstate): ReadonlySet<string> {
  return placesOf(estate, estate.ofType('gcp-iam-policy'));
}

function placesWithListedPolicies(estate: GcpEstate): ReadonlySet<string> {
  return placesOf(
    estate,
    estate.ofType('gcp-iam-policy').filter((policy) => estate.facts(IAM_POLICY, policy).bySearch !== true),
  );
}

function placesOf(estate: GcpEstate, policies: readonly EstateResource[]): ReadonlySet<string> {
  const places = new Set<string>();
  for (const policy of policies) {
    const { of, ancestors = [], isAlone } = estate.facts(IAM_POLICY, policy);
    if (isAlone === true) continue;
    if (of !== undefined) places.add(of);
    for (const each of ancestors) places.add(`${RESOURCE_MANAGER}${each}`);
    if (policy.account !== null) places.add(policy.account);
  }
  return places;
}

/** A constraint for an asset, the nearest that says anything; undefined where none was described anywhere. */
export function constraintOn(
  estate: GcpEstate,
  resource: EstateResource,
  constraint: string,
): { readonly isEnforced: boolean; readonly resource: EstateResource | undefined } | undefined {
  const all = estate.ofType('gcp-org-policy');
  if (all.length === 0) return undefined;
  for (const name of chainOf(estate, resource)) {
    const found = all.find((policy) => {
      const facts = estate.facts(ORG_POLICY, policy);
      return facts.of === name && facts.constraint === constraint;
    });
    if (found === undefined) continue;
    const { enforced, allowedValues = [] } = estate.facts(ORG_POLICY, found);
    return { isEnforced: enforced === true || allowedValues.length > 0, resource: found };
  }
  return { isEnforced: false, resource: undefined };
}

/** Permissions of custom roles, by the names by which bindings call them. */
export function customRoles(estate: GcpEstate): ReadonlyMap<string, readonly string[]> {
  return new Map(
    estate.ofType('gcp-role').map((role) => {
      const { name, id = '', includedPermissions = [] } = estate.facts(GCP_ROLE, role);
      return [name ?? id.replace('//iam.googleapis.com/', ''), includedPermissions] as const;
    }),
  );
}
