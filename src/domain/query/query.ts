import type { Instant } from '#base/instant.ts';
import { type QueryFieldName, queryField } from './query-fields.ts';

/**
 * What a text of the query language asks for (docs/reference/query-language.md). It is in one normal form: `and` and
 * `or` have at least two members, none of their own kind and none that a list of values says in one; so that
 * `parseQuery(printQuery(query))` is the same.
 */
export type Query =
  | { readonly is: 'everything' }
  | { readonly is: 'and' | 'or'; readonly of: readonly Query[] }
  | { readonly is: 'not'; readonly of: Query }
  | QueryWords
  | QueryTerm;

/** A word or phrase that title or key contain. Anything may stand between its parts, of which none is empty. */
export interface QueryWords {
  readonly is: 'words';
  readonly parts: readonly string[];
}

/** Any of the values, or all of them where the field says so. */
export interface QueryTerm {
  readonly is: 'term';
  readonly field: QueryFieldName;
  readonly values: readonly QueryValue[];
}

export type QueryValue =
  /** There is a value. */
  | { readonly is: 'something' }
  /** A word of the field's closed list. */
  | { readonly is: 'choice'; readonly word: string }
  /** A text; anything stands between its parts. `['a', '']` begins with an a. */
  | { readonly is: 'pattern'; readonly parts: readonly string[] }
  | { readonly is: 'compare'; readonly operator: Operator; readonly to: Scalar }
  /** Both ends belong to it; null is no end. */
  | { readonly is: 'between'; readonly from: Scalar | null; readonly to: Scalar | null };

export type Operator = '=' | '<' | '<=' | '>' | '>=';

export type Scalar =
  | { readonly is: 'number'; readonly number: number }
  /** A whole day in UTC, by its beginning. */
  | { readonly is: 'day'; readonly at: Instant }
  | { readonly is: 'moment'; readonly at: Instant }
  /** So many milliseconds after now, whole hours; before it where it is negative. */
  | { readonly is: 'from-now'; readonly ms: number };

export const EVERYTHING: Query = { is: 'everything' };

/** All of them, in normal form. */
export function allOf(queries: readonly Query[]): Query {
  return joined('and', queries);
}

/** Any of them, in normal form. What asks for everything takes the others in. */
export function anyOf(queries: readonly Query[]): Query {
  return queries.some((each) => each.is === 'everything') ? EVERYTHING : joined('or', queries);
}

function joined(is: 'and' | 'or', queries: readonly Query[]): Query {
  const of: Query[] = [];
  const places = new Map<QueryFieldName, number>();
  for (const each of queries.flatMap((query) => (query.is === is ? query.of : [query]))) {
    if (each.is === 'everything') continue;
    const isList = each.is === 'term' && queryField(each.field)?.list === (is === 'or' ? 'any' : 'all');
    const place = isList ? places.get(each.field) : undefined;
    if (place !== undefined) of[place] = united(of[place] as QueryTerm, each as QueryTerm);
    else {
      if (isList) places.set(each.field, of.length);
      of.push(each);
    }
  }
  return of.length > 1 ? { is, of } : (of[0] ?? EVERYTHING);
}

/** One condition of a field for two: what commas between values mean joins them. */
function united(a: QueryTerm, b: QueryTerm): QueryTerm {
  return termOf(a.field, [...a.values, ...b.values]);
}

/** A condition of a field, each value once. */
export function termOf(field: QueryFieldName, values: readonly QueryValue[]): QueryTerm {
  const distinct = new Map(values.map((value) => [JSON.stringify(value), value]));
  return { is: 'term', field, values: [...distinct.values()] };
}

/** The fields that a query names, wherever they stand in it. Words are of none. */
export function fieldsOf(query: Query): ReadonlySet<QueryFieldName | 'words'> {
  const fields = new Set<QueryFieldName | 'words'>();
  const walk = (each: Query): void => {
    if (each.is === 'and' || each.is === 'or') each.of.forEach(walk);
    else if (each.is === 'not') walk(each.of);
    else if (each.is === 'words') fields.add('words');
    else if (each.is === 'term') fields.add(each.field);
  };
  walk(query);
  return fields;
}
