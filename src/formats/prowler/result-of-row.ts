import type { CsvRow, KnownColumns } from '../reading/csv-table.ts';
import { type CheckResult, verdictOf } from './map-result.ts';

/** Version 3 and later, and version 2. */
export const COLUMNS: KnownColumns = [
  ['PROVIDER', 'CHECK_ID', 'STATUS', 'RESOURCE_UID'],
  ['ASSESSMENT_START_TIME', 'CHECK_ID', 'STATUS', 'RESOURCE_ARN'],
  ['ACCOUNT_NUM', 'TITLE_ID', 'CHECK_RESULT', 'TITLE_TEXT'],
];

const TAGS_MAX = 100;

/** A row of a table, or what it lacks. */
export function resultOfRow(row: CsvRow): CheckResult | string {
  const text = row.text('TITLE_TEXT');
  const check = row.text('CHECK_ID') ?? bracketed(text);
  if (check === undefined) return 'a CHECK_ID, or a check in brackets in TITLE_TEXT, was expected';
  return {
    toolVersion: row.text('PROWLER_VERSION'),
    provider: (row.text('PROVIDER') ?? 'aws').toLowerCase(),
    account: row.text('ACCOUNT_UID', 'ACCOUNT_ID', 'ACCOUNT_NUM'),
    region: row.text('REGION'),
    check,
    verdict: verdictOf(row.text('STATUS', 'CHECK_RESULT')),
    isMuted: row.text('MUTED')?.toLowerCase() === 'true',
    title: row.text('CHECK_TITLE') ?? text?.replace(/^\[\w+\] /, ''),
    detail: row.text('STATUS_EXTENDED', 'CHECK_RESULT_EXTENDED'),
    severity: row.text('SEVERITY', 'CHECK_SEVERITY'),
    risk: row.text('RISK', 'CHECK_RISK'),
    fix: row.text('REMEDIATION_RECOMMENDATION_TEXT', 'CHECK_REMEDIATION'),
    references: [row.text('REMEDIATION_RECOMMENDATION_URL', 'CHECK_DOC'), row.text('RELATED_URL')],
    resourceId: row.text('RESOURCE_UID', 'RESOURCE_ARN', 'RESOURCE_ID'),
    resourceType: row.text('RESOURCE_TYPE', 'CHECK_ASFF_RESOURCE_TYPE'),
    resourceName: row.text('RESOURCE_NAME'),
    tags: tagsOf(row.text('RESOURCE_TAGS')),
  };
}

/** `[check11] Avoid the use of the root account`. */
export function bracketed(text: string | undefined): string | undefined {
  return /^\[(\w{1,60})\]/.exec(text ?? '')?.[1];
}

/** `env=prod | team=shop`. */
function tagsOf(text: string | undefined): ReadonlyMap<string, string> {
  const tags = new Map<string, string>();
  for (const pair of (text ?? '').split(' | ').slice(0, TAGS_MAX)) {
    const equals = pair.indexOf('=');
    if (equals > 0) tags.set(pair.slice(0, equals), pair.slice(equals + 1));
  }
  return tags;
}
