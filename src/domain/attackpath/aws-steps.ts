import { compareBytes } from '#base/compare.ts';
import { getOrMake } from '#base/get-or-make.ts';
import { counted } from '#base/text.ts';
import { CERTAIN, WEAKENED } from '../privilege/aws/certainty.ts';
import type { Answer } from '../privilege/aws/decide.ts';
import { ESCALATION_METHODS, type EscalationMethod } from '../privilege/aws/escalation-method.ts';
import type { JudgedPrincipal } from '../privilege/aws/iam-index.ts';
import type { PrincipalGroup } from '../privilege/aws/principal-group.ts';
import { PrivilegeClosure, type ReachedByNumber } from '../privilege/aws/privilege-closure.ts';
import { escalationSentence, ownSentence } from '../privilege/aws/step-sentence.ts';
import { nameInArn } from '../resource/aws-call.ts';
import { evidence } from '../risk/estate.ts';
import { administratorOf } from './administrator.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { administratorReads, awsDataSteps } from './aws-data-steps.ts';
import { awsPipelineSteps } from './aws-pipeline-steps.ts';
import { awsQueueSteps } from './aws-queue-steps.ts';
import {
  type AwsFacts,
  AwsSearch,
  OTHER_CONDITION,
  type UnderConditions,
  underConditions,
} from './aws-search.ts';
import { awsWorkloadSteps } from './aws-workload-steps.ts';
import { type EksDoor, EksLogins } from './eks-logins.ts';
import { configuredGate } from './gate.ts';
import { type StepRuleId, stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';
import { techniqueOf } from './technique.ts';

export interface AwsSteps {
  readonly steps: readonly AttackStep[];
  /** Ways from one principal to others by one method that were left out, because it has as many others. */
  readonly leftOut: number;
  /** Flaws of machines of clusters that were left out. */
  readonly flawsLeftOut: number;
  /** What somebody may do, or may not: nobody told, in sentences. */
  readonly untold: readonly string[];
}

/** Whom one principal reaches by one method: administrators first, then by name. */
const REACHED_MAX = 64;

/** What gives a user rights that somebody else chooses. */
const ATTACHES = ['iam:AttachUserPolicy', 'iam:PutUserPolicy'] as const;

const ASSUME = ESCALATION_METHODS.find(({ id }) => id === 'sts-001') as EscalationMethod;

/** What a second factor makes of a likelihood (attack-paths §4.4). */
const BY_SECOND_FACTOR = 0.2;

/** The same of a condition. */
const CONDITIONS: readonly (readonly [key: RegExp, factor: number])[] = [
  [/^sts:externalid$/, 0.1],
  [/^aws:(?:vpc)?sourceip$/, 0.15],
  [/^aws:multifactorauth/, BY_SECOND_FACTOR],
];

/**
 * In AWS: from what runs code to whom it is and what else it reaches; from a principal to others, to administering the
 * account, and to data (attack-paths §3.4, §3.5, §4.3 C4 and C5). Only from where somebody may be, and only what is
 * certain, or hangs on a condition that an attacker can meet.
 */
export function awsSteps(facts: AwsFacts): AwsSteps {
  const search = new AwsSearch(facts);
  const principals = new PrincipalSteps(search);
  for (const { from } of facts.given) if (from.family === 'origin') search.hold(from);
  do {
    for (let state = search.next(); state !== undefined; state = search.next()) {
      const number = state.family === 'principal' ? search.numberOf(state.asset) : undefined;
      if (number !== undefined) principals.from(number);
      else if (state.family === 'queue') awsQueueSteps(search, state);
      else if (state.family === 'repository') awsPipelineSteps(search, state);
      else if (state.family === 'workload' || state.family === 'node') awsWorkloadSteps(search, state);
    }
  } while (principals.raise());
  return {
    steps: search.steps,
    leftOut: search.leftOut + principals.leftOut,
    flawsLeftOut: [...search.flawsLeftOut.values()].reduce((sum, each) => sum + each, 0),
    untold: principals.untold(),
  };
}

/** From one principal on. */
class PrincipalSteps {
  readonly #search: AwsSearch;
  readonly #administrators: ReachedByNumber;
  readonly #ruled = new Set<string>();
  #unraised = 0;
  /** By what somebody does and who he is: whether he may do it to a user; what was found once holds in all rounds. */
  readonly #raised = new Map<string, Map<number, boolean>>();
  readonly #rankedGroups = new Map<PrincipalGroup, readonly number[]>();
  /** The principal whose gates were asked for last, and these by statements or actions. */
  #gatesOf = -1;
  readonly #gatesOfRights = new Map<string, Gate>();
  readonly #logins: EksLogins;
  readonly #untold = new Map<string, { readonly names: string[]; readonly commands: Set<string> }>();

  constructor(search: AwsSearch) {
    this.#search = search;
    this.#logins = new EksLogins(
      [...search.index.accounts.values()].map(({ estate }) => estate),
      search.facts.eks ?? { clusters: [], estateOf: new Map() },
      new Set(search.facts.given.map(({ from }) => from.asset)),
    );
    const closure = new PrivilegeClosure(search.index, WEAKENED);
    closure.refresh();
    this.#administrators = closure.administrators((number) => this.#isAdministrator(number));
  }

  #isAdministrator(number: number): boolean {
    return this.#search.judged(number).class.isAdmin >= WEAKENED;
  }

  from(number: number): void {
    const search = this.#search;
    const { principal, class: of } = search.judged(number);
    const account = principal.caller.account;
    const name = search.nameOf(number);
    const rights = [evidence(`The policies of ${name} as they were described.`, principal.resource)];
    this.#clusterSteps(number);
    if (this.#isAdministrator(number)) {
      search.add('administrator', search.stateOf(number), administratorOf(`aws:${account}`), {
        sentence: `${name} may do everything in ${search.accountName(account)}`,
        gates: [
          configuredGate(
            'statement',
            `${principal.resource.key} administrator`,
            `take the rights of an administrator from ${name}`,
          ),
        ],
        evidence: rights,
        ...underConditions(of.isAdmin === WEAKENED ? WEAKENED : CERTAIN),
      });
      this.#administratorSteps(account);
      return;
    }
    this.#bestStep(number, rights);
    this.#otherSteps(number, rights);
    this.#entrySteps(number, rights);
    awsDataSteps(search, number, rights);
  }

  /** Clusters of EKS let principals in by themselves, whatever IAM lets these do. */
  #clusterSteps(number: number): void {
    const search = this.#search;
    const { principal } = search.judged(number);
    for (const { cluster, commands } of this.#logins.untoldOf(principal)) {
      const known = getOrMake(this.#untold, cluster, () => ({ names: [], commands: new Set<string>() }));
      known.names.push(search.nameOf(number));
      for (const command of commands) known.commands.add(command);
    }
    for (const login of this.#logins.of(principal))
      search.add('cluster-login', search.stateOf(number), login.to, {
        ...login,
        sentence: `${search.nameOf(number)} ${login.words}`,
      });
  }

  /** Whoever may make an access entry and give it a policy gives himself one that administers the cluster. */
  #entrySteps(number: number, rights: AttackStep['evidence']): void {
    const search = this.#search;
    const judged = search.judged(number);
    const { principal, class: of } = judged;
    const { account } = principal.caller;
    if (!ENTERS.every((action) => of.of.mayAllow(action.toLowerCase()))) return;
    for (const door of this.#logins.doorsOf(account)) {
      const actions = [...door.opensBy, ...ENTERS];
      const answers = this.#entryAnswers(judged, door);
      if (answers === null) continue;
      const name = search.nameOf(number);
      const under = conditionsOf(answers);
      search.add('cluster-login', search.stateOf(number), door.administrator, {
        kind: 'own-access-entry',
        sentence: `${name} may give itself an access entry that administers ${door.shown} (${actions.join(', ')})`,
        gates: actions.map((action) =>
          configuredGate(
            'statement',
            `${principal.resource.key} ${action} ${door.cluster.key}`,
            `take ${action} on ${door.shown} from ${name}`,
          ),
        ),
        evidence: rights,
        ...under,
        assumptions: [...(under.assumptions ?? []), ...door.assumptions],
      });
    }
  }

  /** How somebody may give himself an entry; null where he may not for certain. */
  #entryAnswers(judged: JudgedPrincipal, { arn, opensBy }: EksDoor): readonly Answer[] | null {
    const { kind, account, arn: caller } = judged.principal.caller;
    const entry = `${arn.replace(':cluster/', ':access-entry/')}/${kind}/${account}/${nameInArn(caller)}/~`;
    const answers = [...opensBy, ...ENTERS].map((action) =>
      this.#search.index.answer(judged, action.toLowerCase(), action === ASSOCIATES ? entry : arn),
    );
    return answers.every(({ is }) => is === 'allow' || is === 'conditional') ? answers : null;
  }

  /** Of each cluster one sentence on those whom somebody may be and whom it lets in, nobody told to do what. */
  untold(): readonly string[] {
    return [...this.#untold]
      .map(([cluster, { names, commands }]) => {
        const [first = '', ...others] = [...new Set(names)].sort(compareBytes);
        const who = others.length === 0 ? first : `${first} and ${counted(others.length, 'other')}`;
        return `What ${who} may do in ${cluster} is not told, though access entries let them in: ${[...commands].sort(compareBytes).join(', ')}.`;
      })
      .sort(compareBytes);
  }

  /** The one that the evaluation of privileges found, so that whoever it calls privileged is so here. */
  #bestStep(number: number, rights: AttackStep['evidence']): void {
    const step = this.#administrators[number]?.step;
    if (step === undefined || step === null) return;
    const judged = this.#search.judged(number);
    if (step.to === null && judged.escalation !== null) {
      this.#escalates(
        number,
        step.method,
        `${this.#search.nameOf(number)} ${ownSentence(judged.escalation)}`,
        [],
        rights,
      );
    } else if (step.to !== null) this.#to(number, step.method, step.to, rights);
  }

  #otherSteps(number: number, rights: AttackStep['evidence']): void {
    const search = this.#search;
    const { class: of, assumptions, principal } = search.judged(number);
    for (const { role, certainty } of assumptions)
      if (certainty >= WEAKENED) this.#to(number, ASSUME, role, rights);
    for (const { method, certain } of of.edges.edges) {
      if (certain === null || method.gains !== 'target') continue;
      const members = this.#ranked(certain);
      const others = members.length - Number(members.includes(number));
      search.leftOut += Math.max(0, others - REACHED_MAX);
      const first = members.slice(0, REACHED_MAX + 1).filter((member) => member !== number);
      for (const member of first.slice(0, REACHED_MAX)) this.#to(number, method, member, rights);
    }
    for (const { method, certain } of of.edges.edges) {
      if (certain === null || method.gains !== 'admin') continue;
      const raised = certain.members.find(
        (member) => member !== number && search.judged(member).cap >= WEAKENED,
      );
      if (raised !== undefined && search.judged(raised).principal.caller.account === principal.caller.account)
        this.#to(number, method, raised, rights);
    }
  }

  /** The members of a group, administrators first. */
  #ranked(group: PrincipalGroup): readonly number[] {
    return getOrMake(this.#rankedGroups, group, () =>
      group.members.toSorted(
        (a, b) => Number(this.#isAdministrator(b)) - Number(this.#isAdministrator(a)) || a - b,
      ),
    );
  }

  /** From one principal to another by a method, or to any right where the method gives any. */
  #to(number: number, method: EscalationMethod, to: number, rights: AttackStep['evidence']): void {
    const search = this.#search;
    const from = search.judged(number);
    const target = search.judged(to);
    const answers = search.index.stepAnswers(from, method, target);
    const sentence = `${search.nameOf(number)} ${escalationSentence(from, method, target, answers)}`;
    if (method.gains === 'admin') {
      this.#escalates(number, method, sentence, answers, rights, target);
      return;
    }
    const rule: StepRuleId = method.id === 'sts-001' ? 'assume-role' : 'iam-escalation';
    const isElsewhere = from.principal.caller.account !== target.principal.caller.account;
    search.add(rule, search.stateOf(number), search.stateOf(to), {
      kind: rule === 'iam-escalation' ? method.id : isElsewhere ? 'other-account' : 'same-account',
      sentence,
      gates: [
        ...this.#gates(number, method, to, answers),
        ...(rule === 'assume-role' && isElsewhere
          ? [this.#trustGate(to, from.principal.caller.account)]
          : []),
      ],
      evidence: rights,
      technique: techniqueOf(method.mitre[0]) ?? stepRule(rule).technique,
      ...behindSecondFactor(method, target, tagged(method, conditionsOf(answers))),
    });
  }

  #escalates(
    number: number,
    method: EscalationMethod,
    sentence: string,
    answers: readonly Answer[],
    rights: AttackStep['evidence'],
    target: JudgedPrincipal | null = null,
  ): void {
    const search = this.#search;
    const { account } = search.judged(number).principal.caller;
    search.add('iam-escalation', search.stateOf(number), administratorOf(`aws:${account}`), {
      kind: method.id,
      sentence: `${sentence}, which makes it an administrator of ${search.accountName(account)}`,
      gates: this.#gates(number, method, null, answers),
      evidence: rights,
      technique: techniqueOf(method.mitre[0]) ?? stepRule('iam-escalation').technique,
      ...behindSecondFactor(method, target, conditionsOf(answers)),
    });
    this.#administratorSteps(account);
  }

  /**
   * Who was a user before may come back as that user with whatever rights it gave to it meanwhile: from a principal that
   * may attach policies to a user that leads to it. Answers whether there was something new.
   */
  raise(): boolean {
    const search = this.#search;
    const before = search.steps.length;
    const held = search.heldPrincipals();
    // An account gives rights to its own users alone: they are named without one.
    const users = Map.groupBy(
      held.filter((number) => {
        const { principal, cap } = search.judged(number);
        return principal.caller.kind === 'user' && cap >= WEAKENED;
      }),
      (number) => search.judged(number).principal.caller.account,
    );
    const raisers = held.filter(
      (number) =>
        users.has(search.judged(number).principal.caller.account) &&
        !this.#isAdministrator(number) &&
        this.#attaches(number).length > 0,
    );
    this.#unraised = 0;
    if (raisers.length === 0) return false;
    // What is added meanwhile is looked at the next time: there is one, as it is new.
    const leads = search.leads(raisers);
    for (const [place, number] of raisers.entries()) {
      const { account } = search.judged(number).principal.caller;
      const came = (users.get(account) ?? []).filter((user) => user !== number && leads(user, place));
      for (const action of this.#attaches(number)) this.#comeBack(number, action, came);
    }
    return search.steps.length > before;
  }

  #attaches(number: number): readonly string[] {
    const { class: of } = this.#search.judged(number);
    return ATTACHES.filter((action) => of.of.mayAllow(action.toLowerCase()));
  }

  /** Users beyond the most that one principal gives rights to, in the last round: of those it is not asked whether it may. */
  get leftOut(): number {
    return this.#unraised;
  }

  #comeBack(number: number, action: string, users: readonly number[]): void {
    const { principal, class: of } = this.#search.judged(number);
    const asked = getOrMake(this.#raised, `${action} ${number}`, () => new Map<number, boolean>());
    let ways = 0;
    for (const [place, user] of users.entries()) {
      if (ways === REACHED_MAX) {
        this.#unraised += users.length - place;
        return;
      }
      let may = asked.get(user);
      if (may === undefined) {
        const { arn } = this.#search.judged(user).principal.caller;
        may = of.of.on(action.toLowerCase(), arn, principal.caller) === CERTAIN;
        asked.set(user, may);
        if (may) this.#comesBack(number, action, user);
      }
      if (may) ways++;
    }
  }

  /** A principal gives a user rights that whoever gets there came as. */
  #comesBack(number: number, action: string, user: number): void {
    const search = this.#search;
    const { principal } = search.judged(number);
    const raised = search.judged(user).principal;
    const name = search.nameOf(number);
    search.add('iam-escalation', search.stateOf(number), administratorOf(`aws:${principal.caller.account}`), {
      sentence: `${name} may give ${search.nameOf(user)}, which whoever gets here has already, every right (${action})`,
      gates: [
        configuredGate(
          'statement',
          `${principal.resource.key} ${action} ${raised.resource.key}`,
          `take ${action} on ${search.nameOf(user)} from ${name}`,
        ),
      ],
      evidence: [evidence(`The policies of ${name} as they were described.`, principal.resource)],
      assumptions: [`Whoever gets here came as ${search.nameOf(user)}.`],
    });
    this.#administratorSteps(principal.caller.account);
  }

  /**
   * An administrator may be anybody of the account, with whatever rights; what counts is whom roles elsewhere trust, and
   * whom policies of data elsewhere let in.
   */
  #administratorSteps(account: string): void {
    if (this.#ruled.has(account)) return;
    this.#ruled.add(account);
    const search = this.#search;
    const from = administratorOf(`aws:${account}`);
    const elsewhere = new Map<number, number>();
    const groups = new Set<PrincipalGroup>();
    for (const number of search.principalsOf(account)) {
      const { assumptions, class: of } = search.judged(number);
      const add = (role: number): void => {
        if (search.judged(role).principal.caller.account !== account && !elsewhere.has(role))
          elsewhere.set(role, number);
      };
      for (const { role, certainty } of assumptions) if (certainty >= WEAKENED) add(role);
      for (const { method, certain } of of.edges.edges) {
        if (method.id !== 'sts-001' || certain === null || groups.has(certain)) continue;
        groups.add(certain);
        certain.members.forEach(add);
      }
      search.index.assumableWhenRaised(number, WEAKENED, elsewhere).forEach(add);
    }
    search.leftOut += Math.max(0, elsewhere.size - REACHED_MAX);
    for (const [role, by] of [...elsewhere].slice(0, REACHED_MAX))
      search.add('administrator-assumes', from, search.stateOf(role), {
        sentence: `An administrator of ${search.accountName(account)} can become ${search.nameOf(by)}, which may assume ${search.nameOf(role)} of ${search.accountName(search.judged(role).principal.caller.account)}`,
        gates: [this.#trustGate(role, account)],
        evidence: [
          evidence(
            `${search.nameOf(role)} trusts ${search.nameOf(by)}.`,
            search.judged(role).principal.resource,
          ),
        ],
      });
    administratorReads(search, account);
  }

  /** Across accounts a role is assumed with the word of both sides: whoever takes an account out of its trust ends every way from there. */
  #trustGate(role: number, account: string): Gate {
    const search = this.#search;
    return configuredGate(
      'statement',
      `${search.judged(role).principal.resource.key} trust of ${account}`,
      `take ${search.accountName(account)} out of the trust policy of ${search.nameOf(role)}`,
    );
  }

  /**
   * All that a method needs is a gate each. An action on the target is granted by statements that are alternatives, which
   * together are one gate; another right is named by its action, so that methods which need the same share it.
   */
  #gates(
    number: number,
    method: EscalationMethod,
    to: number | null,
    answers: readonly Answer[],
  ): readonly Gate[] {
    const name = this.#search.nameOf(number);
    const target = to === null ? '' : ` on ${this.#search.nameOf(to)}`;
    const isTold = answers.every(({ is, by }) => is !== 'deny' && by.length > 0);
    let asked = 0;
    return method.requires.map((requirement) => {
      const { name: action } = requirement;
      const answer = isTold && requirement.on === 'target' ? answers[asked++] : undefined;
      if (answer !== undefined)
        return this.#gate(number, alternatives(answer.by), `take ${action}${target} from ${name}`);
      if (requirement.on === 'target' && to !== null)
        return this.#gate(
          number,
          `${action} ${this.#search.stateOf(to).asset}`,
          `take ${action}${target} from ${name}`,
        );
      return this.#gate(number, action, `take ${action} from ${name}`);
    });
  }

  /** One right of the principal is the gate of many steps, in whose sentences it is taken from other targets. */
  #gate(number: number, right: string, sentence: string): Gate {
    if (number !== this.#gatesOf) this.#gatesOfRights.clear();
    this.#gatesOf = number;
    const gate = getOrMake(this.#gatesOfRights, right, () =>
      configuredGate('statement', `${this.#search.stateOf(number).asset} ${right}`, sentence),
    );
    return gate.sentence === sentence ? gate : { ...gate, sentence };
  }
}

