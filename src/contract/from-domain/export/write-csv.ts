import type { IssueRow } from '../../issue.ts';

const COLUMNS: readonly (readonly [name: string, value: (issue: IssueRow) => string | number | null])[] = [
  ['id', ({ id }) => id],
  ['key', ({ key }) => key],
  ['title', ({ title }) => title],
  ['type', ({ type }) => type],
  ['severity', ({ severity }) => severity],
  ['score', ({ score }) => score],
  ['risks', ({ risks }) => risks.join(' ')],
  ['risk_count', ({ riskCount }) => riskCount],
  ['resources', ({ resources }) => resources],
  ['services', ({ services }) => services],
  ['impact', ({ impact }) => impact],
  ['admitted_by', ({ admittedBy }) => admittedBy.join(' ')],
  ['status', ({ status }) => status],
  ['muted', ({ muted }) => (muted ? 'yes' : 'no')],
  ['due_at', ({ dueAt }) => dueAt],
  ['assignee', ({ assignee }) => assignee],
  ['team', ({ team }) => team],
  ['attack_paths', ({ attackPaths }) => attackPaths],
  ['snoozed_until', ({ snoozedUntil }) => snoozedUntil],
  ['regressed_at', ({ regressedAt }) => regressedAt],
  ['tickets', ({ tickets }) => tickets.flatMap(({ url }) => url ?? []).join(' ')],
];

export const CSV_HEAD = `${COLUMNS.map(([name]) => name).join(',')}\r\n`;

/** One issue as a line of RFC 4180. */
export function csvLine(issue: IssueRow): string {
  return `${COLUMNS.map(([, value]) => cell(value(issue))).join(',')}\r\n`;
}

/** What a sheet would take for a formula, by its first character that counts; reports choose texts, and some are hostile. */
const FORMULA = /^[\s\u00a0]*[=+\-@\uff0b\uff0d\uff1d\uff20]|^[\t\r\n]/;

function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n;\t]/.test(text) || text !== text.trim() || text.startsWith("'")
    ? `"${text.replaceAll('"', '""')}"`
    : text;
}
