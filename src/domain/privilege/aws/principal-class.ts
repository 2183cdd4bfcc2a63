import type { Instant } from '#base/instant.ts';
import { ACTION_WORDS, type ActionSet, arnPattern, cataloguedAction } from './action-catalogue.ts';
import { type Caller, NO_REQUEST, type Question } from './caller.ts';
import { CERTAIN, type Certainty, NO, opposite, stronger, UNDECIDED, weaker } from './certainty.ts';
import { allowMeets, denyMisses } from './condition.ts';
import { allowApplies, type CompiledStatement, denyPasses, hasAction } from './policy-document.ts';
import { resolveVariables } from './policy-pattern.ts';
import { allPass, anyAllows, isAboutAction, type Relevant, type Rights, relevantTo } from './rights.ts';
import type { SharedAnswers } from './shared-answers.ts';
import type { LevelVector, TargetList } from './target-list.ts';

/** What a question fixes beside action and resource, and a name for it as a key of caches. */
export interface Asking {
  readonly key: string;
  readonly request: Question['request'];
  /** Whether the caller chooses the tags of the resource. */
  readonly choosesTags: boolean;
}

export const PLAIN: Asking = { key: '', request: NO_REQUEST, choosesTags: false };

const COMBINATIONS_MAX = 100;

/** The statements that are about an action, and a number that they have in common in equal classes. */
interface Subset {
  readonly relevant: Relevant;
  readonly row: number;
}

/** Tokens of rows that are no statements; those come after them. */
const NEXT_LIST = 0;
const NO_BOUNDARY = 1;
const MAY_BE_DENIED = 2;
const CHOOSES_TAGS = 3;
const FIRST_STATEMENT = 4;
/** As many statements as a number has bits to tell them by. */
const SUBSET_MAX = 30;

/**
 * Principals whose policies are the same: whatever one may do, all may (attack-paths §3.2). Answers are kept, by the
 * statements that they rest on, so that classes that share them share the answer.
 */
export class PrincipalClass {
  readonly rights: Rights;
  readonly partition: string;
  readonly #now: Instant;
  /** That the resource is of the own account: the ARN of a bucket does not tell. */
  readonly #atHome: Question['request'];
  readonly #shared: SharedAnswers;
  /** By which of the statements are about an action: most actions of a service have the same ones. */
  readonly #subsets = new Map<number, Subset>();
  /** The rights without statements that are about nothing interesting: four of five in real policies. */
  readonly #interesting: Rights;
  readonly #statements: readonly CompiledStatement[];
  /** One bit for each interesting action that an Allow is about. */
  readonly #allowed: Uint32Array;

