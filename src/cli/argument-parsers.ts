import { InvalidArgumentError } from 'commander';
import { DAY_MS, type Instant, parseInstant } from '#base/instant.ts';

/** A whole number between two bounds, written in digits. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${min} to ${max}.`);
  };
}

const PAIR = /^([a-z][a-z0-9_-]*)=(.*)$/s;

/** Adds one `key=value` to those before it. Keys are in lower case; each is given once, with a value. */
export function keyAndValue(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const [, key, value] = PAIR.exec(text) ?? [];
  if (key === undefined || value === undefined || value.trim() === '')
    throw new InvalidArgumentError('Expected KEY=VALUE, such as cluster=prod.');
  if (Object.hasOwn(before, key)) throw new InvalidArgumentError(`"${key}" is given twice.`);
  return { ...before, [key]: value.trim() };
}

/** Adds one text to those before it. */
export function oneMore(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, filled(text)];
}

/** A text that is not empty. */
export function filled(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a text that is not empty.');
  return text.trim();
}

/** How many days a source may be silent, up to ten years; null for `learned`. */
export function rhythmDays(text: string): number | null {
  return text === 'learned' ? null : wholeNumber(1, 3_650)(text);
}

/** `2027-01-31` (the beginning of that day in UTC), `2027-01-31T12:00:00+01:00`, or `30d` and `2w` from now. */
export function instantFrom(now: Instant): (text: string) => Instant {
  return (text) => {
    const [, count, unit] = /^(\d{1,4})([dw])$/.exec(text.trim()) ?? [];
    const at =
      count === undefined ? parseInstant(text) : now + Number(count) * (unit === 'w' ? 7 : 1) * DAY_MS;
    if (at === null)
      throw new InvalidArgumentError('Expected a time such as 2027-01-31, 2027-01-31T12:00:00Z or 30d.');
    return at;
  };
}
