import { asObject, asTexts } from '#base/json-value.ts';
import type { AwsEstate } from '../exposure/aws-estate.ts';
import { FUNCTION, IAM_ROLE, INSTANCE, INSTANCE_PROFILE } from '../resource/facts/aws-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import {
  anyOf,
  CHANGE_OTHERS,
  DATA_PRIVILEGES,
  PASS_ROLE,
  RUN_AS_EXISTING,
  SELF_METHODS,
  SENTINELS,
  TAKE_USER,
} from './aws-escalation-methods.ts';
import { matchesAction, type Statement } from './aws-policy-statement.ts';
import { type Principal, principalsOf } from './aws-principal.ts';
import { atLeast, mayDo, type Rights } from './aws-rights.ts';
import { PRIVILEGE_LEVELS, type Privilege, type PrivilegeLevel } from './privilege.ts';

/** A principal's privilege, with what keeps it from being known. */
export interface AwsPrivilege extends Privilege {
  /** Inputs that would decide, where the level is unknown. */
  readonly missing: readonly string[];
}

const LEVELS = PRIVILEGE_LEVELS;

interface Found {
  readonly level: PrivilegeLevel;
  readonly reasons: readonly string[];
}

/** The privileges of every user, group and role of an account, by ARN. */
export function awsPrivileges(estate: AwsEstate): ReadonlyMap<string, AwsPrivilege> {
  const principals = principalsOf(estate);
  const certain = new Search(estate, principals, 'yes').run();
  const possible = new Search(estate, principals, 'maybe').run();
  return new Map(
    principals.map((principal): [string, AwsPrivilege] => [
      principal.arn,
      judged(principal, certain.get(principal.arn), possible.get(principal.arn)),
    ]),
  );
}

function judged(principal: Principal, certain: Found | undefined, possible: Found | undefined): AwsPrivilege {
  if (certain !== undefined) return { ...certain, missing: [] };
  if (possible === undefined && principal.missing.length === 0)
    return { level: 'none', reasons: [], missing: [] };
  const missing = new Set([
    ...principal.missing,
    ...(possible?.reasons ?? []).map((reason) =>
      reason.startsWith('may ') ? `the conditions under which it ${reason}` : reason,
    ),
  ]);
  return { level: 'unknown', reasons: possible?.reasons ?? [], missing: [...missing].slice(0, MISSING_MAX) };
}

const MISSING_MAX = 6;

/** What somebody may do to others at all, asked once: most may do nothing. */
interface Abilities {
  readonly assumes: boolean;
  readonly retrusts: boolean;
  readonly takesUsers: readonly string[];
  readonly joinsGroups: boolean;
  readonly passesTo: typeof PASS_ROLE;
  readonly reuses: typeof RUN_AS_EXISTING;
  readonly raisesUsers: readonly string[];
  readonly raisesRoles: readonly string[];
}

/** One search for privileges: with what is certain, or with everything that may be. */
class Search {
  readonly #estate: AwsEstate;
  readonly #principals: readonly Principal[];
  readonly #wanted: 'yes' | 'maybe';
  readonly #byArn: ReadonlyMap<string, Principal>;
  /** Roles by whom their trust policies name. */
  readonly #trusting = new Map<string, Principal[]>();
  readonly #abilities = new Map<Principal, Abilities>();
  readonly #found = new Map<string, Found>();

  constructor(estate: AwsEstate, principals: readonly Principal[], wanted: 'yes' | 'maybe') {
    this.#estate = estate;
    this.#principals = principals;
    this.#wanted = wanted;
    this.#byArn = new Map(principals.map((principal) => [principal.arn, principal]));
    for (const principal of principals) {
      for (const name of new Set((principal.trust ?? []).flatMap(trustedNames)))
        this.#trusting.set(name, [...(this.#trusting.get(name) ?? []), principal]);
      this.#abilities.set(principal, this.#abilitiesOf(principal));
    }
  }