  constructor(rights: Rights, partition: string, now: Instant, shared: SharedAnswers) {
    this.rights = rights;
    this.partition = partition;
    this.#now = now;
    this.#atHome = atHome(rights.caller);
    this.#shared = shared;
    this.#interesting = {
      ...rights,
      identity: interesting(rights.identity),
      boundary: rights.boundary === null ? null : interesting(rights.boundary),
      controls: rights.controls.map(interesting),
    };
    const { identity, boundary, controls } = this.#interesting;
    this.#statements = [...identity, ...(boundary ?? []), ...controls.flat()];
    this.#allowed = new Uint32Array(ACTION_WORDS);
    for (const { allows, bits } of identity)
      if (allows)
        for (let word = 0; word < ACTION_WORDS; word++)
          this.#allowed[word] = (this.#allowed[word] as number) | (bits[word] as number);
  }

  /** On one resource, which may not exist yet; for `caller` of this class. */
  on(action: string, resource: string, caller: Caller, more: Partial<Question> = {}): Certainty {
    return this.#limited(
      this.#certainty(this.#subsetFor(action).relevant, {
        caller,
        action,
        resource,
        target: null,
        request: NO_REQUEST,
        now: this.#now,
        ...more,
      }),
    );
  }

  /** On resources of its types of which nobody has heard: only a pattern for all of them matches those. */
  every(action: string, asking: Asking = PLAIN): Certainty {
    const question = asking === PLAIN ? action : `${action} for ${asking.key}`;
    return this.#once(this.#shared.every, action, question, () =>
      this.#overTypes(action, (type) => this.#fresh(action, type, asking.request)),
    );
  }

  /** On any resource at all, such as one that the caller makes and names itself. */
  any(action: string): Certainty {
    return this.#once(this.#shared.any, action, action, () =>
      this.#overTypes(action, (type) => this.#best(action, type)),
    );
  }

  /** The same for one of the types of the action. */
  anyOf(action: string, type: string): Certainty {
    return this.#once(this.#shared.any, action, `${action} ${type}`, () => this.#best(action, type));
  }

  /** For each target of a list. */
  vector(action: string, list: TargetList, asking: Asking = PLAIN): LevelVector {
    const subset = this.#subsetFor(action);
    return list.vector(this.#question(subset, action, asking), () =>
      this.#levels(subset.relevant, action, list, asking),
    );
  }

  /** A number that classes have in common whose answers about an action are the same, whatever it is taken on. */
  question(action: string, asking: Asking = PLAIN): number {
    return this.#question(this.#subsetFor(action), action, asking);
  }

  #question({ relevant, row }: Subset, action: string, asking: Asking): number {
    const isPlain = asking === PLAIN || !(relevant.looksAtRequest || asking.choosesTags);
    return this.#shared.question(row, isPlain ? action : `${action} for ${asking.key}`);
  }

  /** The statements that are about an action. */
  relevantTo(action: string): Relevant {
    return this.#subsetFor(action).relevant;
  }

  /** Whether an Allow is about the action at all; most of a class's questions end here. */
  mayAllow(action: string): boolean {
    const index = cataloguedAction(action)?.index;
    return index === undefined
      ? this.#subsetFor(action).relevant.allows.length > 0
      : ((this.#allowed[index >> 5] as number) & (1 << (index & 31))) !== 0;
  }

  /** The same for all of a set. */
  mayAllowAll({ words, bits }: ActionSet): boolean {
    for (let place = 0; place < words.length; place++)
      if (((bits[place] as number) & ~(this.#allowed[words[place] as number] as number)) !== 0) return false;
    return true;
  }

  /** A number that classes have in common whose answers about all of these actions are the same. */
  signature(actions: readonly string[]): number {
    let signature = 0;
    for (const [index, action] of actions.entries()) {
      const { row } = this.#subsetFor(action);
      signature = index === 0 ? row : this.#shared.step(signature, row);
    }
    return signature;
  }

  #subsetFor(action: string): Subset {
    const index = cataloguedAction(action)?.index;
    if (index === undefined || this.#statements.length > SUBSET_MAX)
      return this.#makeSubset(index === undefined ? this.rights : this.#interesting, action);
    let key = 0;
    for (let place = 0; place < this.#statements.length; place++)
      if (hasAction(this.#statements[place] as CompiledStatement, index)) key |= 1 << place;
    let subset = this.#subsets.get(key);
    if (subset === undefined) {
      subset = this.#makeSubset(this.#interesting, action);
      this.#subsets.set(key, subset);
    }
    return subset;
  }

  #makeSubset(rights: Rights, action: string): Subset {
    const isAbout = isAboutAction(action);
    const row = this.#rowOf(rights, isAbout);
    let relevant = this.#shared.relevant.get(row);
    if (relevant === undefined) {
      relevant = relevantTo(rights, action);
      this.#shared.relevant.set(row, relevant);
    }
    return { relevant, row };
  }

  /** The number of everything that an answer about these statements depends on. */
  #rowOf(
    { identity, boundary, controls, caller, missing }: Rights,
    isAbout: (statement: CompiledStatement) => boolean,
  ): number {
    const shared = this.#shared;
    let row = boundary === null ? shared.step(0, NO_BOUNDARY) : 0;
    if (missing.length > 0) row = shared.step(row, MAY_BE_DENIED);
    if (caller.choosesItsTags) row = shared.step(row, CHOOSES_TAGS);
    let isPersonal = false;
    const add = (statements: readonly CompiledStatement[]): void => {
      for (const statement of statements) {
        if (!isAbout(statement)) continue;
        row = shared.step(row, FIRST_STATEMENT + statement.number);
        isPersonal ||= statement.isPersonal;
      }
    };
    add(identity);
    if (boundary !== null) {
      row = shared.step(row, NEXT_LIST);
      add(boundary);
    }
    for (const level of controls) {
      row = shared.step(row, NEXT_LIST);
      add(level);
    }
    const who = isPersonal ? caller.arn : `${caller.account} ${caller.kind} ${caller.organisation}`;
    return shared.step(row, shared.word(who));
  }

  #once(
    certainties: Map<number, Certainty>,
    action: string,
    question: string,
    answer: () => Certainty,
  ): Certainty {
    if (!this.mayAllow(action)) return NO;
    const key = this.#shared.question(this.#subsetFor(action).row, question);
    let certainty = certainties.get(key);
    if (certainty === undefined) {
      certainty = this.#limited(answer());
      certainties.set(key, certainty);
    }
    return certainty;
  }

  /** What nobody described may deny. */
  #limited(certainty: Certainty): Certainty {
    return this.rights.missing.length > 0 ? weaker(certainty, UNDECIDED) : certainty;
  }

  #certainty(relevant: Relevant, question: Question): Certainty {
    let certainty = anyAllows(relevant.allows, question);
    if (relevant.boundary !== null && certainty !== NO)
      certainty = weaker(certainty, anyAllows(relevant.boundary, question));
    for (const level of relevant.controls) {
      if (certainty === NO) break;
      certainty = weaker(certainty, anyAllows(level, question));
    }
    return certainty === NO ? NO : weaker(certainty, allPass(relevant.denies, question));
  }

  /** On something of the own account, whether its ARN tells so or not. */
  #answer(action: string, resource: string, request: Question['request'] = NO_REQUEST): Certainty {
    const question: Question = {
      caller: this.rights.caller,
      action,
      resource,
      target: null,
      request: request.size === 0 ? this.#atHome : new Map([...this.#atHome, ...request]),
      now: this.#now,
    };
    return this.#certainty(this.#subsetFor(action).relevant, question);
  }

  #overTypes(action: string, ask: (type: string | null) => Certainty): Certainty {
    const { on = [], needs } = cataloguedAction(action) ?? { on: [], needs: 'any' };
    if (on.length === 0) return ask(null);
    const answers = on.map(ask);
    return answers.reduce(needs === 'all' ? weaker : stronger);
  }

  #template(action: string, type: string): string {
    return arnPattern(action.split(':', 1)[0] as string, type, this.partition, this.rights.caller.account);
  }

  #fresh(action: string, type: string | null, request = NO_REQUEST): Certainty {
    const resource = type === null ? '*' : this.#template(action, type).replaceAll('*', '~');
    return this.#answer(action, resource, request);
  }

  /** The most certain of the resources that Allows, boundary and control policies leave in common. */
  #best(action: string, type: string | null): Certainty {
    if (type === null) return this.#answer(action, '*');
    const { allows, boundary, controls } = this.#subsetFor(action).relevant;
    const template = this.#template(action, type);
    const fresh = this.#fresh(action, type);
    if (fresh === CERTAIN) return CERTAIN;
    let combinations: readonly (readonly string[])[] = this.#patternsOf(allows, action).map((each) => [each]);
    for (const layer of [boundary, ...controls]) {
      if (layer === null) continue;
      const narrow = this.#patternsOf(layer, action);
      combinations = combinations.flatMap((some) =>
        narrow.map((each) => (each === '*' ? some : [...some, each])),
      );
      if (combinations.length > COMBINATIONS_MAX) return UNDECIDED;
    }
    let best = fresh;
    for (const patterns of combinations) {
      const narrowing = patterns.filter((pattern) => pattern !== '*');
      if (narrowing.length === 0) continue;
      const witness = this.#shared.witness([...narrowing, template]);
      if (witness === null) continue;
      best = stronger(best, witness === undefined ? UNDECIDED : this.#answer(action, witness));
      if (best === CERTAIN) break;
    }
    return best;
  }

  /** The patterns of what a layer allows; `*` where it names what it leaves out. */
  #patternsOf(statements: readonly CompiledStatement[], action: string): readonly string[] {
    const question: Question = {
      caller: this.rights.caller,
      action,
      resource: '*',
      target: null,
      request: NO_REQUEST,
      now: this.#now,
    };
    const patterns = statements.flatMap((statement) => {
      if (statement.resources === null || statement.resources.except) return ['*'];
      return statement.resources.patterns.flatMap((written) =>
        statement.hasVariables ? (resolveVariables(written, question)?.pattern ?? []) : [written],
      );
    });
    return [...new Set(patterns)];
  }

  #levels(relevant: Relevant, action: string, list: TargetList, asking: Asking): Uint8Array {
    const out = new Uint8Array(list.size);
    const ask = (index: number): Question => {
      const target = list.targets[index] as (typeof list.targets)[number];
      return {
        caller: this.rights.caller,
        action,
        resource: target.arn,
        target: asking.choosesTags ? { ...target, isTaggable: true } : target,
        request: asking.request,
        now: this.#now,
      };
    };
    if (list.size === 0 || relevant.allows.length === 0) return out;
    raise(out, relevant.allows, list, ask);
    for (const layer of [relevant.boundary, ...relevant.controls]) {
      if (layer === null) continue;
      const allowed = new Uint8Array(list.size);
      raise(allowed, layer, list, ask);
      for (let index = 0; index < out.length; index++)
        if ((allowed[index] as number) < (out[index] as number)) out[index] = allowed[index] as number;
    }
    for (const statement of relevant.denies) lower(out, statement, list, ask);
    if (this.rights.missing.length > 0)
      for (let index = 0; index < out.length; index++) out[index] = Math.min(out[index] as number, UNDECIDED);
    return out;
  }
}

