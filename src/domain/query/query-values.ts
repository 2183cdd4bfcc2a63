import { DAY_MS, HOUR_MS, type Instant, parseInstant } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { Operator, QueryValue, Scalar } from './query.ts';
import { type QueryPlace, queryError } from './query-error.ts';
import type { QueryField } from './query-fields.ts';
import type { QueryText } from './query-text.ts';

const NUMBER = /^-?\d{1,12}(\.\d{1,6})?$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const FROM_NOW = /^now(?:([+-])(\d{1,6})([hdw]))?$/;
const SPAN = /^(\d{1,6})([hdw])$/;
/** A hundred years. */
const SPAN_MAX = 36_500 * DAY_MS;
const UNITS: Readonly<Record<string, number>> = { h: HOUR_MS, d: DAY_MS, w: 7 * DAY_MS };

/** The values that one value of the text means. Throws `usage` for what the field does not take. */
export function readValue(field: QueryField, text: QueryText): readonly QueryValue[] {
  const { parts, isQuoted } = text;
  const isAnything = parts.length === 2 && parts.every((part) => part === '');
  if (field.kind === 'choice') return isQuoted ? [choice(field, text)] : choices(field, text);
  if (isAnything) return [{ is: 'something' }];
  if (field.kind === 'name' || field.kind === 'text') return [{ is: 'pattern', parts }];
  const to = readScalar(field, text);
  if (to.is === 'from-now')
    throw queryError(
      `${field.name} needs a side of that instant: ${field.name}:<${shown(text)} or ${field.name}:>${shown(text)}.`,
      text,
    );
  return [{ is: 'compare', operator: '=', to }];
}

/** What `field:>=text` means. */
export function readComparison(
  field: QueryField,
  operator: Operator,
  text: QueryText,
): readonly QueryValue[] {
  if (field.kind === 'choice' && field.isOrdered) {
    const { word } = choice(field, text);
    const place = field.values.indexOf(word);
    const found = field.values.filter((_, index) => holds(place - index, operator));
    if (found.length === 0)
      throw queryError(`No ${field.name} is ${operator === '<' ? 'less' : 'greater'} than ${word}.`, text);
    return found.map((each) => ({ is: 'choice', word: each }));
  }
  refuseUncomparable(field, text);
  const to = readScalar(field, text);
  return operator === '=' ? readValue(field, text) : [{ is: 'compare', operator, to }];
}

/** What `field:[from TO to]` means; an asterisk is no end. */
export function readRange(field: QueryField, from: QueryText, to: QueryText): readonly QueryValue[] {
  refuseUncomparable(field, { from: from.from, to: to.to });
  const end = (text: QueryText) => (shown(text) === '*' ? null : readScalar(field, text));
  const range: QueryValue = { is: 'between', from: end(from), to: end(to) };
  return [range.from === null && range.to === null ? { is: 'something' } : range];
}

function holds(difference: number, operator: Operator): boolean {
  if (difference === 0) return operator !== '<' && operator !== '>';
  return difference > 0 ? operator.startsWith('>') : operator.startsWith('<');
}

function refuseUncomparable(field: QueryField, place: QueryPlace): void {
  if (field.kind === 'number' || field.kind === 'time') return;
  throw queryError(
    `${field.name} has no greater and less. Name its values, or put a value in quotes that begins with such a sign.`,
    place,
  );
}

function choices(field: QueryField, text: QueryText): readonly QueryValue[] {
  if (text.parts.length === 1) return [choice(field, text)];
  if (field.list === 'all')
    throw queryError(`${field.name} takes whole words: expected ${field.values.join(', ')}.`, text);
  const [first = '', ...rest] = text.parts.map((part) => part.toLowerCase());
  const last = rest.pop() ?? '';
  const found = field.values.filter((word) => {
    if (!word.startsWith(first) || !word.endsWith(last) || word.length < first.length + last.length)
      return false;
    let at = first.length;
    return (
      rest.every((part) => {
        const next = word.indexOf(part, at);
        at = next + part.length;
        return next >= 0;
      }) && at <= word.length - last.length
    );
  });
  if (found.length === 0)
    throw queryError(`"${shown(text)}" is no ${field.name}: expected ${field.values.join(', ')}.`, text);
  return found.map((word) => ({ is: 'choice', word }));
}

