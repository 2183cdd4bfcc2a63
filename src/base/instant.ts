/** A point in time: milliseconds since 1970 UTC. */
export type Instant = number;

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const YEAR_1990: Instant = Date.UTC(1990, 0, 1);
const LAST: Instant = Date.UTC(9999, 0, 1);

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?(?:\s+[A-Z]{3,4})?$/i;

/**
 * Reads a time as reports write it: ISO 8601 with or without a zone (UTC where none stands), a date
 * alone, or a number of seconds, milliseconds, microseconds or nanoseconds since 1970. Answers null
 * for anything else and for times before the year 1990 or after 9998 (reliability §6.1).
 */
export function parseInstant(value: unknown): Instant | null {
  if (typeof value === 'number') return fromNumber(value);
  if (typeof value !== 'string' || value.length > 64) return null;
  return fromUsualText(value) ?? fromText(value.trim());
}

/** What nearly every report writes, `2026-03-01T12:30:00Z` or with a fraction, without a pattern; null for any other text. */
function fromUsualText(text: string): Instant | null {
  const { length } = text;
  if (length < 20 || length > 30 || text[4] !== '-' || text[7] !== '-' || text[10] !== 'T') return null;
  if (text[13] !== ':' || text[16] !== ':' || text[length - 1] !== 'Z') return null;
  if (length > 20 && (length === 21 || text[19] !== '.')) return null;
  const month = digitsIn(text, 5, 7);
  const day = digitsIn(text, 8, 10);
  const hour = digitsIn(text, 11, 13);
  const minute = digitsIn(text, 14, 16);
  const second = digitsIn(text, 17, 19);
  const year = digitsIn(text, 0, 4);
  const fraction = length === 20 ? 0 : digitsIn(text, 20, length - 1);
  const isTime = year >= 0 && hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0;
  if (!isTime || second > 59 || month < 1 || month > 12 || day < 1 || day > 31 || fraction < 0) return null;
  const millis = length === 20 ? 0 : Math.floor(Number(text.slice(19, length - 1)) * 1_000);
  return plausible(Date.UTC(year, month - 1, day, hour, minute, second, millis));
}

/** The number that these digits spell; -1 where one is none. */
function digitsIn(text: string, from: number, to: number): number {
  let number = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
  }
  return number;
}

function fromText(text: string): Instant | null {
  if (/^\d{9,19}$/.test(text)) return fromNumber(Number(text));
  const match = ISO.exec(text);
  if (match === null) return fromRfc2822(text);
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match;
  const millis = Math.floor(Number(`0.${fraction || '0'}`) * 1000);
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    millis,
  );
  if (Number(month) < 1 || Number(month) > 12 || Number(day) > 31 || Number(hour) > 24 || Number(minute) > 59)
    return null;
  return plausible(local - zoneOffsetMs(zone));
}

function fromNumber(value: number): Instant | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  let millis = value;
  if (value < 1e11) millis = value * 1_000;
  else if (value >= 1e17) millis = value / 1e6;
  else if (value >= 1e14) millis = value / 1e3;
  return plausible(Math.floor(millis));
}

const RFC_2822 = /^[A-Z][a-z]{2},? \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (?:GMT|UTC|[+-]\d{4})$/;

function fromRfc2822(text: string): Instant | null {
  return RFC_2822.test(text) ? plausible(Date.parse(text)) : null;
}

function zoneOffsetMs(zone: string | undefined): number {
  if (zone === undefined || /^(Z|UTC)$/i.test(zone)) return 0;
  const digits = zone.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (digits.startsWith('-') ? -minutes : minutes) * MINUTE_MS;
}

function plausible(instant: number): Instant | null {
  return Number.isFinite(instant) && instant >= YEAR_1990 && instant < LAST ? instant : null;
}

/** `2026-10-01T00:00:00.000Z`. */
export function instantText(instant: Instant): string {
  return new Date(instant).toISOString();
}

/** The same; null, what is not known, stays null. */
export function instantTextOrNull(instant: Instant | null): string | null {
  return instant === null ? null : instantText(instant);
}

/** `2026-10-01`, in UTC. */
export function dateText(instant: Instant): string {
  return instantText(instant).slice(0, 10);
}
