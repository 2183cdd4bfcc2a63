import type { Instant } from '#base/instant.ts';
import { CERTAIN, NO, UNDECIDED, WEAKENED } from '../privilege/aws/certainty.ts';
import type { Answer } from '../privilege/aws/decide.ts';
import { ESCALATION_METHODS, type EscalationMethod } from '../privilege/aws/escalation-method.ts';
import { IamIndex, type JudgedPrincipal } from '../privilege/aws/iam-index.ts';
import { PrivilegeClosure, type ReachedByNumber } from '../privilege/aws/privilege-closure.ts';
import { escalationSentence, ownSentence } from '../privilege/aws/step-sentence.ts';
import { rolesOfWorkload, WORKLOAD_TYPES } from '../privilege/aws/workload-role.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import { configuredGate } from './gate.ts';
import type { PathEstate } from './path-facts.ts';
import { type State, stateKey } from './state.ts';
import { type StepRuleId, stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';
import { techniqueOf } from './technique.ts';
import { administratorOf } from './workload-steps.ts';

/** The identities of all accounts of AWS, what acts as them, and what holds data that matters. */
export interface AwsFacts {
  /** Of the types that privileges rest on. */
  readonly resources: readonly EstateResource[];
  readonly now: Instant;
  readonly estates: ReadonlyMap<string, PathEstate>;
  /** Keys of workloads on which code may run already. */
  readonly taken: ReadonlySet<string>;
  /** Keys of principals that somebody may be already. */
  readonly held: ReadonlySet<string>;
  /** Keys of what holds data that somebody would want. */
  readonly wanted: ReadonlySet<string>;
}

export interface AwsSteps {
  readonly steps: readonly AttackStep[];
  /** Ways from one principal to others by one method that were left out, because it has as many others. */
  readonly leftOut: number;
}

/** Whom one principal reaches by one method: administrators first, then by name. */
const REACHED_MAX = 64;

/** What data of a type is read with. */
const READ_BY: Readonly<Record<string, string>> = {
  's3-bucket': 's3:getobject',
  secret: 'secretsmanager:getsecretvalue',
  'dynamodb-table': 'dynamodb:scan',
};

const ASSUME = ESCALATION_METHODS.find(({ id }) => id === 'sts-001') as EscalationMethod;

/** What a condition makes of a likelihood (attack-paths §4.4). */
const CONDITIONS: readonly (readonly [key: RegExp, factor: number])[] = [
  [/^sts:externalid$/, 0.1],
  [/^aws:(?:vpc)?sourceip$/, 0.15],
  [/^aws:multifactorauth/, 0.2],
];
const OTHER_CONDITION = 0.5;

/**
 * In AWS: from code on a workload to the role that it runs as; from a principal to others, to administering the account,
 * and to data that it may read (attack-paths §3.4, §3.5, §4.3 C5). Only from where somebody may be, and only what is
 * certain, or hangs on a condition that an attacker can meet.
 */
export function awsSteps(facts: AwsFacts): AwsSteps {
  return new AwsSearch(facts).all();
}

class AwsSearch {
  readonly #facts: AwsFacts;
  readonly #index: IamIndex;
  readonly #administrators: ReachedByNumber;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #steps: AttackStep[] = [];
  readonly #met = new Set<number>();
  readonly #waiting: number[] = [];
  readonly #ruled = new Set<string>();
  readonly #known = new Set<string>();
  #leftOut = 0;

  constructor(facts: AwsFacts) {
    this.#facts = facts;
    this.#index = new IamIndex(facts.resources, facts.now);
    const closure = new PrivilegeClosure(this.#index, WEAKENED);
    closure.refresh();
    const { judged } = this.#index;
    this.#administrators = closure.administrators((number) => this.#isAdministrator(number));
    this.#numbers = new Map(judged.map(({ principal }, number) => [principal.resource.key, number]));
  }

  all(): AwsSteps {
    this.#workloadSteps();
    for (const key of this.#facts.held) this.#meetKey(key);
    for (let number = this.#waiting.pop(); number !== undefined; number = this.#waiting.pop())
      this.#stepsFrom(number);
    return { steps: this.#steps, leftOut: this.#leftOut };
  }

  #judged(number: number): JudgedPrincipal {
    return this.#index.judged[number] as JudgedPrincipal;
  }

  #isAdministrator(number: number): boolean {
    return this.#judged(number).class.isAdmin >= WEAKENED;
  }

  #state(number: number): State {
    return { asset: this.#judged(number).principal.resource.key, family: 'principal', capability: 'use' };
  }

  #name(number: number): string {
    return shownName(this.#judged(number).principal.resource.name);
  }

  #meetKey(key: string): void {
    const number = this.#numbers.get(key);
    if (number !== undefined) this.#meet(number);
  }

  #meet(number: number): void {
    if (this.#met.has(number)) return;
    this.#met.add(number);
    this.#waiting.push(number);
  }

  #workloadSteps(): void {
    for (const account of this.#index.accounts.values())
      for (const type of WORKLOAD_TYPES)
        for (const workload of account.estate.ofType(type)) {
          if (!this.#facts.taken.has(workload.key)) continue;
          for (const arn of rolesOfWorkload(account.estate, workload) ?? []) {
            const number = account.numberOf(arn);
            if (number === undefined) continue;
            const name = shownName(workload.name);
            this.#add(
              'workload-role',
              { asset: workload.key, family: 'workload', capability: 'exec' },
              number,
              {
                sentence: `Code on ${name} can obtain the credentials of ${this.#name(number)}, the role that it runs as`,
                gates: [
                  configuredGate(
                    'setting',
                    `${workload.key} role ${arn}`,
                    `run ${name} as a role with fewer rights than ${this.#name(number)}`,
                  ),
                ],
                evidence: [evidence(`${name} runs as ${arn}.`, workload)],
              },
            );
          }
        }
  }

  #stepsFrom(number: number): void {
    const judged = this.#judged(number);
    const { principal, class: of } = judged;
    const account = principal.caller.account;
    const rights = evidence(
      `The policies of ${this.#name(number)} as they were described.`,
      principal.resource,
    );
    if (this.#isAdministrator(number)) {
      const isWeakened = of.isAdmin === WEAKENED;
      this.#addTo('administrator', this.#state(number), administratorOf(`aws:${account}`), {
        sentence: `${this.#name(number)} may do everything in ${this.#accountName(account)}`,
        gates: [
          configuredGate(
            'statement',
            `${principal.resource.key} administrator`,
            `take the rights of an administrator from ${this.#name(number)}`,
          ),
        ],
        evidence: [rights],
        factor: isWeakened ? OTHER_CONDITION : 1,
        assumptions: isWeakened ? ['The conditions of its policies can be met.'] : [],
      });
      this.#administratorSteps(account);
      return;
    }
    this.#bestStep(number, rights);
    this.#otherSteps(number, rights);
    this.#dataSteps(number, rights);
  }

  /** The one that the evaluation of privileges found, so that whoever it calls privileged is so here. */
  #bestStep(number: number, rights: AttackStep['evidence'][number]): void {
    const step = this.#administrators[number]?.step;
    if (step === undefined || step === null) return;
    const judged = this.#judged(number);
    if (step.to === null && judged.escalation !== null) {
      this.#escalates(
        number,
        step.method,
        `${this.#name(number)} ${ownSentence(judged.escalation)}`,
        [],
        rights,
      );
    } else if (step.to !== null) this.#to(number, step.method, step.to, rights);
  }

  #otherSteps(number: number, rights: AttackStep['evidence'][number]): void {
    const { class: of, assumptions, principal } = this.#judged(number);
    for (const { role, certainty } of assumptions)
      if (certainty >= WEAKENED) this.#assume(number, role, rights);
    for (const { method, certain } of of.edges.edges) {
      if (certain === null || method.gains !== 'target') continue;
      const members = certain.members
        .filter((member) => member !== number)
        .map((member) => ({ member, isAdmin: this.#isAdministrator(member) }))
        .sort((a, b) => Number(b.isAdmin) - Number(a.isAdmin) || a.member - b.member);
      this.#leftOut += Math.max(0, members.length - REACHED_MAX);
      for (const { member } of members.slice(0, REACHED_MAX)) this.#to(number, method, member, rights);
    }
    for (const { method, certain } of of.edges.edges) {
      if (certain === null || method.gains !== 'admin') continue;
      const raised = certain.members.find(
        (member) => member !== number && this.#judged(member).cap >= WEAKENED,
      );
      if (raised !== undefined && this.#judged(raised).principal.caller.account === principal.caller.account)
        this.#to(number, method, raised, rights);
    }
  }

  #assume(number: number, role: number, rights: AttackStep['evidence'][number]): void {
    this.#to(number, ASSUME, role, rights);
  }

  /** From one principal to another by a method, or to any right where the method gives any. */
  #to(number: number, method: EscalationMethod, to: number, rights: AttackStep['evidence'][number]): void {
    const from = this.#judged(number);
    const target = this.#judged(to);
    const answers = this.#index.stepAnswers(from, method, target);
    const sentence = `${this.#name(number)} ${escalationSentence(from, method, target, this.#index)}`;
    if (method.gains === 'admin') {
      this.#escalates(number, method, sentence, answers, rights);
      return;
    }
    const rule: StepRuleId = method.id === 'sts-001' ? 'assume-role' : 'iam-escalation';
    this.#add(rule, this.#state(number), to, {
      sentence,
      gates: this.#gates(number, method, to, answers),
      evidence: [rights],
      technique: techniqueOf(method.mitre[0]) ?? stepRule(rule).technique,
      ...conditionsOf(answers),
    });
  }

  #escalates(
    number: number,
    method: EscalationMethod,
    sentence: string,
    answers: readonly Answer[],
    rights: AttackStep['evidence'][number],
  ): void {
    const { account } = this.#judged(number).principal.caller;
    this.#addTo('iam-escalation', this.#state(number), administratorOf(`aws:${account}`), {
      sentence: `${sentence}, which makes it an administrator of ${this.#accountName(account)}`,
      gates: this.#gates(number, method, null, answers),
      evidence: [rights],
      technique: techniqueOf(method.mitre[0]) ?? stepRule('iam-escalation').technique,
      ...conditionsOf(answers),
    });
    this.#administratorSteps(account);
  }

  /** An administrator may be anybody of the account; what counts is who of them may assume roles elsewhere. */
  #administratorSteps(account: string): void {
    if (this.#ruled.has(account)) return;
    this.#ruled.add(account);
    const from = administratorOf(`aws:${account}`);
    const elsewhere = new Map<number, number>();
    for (const [number, { principal, assumptions, class: of }] of this.#index.judged.entries()) {
      if (principal.caller.account !== account) continue;
      const assumed = [
        ...assumptions.flatMap(({ role, certainty }) => (certainty >= WEAKENED ? [role] : [])),
        ...of.edges.edges.flatMap(({ method, certain }) =>
          method.id === 'sts-001' ? (certain?.members ?? []) : [],
        ),
      ];
      for (const role of assumed)
        if (this.#judged(role).principal.caller.account !== account && !elsewhere.has(role))
          elsewhere.set(role, number);
    }
    this.#leftOut += Math.max(0, elsewhere.size - REACHED_MAX);
    for (const [role, by] of [...elsewhere].slice(0, REACHED_MAX))
      this.#add('administrator-assumes', from, role, {
        sentence: `An administrator of ${this.#accountName(account)} can become ${this.#name(by)}, which may assume ${this.#name(role)} of ${this.#accountName(this.#judged(role).principal.caller.account)}`,
        gates: [
          configuredGate(
            'statement',
            `${this.#judged(role).principal.resource.key} trust of ${account}`,
            `take ${this.#accountName(account)} out of the trust policy of ${this.#name(role)}`,
          ),
        ],
        evidence: [
          evidence(`${this.#name(role)} trusts ${this.#name(by)}.`, this.#judged(role).principal.resource),
        ],
      });
  }

  #dataSteps(number: number, rights: AttackStep['evidence'][number]): void {
    const { class: of, principal } = this.#judged(number);
    for (const [type, action] of Object.entries(READ_BY)) {
      const resources = of.account.estate.ofType(type);
      if (!resources.some(({ key }) => this.#facts.wanted.has(key)) || !of.of.mayAllow(action)) continue;
      const { levels } = of.of.vector(action, of.account.stores(type).list);
      for (const [place, store] of resources.entries()) {
        const certainty = levels[place] ?? NO;
        if (certainty <= UNDECIDED || !this.#facts.wanted.has(store.key)) continue;
        const name = shownName(store.name);
        this.#addTo(
          'reads-data',
          this.#state(number),
          { asset: store.key, family: 'datastore', capability: 'read' },
          {
            sentence: `${this.#name(number)} may read ${name} (${READ_NAMES[type]})`,
            gates: [
              configuredGate(
                'statement',
                `${principal.resource.key} reads ${store.key}`,
                `take the right to read ${name} from ${this.#name(number)}`,
              ),
            ],
            evidence: [rights],
            factor: certainty === CERTAIN ? 1 : OTHER_CONDITION,
            assumptions: [
              ...(certainty === CERTAIN ? [] : ['The conditions of its policies can be met.']),
              ...(type === 's3-bucket'
                ? ['If a key of KMS encrypts the bucket, it lets the same principal decrypt.']
                : []),
            ],
          },
        );
      }
    }
  }

  /** Each action is granted by statements that are alternatives: together they are one gate. */
  #gates(
    number: number,
    method: EscalationMethod,
    to: number | null,
    answers: readonly Answer[],
  ): readonly Gate[] {
    const name = this.#name(number);
    const { key } = this.#judged(number).principal.resource;
    const granted = answers.filter(({ is, by }) => is !== 'deny' && by.length > 0);
    const actions = method.requires.map((requirement) => requirement.name).join(' and ');
    const target = to === null ? '' : ` on ${this.#name(to)}`;
    const sentence = `take ${actions}${target} from ${name}`;
    if (granted.length === 0) {
      const on = to === null ? '' : ` ${this.#judged(to).principal.resource.key}`;
      return [configuredGate('statement', `${key} ${method.id}${on}`, sentence)];
    }
    return granted.map(({ by }) =>
      configuredGate('statement', `${key} ${[...new Set(by)].sort().join(' or ')}`, sentence),
    );
  }

  #accountName(account: string): string {
    return shownName(this.#facts.estates.get(`aws:${account}`)?.name ?? `account ${account}`);
  }

  #add(rule: StepRuleId, from: State, to: number, told: Told): void {
    this.#addTo(rule, from, this.#state(to), told);
    this.#meet(to);
  }

  #addTo(rule: StepRuleId, from: State, to: State, told: Told): void {
    const name = [rule, stateKey(from), stateKey(to), ...told.gates.map(({ id }) => id)].join('\n');
    if (this.#known.has(name)) return;
    this.#known.add(name);
    const { probability, technique } = stepRule(rule);
    this.#steps.push({
      rule,
      from,
      to,
      probability: probability * (told.factor ?? 1),
      sentence: told.sentence,
      gates: told.gates,
      evidence: told.evidence,
      assumptions: told.assumptions ?? [],
      technique: told.technique ?? technique,
    });
  }
}

