import { digestOfText } from '#base/digest.ts';
import type { PolicyFacts } from '../../resource/facts/fact-shape.ts';
import { matchesGlob, type Named, type Statement, statementsOf } from '../aws-policy-statement.ts';
import { ACTION_WORDS, INTERESTING_ACTIONS, isWithoutResource } from './action-catalogue.ts';
import type { Question } from './caller.ts';
import { CERTAIN, type Certainty, NO, opposite, stronger, UNDECIDED, weaker } from './certainty.ts';
import { allowMeets, type ConditionTest, denyMisses, testsOf } from './condition.ts';
import { matchesPattern, resolveVariables } from './policy-pattern.ts';

/** A statement made ready for many questions. */
export interface CompiledStatement extends Statement {
  /** Names it across accounts and policies: hash of the document, and its Sid or place in it. */
  readonly id: string;
  /** One of its own in this process, for the keys of caches. */
  readonly number: number;
  readonly tests: readonly ConditionTest[];
  /** Whether variables are filled in: they are from version 2012-10-17 on. */
  readonly hasVariables: boolean;
  /** One bit for each interesting action that it is about. */
  readonly bits: Uint32Array;
  /** Whether it is about any of them: one of five is, in real policies. */
  readonly isInteresting: boolean;
  /** Whether the answer depends on who asks, beyond the account and being a user or a role. */
  readonly isPersonal: boolean;
  /** Whether its condition, or a variable in it, looks at the resource. */
  readonly looksAtTarget: boolean;
  /** Whether it may look at what the request fixes: the service that a role is passed to, the policy attached. */
  readonly looksAtRequest: boolean;
}

/** A policy document, parsed once however many principals have it (attack-paths §3.2). */
export interface PolicyDocument {
  readonly hash: string;
  /** One of its own in this process, for the keys of caches. */
  readonly number: number;
  readonly statements: readonly CompiledStatement[];
  readonly isPersonal: boolean;
}

const PERSONAL = /^aws:(?:principalarn|principaltag\/.*|username|userid)$/;
const OF_REQUEST = /^iam:(?:passedtoservice|policyarn)$/;
const OF_TARGET =
  /resourcetag\/|^iam:permissionsboundary$|^aws:requestedregion$|^aws:resource(?:account|orgid|orgpaths)$/;

/** Compiles documents, each distinct one once. */
export class PolicyCompiler {
  readonly #byText = new Map<string, PolicyDocument>();
  readonly #byFacts = new WeakMap<PolicyFacts, PolicyDocument>();
  readonly #bits = new Map<string, Uint32Array>();
  #statements = 0;

  compile(policy: PolicyFacts): PolicyDocument {
    const known = this.#byFacts.get(policy);
    if (known !== undefined) return known;
    const text = JSON.stringify(policy);
    let document = this.#byText.get(text);
    if (document === undefined) {
      const hash = digestOfText(text).slice(0, 16);
      const hasVariables = policy.Version === '2012-10-17';
      const statements = statementsOf(policy).map((statement, index) =>
        this.#compiled(statement, `${hash}#${statement.sid ?? index + 1}`, hasVariables),
      );
      document = {
        hash,
        number: this.#byText.size,
        statements,
        isPersonal: statements.some((each) => each.isPersonal),
      };
      this.#byText.set(text, document);
    }
    this.#byFacts.set(policy, document);
    return document;
  }

  #compiled(statement: Statement, id: string, hasVariables: boolean): CompiledStatement {
    const tests = testsOf(statement.condition, hasVariables);
    const bits = this.#bitsOf(statement.actions);
    const texts = hasVariables
      ? [...(statement.resources?.patterns ?? []), ...tests.flatMap((test) => test.values)]
      : [];
    const isFilledIn = texts.some((text) => text.includes('${'));
    return {
      ...statement,
      id,
      number: this.#statements++,
      tests,
      hasVariables,
      bits,
      isInteresting: bits.some((word) => word !== 0),
      isPersonal: isFilledIn || tests.some((test) => PERSONAL.test(test.key)),
      looksAtTarget: tests.some((test) => OF_TARGET.test(test.key)) || texts.some(namesTarget),
      looksAtRequest: isFilledIn || tests.some((test) => OF_REQUEST.test(test.key)),
    };
  }

  #bitsOf({ patterns, except }: Named): Uint32Array {
    const bits = new Uint32Array(ACTION_WORDS);
    for (const pattern of patterns) {
      const own = this.#bitsOfPattern(pattern);
      for (let word = 0; word < ACTION_WORDS; word++)
        bits[word] = (bits[word] as number) | (own[word] as number);
    }
    if (except) for (let word = 0; word < ACTION_WORDS; word++) bits[word] = ~(bits[word] as number);
    return bits;
  }

  #bitsOfPattern(pattern: string): Uint32Array {
    let bits = this.#bits.get(pattern);
    if (bits === undefined) {
      bits = new Uint32Array(ACTION_WORDS);
      for (const { lower, index } of INTERESTING_ACTIONS)
        if (matchesGlob(pattern, lower))
          bits[index >> 5] = (bits[index >> 5] as number) | (1 << (index & 31));
      this.#bits.set(pattern, bits);
    }
    return bits;
  }
}

function namesTarget(text: string): boolean {
  return [...text.matchAll(/\$\{\s*([^,}]+?)\s*[,}]/g)].some(([, name]) =>
    OF_TARGET.test((name as string).toLowerCase()),
  );
}

export function hasAction({ bits }: CompiledStatement, index: number): boolean {
  return ((bits[index >> 5] as number) & (1 << (index & 31))) !== 0;
}

/** How certainly a statement's resources hold the one that is asked about. */
function resourceMatches(statement: CompiledStatement, question: Question): Certainty {
  const { resources, hasVariables } = statement;
  if (resources === null) return CERTAIN;
  let matches: Certainty = NO;
  for (const written of resources.patterns) {
    if (isWithoutResource(question.action)) {
      if (written === '*') matches = CERTAIN;
    } else {
      const resolved = hasVariables
        ? resolveVariables(written, question)
        : { pattern: written, isOpen: false };
      if (resolved !== null && matchesPattern(resolved.pattern, question.resource))
        matches = stronger(matches, resolved.isOpen ? UNDECIDED : CERTAIN);
    }
    if (matches === CERTAIN) break;
  }
  return resources.except ? opposite(matches) : matches;
}

/** How certainly an Allow that is about the action applies. */
export function allowApplies(statement: CompiledStatement, question: Question): Certainty {
  const matches = resourceMatches(statement, question);
  return matches === NO ? NO : weaker(matches, allowMeets(statement.tests, question));
}

/** How certainly a Deny that is about the action does not apply. */
export function denyPasses(statement: CompiledStatement, question: Question): Certainty {
  const misses = opposite(resourceMatches(statement, question));
  return misses === CERTAIN ? CERTAIN : stronger(misses, denyMisses(statement.tests, question));
}
