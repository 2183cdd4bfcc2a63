import { getOrMake } from '#base/get-or-make.ts';
import type { Instant } from '#base/instant.ts';
import { addToList } from '#base/list-map.ts';
import { AwsEstate } from '../../exposure/aws-estate.ts';
import { IAM_POLICY } from '../../resource/facts/aws-identity-facts.ts';
import type { PolicyFacts } from '../../resource/facts/fact-shape.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { AdminRatio } from './admin-ratio.ts';
import { type AccountControls, AwsOrganisation } from './aws-organisation.ts';
import { NO_REQUEST, type Question } from './caller.ts';
import { CERTAIN, type Certainty, NO, stronger } from './certainty.ts';
import { ASSUME_ROLE, askingsFor, type ClassEdges, classEdges, noOutcomes } from './class-edges.ts';
import { type OwnPrivilege, ownPrivileges } from './class-privileges.ts';
import { type Answer, certaintyOf, decide, type ResourceSide } from './decide.ts';
import type { EscalationMethod } from './escalation-method.ts';
import { externalTrust } from './external-trust.ts';
import { IamAccount, type Numbered } from './iam-account.ts';
import { arnOf, asTarget, type Principal, type PrincipalContext, principalsOf } from './iam-principal.ts';
import { managedPolicy } from './managed-policy.ts';
import { capOf, EVERYTHING, type OwnContext, type OwnEscalation, ownEscalation } from './own-escalation.ts';
import { PolicyCompiler } from './policy-document.ts';
import { type Asking, PrincipalClass } from './principal-class.ts';
import { GroupTable } from './principal-group.ts';
import type { Rights } from './rights.ts';
import { type Assumption, RoleAssumptions } from './role-assumption.ts';
import { isAdministrator } from './sentinel.ts';
import { SharedAnswers } from './shared-answers.ts';
import { StoreAccess } from './store-access.ts';

/** All that is asked of a class, asked once. */
export interface JudgedClass {
  readonly number: number;
  readonly of: PrincipalClass;
  readonly account: IamAccount;
  readonly isAdmin: Certainty;
  readonly own: readonly OwnPrivilege[];
  readonly edges: ClassEdges;
}

/** A resource's own policy, and the account of the resource. */
export interface PolicyHolder {
  readonly account: string;
  readonly policy: PolicyFacts;
}

/** What is asked of one principal alone. */
export interface JudgedPrincipal {
  readonly principal: Principal;
  readonly class: JudgedClass;
  /** Its privileges by itself: those of its class, and what stores of data make of them. */
  readonly own: readonly OwnPrivilege[];
  /** How certainly it is privileged over data by itself (P3). */
  readonly reads: Certainty;
  readonly escalation: OwnEscalation | null;
  readonly assumptions: readonly Assumption[];
  /** How certainly it would be an administrator if somebody gave it every right. */
  readonly cap: Certainty;
}

/** Of several ways to ask for the same the one that is let through. */
const BEST_FIRST: readonly Answer['is'][] = ['allow', 'conditional', 'unknown', 'deny'];

function noAnswers(): Map<Principal, Answer> {
  return new Map();
}

function byBest(a: Answer, b: Answer): number {
  return BEST_FIRST.indexOf(a.is) - BEST_FIRST.indexOf(b.is);
}

/**
 * The principals of all accounts, compiled into classes (attack-paths §3.2). A changed policy makes anew only the
 * classes that hold it.
 */
export class IamIndex {
  readonly organisation: AwsOrganisation;
  readonly groups = new GroupTable();
  readonly judged: JudgedPrincipal[] = [];
  readonly classes = new Map<number, JudgedClass>();
  readonly accounts = new Map<string, IamAccount>();
  readonly assumptions: RoleAssumptions;
  readonly #compiler = new PolicyCompiler();
  readonly #shared = new SharedAnswers();
  readonly #outcomes = noOutcomes();
  readonly #now: Instant;
  readonly #policies = new Map<string, PolicyFacts | undefined>();
  readonly #otherVersions = new Map<string, readonly PolicyFacts[]>();
  readonly #contexts = new Map<string, PrincipalContext>();
  readonly #caps = new Map<string, Certainty>();
  readonly #stores: StoreAccess;
  readonly #ratio: AdminRatio;
  readonly #ratios = new Map<JudgedClass, number>();
  /** By the number of the question and whom it is about. */
  readonly #answers = new Map<number, Map<Principal, Answer>>();
  readonly #raised = new Map<JudgedClass, JudgedClass>();
  /** By ARNs of policies; null until one is replaced. */
  #holders: Map<string, number[]> | null = null;

