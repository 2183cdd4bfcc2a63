import { join } from 'node:path';
import { DAY_MS } from '../../../src/base/instant.ts';
import type { IssueRow } from '../../../src/contract/issue.ts';
import { DETECTED_RISKS, type RiskState } from '../../../src/domain/risk/detected-risk.ts';
import { tableRows } from '../../support/by-hand-world.ts';
import { NOW } from './scans.ts';

/** The issues as somebody worked them out. */
export const EXPECTED: readonly (readonly string[])[] = await tableRows(
  join(import.meta.dirname, 'issues.md'),
);

const NAMES = EXPECTED.map(([name = '']) => name).toSorted((a, b) => b.length - a.length);

/** The name in the table of an issue. */
export function nameOf({ key, title }: Pick<IssueRow, 'key' | 'title'>): string {
  const text = `${key} ${title}`;
  return NAMES.find((name) => name.split(' ').every((word) => text.includes(word))) ?? text;
}

export const LETTER: Readonly<Record<RiskState, string>> = { yes: 'y', no: 'n', unknown: '?' };

/** What the table tells of an issue, but for what keeps it out. */
export type Numbers = Pick<
  IssueRow,
  'key' | 'title' | 'severity' | 'score' | 'riskStates' | 'resources' | 'services' | 'admittedBy' | 'dueAt'
>;

/** An issue as a row of the table tells it. */
export function toldRow(issue: Numbers): string {
  return [
    nameOf(issue),
    issue.severity,
    issue.score,
    DETECTED_RISKS.map((risk) => LETTER[issue.riskStates[risk]]).join(''),
    issue.resources,
    issue.services,
    issue.admittedBy.map((id) => id.replace('default.', '')).join(', ') || '-',
    issue.dueAt === null ? '-' : (Date.parse(issue.dueAt) - NOW) / DAY_MS,
  ].join(' | ');
}

/** The rows of the table in its order, without what keeps each out and why. */
export const EXPECTED_ROWS: readonly string[] = EXPECTED.map((row) =>
  [...row.slice(0, 7), row[8]].join(' | '),
);
