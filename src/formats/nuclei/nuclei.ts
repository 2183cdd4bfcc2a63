import { asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import { type FindingObservation, OPEN } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { type EntryReading, readLooseEntries } from '../reading/read-entries.ts';
import { scannerProvider } from '../reading/scanner-provider.ts';
import { feedScan } from '../reading/scans.ts';

/** JSON lines of Nuclei: what its templates matched on hosts and applications. */
export const nuclei: ReportFormat = {
  id: 'nuclei',
  title: 'Nuclei',
  command: 'nuclei -target URL -jsonl -output nuclei.jsonl',
  claims,
  read,
};

const TEXT_MAX = 4_000;
const REFERENCES_MAX = 5;

function claims(head: ReportHead): boolean {
  const match = firstEntry(head, []);
  return (
    templateOf(match ?? {}) !== undefined &&
    asObject(match?.info) !== undefined &&
    asText(match?.host) !== undefined
  );
}

function templateOf(match: JsonObject): string | undefined {
  return asText(match['template-id']) ?? asText(match.templateID) ?? asText(match.template_id);
}

/** A line says what matched, never what was looked for: it closes nothing. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('nuclei');
  yield* readLooseEntries(input, [], 'a match', mapMatch, 'silent');
}

function mapMatch(match: JsonObject): EntryReading {
  const check = templateOf(match);
  if (check === undefined) return 'a text in template-id was expected';
  const where = asText(match['matched-at']) ?? asText(match.matched) ?? asText(match.host);
  if (where === undefined) return 'a text in matched-at was expected';
  const info = asObject(match.info) ?? {};
  const severity = severityOfWord(asText(info.severity));
  const cves = cvesOf(info);
  const url = addressOf(where, match);
  const matcher = asText(match['matcher-name']) ?? asText(match.matcher_name) ?? '';
  const shared = {
    kind: 'finding',
    state: OPEN,
    title: asText(info.name) ?? check,
    severity,
    description: asText(info.description),
    fix: asText(info.remediation),
    references: asTexts(info.reference)
      .flatMap((text) => text.split('\n').map((line) => line.replace(/^-?\s+/, '')))
      .filter((text) => text !== '')
      .slice(0, REFERENCES_MAX),
    locations: [{ url: where.slice(0, TEXT_MAX) }],
  } as const;
  const [cve, another] = cves;
  if (cve !== undefined && another === undefined) {
    const vector = asText(at(info, 'classification', 'cvss-metrics'));
    return [
      {
        ...shared,
        type: 'infrastructure_vulnerability',
        subject: { is: 'advisory', id: cve },
        resource: { kind: 'endpoint', url },
        place: { is: 'none' },
        vectors:
          vector === undefined ? [] : [{ provider: scannerProvider('nuclei'), vector, word: severity }],
      },
    ];
  }
  const finding: FindingObservation = {
    ...shared,
    type: 'api_finding',
    subject: { is: 'check', tool: 'nuclei', check },
    resource: { kind: 'endpoint', url },
    place: { is: 'api', method: '', path: pathOf(where), parameter: matcher },
  };
  return [finding];
}

function cvesOf(info: JsonObject): readonly string[] {
  const ids = asTexts(at(info, 'classification', 'cve-id'));
  return [...new Set(ids.map((id) => id.toUpperCase()).filter((id) => /^CVE-\d{4}-\d{4,19}$/.test(id)))];
}

/** Where it listens: of `https://shop.example/login` its origin; of `shop.example:22` host and port. */
function addressOf(where: string, match: JsonObject): string {
  if (/^https?:\/\//i.test(where) && URL.canParse(where)) return new URL(where).origin;
  const host = asText(match.host);
  if (host !== undefined && /^https?:\/\//i.test(host) && match.type === 'http' && URL.canParse(host))
    return new URL(host).origin;
  return where.slice(0, 500);
}

function pathOf(where: string): string {
  return /^https?:\/\//i.test(where) && URL.canParse(where) ? new URL(where).pathname : '';
}