  constructor(resources: readonly EstateResource[], now: Instant) {
    this.#now = now;
    this.#ratio = new AdminRatio(now);
    const byAccount = new Map<string, EstateResource[]>();
    for (const resource of resources) addToList(byAccount, accountOf(resource), resource);
    this.organisation = new AwsOrganisation(
      new AwsEstate(resources.filter(({ type }) => type.startsWith('organization'))),
      this.#compiler,
    );
    const principals: Principal[] = [];
    const members = new Map<string, Numbered[]>();
    const estates = [...byAccount].map(([account, own]) => ({ account, estate: new AwsEstate(own) }));
    for (const { estate } of estates)
      for (const policy of estate.ofType('iam-policy')) this.#takePolicy(estate, policy);
    for (const { account, estate } of estates) {
      const context: PrincipalContext = {
        estate,
        account,
        membership: this.organisation.membershipOf(account),
        compiler: this.#compiler,
        findPolicy: (arn) => this.#policies.get(arn) ?? managedPolicy(arn),
      };
      this.#contexts.set(account, context);
      const own = principalsOf(context).map((principal) => ({
        number: principals.push(principal) - 1,
        principal,
      }));
      members.set(account, own);
      this.accounts.set(account, new IamAccount(account, estate, own));
    }
    const numbered = [...members.values()].flat();
    this.assumptions = new RoleAssumptions(
      numbered.filter(({ principal }) => principal.caller.kind === 'role'),
      principals,
      this.organisation,
      now,
    );
    this.#stores = new StoreAccess(this.accounts.values(), this.organisation, this.#compiler, now);
    for (const { number, principal } of numbered) this.judged[number] = this.#judge(number, principal);
  }

  /** Takes another version of a managed policy; answers how many principals hold it. */
  replacePolicy(policy: EstateResource): number {
    const context = this.#contexts.get(accountOf(policy));
    if (context === undefined) return 0;
    this.#takePolicy(context.estate, policy);
    const arn = arnOf(policy);
    const holders = this.#holdersOf(arn);
    for (const number of holders) {
      const again = this.#again((this.judged[number] as JudgedPrincipal).principal, arn);
      this.judged[number] = this.#judge(number, again);
    }
    return holders.length;
  }

  /** Who holds a managed policy, or is bounded by it: another version of it changes nothing about that. */
  #holdersOf(arn: string): readonly number[] {
    if (this.#holders === null) {
      this.#holders = new Map();
      for (const [number, { principal }] of this.judged.entries())
        for (const held of new Set([principal.boundaryArn, ...principal.policies.map(({ name }) => name)]))
          if (held !== null) addToList(this.#holders, held, number);
    }
    return this.#holders.get(arn) ?? [];
  }

