import { InboxError } from '#base/inbox-error.ts';
import {
  asArray,
  asNumber,
  asObject,
  asObjects,
  asText,
  asTexts,
  type JsonObject,
} from '#base/json-value.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { advisoryInAddress, packageFindings } from '../reading/library-finding.ts';
import {
  hasNpmAdvisories,
  isOfPnpm,
  mapNpmAdvisory,
  npmVectors,
  UNNAMED_PACKAGES,
} from '../reading/npm-advisory.ts';
import { type EntryReading, readEntries } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { packagesScan } from '../reading/scans.ts';

/** JSON reports of npm's audit: npm 6 by advisory, npm 7 and later by package. */
export const npmAudit: ReportFormat = {
  id: 'npm-audit',
  title: 'npm audit',
  command: 'npm audit --json > npm-audit.json',
  claims,
  read,
};

const NODES_MAX = 3;
const ERROR_CODE = /^E[A-Z_]+$/;

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  if (report === undefined || head.shape !== 'json') return false;
  if (asNumber(report.auditReportVersion) !== undefined) return true;
  if (hasNpmAdvisories(report)) return !isOfPnpm(report);
  return isErrorDocument(report);
}

/** What npm writes when it could not ask its registry. */
function isErrorDocument(report: JsonObject): boolean {
  const error = asObject(report.error);
  return ERROR_CODE.test(asText(error?.code) ?? '') && typeof error?.summary === 'string';
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, ['advisories', 'vulnerabilities'], ['actions']);
  if (isErrorDocument(root)) {
    const error = asObject(root.error);
    throw new InboxError(
      'report_broken',
      `npm audit failed (${asText(error?.code)}) and looked at nothing: ${asText(error?.summary)?.slice(0, 300) ?? ''}`,
    );
  }
  yield packagesScan('npm-audit', context);
  const isBySix = root.auditReportVersion === undefined;
  yield* isBySix
    ? readEntries(input, { patterns: ['advisories.*'], skip: ['actions'] }, 'an advisory', (advisory) =>
        mapNpmAdvisory(advisory, 'npm-audit'),
      )
    : readEntries(input, { patterns: ['vulnerabilities.*'] }, 'a vulnerable package', mapVulnerablePackage);
}

/** Of npm 7: what makes a package vulnerable. Texts in `via` are other packages of the report, whose flaws are theirs. */
function mapVulnerablePackage(entry: JsonObject): EntryReading {
  const name = asText(entry.name);
  if (name === undefined) return 'a text in name was expected';
  if (asArray(entry.via).length === 0) return 'a list in via was expected';
  const fix = fixOf(entry);
  const locations = asTexts(entry.nodes)
    .slice(0, NODES_MAX)
    .map((path) => ({ path }));
  return asObjects(entry.via).flatMap((via) => {
    const url = asText(via.url);
    const ghsa = advisoryInAddress(url);
    const source = asNumber(via.source);
    return packageFindings({
      resource: UNNAMED_PACKAGES,
      ids: [ghsa ?? (source === undefined ? undefined : `npm:${source}`)],
      package: splitPackageName('npm', asText(via.dependency) ?? asText(via.name) ?? name),
      title: asText(via.title),
      severity: severityOfWord(asText(via.severity)),
      vectors: npmVectors(via, ghsa, 'npm-audit'),
      fix,
      fixable: entry.fixAvailable === undefined ? undefined : entry.fixAvailable !== false,
      references: url === undefined ? [] : [url],
      locations,
    });
  });
}

function fixOf(entry: JsonObject): string | undefined {
  const parent = asObject(entry.fixAvailable);
  const name = asText(parent?.name);
  if (name === undefined) return entry.fixAvailable === true ? 'npm audit fix' : undefined;
  return `${name}@${asText(parent?.version) ?? 'latest'}${parent?.isSemVerMajor === true ? ' (a major change)' : ''}`;
}