function choice(field: QueryField, text: QueryText): Extract<QueryValue, { is: 'choice' }> {
  const word = text.parts.join('*').toLowerCase();
  const found = Object.hasOwn(field.shortValues, word) ? field.shortValues[word] : word;
  if (found !== undefined && field.values.includes(found)) return { is: 'choice', word: found };
  const isYesNo = field.values.includes('yes');
  throw queryError(
    `"${shown(text)}" is no ${isYesNo ? `value of ${field.name}` : field.name}: expected ${field.values.join(', ')}.`,
    text,
    { found: word, expected: [...field.values, ...Object.keys(field.shortValues)] },
  );
}

function readScalar(field: QueryField, text: QueryText): Scalar {
  const word = shown(text);
  if (field.kind === 'number') {
    if (NUMBER.test(word)) return { is: 'number', number: Number(word) + 0 };
    throw queryError(
      `"${word}" is no number, and ${field.name} takes numbers, such as ${field.example}.`,
      text,
    );
  }
  const at = readTime(field, word);
  if (at !== null) return at;
  const span = SPAN.exec(word) === null ? [] : [`now-${word}`, `now+${word}`];
  throw queryError(
    `"${word}" is no time. Expected a day (2026-11-01), an instant (2026-11-01T12:00:00Z), or now with hours, days or weeks before or after it (now-30d, now+12h).${span.length === 0 ? '' : ` Did you mean ${span.join(' or ')}?`}`,
    text,
  );
}

function readTime(field: QueryField, word: string): Scalar | null {
  // What is due lies ahead, so that a span alone has one meaning.
  const fromNow =
    field.name === 'due' ? (FROM_NOW.exec(word) ?? FROM_NOW.exec(`now+${word}`)) : FROM_NOW.exec(word);
  if (fromNow !== null) {
    const [, sign, count = '0', unit = 'h'] = fromNow;
    const ms = Number(count) * (UNITS[unit] as number);
    if (ms > SPAN_MAX) return null;
    return { is: 'from-now', ms: sign === '-' && ms > 0 ? -ms : ms };
  }
  const at = parseInstant(/^\d+$/.test(word) ? null : word);
  if (at === null) return null;
  const [year, month, date] = word.split('-', 3).map(Number.parseFloat) as [number, number, number];
  // A day that its month does not have would be one of the next.
  if (new Date(Date.UTC(year, month - 1, Math.trunc(date))).getUTCMonth() !== month - 1) return null;
  return DAY.test(word) ? { is: 'day', at } : { is: 'moment', at };
}

function shown({ parts }: QueryText): string {
  return oneLine(parts.join('*'), 60);
}

/** What a comparison admits: all between two ends, in numbers or instants. */
export interface Bounds {
  readonly least: number | null;
  readonly isLeastIn: boolean;
  readonly most: number | null;
  readonly isMostIn: boolean;
}

/** The bounds of a comparison at an instant. A day is all of it: `<` ends before it, `<=` with it. */
export function boundsOf(value: Extract<QueryValue, { is: 'compare' | 'between' }>, now: Instant): Bounds {
  if (value.is === 'between') return { ...atLeast(value.from, now, true), ...atMost(value.to, now, true) };
  const { operator, to } = value;
  const isIn = operator !== '<' && operator !== '>';
  const isBelow = operator === '<' || operator === '<=' || operator === '=';
  const isAbove = operator === '>' || operator === '>=' || operator === '=';
  return {
    ...atLeast(isAbove ? to : null, now, isIn),
    ...atMost(isBelow ? to : null, now, isIn),
  };
}

function atLeast(scalar: Scalar | null, now: Instant, isIn: boolean): Pick<Bounds, 'least' | 'isLeastIn'> {
  if (scalar === null) return { least: null, isLeastIn: true };
  if (scalar.is === 'day') return { least: scalar.at + (isIn ? 0 : DAY_MS), isLeastIn: true };
  return { least: numberOf(scalar, now), isLeastIn: isIn };
}

function atMost(scalar: Scalar | null, now: Instant, isIn: boolean): Pick<Bounds, 'most' | 'isMostIn'> {
  if (scalar === null) return { most: null, isMostIn: true };
  if (scalar.is === 'day') return { most: scalar.at + (isIn ? DAY_MS : 0), isMostIn: false };
  return { most: numberOf(scalar, now), isMostIn: isIn };
}

function numberOf(scalar: Exclude<Scalar, { is: 'day' }>, now: Instant): number {
  if (scalar.is === 'number') return scalar.number;
  return scalar.is === 'moment' ? scalar.at : now + scalar.ms;
}

export function isWithin(number: number, { least, isLeastIn, most, isMostIn }: Bounds): boolean {
  return (
    (least === null || number > least || (isLeastIn && number === least)) &&
    (most === null || number < most || (isMostIn && number === most))
  );
}