  /** Whether a principal may take an action on a resource, with the statements that decide. */
  answer(
    { principal: { caller }, class: { of } }: JudgedPrincipal,
    action: string,
    resource: string,
    more: Partial<Question> = {},
    side: ResourceSide | null = null,
  ): Answer {
    const plain = { caller, action, resource, target: null, request: NO_REQUEST, now: this.#now };
    return decide(of.rights, { ...plain, ...more }, side, of.relevantTo(action));
  }

  /**
   * How certain the same is on something with a policy of its own (attack-paths §3.1, step 4). `granting` is whose Allows count: those of
   * the principal's policies, those of the resource's, or of both; what either refuses is refused.
   */
  certaintyOn(
    { principal: { caller }, class: { of } }: JudgedPrincipal,
    action: string,
    arn: string,
    { account, policy }: PolicyHolder,
    granting: 'rights' | 'policy' | 'both',
  ): Certainty {
    const { levels, missing } = this.organisation.controls('RESOURCE_CONTROL_POLICY', account);
    const document = this.#compiler.compile(policy);
    const refuses = ({ allows }: { readonly allows: boolean }): boolean => !allows;
    const { identity } = of.rights;
    const question = {
      caller,
      action: action.toLowerCase(),
      resource: arn,
      target: null,
      request: NO_REQUEST,
      now: this.#now,
    };
    return certaintyOf(
      { ...of.rights, caller, identity: granting === 'policy' ? identity.filter(refuses) : identity },
      question,
      {
        account,
        policy:
          granting === 'rights' ? { ...document, statements: document.statements.filter(refuses) } : document,
        command: '',
        controls: levels,
        missing,
      },
    );
  }

  /** The answers that a step to another principal rests on, one for each action on that principal. */
  stepAnswers(from: JudgedPrincipal, method: EscalationMethod, to: JudgedPrincipal): readonly Answer[] {
    if (method.target.startsWith('workload:')) return [];
    return method.requires.flatMap(({ action, on }) => {
      if (on !== 'target') return [];
      const askings = askingsFor(action, method.service, from.class.account.partition);
      const answers = askings.map((asking) => this.#answerOn(from, action, asking, to));
      return answers.length < 2 ? answers : answers.sort(byBest).slice(0, 1);
    });
  }

  /** Whether somebody may take an action on a principal: asked once for all whose statements about it are the same. */
  #answerOn(from: JudgedPrincipal, action: string, asking: Asking, { principal }: JudgedPrincipal): Answer {
    const { of } = from.class;
    // A trust policy looks at who asks, and an answer names what nobody described of his policies.
    const isOfAll = action !== ASSUME_ROLE && of.rights.missing.length === 0;
    const question = isOfAll ? of.question(action, asking) : null;
    const known = question === null ? undefined : this.#answers.get(question)?.get(principal);
    if (known !== undefined) return known;
    const side = action === ASSUME_ROLE ? this.assumptions.sideOf(principal) : null;
    const target = asTarget(principal);
    const answer = this.answer(from, action, target.arn, { target, request: asking.request }, side);
    if (question !== null) getOrMake(this.#answers, question, noAnswers).set(principal, answer);
    return answer;
  }

  /** The share of all actions of AWS that a class may take on everything, from 0 to 1. */
  adminRatio(of: JudgedClass): number {
    const ratio = this.#ratios.get(of) ?? this.#ratio.of(of.of.rights);
    this.#ratios.set(of, ratio);
    return ratio;
  }

  /**
   * A principal with the rights that whoever administers its account may give it: all but what the organisation refuses.
   */
  raised(judged: JudgedPrincipal): JudgedPrincipal {
    const raised = getOrMake(this.#raised, judged.class, () => {
      const { of, account } = judged.class;
      const { statements } = this.#compiler.compile(EVERYTHING);
      const rights = { ...of.rights, identity: statements, boundary: null };
      return { ...judged.class, of: this.under(account, rights) };
    });
    return { ...judged, class: raised };
  }

  /**
   * Roles of other accounts that trust a principal, or all of its account, as certainly as asked for: whoever administers
   * the account gives the principal what else it needs (attack-paths §3.4, sts-001). But for those that are known already.
   */
  assumableWhenRaised(
    number: number,
    least: Certainty,
    known: ReadonlyMap<number, unknown> = new Map(),
  ): readonly number[] {
    const judged = this.judged[number] as JudgedPrincipal;
    const { caller, isServiceLinked } = judged.principal;
    const trusting = isServiceLinked ? [] : this.assumptions.trusting(caller);
    const roles = trusting.filter((role) => !known.has(role));
    if (roles.length === 0) return roles;
    const { of } = this.raised(judged).class;
    return roles.filter((role) => this.assumptions.certainty(of, caller, role) >= least);
  }

  /** Who from outside may become a role. */
  outsiders(role: Principal): readonly string[] {
    if (role.trust === null) return [];
    const side = this.assumptions.sideOf(role);
    return externalTrust(role, { side, organisation: this.organisation, now: this.#now });
  }

  /** The class of a principal under other policies. */
  under(account: IamAccount, rights: Rights): PrincipalClass {
    return new PrincipalClass(rights, account.partition, this.#now, this.#shared);
  }

  #takePolicy(estate: AwsEstate, policy: EstateResource): void {
    const { Arn, Document, OtherVersions } = estate.facts(IAM_POLICY, policy);
    for (const arn of new Set([arnOf(policy, Arn), arnOf(policy)])) {
      this.#policies.set(arn, Document ?? this.#policies.get(arn));
      this.#otherVersions.set(arn, OtherVersions ?? []);
    }
  }

  #again(principal: Principal, arn: string): Principal {
    const facts = this.#policies.get(arn) ?? managedPolicy(arn);
    if (facts === undefined) return principal;
    const document = this.#compiler.compile(facts);
    return {
      ...principal,
      policies: principal.policies.map((held) => (held.name === arn ? { ...held, document } : held)),
      boundary: principal.boundaryArn === arn ? document : principal.boundary,
    };
  }

  #judge(number: number, principal: Principal): JudgedPrincipal {
    const judged = this.#classOf(principal);
    const context = this.#ownContext(judged);
    const own = this.#ownOf(judged, principal);
    return {
      principal,
      class: judged,
      own,
      reads: own.reduce(
        (most: Certainty, { level, certainty }) => (level === 'P3' ? stronger(most, certainty) : most),
        NO,
      ),
      escalation: principal.isServiceLinked ? null : ownEscalation(principal, context),
      assumptions: this.assumptions.ofPrincipal(number, judged.of),
      cap: this.#capOf(principal, context),
    };
  }

  /** Whoever has everything, or certainly reads all of a kind, has no more by what a single store says. */
  #ownOf(judged: JudgedClass, { caller }: Principal): readonly OwnPrivilege[] {
    const { isAdmin, own, of, account } = judged;
    if (isAdmin === CERTAIN) return own;
    const readable = this.#stores.readableBy(judged, caller);
    return readable === null ? own : ownPrivileges(of, account, this.accounts, readable);
  }