function alternatives(statements: readonly string[]): string {
  const [only] = statements;
  return only !== undefined && statements.length === 1 ? only : [...new Set(statements)].sort().join(' or ');
}

const ASSOCIATES = 'eks:AssociateAccessPolicy';
/** What makes whoever may do it an administrator of a cluster of EKS. */
const ENTERS = ['eks:CreateAccessEntry', ASSOCIATES];

/** Methods that write the tags which a right asks for (attack-paths §4.4, tag tampering). */
const WRITES_TAGS = /^own-tag-|-tag$/;
const BY_TAGS = 0.7;

function tagged(method: EscalationMethod, told: UnderConditions): typeof told {
  if (!WRITES_TAGS.test(method.id)) return told;
  return {
    ...told,
    factor: (told.factor ?? 1) * BY_TAGS,
    assumptions: [
      ...(told.assumptions ?? []),
      'The tags that its conditions ask for are ones that it may write.',
    ],
  };
}

/** A new password of a user is half a login where that has a second factor (attack-paths §3.4, iam-006). */
function behindSecondFactor(
  { preconditions }: EscalationMethod,
  target: JudgedPrincipal | null,
  told: UnderConditions,
): typeof told {
  if (target?.principal.hasSecondFactor !== true || !preconditions.includes('target-has-password'))
    return told;
  return {
    ...told,
    factor: (told.factor ?? 1) * BY_SECOND_FACTOR,
    assumptions: [
      ...(told.assumptions ?? []),
      `The second factor of ${shownName(target.principal.caller.name)} can be got past.`,
    ],
  };
}

/** The hardest condition decides: whoever can meet it is well placed to meet the others. */
function conditionsOf(answers: readonly Answer[]): UnderConditions {
  if (answers.every(({ is }) => is !== 'conditional')) return {};
  const conditional = answers.flatMap((answer) => (answer.is === 'conditional' ? [answer.residue] : []));
  const keys = conditional.flat().map(({ key }) => key);
  // The condition may be one of the other side's, which the answer does not name.
  if (keys.length === 0)
    return { factor: OTHER_CONDITION, assumptions: ['Its conditions can be met.'], isUnknown: true };
  const factors = keys.map((key) => CONDITIONS.find(([pattern]) => pattern.test(key))?.[1]);
  return {
    factor: Math.min(...factors.map((factor) => factor ?? OTHER_CONDITION)),
    ...(factors.includes(undefined) ? { isUnknown: true } : {}),
    assumptions: [
      `Conditions can be met: ${[...new Set(keys)].sort().slice(0, 4).map(shownName).join(', ')}.`,
    ],
  };
}
