import type { Instant } from '#base/instant.ts';
import { addToList } from '#base/list-map.ts';
import { matchesAction } from '../aws-policy-statement.ts';
import type { AwsOrganisation } from './aws-organisation.ts';
import { type Caller, NO_REQUEST } from './caller.ts';
import { type Certainty, NO, stronger, UNDECIDED } from './certainty.ts';
import { allowMeets } from './condition.ts';
import { OF_CALLERS_KIND } from './condition-key.ts';
import { certaintyOf, type ResourceSide } from './decide.ts';
import type { Numbered, PrincipalTargets } from './iam-account.ts';
import { ACCOUNT_DUMP, asTarget, type Principal } from './iam-principal.ts';
import type { CompiledStatement } from './policy-document.ts';
import { awsPrincipals } from './policy-principal.ts';
import type { PrincipalClass } from './principal-class.ts';
import { type LevelVector, TargetList } from './target-list.ts';

const ASSUME = 'sts:assumerole';
const NO_ROLES: PrincipalTargets = { list: new TargetList([]), principals: [] };
const ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;
const SESSION = /^arn:(aws[a-z-]*):sts::(\d{12}):assumed-role\/([^/]+)\//;

/** A role that a principal may assume because the role's trust policy names it, or because of who it is. */
export interface Assumption {
  readonly role: number;
  readonly certainty: Certainty;
}

/** Roles whose trust policy opens them to a whole account, and how certainly. */
interface OpenRoles {
  readonly targets: PrincipalTargets;
  /** By the trust policy alone; nothing where it looks at who asks. */
  readonly trust: Uint8Array;
  readonly personal: readonly number[];
}

/**
 * Who may assume which role, over all accounts (attack-paths §3.1, steps 8 and 9; §3.4, sts-001). In the role's own
 * account a trust policy that names the principal is enough; one that names the account, or comes from another
 * account, needs the principal's policies too.
 */
export class RoleAssumptions {
  readonly #principals: readonly Principal[];
  readonly #organisation: AwsOrganisation;
  readonly #now: Instant;
  readonly #named = new Map<string, number[]>();
  readonly #rolesOpenTo = new Map<string, number[]>();
  readonly #openToAll: number[] = [];
  /** One principal of each account, to ask what any of them may. */
  readonly #anybody: ReadonlyMap<string, Principal>;
  readonly #open = new Map<string, OpenRoles>();

