import type { Instant } from '#base/instant.ts';
import type { RiskState } from '../risk/detected-risk.ts';
import { foldName, foldText } from './folded-text.ts';
import type { Query, QueryTerm, QueryValue } from './query.ts';
import { type QueryField, type QueryFieldName, queryField } from './query-fields.ts';
import { boundsOf, isWithin } from './query-values.ts';

/** What is known of one field: all its values, and of a `choice` the words of which nobody knows. */
export interface QueryFact {
  readonly values: readonly (string | number)[];
  readonly unknown?: readonly string[];
  /** There may be further values that nobody knows. */
  readonly mayBeMore?: boolean;
}

/** What is known of one issue; under `words` the text in which words are looked up. A fact that is left out is not known. */
export type QueryFacts = Readonly<Partial<Record<QueryFieldName | 'words', QueryFact>>>;

/**
 * Whether the query holds for these facts at an instant. Unknown where that rests on what is not known: a list shows
 * what is *yes* only, and neither a condition on what nobody knows nor its negation holds.
 */
export function evaluateQuery(query: Query, facts: QueryFacts, now: Instant): RiskState {
  switch (query.is) {
    case 'everything':
      return 'yes';
    case 'and':
      return all(query.of.map((each) => evaluateQuery(each, facts, now)));
    case 'or':
      return any(query.of.map((each) => evaluateQuery(each, facts, now)));
    case 'not':
      return not(evaluateQuery(query.of, facts, now));
    case 'words':
      return stateOf(facts.words, (text) => hasParts(foldText(String(text)), query.parts.map(foldText)));
    case 'term':
      return evaluateTerm(query, facts[query.field], now);
  }
}

function evaluateTerm(
  { field: name, values }: QueryTerm,
  fact: QueryFact | undefined,
  now: Instant,
): RiskState {
  const field = queryField(name) as QueryField;
  const states = values.map((value) => {
    const state = stateOf(fact, matcher(field, value, now));
    const isUnknown = value.is === 'choice' && fact?.unknown?.includes(value.word) === true;
    return isUnknown && state === 'no' ? 'unknown' : state;
  });
  return field.list === 'all' ? all(states) : any(states);
}

function matcher(field: QueryField, value: QueryValue, now: Instant): (known: string | number) => boolean {
  switch (value.is) {
    case 'something':
      return () => true;
    case 'choice':
      return (known) => known === value.word;
    case 'pattern': {
      if (field.kind === 'text') {
        const parts = value.parts.map(foldText);
        return (known) => hasParts(foldText(String(known)), parts);
      }
      const parts = value.parts.map(foldName);
      return (known) => isOfParts(foldName(String(known)), parts);
    }
    default: {
      const bounds = boundsOf(value, now);
      return (known) => isWithin(Number(known), bounds);
    }
  }
}

function stateOf(fact: QueryFact | undefined, matches: (known: string | number) => boolean): RiskState {
  if (fact === undefined) return 'unknown';
  return fact.values.some(matches) ? 'yes' : fact.mayBeMore === true ? 'unknown' : 'no';
}

function all(states: readonly RiskState[]): RiskState {
  if (states.includes('no')) return 'no';
  return states.includes('unknown') ? 'unknown' : 'yes';
}

function any(states: readonly RiskState[]): RiskState {
  if (states.includes('yes')) return 'yes';
  return states.includes('unknown') ? 'unknown' : 'no';
}

function not(state: RiskState): RiskState {
  return ({ yes: 'no', no: 'yes', unknown: 'unknown' } as const)[state];
}

/** Whether the text holds the parts, one behind the other. */
function hasParts(text: string, parts: readonly string[]): boolean {
  let at = 0;
  return parts.every((part) => {
    const found = text.indexOf(part, at);
    at = found + part.length;
    return found >= 0;
  });
}

/** Whether the text is these parts with anything between them. */
function isOfParts(text: string, parts: readonly string[]): boolean {
  const [first = '', ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  return (
    text.length >= first.length + last.length &&
    text.startsWith(first) &&
    text.endsWith(last) &&
    hasParts(text.slice(first.length, text.length - last.length), rest)
  );
}
