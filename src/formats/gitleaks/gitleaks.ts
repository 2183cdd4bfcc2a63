import { asText, type JsonObject } from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { secretFinding } from '../reading/code-finding.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { lineNumber } from '../reading/line-number.ts';
import { type EntryReading, readLooseEntries } from '../reading/read-entries.ts';
import { repositoryOfPage } from '../reading/repository-of-page.ts';
import { codeScan } from '../reading/scans.ts';
import { sourceFiles } from '../reading/source-file.ts';

/** JSON reports of Gitleaks 7 and 8: secrets in a repository and in its history. */
export const gitleaks: ReportFormat = {
  id: 'gitleaks',
  title: 'Gitleaks',
  command: 'gitleaks git --report-format json --report-path gitleaks.json',
  claims,
  read,
};

/** Where other tools wrap a report of Gitleaks. */
const PAGES = ['findings'];

function claims(head: ReportHead): boolean {
  const leak = firstEntry(head, PAGES);
  if (leak === undefined) return false;
  const isOfVersion8 = 'RuleID' in leak && 'File' in leak && ('Secret' in leak || 'Match' in leak);
  return isOfVersion8 || ('offender' in leak && 'rule' in leak && 'file' in leak);
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  yield codeScan('gitleaks');
  const pathOf = sourceFiles(context);
  yield* readLooseEntries(input, PAGES, 'a leak', (leak) => mapLeak(leak, pathOf));
}

function mapLeak(leak: JsonObject, pathOf: (path: string | undefined) => string): EntryReading {
  const check = asText(leak.RuleID) ?? asText(leak.rule);
  if (check === undefined) return 'a text in RuleID was expected';
  const path = asText(leak.File) ?? asText(leak.file);
  if (path === undefined) return 'a text in File was expected';
  const link = asText(leak.Link) ?? asText(leak.leakURL);
  const finding: FindingObservation = secretFinding({
    tool: 'gitleaks',
    check,
    path: pathOf(path),
    line: lineNumber(leak.StartLine ?? leak.lineNumber),
    value: asText(leak.Secret) ?? asText(leak.offender),
    secretState: 'unknown',
    severity: null,
    title: asText(leak.Description) ?? check,
    resource: isPage(link) ? { kind: 'repository', name: repositoryOfPage(link) } : undefined,
    url: link,
  });
  return [finding];
}

/** The page of a file on its repository's host. */
function isPage(link: string | undefined): link is string {
  return link !== undefined && /^https?:\/\/.{1,1000}\/(?:blob|src|browse)\//.test(link);
}