  constructor(
    roles: readonly Numbered[],
    principals: readonly Principal[],
    organisation: AwsOrganisation,
    now: Instant,
  ) {
    this.#principals = principals;
    this.#organisation = organisation;
    this.#now = now;
    this.#anybody = new Map(principals.map((principal) => [principal.caller.account, principal]));
    for (const { number, principal } of roles) {
      if (principal.isServiceLinked) continue;
      const names = new Set(
        assumeStatements(principal).flatMap(({ principal: named, notPrincipal }) =>
          notPrincipal === undefined ? awsPrincipals(named) : ['*'],
        ),
      );
      if (names.has('*') || principal.trust === null) this.#openToAll.push(number);
      for (const name of names) {
        const account = /^\d{12}$/.test(name) ? name : ROOT.exec(name)?.[1];
        if (account !== undefined) addToList(this.#rolesOpenTo, account, number);
        else if (name !== '*') addToList(this.#named, roleOfSession(name) ?? name, number);
      }
    }
  }

  /** Roles that all of a class may assume by their policies; over `targetsFor(account)`. */
  vector(of: PrincipalClass): LevelVector {
    const { caller } = of.rights;
    const { targets, trust } = this.#openTo(caller.account);
    const own = of.vector(ASSUME, targets.list);
    return targets.list.vector(`assume ${own.number}`, () =>
      own.levels.map((level, index) => Math.min(level, trust[index] as number)),
    );
  }

  targetsFor(account: string): PrincipalTargets {
    return this.#openTo(account).targets;
  }

  /** Roles that this principal alone may assume: that name it, look at who it is, or are open to everybody. */
  ofPrincipal(number: number, of: PrincipalClass): readonly Assumption[] {
    const { caller } = this.#principals[number] as Principal;
    if (caller.kind === 'group') return [];
    const roles = new Set([
      ...(this.#named.get(caller.arn) ?? []),
      ...(caller.uniqueId === null ? [] : (this.#named.get(caller.uniqueId) ?? [])),
      ...(caller.kind === 'role' ? (this.#named.get(sessionName(caller)) ?? []) : []),
      ...this.#openToAll.filter((role) => this.#concerns(this.#principals[role] as Principal, of, caller)),
      ...this.#lookingAt(caller.account, of),
    ]);
    roles.delete(number);
    const assumptions: Assumption[] = [];
    for (const role of roles) {
      const certainty = this.certainty(of, caller, role);
      if (certainty !== NO) assumptions.push({ role, certainty });
    }
    return assumptions;
  }

  /** Roles of other accounts whose trust policy names a principal, or its account. */
  trusting(caller: Caller): readonly number[] {
    if (caller.kind === 'group') return [];
    const named = [
      ...(this.#named.get(caller.arn) ?? []),
      ...(caller.uniqueId === null ? [] : (this.#named.get(caller.uniqueId) ?? [])),
      ...(caller.kind === 'role' ? (this.#named.get(sessionName(caller)) ?? []) : []),
      ...(this.#rolesOpenTo.get(caller.account) ?? []),
    ];
    return [...new Set(named)].filter(
      (role) => (this.#principals[role] as Principal).caller.account !== caller.account,
    );
  }

  /**
   * Whether a role of which it is not known that its trust policy leaves the caller out is one to ask about. One that
   * is known by name alone concerns whoever may assume it by its own policies.
   */
  #concerns({ caller: role, trust, missing }: Principal, of: PrincipalClass, caller: Caller): boolean {
    if (role.account !== caller.account) return false;
    return trust !== null || missing.length === 0 || of.on(ASSUME, role.arn, caller) !== NO;
  }

  /** Whether a principal may assume a role, by both sides. */
  certainty(of: PrincipalClass, caller: Caller, role: number): Certainty {
    const assumed = this.#principals[role] as Principal;
    const target = asTarget(assumed);
    return certaintyOf(
      { ...of.rights, caller },
      { caller, action: ASSUME, resource: target.arn, target, request: NO_REQUEST, now: this.#now },
      this.sideOf(assumed),
    );
  }

  /** What the role's own side says: its trust policy, and the resource control policies of its account. */
  sideOf({ caller, trust }: Principal): ResourceSide {
    const { levels, missing } = this.#organisation.controls('RESOURCE_CONTROL_POLICY', caller.account);
    return {
      account: caller.account,
      policy: trust ?? undefined,
      command: `the trust policy of ${caller.name}: ${ACCOUNT_DUMP}`,
      controls: levels,
      missing,
    };
  }

  #lookingAt(account: string, of: PrincipalClass): readonly number[] {
    if (!of.mayAllow(ASSUME)) return [];
    const { targets, personal } = this.#openTo(account);
    if (personal.length === 0) return [];
    const { levels } = of.vector(ASSUME, targets.list);
    return personal.flatMap((index) => (levels[index] === NO ? [] : (targets.principals[index] as number)));
  }

  #openTo(account: string): OpenRoles {
    let open = this.#open.get(account);
    if (open === undefined) {
      const foreign = this.#openToAll.filter(
        (role) => (this.#principals[role] as Principal).caller.account !== account,
      );
      open = this.#openRoles(account, [...new Set([...(this.#rolesOpenTo.get(account) ?? []), ...foreign])]);
      this.#open.set(account, open);
    }
    return open;
  }

  #openRoles(account: string, roles: readonly number[]): OpenRoles {
    if (roles.length === 0) return { targets: NO_ROLES, trust: new Uint8Array(0), personal: [] };
    const principals = roles.map((role) => this.#principals[role] as Principal);
    const personal: number[] = [];
    const trust = Uint8Array.from(principals, (principal, index) => {
      const controls = this.#organisation.controls('RESOURCE_CONTROL_POLICY', principal.caller.account);
      const isPersonal =
        controls.levels.length > 0 ||
        controls.missing.length > 0 ||
        assumeStatements(principal, 'all').some(
          (statement) =>
            looksAtCaller(statement) || !statement.allows || statement.notPrincipal !== undefined,
        );
      if (isPersonal) personal.push(index);
      if (principal.trust === null) return UNDECIDED;
      return isPersonal ? NO : this.#trustOf(principal, account);
    });
    return {
      targets: {
        list: new TargetList(principals.map(asTarget)),
        principals: roles,
      },
      trust,
      personal,
    };
  }

  /** How certainly a trust policy, by conditions that ask nothing of the caller, lets an account in. */
  #trustOf(role: Principal, account: string): Certainty {
    const asks = this.#anybody.get(account) as Principal;
    let certainty: Certainty = NO;
    for (const statement of assumeStatements(role)) {
      const isOpen = awsPrincipals(statement.principal).some(
        (name) => name === '*' || name === account || ROOT.exec(name)?.[1] === account,
      );
      if (!isOpen) continue;
      const question = {
        caller: asks.caller,
        action: ASSUME,
        resource: role.caller.arn,
        target: asTarget(role),
        request: NO_REQUEST,
        now: this.#now,
      };
      certainty = stronger(certainty, allowMeets(statement.tests, question));
    }
    return certainty;
  }
}

/** The statements of a trust policy that let somebody assume the role, or all that are about it. */
function assumeStatements(
  { trust }: Principal,
  which: 'allows' | 'all' = 'allows',
): readonly CompiledStatement[] {
  return (trust?.statements ?? []).filter(
    (statement) => (which === 'all' || statement.allows) && matchesAction(statement, ASSUME),
  );
}

function looksAtCaller({ isPersonal, tests }: CompiledStatement): boolean {
  return isPersonal || tests.some(({ key }) => OF_CALLERS_KIND.has(key));
}

function roleOfSession(name: string): string | undefined {
  const match = SESSION.exec(name);
  return match === null ? undefined : `session ${match[2]} ${match[3]}`;
}

function sessionName({ account, arn }: Caller): string {
  return `session ${account} ${arn.slice(arn.lastIndexOf('/') + 1)}`;
}
