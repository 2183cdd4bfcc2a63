import { matchesAction } from '../aws-policy-statement.ts';
import { cataloguedAction } from './action-catalogue.ts';
import type { Caller, Question } from './caller.ts';
import { CERTAIN, type Certainty, NO, stronger, weaker } from './certainty.ts';
import { allowApplies, type CompiledStatement, denyPasses, hasAction } from './policy-document.ts';

/** All policies that apply to a caller, whatever it asks for. */
export interface Rights {
  readonly caller: Caller;
  readonly identity: readonly CompiledStatement[];
  /** Null without a permissions boundary. */
  readonly boundary: readonly CompiledStatement[] | null;
  /** Service control policies, a list for each level from the root to the account; each must allow. */
  readonly controls: readonly (readonly CompiledStatement[])[];
  /** Policies that apply and that nobody described, each with the command that shows it; they may deny. */
  readonly missing: readonly string[];
}

/** The statements of somebody's policies that are about one action. */
export interface Relevant {
  readonly allows: readonly CompiledStatement[];
  readonly denies: readonly CompiledStatement[];
  readonly boundary: readonly CompiledStatement[] | null;
  readonly controls: readonly (readonly CompiledStatement[])[];
  /** Whether any of them may look at what the request fixes. */
  readonly looksAtRequest: boolean;
}

/** Tells whether a statement is about an action, by its bit where the action has one. */
export function isAboutAction(action: string): (statement: CompiledStatement) => boolean {
  const index = cataloguedAction(action)?.index;
  return index === undefined
    ? (statement) => matchesAction(statement, action)
    : (statement) => hasAction(statement, index);
}

export function relevantTo({ identity, boundary, controls }: Rights, action: string): Relevant {
  const isAbout = isAboutAction(action);
  const denies: CompiledStatement[] = [];
  let looksAtRequest = false;
  const allowsOf = (statements: readonly CompiledStatement[]): readonly CompiledStatement[] => {
    const allows: CompiledStatement[] = [];
    for (const statement of statements) {
      if (!isAbout(statement)) continue;
      (statement.allows ? allows : denies).push(statement);
      looksAtRequest ||= statement.looksAtRequest;
    }
    return allows;
  };
  const layers = {
    allows: allowsOf(identity),
    boundary: boundary === null ? null : allowsOf(boundary),
    controls: controls.map(allowsOf),
  };
  return { ...layers, denies, looksAtRequest };
}

/** The most certain of several Allows. */
export function anyAllows(statements: readonly CompiledStatement[], question: Question): Certainty {
  let certainty: Certainty = NO;
  for (const statement of statements) {
    certainty = stronger(certainty, allowApplies(statement, question));
    if (certainty === CERTAIN) break;
  }
  return certainty;
}

/** How certainly none of several Denies applies. */
export function allPass(statements: readonly CompiledStatement[], question: Question): Certainty {
  let certainty: Certainty = CERTAIN;
  for (const statement of statements) {
    certainty = weaker(certainty, denyPasses(statement, question));
    if (certainty === NO) break;
  }
  return certainty;
}
