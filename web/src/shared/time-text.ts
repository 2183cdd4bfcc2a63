const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in its largest whole unit: `38 s`, `5 min`, `26 h`, `12 d`, `5 mo`, `3 y`. Never rounded up. */
function lengthText(milliseconds: number): string {
  if (milliseconds < MINUTE) return `${Math.floor(milliseconds / 1000)} s`;
  if (milliseconds < HOUR) return `${Math.floor(milliseconds / MINUTE)} min`;
  if (milliseconds < 2 * DAY) return `${Math.floor(milliseconds / HOUR)} h`;
  const days = Math.floor(milliseconds / DAY);
  if (days < 100) return `${days} d`;
  return days < 730 ? `${Math.floor(days / 30.4375)} mo` : `${Math.floor(days / 365.25)} y`;
}

export interface DueText {
  readonly text: string;
  readonly overdue: boolean;
}

/** A due instant against now: `in 4 d`, or `3 d over` from that instant on. */
export function dueText(dueAt: string, now: number): DueText {
  const left = Date.parse(dueAt) - now;
  return left > 0
    ? { text: `in ${lengthText(left)}`, overdue: false }
    : { text: `${lengthText(-left)} over`, overdue: true };
}

/** How long ago an instant was; an instant ahead of this machine's clock is `just now`. */
export function agoText(at: string, now: number): string {
  const since = now - Date.parse(at);
  return since < MINUTE ? 'just now' : `${lengthText(since)} ago`;
}

/** How old something is, for a narrow column: `6 d`; below a minute `new`. */
export function ageText(at: string, now: number): string {
  const since = now - Date.parse(at);
  return since < MINUTE ? 'new' : lengthText(since);
}

const exact = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});

/** The exact instant, for a tooltip: `24 Nov 2026, 16:00 UTC`. */
export function instantText(at: string): string {
  return `${exact.format(new Date(at))} UTC`;
}

/** The day alone: `8 Dec 2026`. */
export function dayText(at: string): string {
  return exact.format(new Date(at)).replace(/,.*$/, '');
}
