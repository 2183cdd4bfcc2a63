import { type Instant, parseInstant } from '#base/instant.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
/** `28/Nov/2026:10:00:00 +0000`, with a fraction and dashes in newer versions. */
const COMMON_LOG =
  /^(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(?:\s*(-?[+-]\d{4}))?$/;
/** `Sat Nov 28 10:00:00 2026`, with a fraction in Apache's error log. */
const C_TIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?) (\d{4})$/;
/** `2026/11/28 10:00:00`. */
const SLASHES = /^(\d{4})\/(\d{2})\/(\d{2}) (\d{2}:\d{2}:\d{2})$/;

/** A time as an audit log writes it; UTC where it states no zone. */
export function auditTime(text: string): Instant | null {
  const common = COMMON_LOG.exec(text);
  if (common !== null) {
    const [, day, month = '', year, time, zone = '+0000'] = common;
    return parseInstant(`${year}-${monthNumber(month)}-${day}T${time}${zone.replace('--', '-')}`);
  }
  const ctime = C_TIME.exec(text);
  if (ctime !== null) {
    const [, month = '', day = '', time, year] = ctime;
    return parseInstant(`${year}-${monthNumber(month)}-${day.padStart(2, '0')}T${time}Z`);
  }
  const slashes = SLASHES.exec(text);
  return parseInstant(slashes === null ? text : `${slashes[1]}-${slashes[2]}-${slashes[3]}T${slashes[4]}Z`);
}

function monthNumber(name: string): string {
  return String(MONTHS.indexOf(name) + 1).padStart(2, '0');
}