  run(): ReadonlyMap<string, Found> {
    for (const principal of this.#principals) {
      this.#byItself(principal);
      // Policies that nobody described may hold anything.
      if (this.#wanted === 'maybe' && principal.missing.length > 0)
        this.#note(principal, 'P0', principal.missing[0] as string);
    }
    // Whoever reaches somebody privileged is privileged; each round reaches one step further.
    for (let changed = true; changed; ) {
      changed = false;
      for (const principal of this.#principals) changed = this.#byOthers(principal) || changed;
    }
    if (this.#wanted === 'maybe')
      for (const principal of this.#principals) this.#byWhatIsNotDescribed(principal);
    return this.#found;
  }

  #may(
    rights: Rights,
    action: string,
    resource: string | null,
    context?: Readonly<Record<string, string>>,
  ): boolean {
    return atLeast(
      mayDo(rights, { action, resource, ...(context === undefined ? {} : { context }) }),
      this.#wanted,
    );
  }

  #abilitiesOf({ rights }: Principal): Abilities {
    const may = (action: string): boolean => this.#may(rights, action, null);
    return {
      assumes: may('sts:AssumeRole'),
      retrusts: may('iam:UpdateAssumeRolePolicy'),
      takesUsers: TAKE_USER.map(({ action }) => action).filter(may),
      joinsGroups: may('iam:AddUserToGroup'),
      // To which service is asked with each role; until then the condition on it is open.
      passesTo:
        mayDo(rights, { action: 'iam:PassRole', resource: null }) !== 'no'
          ? PASS_ROLE.filter(({ actions }) => actions.every(may))
          : [],
      reuses: RUN_AS_EXISTING.filter(({ actions }) => actions.every(may)),
      raisesUsers: ['iam:AttachUserPolicy', 'iam:PutUserPolicy'].filter(may),
      raisesRoles: ['iam:AttachRolePolicy', 'iam:PutRolePolicy'].filter(may),
    };
  }

  /** Remembers a privilege if it is stronger than what is known. */
  #note(principal: Principal, level: PrivilegeLevel, reason: string): boolean {
    const before = this.#found.get(principal.arn);
    if (before !== undefined && LEVELS.indexOf(before.level) <= LEVELS.indexOf(level)) return false;
    this.#found.set(principal.arn, { level, reasons: [reason, ...(before?.reasons ?? [])] });
    return true;
  }

  #byItself(principal: Principal): void {
    const { rights, arn, kind } = principal;
    const account = accountOf(arn);
    const isAdmin = (who: Rights): boolean =>
      SENTINELS.every(([action, on]) => this.#may(who, action, anyOf(on, account)));
    if (isAdmin(rights)) {
      this.#note(principal, 'P0', 'may do everything in the account');
      return;
    }
    // What a bounded principal grants itself stays within its boundary.
    const isFree =
      rights.boundary === null || isAdmin({ ...rights, statements: rights.boundary, boundary: null });
    if (isFree) {
      for (const { action, of } of SELF_METHODS) {
        const targets = of === 'group' ? principal.groups : of === kind ? [arn] : [];
        const target = targets.find((each) => this.#may(rights, action, each));
        if (target !== undefined)
          this.#note(principal, 'P1', `may give itself any right with ${action} on ${shortName(target)}`);
      }
      const own = principal.attached.find(
        (policy) => !policy.includes(':iam::aws:') && this.#may(rights, 'iam:CreatePolicyVersion', policy),
      );
      if (own !== undefined)
        this.#note(
          principal,
          'P1',
          `may rewrite its own policy ${shortName(own)} with iam:CreatePolicyVersion`,
        );
    }
    for (const { reason, actions } of DATA_PRIVILEGES) {
      if (actions.every(([action, on]) => this.#may(rights, action, anyOf(on, account))))
        this.#note(principal, 'P3', reason);
    }
  }

  #byOthers(principal: Principal): boolean {
    const before = this.#found.get(principal.arn)?.level;
    if (before === 'P0' || before === 'P1' || this.#reachesNobody(principal)) return false;
    let changed = false;
    for (const [arn, target] of this.#found) {
      const other = this.#byArn.get(arn) as Principal;
      if (other === principal || other.isServiceLinked) continue;
      const far: PrivilegeLevel = target.level === 'P3' ? 'P3' : 'P2';
      const near: PrivilegeLevel = target.level === 'P0' ? 'P1' : far;
      const best = this.#found.get(principal.arn)?.level;
      if (best !== undefined && LEVELS.indexOf(best) <= LEVELS.indexOf(near)) continue;
      const step = this.#stepTo(principal, other, near, far);
      if (step !== null) changed = this.#note(principal, step.level, step.reason) || changed;
    }
    return this.#byRaisingOthers(principal) || changed;
  }

  /** Most may do nothing to anybody, and nobody's trust policy names them. */
  #reachesNobody(principal: Principal): boolean {
    const able = this.#abilities.get(principal) as Abilities;
    const isAble = Object.values(able).some((one: boolean | readonly unknown[]) =>
      Array.isArray(one) ? one.length > 0 : one,
    );
    return !isAble && !this.#trusting.has('*') && !this.#trusting.has(principal.arn);
  }

  /** The best single step from one principal to another; `near` is the level of a call of its own, `far` that of running code elsewhere. */
  #stepTo(
    principal: Principal,
    other: Principal,
    near: PrivilegeLevel,
    far: PrivilegeLevel,
  ): { readonly level: PrivilegeLevel; readonly reason: string } | null {
    const { rights } = principal;
    const able = this.#abilities.get(principal) as Abilities;
    const name = other.resource.name;
    if (other.kind === 'role') {
      if (this.#mayAssume(principal, other, able)) return { level: near, reason: `may assume ${name}` };
      if (able.retrusts && this.#may(rights, 'iam:UpdateAssumeRolePolicy', other.arn))
        return { level: near, reason: `may make ${name} trust it with iam:UpdateAssumeRolePolicy` };
      const method = able.passesTo.find(
        ({ id, service }) =>
          trustsService(other, service) &&
          (!id.startsWith('ec2') || other.hasInstanceProfile) &&
          this.#may(rights, 'iam:PassRole', other.arn, { 'iam:passedtoservice': service }),
      );
      if (method !== undefined)
        return {
          level: far,
          reason: `may run code as ${name} with iam:PassRole and ${method.actions.join(', ')}`,
        };
      return this.#reuse(rights, other, able, far);
    }
    if (other.kind === 'user') {
      const action = able.takesUsers.find((each) => this.#may(rights, each, other.arn));
      return action === undefined ? null : { level: far, reason: `may take over ${name} with ${action}` };
    }
    const joins =
      principal.kind === 'user' && able.joinsGroups && this.#may(rights, 'iam:AddUserToGroup', other.arn);
    return joins ? { level: near, reason: `may join ${name} with iam:AddUserToGroup` } : null;
  }

  /** Giving rights to somebody whom it can become: a user whose key it makes, a role that trusts it. */
  #byRaisingOthers(principal: Principal): boolean {
    const { rights } = principal;
    const able = this.#abilities.get(principal) as Abilities;
    const raisesUsers = able.takesUsers.length > 0 ? able.raisesUsers : [];
    if (raisesUsers.length === 0 && able.raisesRoles.length === 0) return false;
    for (const other of this.#principals) {
      if (
        other === principal ||
        other.isServiceLinked ||
        other.rights.boundary !== null ||
        other.kind === 'group'
      )
        continue;
      const action = (other.kind === 'user' ? raisesUsers : able.raisesRoles).find((each) =>
        this.#may(rights, each, other.arn),
      );
      if (action === undefined) continue;
      const becomes =
        other.kind === 'user'
          ? able.takesUsers.some((each) => this.#may(rights, each, other.arn))
          : this.#mayAssume(principal, other, able);
      if (becomes)
        return this.#note(
          principal,
          'P2',
          `may give ${other.resource.name} any right with ${action} and become it`,
        );
    }
    return false;
  }

  /** Whether the trust policy of a role lets somebody in of the same account. */
  #mayAssume(principal: Principal, role: Principal, able: Abilities): boolean {
    if (principal.kind === 'group') return false;
    const account = accountOf(principal.arn);
    const isNamed = ['*', principal.arn].some((name) => this.#trusting.get(name)?.includes(role) === true);
    if (!isNamed && !able.assumes) return false;
    for (const statement of role.trust ?? []) {
      if (!statement.allows || !matchesAction(statement, 'sts:AssumeRole')) continue;
      const trusted = trustedNames(statement);
      const byName = trusted.includes(principal.arn) || trusted.includes('*');
      const byAccount =
        trusted.includes(account) || trusted.some((each) => each.endsWith(`:iam::${account}:root`));
      const trust: Rights = {
        ...principal.rights,
        statements: [{ ...statement, resources: null }],
        boundary: null,
      };
      if (!(byName || byAccount) || !this.#may(trust, 'sts:AssumeRole', role.arn)) continue;
      // A role that names somebody needs no policy of theirs, but respects a Deny; an account's root asks for the policy.
      if (byName && !isDenied(principal.rights, role.arn)) return true;
      if (byAccount && this.#may(principal.rights, 'sts:AssumeRole', role.arn)) return true;
    }
    return false;
  }

  /** A function or instance that runs as the role already and whose code it may change. */
  #reuse(
    rights: Rights,
    role: Principal,
    able: Abilities,
    level: PrivilegeLevel,
  ): { readonly level: PrivilegeLevel; readonly reason: string } | null {
    for (const { actions, needs } of able.reuses) {
      const running =
        needs === null
          ? undefined
          : this.#estate
              .ofType(needs)
              .find(
                (each) =>
                  roleOfWorkload(this.#estate, each) === role.arn &&
                  actions.every((action) => this.#may(rights, action, arnOfKey(each.key))),
              );
      if (running !== undefined)
        return {
          level,
          reason: `may run code as ${role.resource.name} through ${running.name} with ${actions.join(', ')}`,
        };
    }
    return null;
  }

  /** What could be reached if something exists that nobody described. */
  #byWhatIsNotDescribed(principal: Principal): void {
    const { rights, arn } = principal;
    if (this.#found.has(arn)) return;
    const able = this.#abilities.get(principal) as Abilities;
    const missing: string[] = [];
    for (const [action, kind] of CHANGE_OTHERS) {
      if (!this.#may(rights, action, null)) continue;
      const others =
        kind === 'policy'
          ? this.#estate.ofType('iam-policy').map((each) => arnOfKey(each.key))
          : this.#principals
              .filter((each) => each.kind === kind && each !== principal)
              .map((each) => each.arn);
      const some = [
        anyOf(kind, accountOf(arn)),
        ...others.filter((each) => !each.includes(':iam::aws:')),
      ].find((each) => this.#may(rights, action, each));
      if (some !== undefined)
        missing.push(`whether it controls somebody whose rights it may change with ${action}`);
    }
    for (const { actions, needs, what } of able.reuses) {
      if (needs === null || this.#estate.ofType(needs).length === 0)
        missing.push(`${what}, whose code it may run with ${actions.join(', ')}`);
    }
    const mayReachRoles = able.passesTo.length > 0 || able.assumes || able.retrusts;
    if (mayReachRoles && !this.#estate.isListed('iam-role', null))
      missing.push('the roles of the account: aws iam get-account-authorization-details');
    if (missing.length > 0) this.#found.set(arn, { level: 'P2', reasons: missing });
  }
}

function trustedNames({ principal }: Statement): readonly string[] {
  return principal === '*' ? ['*'] : asTexts(asObject(principal)?.['AWS']);
}

function isDenied(rights: Rights, arn: string): boolean {
  const allowed: Rights = { ...rights, statements: [...rights.statements, ALLOW_ASSUME], boundary: null };
  return mayDo(allowed, { action: 'sts:AssumeRole', resource: arn }) !== 'yes';
}

const ALLOW_ASSUME = {
  allows: true,
  actions: { patterns: ['sts:assumerole'], except: false },
  resources: null,
  condition: null,
  principal: undefined,
  notPrincipal: undefined,
} as const;

function trustsService({ trust }: Principal, service: string): boolean {
  return (trust ?? []).some(
    (statement) =>
      statement.allows &&
      matchesAction(statement, 'sts:AssumeRole') &&
      asTexts(asObject(statement.principal)?.['Service']).includes(service),
  );
}

/** The ARN of the role that an instance or a function runs as; null where it runs as none, undefined where that is not known. */
export function roleOfWorkload(estate: AwsEstate, resource: EstateResource): string | null | undefined {
  if (resource.type === 'lambda-function') return estate.facts(FUNCTION, resource).Role;
  if (resource.type !== 'ec2-instance') return undefined;
  const { InstanceId, IamInstanceProfile } = estate.facts(INSTANCE, resource);
  const profile = IamInstanceProfile?.Arn;
  if (profile === undefined) return InstanceId === undefined ? undefined : null;
  const described = estate.find('instance-profile', profile);
  const role =
    described === undefined ? undefined : estate.facts(INSTANCE_PROFILE, described).Roles?.[0]?.Arn;
  if (role !== undefined) return role;
  const holder = estate
    .ofType('iam-role')
    .find((each) =>
      (estate.facts(IAM_ROLE, each).InstanceProfileList ?? []).some((one) => one.Arn === profile),
    );
  return holder === undefined ? undefined : (estate.facts(IAM_ROLE, holder).Arn ?? arnOfKey(holder.key));
}

function arnOfKey(key: string): string {
  return key.replace(/^aws:(?=arn:)/, '');
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}

function shortName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