function atHome({ account, organisation, organisationPath }: Caller): Question['request'] {
  const known: [string, string | null | undefined][] = [
    ['aws:resourceaccount', account],
    ['aws:resourceorgid', organisation],
    ['aws:resourceorgpaths', organisationPath],
  ];
  return new Map(
    known.flatMap(([key, value]): [string, readonly string[] | null][] =>
      value === undefined ? [] : [[key, value === null ? null : [value]]],
    ),
  );
}

function interesting(statements: readonly CompiledStatement[]): readonly CompiledStatement[] {
  return statements.filter((each) => each.isInteresting);
}

type Ask = (index: number) => Question;

/** Raises each target to the most certain of the Allows. */
function raise(out: Uint8Array, allows: readonly CompiledStatement[], list: TargetList, ask: Ask): void {
  for (const statement of allows) {
    if (statement.looksAtTarget) {
      for (let index = 0; index < out.length; index++)
        out[index] = Math.max(out[index] as number, allowApplies(statement, ask(index)));
      continue;
    }
    const meets = allowMeets(statement.tests, ask(0));
    if (meets === NO) continue;
    eachMatch(statement, list, ask, (index, matches) => {
      out[index] = Math.max(out[index] as number, weaker(matches, meets));
    });
  }
}

/** Lowers each target to how certainly a Deny does not apply. */
function lower(out: Uint8Array, statement: CompiledStatement, list: TargetList, ask: Ask): void {
  if (statement.looksAtTarget) {
    for (let index = 0; index < out.length; index++)
      if (out[index] !== NO) out[index] = Math.min(out[index] as number, denyPasses(statement, ask(index)));
    return;
  }
  const misses = denyMisses(statement.tests, ask(0));
  if (misses === CERTAIN) return;
  eachMatch(statement, list, ask, (index, matches) => {
    out[index] = Math.min(out[index] as number, stronger(opposite(matches), misses));
  });
}

/** Every target that a statement's resources hold, with how certainly; by each of its patterns. */
function eachMatch(
  { resources, hasVariables }: CompiledStatement,
  list: TargetList,
  ask: Ask,
  found: (index: number, matches: Certainty) => void,
): void {
  const eachNamed = (named: (index: number, matches: Certainty) => void): void => {
    for (const written of resources?.patterns ?? ['*']) {
      const resolved = hasVariables ? resolveVariables(written, ask(0)) : { pattern: written, isOpen: false };
      if (resolved === null) continue;
      for (const index of list.matching(resolved.pattern))
        named(index, resolved.isOpen ? UNDECIDED : CERTAIN);
    }
  };
  if (resources?.except !== true) {
    eachNamed(found);
    return;
  }
  const named = new Uint8Array(list.size);
  eachNamed((index, matches) => {
    named[index] = Math.max(named[index] as number, matches);
  });
  for (let index = 0; index < named.length; index++) {
    const held = opposite(named[index] as Certainty);
    if (held !== NO) found(index, held);
  }
}