  #ownContext({ of, account }: Pick<JudgedClass, 'of' | 'account'>): OwnContext {
    return {
      of,
      compiler: this.#compiler,
      otherVersions: (arn) => this.#otherVersions.get(arn) ?? [],
      administers: this.organisation.administers(account.id),
      under: (rights) => this.under(account, rights),
    };
  }

  #capOf({ caller, boundary, boundaryArn }: Principal, context: OwnContext): Certainty {
    const key = `${caller.account} ${boundary?.hash ?? boundaryArn} ${boundary?.isPersonal === true ? caller.arn : caller.kind}`;
    const cap = this.#caps.get(key) ?? capOf(context);
    this.#caps.set(key, cap);
    return cap;
  }

  #controlsOf({ caller, isServiceLinked }: Principal): AccountControls {
    return isServiceLinked
      ? { levels: [], key: '', missing: [] }
      : this.organisation.controls('SERVICE_CONTROL_POLICY', caller.account);
  }

  #classKey(documents: number[], who: string): number {
    let row = this.#shared.step(0, this.#shared.word(who));
    for (const number of documents.sort(ascending)) row = this.#shared.step(row, number);
    return row;
  }

  #classOf(principal: Principal): JudgedClass {
    const { caller, policies, boundary, boundaryArn, mayDeny } = principal;
    const controls = this.#controlsOf(principal);
    const isPersonal =
      policies.some(({ document }) => document.isPersonal) ||
      boundary?.isPersonal === true ||
      controls.levels.some((level) => level.some((statement) => statement.isPersonal));
    const key = this.#classKey(
      policies.map(({ document }) => document.number),
      `${caller.account} ${caller.kind} ${boundary?.hash ?? boundaryArn} ${controls.key} ${mayDeny.length > 0} ${isPersonal ? caller.arn : ''}`,
    );
    let judged = this.classes.get(key);
    if (judged === undefined) {
      const account = this.accounts.get(caller.account) as IamAccount;
      const rights: Rights = {
        caller,
        identity: [...new Set(policies.map(({ document }) => document))].flatMap(
          ({ statements }) => statements,
        ),
        // One that nobody described is among what is missing: it may allow everything, and makes nothing certain.
        boundary: boundary === null ? null : (boundary ?? this.#compiler.compile(EVERYTHING)).statements,
        controls: controls.levels,
        missing: [...mayDeny, ...controls.missing],
      };
      const of = new PrincipalClass(rights, account.partition, this.#now, this.#shared);
      const own = ownPrivileges(of, account, this.accounts);
      judged = {
        number: this.classes.size,
        of,
        account,
        isAdmin: isAdministrator(of),
        own,
        edges: classEdges(of, {
          account,
          groups: this.groups,
          assumptions: this.assumptions,
          outcomes: this.#outcomes,
        }),
      };
      this.classes.set(key, judged);
    }
    return judged;
  }
}

function ascending(a: number, b: number): number {
  return a - b;
}

function accountOf(resource: EstateResource): string {
  return resource.account ?? resource.key.split(':')[5] ?? '';
}
