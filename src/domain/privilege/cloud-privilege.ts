import { getOrMake } from '#base/get-or-make.ts';
import { addToList } from '#base/list-map.ts';
import { PRIVILEGE_LEVELS, type Privilege, type PrivilegeLevel } from './privilege.ts';

/** A principal's privilege, with what keeps it from being known. */
export interface CloudPrivilege extends Privilege {
  readonly missing: readonly string[];
}

/** Acting as others, and how, in words that go on with what they may do. */
export interface Step {
  readonly to: readonly string[];
  readonly how: string;
}

const REASONS_MAX = 8;
const MISSING_MAX = 6;
const AS_MEMBER = ' (as a member of a group)';
const SWITCHED_ON = ' (once it is switched on)';

/**
 * Collects what principals of a cloud may do by themselves and as whom else they may act, and closes over it:
 * whoever may act as an administrator escalates (P2), whoever may act as one that reads all data is privileged
 * over data (P3) (attack-paths §3.3, §3.5). Members have what their group has.
 */
export class PrivilegeSearch {
  readonly #found = new Map<string, Map<string, PrivilegeLevel>>();
  readonly #steps = new Map<string, Step[]>();
  readonly #groupsOf = new Map<string, string[]>();
  readonly #switches = new Map<string, Set<string>>();
  readonly #missing = new Map<string, string[]>();
  readonly #ways = new Set<string>();
  readonly #waysOf = new Map<string, string[]>();

  /** `reason` has no subject: `has Owner over subscription x`. */
  add(principal: string, level: PrivilegeLevel, reason: string): void {
    const own = this.#found.get(principal) ?? new Map<string, PrivilegeLevel>();
    this.#found.set(principal, own);
    const before = own.get(reason);
    if (before === undefined || level < before) own.set(reason, level);
  }

  /** May act as these others; `how` goes on with what they may do. */
  addStep(principal: string, to: readonly string[], how: string): void {
    addToList(this.#steps, principal, { to, how });
  }

  /**
   * Has a way to act as others that many have: a role over a place that holds many workloads. Its steps are
   * made once, for whoever has it first.
   */
  addWay(principal: string, way: string, steps: () => readonly Step[]): void {
    const node = `way ${way}`;
    if (!this.#ways.has(node)) {
      this.#ways.add(node);
      for (const { to, how } of steps()) this.addStep(node, to, how);
    }
    addToList(this.#waysOf, principal, node);
  }

  /** May switch on, by one call of its own, what another holds. */
  addSwitch(principal: string, on: string): void {
    getOrMake(this.#switches, principal, () => new Set<string>()).add(on);
  }

  addMember(group: string, member: string): void {
    addToList(this.#groupsOf, member, group);
  }

  addMissing(principal: string, what: string): void {
    addToList(this.#missing, principal, what);
  }

  /** Follows steps and memberships until nobody gains anything more. */
  close(): void {
    for (let changed = true; changed; ) {
      changed = false;
      for (const [principal, steps] of this.#steps)
        for (const { to, how } of steps) if (this.#follow(principal, to, how)) changed = true;
      for (const [principal, ways] of this.#waysOf)
        for (const way of ways) if (this.#inherit(principal, way, '')) changed = true;
      for (const [principal, switched] of this.#switches)
        for (const on of switched) if (this.#inherit(principal, on, SWITCHED_ON, 'P1')) changed = true;
      for (const [member, groups] of this.#groupsOf)
        for (const group of groups) if (this.#inherit(member, group, AS_MEMBER)) changed = true;
    }
  }

  /** The groups that a principal is in, and those that they are in. */
  groupsOf(principal: string): readonly string[] {
    const groups = new Set(this.#groupsOf.get(principal));
    for (const group of groups) for (const above of this.#groupsOf.get(group) ?? []) groups.add(above);
    return [...groups];
  }

  isPrivileged(principal: string): boolean {
    const level = this.#levelOf(principal);
    return level !== undefined && level !== 'P4';
  }

  /** The privilege of a principal; with `missing`, what is not found is not known to be absent. */
  privilegeOf(principal: string, missing: readonly string[]): CloudPrivilege {
    const level = this.#levelOf(principal);
    const unread = [...missing, ...(this.#missing.get(principal) ?? [])];
    const reasons = [...(this.#found.get(principal) ?? [])]
      .sort(([a, x], [b, y]) => (x < y ? -1 : x > y ? 1 : a < b ? -1 : 1))
      .map(([reason]) => reason)
      .slice(0, REASONS_MAX);
    if (level !== undefined && (level !== 'P4' || unread.length === 0))
      return { level, reasons, missing: [] };
    if (unread.length > 0)
      return { level: 'unknown', reasons, missing: [...new Set(unread)].slice(0, MISSING_MAX) };
    return { level: 'none', reasons: [], missing: [] };
  }

  /** Of several identities of one workload: the strongest that is certain, else unknown where one is. */
  strongest(privileges: readonly CloudPrivilege[]): CloudPrivilege {
    const certain = privileges.filter((each) => (PRIVILEGE_LEVELS as readonly string[]).includes(each.level));
    const [best] = certain.sort((a, b) => (a.level < b.level ? -1 : a.level > b.level ? 1 : 0));
    const unsure = privileges.filter((each) => each.level === 'unknown');
    if (best !== undefined && (best.level !== 'P4' || unsure.length === 0)) return best;
    if (unsure.length === 0) return { level: 'none', reasons: [], missing: [] };
    return {
      level: 'unknown',
      reasons: unsure.flatMap((each) => each.reasons),
      missing: unsure.flatMap((each) => each.missing),
    };
  }

  #levelOf(principal: string): PrivilegeLevel | undefined {
    const levels = [...(this.#found.get(principal)?.values() ?? [])];
    return PRIVILEGE_LEVELS.find((level) => levels.includes(level));
  }

  #inherit(heir: string, from: string, suffix: string, most: PrivilegeLevel = 'P0'): boolean {
    let changed = false;
    for (const [reason, own] of this.#found.get(from) ?? []) {
      const level = own < most ? most : own;
      if (this.#gains(heir, level, reason.endsWith(suffix) ? reason : `${reason}${suffix}`)) changed = true;
    }
    for (const each of this.#missing.get(from) ?? [])
      if (this.#missing.get(heir)?.includes(each) !== true) addToList(this.#missing, heir, each);
    return changed;
  }

  #follow(principal: string, to: readonly string[], how: string): boolean {
    let changed = false;
    for (const other of to) {
      const level = other === principal ? undefined : this.#levelOf(other);
      if (level === undefined || level === 'P4') continue;
      const reason = `${how} is ${level}`;
      if (this.#gains(principal, level === 'P3' ? 'P3' : 'P2', reason)) changed = true;
    }
    return changed;
  }

  #gains(principal: string, level: PrivilegeLevel, reason: string): boolean {
    const own = this.#found.get(principal);
    const before = own?.get(reason);
    if (before !== undefined && before <= level) return false;
    // One of a level is enough to be of it; the first few are told.
    const same = own === undefined ? 0 : [...own.values()].filter((each) => each <= level).length;
    if (same >= REASONS_MAX) return false;
    this.add(principal, level, reason);
    return true;
  }
}