interface Told {
  readonly sentence: string;
  readonly gates: readonly Gate[];
  readonly evidence: AttackStep['evidence'];
  readonly assumptions?: readonly string[];
  readonly technique?: AttackStep['technique'];
  /** What conditions make of the rule's own likelihood; 1 where it is not given. */
  readonly factor?: number;
}

const READ_NAMES: Readonly<Record<string, string>> = {
  's3-bucket': 's3:GetObject',
  secret: 'secretsmanager:GetSecretValue',
  'dynamodb-table': 'dynamodb:Scan',
};

/** The hardest condition decides: whoever can meet it is well placed to meet the others. */
function conditionsOf(answers: readonly Answer[]): Pick<Told, 'factor' | 'assumptions'> {
  const conditional = answers.flatMap((answer) => (answer.is === 'conditional' ? [answer.residue] : []));
  if (conditional.length === 0) return {};
  const keys = conditional.flat().map(({ key }) => key);
  // The condition may be one of the other side's, which the answer does not name.
  if (keys.length === 0) return { factor: OTHER_CONDITION, assumptions: ['Its conditions can be met.'] };
  const factor = Math.min(
    ...keys.map((key) => CONDITIONS.find(([pattern]) => pattern.test(key))?.[1] ?? OTHER_CONDITION),
  );
  return {
    factor,
    assumptions: [
      `Conditions can be met: ${[...new Set(keys)].sort().slice(0, 4).map(shownName).join(', ')}.`,
    ],
  };
}
