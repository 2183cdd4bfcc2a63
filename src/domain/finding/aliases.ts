import type { ResourceIdentity } from '../resource/resource-key.ts';
import { isCve, isGhsa, spelledAdvisory } from './advisory-name.ts';
import { type FindingIdentity, identityOf } from './identify-finding.ts';
import type { Subject } from './observation.ts';

/** Two names of one thing, exactly, or a machine and the scaling group that replaces it; `target` is the one that would be used. */
export type Alias =
  | { readonly kind: 'advisory'; readonly name: string; readonly target: string }
  | { readonly kind: 'resource' | 'member'; readonly name: string; readonly target: ResourceIdentity };

type Targets = ReadonlyMap<string, ReadonlyMap<string, ResourceIdentity>>;

/**
 * Every other name that the inbox knows for a thing, and which of them is in use (design: identity,
 * names). What it answers depends on the set of aliases alone, never on the order in which they came.
 */
export class Aliases {
  readonly #advisories: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #resources: Targets;
  readonly #groups: Targets;

  constructor(aliases: Iterable<Alias>) {
    const advisories = new Map<string, Set<string>>();
    const resources = new Map<string, Map<string, ResourceIdentity>>();
    const groups = new Map<string, Map<string, ResourceIdentity>>();
    for (const alias of aliases) {
      if (alias.kind === 'advisory')
        advisories.set(alias.name, (advisories.get(alias.name) ?? new Set()).add(alias.target));
      else {
        const named = alias.kind === 'member' ? groups : resources;
        const targets = named.get(alias.name) ?? new Map<string, ResourceIdentity>();
        named.set(alias.name, targets.set(alias.target.key, alias.target));
      }
    }
    this.#advisories = advisories;
    this.#resources = resources;
    this.#groups = groups;
  }

  /** Whether this alias is one of them. */
  has(alias: Alias): boolean {
    if (alias.kind === 'advisory') return this.#advisories.get(alias.name)?.has(alias.target) ?? false;
    const named = alias.kind === 'member' ? this.#groups : this.#resources;
    return named.get(alias.name)?.has(alias.target.key) ?? false;
  }

  /**
   * The name in use for an advisory: the one CVE that is known for it, else the one GHSA, else itself.
   * Where several CVEs are known none is meant: two CVE ids are never one.
   */
  advisory(name: string): string {
    const known = this.#advisories.get(name);
    if (known === undefined || isCve(name)) return name;
    const cves = [...known].filter(isCve);
    if (cves.length === 1) return cves[0] as string;
    if (isGhsa(name)) return name;
    const ghsas = new Set([...known].filter(isGhsa).map((ghsa) => this.advisory(ghsa)));
    return ghsas.size === 1 ? ([...ghsas][0] as string) : name;
  }

  /**
   * The resource in use for this one: what it is by its other names, and of a machine that one scaling group replaces
   * that group. Itself where nothing, or more than one thing, is known.
   */
  resource(resource: ResourceIdentity): ResourceIdentity {
    // Names of one thing lead to names that hold everywhere, and groups are members of nothing.
    return onlyTarget(this.#groups, onlyTarget(this.#resources, resource));
  }

  /** Whether this is a machine that one scaling group replaces, by any of its names. */
  isMember(resource: ResourceIdentity): boolean {
    const machine = onlyTarget(this.#resources, resource);
    return onlyTarget(this.#groups, machine) !== machine;
  }

  /** The identity in use for one that a report names; null where it is that one itself. */
  rekeyed(own: FindingIdentity): FindingIdentity | null {
    if (this.#advisories.size === 0 && this.#resources.size === 0 && this.#groups.size === 0) return null;
    const advisory = own.advisory === null ? null : this.advisory(own.advisory);
    const resource = this.resource(own.resource);
    if (advisory === own.advisory && resource.key === own.resource.key) return null;
    return identityOf({ ...own, advisory, resource });
  }

  /** The names for which this and another set of aliases use different ones. */
  changedFrom(other: Aliases): {
    readonly advisories: readonly string[];
    readonly resources: readonly string[];
  } {
    const advisories = new Set([...this.#advisories.keys(), ...other.#advisories.keys()]);
    const resources = new Set(
      [this, other].flatMap((aliases) => [...aliases.#resources.keys(), ...aliases.#groups.keys()]),
    );
    const used = (aliases: Aliases, key: string) => aliases.resource({ key, kind: 'image', name: '' }).key;
    return {
      advisories: [...advisories].filter((name) => this.advisory(name) !== other.advisory(name)),
      resources: [...resources].filter((key) => used(this, key) !== used(other, key)),
    };
  }
}

function onlyTarget(named: Targets, resource: ResourceIdentity): ResourceIdentity {
  const known = named.get(resource.key);
  if (known === undefined || known.size !== 1) return resource;
  const [target] = known.values();
  return target ?? resource;
}

const NAMES_MAX = 20;
const NAME = /^[A-Za-z][\w.:-]{2,79}$/;

/**
 * What one record says about the names of its advisory: every CVE and GHSA that stands beside a name
 * of a lower rank. Of a record that lists several CVEs the names stand for each of them, and so for none.
 */
export function aliasesOfAdvisory(subject: Extract<Subject, { is: 'advisory' }>): readonly Alias[] {
  const { id, aliases = [] } = subject;
  if (aliases.length === 0) return [];
  const names = [...new Set([id, ...aliases.slice(0, NAMES_MAX)].map(spelledAdvisory))].filter((name) =>
    NAME.test(name),
  );
  return names.flatMap((name) =>
    names
      .filter((target) => rank(target) > rank(name))
      .map((target): Alias => ({ kind: 'advisory', name, target })),
  );
}

function rank(name: string): number {
  return isCve(name) ? 2 : isGhsa(name) ? 1 : 0;
}
