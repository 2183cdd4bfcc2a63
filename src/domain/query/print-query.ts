import { DAY_MS, dateText, HOUR_MS, instantText } from '#base/instant.ts';
import type { Query, QueryTerm, QueryValue, Scalar } from './query.ts';
import { type QueryFieldName, queryField } from './query-fields.ts';
import { writtenText } from './query-text.ts';

/** The query as a text in one spelling; reading it gives the same query. Everything is `*`. */
export function printQuery(query: Query): string {
  switch (query.is) {
    case 'everything':
      return '*';
    case 'words':
      return writtenText(query.parts, false);
    case 'term':
      return printTerm(query);
    case 'not':
      return `-${inBrackets(query.of)}`;
    case 'or':
      return query.of
        .map((each) => (each.is === 'and' ? `(${printQuery(each)})` : printQuery(each)))
        .join(' OR ');
    case 'and':
      return query.of
        .map((each) => (each.is === 'or' ? `(${printQuery(each)})` : printQuery(each)))
        .join(hasAlternatives(query.of) ? ' AND ' : ' ');
  }
}

function inBrackets(query: Query): string {
  const text = printQuery(query);
  return query.is === 'term' || query.is === 'words' || query.is === 'everything' ? text : `(${text})`;
}

/** Whether side by side two of them would be alternatives. */
function hasAlternatives(queries: readonly Query[]): boolean {
  const fields = new Set<QueryFieldName>();
  return queries.some((each) => {
    if (each.is !== 'term' || queryField(each.field)?.kind !== 'choice') return false;
    const isThere = fields.has(each.field);
    fields.add(each.field);
    return isThere;
  });
}

function printTerm({ field, values }: QueryTerm): string {
  return `${field}:${values.map(printValue).join(',')}`;
}

function printValue(value: QueryValue): string {
  switch (value.is) {
    case 'something':
      return '*';
    case 'choice':
      return value.word;
    case 'pattern':
      return writtenText(value.parts, true);
    case 'compare':
      return `${value.operator === '=' ? '' : value.operator}${printScalar(value.to)}`;
    case 'between':
      return `[${printScalar(value.from)} TO ${printScalar(value.to)}]`;
  }
}

function printScalar(scalar: Scalar | null): string {
  if (scalar === null) return '*';
  switch (scalar.is) {
    case 'number':
      return String(scalar.number);
    case 'day':
      return dateText(scalar.at);
    case 'moment':
      return instantText(scalar.at);
    case 'from-now':
      return printFromNow(scalar.ms);
  }
}

function printFromNow(ms: number): string {
  if (ms === 0) return 'now';
  const [unit, length] = ms % DAY_MS === 0 ? ['d', DAY_MS] : ['h', HOUR_MS];
  return `now${ms < 0 ? '-' : '+'}${Math.abs(ms) / (length as number)}${unit}`;
}
