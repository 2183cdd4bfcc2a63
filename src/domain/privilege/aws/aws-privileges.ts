import type { Instant } from '#base/instant.ts';
import type { EstateResource } from '../../risk/estate.ts';
import type { Privilege, PrivilegeLevel } from '../privilege.ts';
import type { ControlType } from './aws-organisation.ts';
import { type Certainty, NO, UNDECIDED, WEAKENED } from './certainty.ts';
import { askingsFor } from './class-edges.ts';
import type { ResourceSide } from './decide.ts';
import { emergencyUse } from './emergency-account.ts';
import type { IamAccount } from './iam-account.ts';
import { IamIndex, type JudgedPrincipal } from './iam-index.ts';
import { ACCOUNT_DUMP } from './iam-principal.ts';
import { PrivilegeClosure, type Reached, type ReachedByNumber, type Step } from './privilege-closure.ts';
import { escalationSentence, ownSentence, weakenedBy } from './step-sentence.ts';

/** A principal's privilege, with what keeps it from being known. */
export interface AwsPrivilege extends Privilege {
  /** Inputs that would decide, where the level is unknown. */
  readonly missing: readonly string[];
}

/** How everybody reaches administrators, and those who read, by steps of one certainty. */
interface Levels {
  readonly administrators: ReachedByNumber;
  readonly readers: ReachedByNumber;
}

const NO_LEVELS: Levels = { administrators: [], readers: [] };
const REASONS_MAX = 6;
const MISSING_MAX = 6;

/** The privileges of every user, group and role of all accounts, by ARN (attack-paths §3.3). */
export class AwsPrivileges {
  readonly #index: IamIndex;
  readonly #certain: PrivilegeClosure;
  readonly #possible: PrivilegeClosure;
  /** What was said last time rested on these. */
  readonly #said: JudgedPrincipal[] = [];
  #levelsSaid: { readonly certain: Levels; readonly possible: Levels } = {
    certain: NO_LEVELS,
    possible: NO_LEVELS,
  };
  readonly #byArn = new Map<string, AwsPrivilege>();

  constructor(resources: readonly EstateResource[], now: Instant) {
    this.#index = new IamIndex(resources, now);
    this.#certain = new PrivilegeClosure(this.#index, WEAKENED);
    this.#possible = new PrivilegeClosure(this.#index, UNDECIDED);
  }

  /** Kinds of control policies of the organisation of which none was described: none is assumed, and evidence says so. */
  get controlsAssumedAbsent(): readonly ControlType[] {
    return this.#index.organisation.assumedAbsent;
  }

  /** Takes another version of a managed policy; only what holds it is judged anew (§3.2). */
  replacePolicy(policy: EstateResource): number {
    return this.#index.replacePolicy(policy);
  }

  /** Of everybody; the map is the same one each time, brought up to date. */
  byArn(): ReadonlyMap<string, AwsPrivilege> {
    const { judged } = this.#index;
    const certain = this.#levels(this.#certain, WEAKENED);
    const possible = this.#levels(this.#possible, UNDECIDED);
    for (let number = 0; number < judged.length; number++) {
      const each = judged[number] as JudgedPrincipal;
      // What was said before holds where it rests on the same.
      if (
        this.#said[number] === each &&
        isSame(this.#levelsSaid.certain, certain, number) &&
        isSame(this.#levelsSaid.possible, possible, number)
      )
        continue;
      this.#said[number] = each;
      this.#byArn.set(each.principal.caller.arn, this.#judged(each, number, certain, possible));
    }
    this.#levelsSaid = { certain, possible };
    return this.#byArn;
  }

  #levels(closure: PrivilegeClosure, atLeast: Certainty): Levels {
    const { judged } = this.#index;
    closure.refresh();
    const administrators = closure.administrators((number) => {
      const each = judged[number] as JudgedPrincipal;
      // Policies that nobody described may hold anything.
      return each.class.isAdmin >= atLeast || (atLeast === UNDECIDED && each.principal.missing.length > 0);
    });
    const seeds: number[] = [];
    for (let number = 0; number < judged.length; number++)
      if ((judged[number] as JudgedPrincipal).reads >= atLeast) seeds.push(number);
    return { administrators, readers: closure.reaching(seeds) };
  }

  #judged(each: JudgedPrincipal, number: number, certain: Levels, possible: Levels): AwsPrivilege {
    const known = this.#known(each, number, certain);
    const outside = this.#index.outsiders(each.principal);
    const emergency = emergencyUse(each.principal);
    const missing = known === null || known.level === 'P4' ? this.#missing(each, number, possible) : [];
    // Whoever keeps an account for emergencies gives it everything.
    if (missing.length > 0 && emergency !== null) return { level: 'P0', reasons: [emergency], missing: [] };
    if (missing.length > 0)
      // Who may become it is known all the same.
      return {
        level: 'unknown',
        reasons: outside.slice(0, REASONS_MAX),
        missing: [...new Set(missing)].slice(0, MISSING_MAX),
      };
    const { level, reasons } = known ?? { level: 'none', reasons: [] };
    const all = [...reasons, ...(emergency === null ? [] : [emergency])];
    const ofOutside = outside.slice(0, REASONS_MAX - 1);
    return { level, reasons: [...all.slice(0, REASONS_MAX - ofOutside.length), ...ofOutside], missing: [] };
  }

  /** The strongest level that holds, with all its reasons. */
  #known(
    each: JudgedPrincipal,
    number: number,
    { administrators, readers }: Levels,
  ): { readonly level: PrivilegeLevel; readonly reasons: readonly string[] } | null {
    const own = each.own.filter(({ certainty }) => certainty >= WEAKENED);
    const ownReasons = own.map(({ reason }) => reason);
    const admin = administrators[number];
    if (admin !== undefined) {
      if (admin.step === null)
        return {
          level: 'P0',
          reasons: [
            `may do everything in the account${weakenedBy(each, this.#index)}`,
            `may take ${Math.floor(this.#index.adminRatio(each.class) * 100)} % of all actions of AWS on everything`,
          ],
        };
      return {
        level: admin.isDirect ? 'P1' : 'P2',
        reasons: [this.#sentence(each, admin, 'an administrator'), ...ownReasons],
      };
    }
    const reader = readers[number];
    if (reader !== undefined) {
      const reached =
        reader.step === null ? [] : [this.#sentence(each, reader, 'somebody who reads all data of a kind')];
      return { level: 'P3', reasons: [...reached, ...ownReasons] };
    }
    return own.length === 0 ? null : { level: 'P4', reasons: ownReasons };
  }

  #sentence(each: JudgedPrincipal, { hops, step }: Reached, goal: string): string {
    const sentence = this.#step(each, step as Step);
    return hops > 1
      ? `${sentence}, ${hops - 1 === 1 ? 'one step' : `${hops - 1} steps`} from ${goal}`
      : sentence;
  }

  #step(each: JudgedPrincipal, { method, to }: Step): string {
    if (to === null) return ownSentence(each.escalation as NonNullable<JudgedPrincipal['escalation']>);
    const target = this.#index.judged[to] as JudgedPrincipal;
    return escalationSentence(each, method, target, this.#index.stepAnswers(each, method, target));
  }

  /** What would have to be known where more than what holds is possible. */
  #missing(each: JudgedPrincipal, number: number, { administrators, readers }: Levels): readonly string[] {
    const { principal, class: of } = each;
    const reached = administrators[number] ?? readers[number];
    const conditions = (reason: string): string =>
      reason.startsWith('may ') ? `the conditions under which it ${reason}` : reason;
    if (reached === undefined) return this.#openEnds(each);
    if (principal.missing.length > 0) return principal.missing;
    if (of.of.rights.missing.length > 0) return of.of.rights.missing;
    if (reached.step === null) {
      const own = each.own.find(({ level, certainty }) => level === 'P3' && certainty === UNDECIDED);
      if (of.isAdmin === NO && own?.missing !== undefined) return own.missing;
      return [
        conditions(of.isAdmin === NO && own !== undefined ? own.reason : 'may do everything in the account'),
      ];
    }
    const behind = reached.step.to === null ? undefined : this.#index.judged[reached.step.to];
    const missing = reached.step.missing;
    if (missing.length > 0) return missing;
    const side = behind === undefined ? null : this.#index.assumptions.sideOf(behind.principal);
    if (side !== null && side.missing.length > 0) return side.missing;
    if (side?.policy === undefined && behind?.principal.caller.kind === 'role')
      return [(side as ResourceSide).command, ...behind.principal.missing];
    return [conditions(this.#step(each, reached.step)), ...(behind?.principal.missing ?? [])];
  }

  /** What could be reached if something exists that nobody described. */
  #openEnds({ principal, class: { of, account, edges } }: JudgedPrincipal): readonly string[] {
    const missing = edges.openEnds.map((end) => end.missing);
    for (const [action, name, others] of changesOf(account)) {
      if (!of.mayAllow(action)) continue;
      const own = others.indexOf(principal.caller.arn);
      const mayChange = askingsFor(action, null, account.partition).some(
        (asking) =>
          of.every(action, asking) !== NO ||
          of.vector(action, others, asking).levels.some((level, index) => level !== NO && index !== own),
      );
      if (mayChange) missing.push(`whether it controls somebody whose rights it may change with ${name}`);
    }
    const reaches = ['iam:passrole', 'sts:assumerole', 'iam:updateassumerolepolicy'].some(
      (action) => of.any(action) !== NO,
    );
    if (reaches && !account.estate.isListed('iam-role', null))
      missing.push(`the roles of the account: ${ACCOUNT_DUMP}`);
    return missing;
  }
}

function isSame(a: Levels, b: Levels, number: number): boolean {
  return (
    isSameStep(a.administrators[number], b.administrators[number]) &&
    isSameStep(a.readers[number], b.readers[number])
  );
}

function isSameStep(a: Reached | undefined, b: Reached | undefined): boolean {
  return (
    a === b ||
    (a?.hops === b?.hops &&
      a?.isDirect === b?.isDirect &&
      a?.step?.method === b?.step?.method &&
      a?.step?.to === b?.step?.to)
  );
}

/** Actions that change what others may do, which gains something once one of them is controlled. */
function changesOf({
  users,
  roles,
  groups,
  policies,
}: IamAccount): readonly (readonly [string, string, IamAccount['policies']])[] {
  return [
    ['iam:attachuserpolicy', 'iam:AttachUserPolicy', users.list],
    ['iam:putuserpolicy', 'iam:PutUserPolicy', users.list],
    ['iam:attachrolepolicy', 'iam:AttachRolePolicy', roles.list],
    ['iam:putrolepolicy', 'iam:PutRolePolicy', roles.list],
    ['iam:attachgrouppolicy', 'iam:AttachGroupPolicy', groups.list],
    ['iam:putgrouppolicy', 'iam:PutGroupPolicy', groups.list],
    ['iam:addusertogroup', 'iam:AddUserToGroup', groups.list],
    ['iam:createpolicyversion', 'iam:CreatePolicyVersion', policies],
    ['iam:setdefaultpolicyversion', 'iam:SetDefaultPolicyVersion', policies],
  ];
}
