import { parseInstant } from '#base/instant.ts';
import { asObjects, asText, asTexts, at, type JsonObject, type JsonValue } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { FeedReject, RecordClaim, RecordFact } from '#domain/ports/intelligence-feed.ts';
import { isExploitReference } from '#domain/risk/exploit-reference.ts';
import { parseCvssVector } from '#domain/severity/cvss-vector.ts';
import { cveId } from '../reading/cve-id.ts';

const NVD_SOURCE = 'nvd@nist.gov';
const METRICS = ['cvssMetricV40', 'cvssMetricV31', 'cvssMetricV30', 'cvssMetricV2'] as const;
const DESCRIPTION_LENGTH = 300;
const EXPLOIT_REFERENCES_MAX = 50;
const URL_LENGTH_MAX = 2_000;

/**
 * One element of NVD's `vulnerabilities` as its fact, with a reject for each vector in it that cannot
 * be read. An element without a CVE id is one reject.
 */
export function mapNvdRecord(element: JsonValue, path: string): readonly (RecordFact | FeedReject)[] {
  const cve = at(element, 'cve');
  const advisory = cveId(at(cve, 'id'));
  if (advisory === null) {
    return [
      { kind: 'reject', at: path, code: 'missing_field', message: 'Expected `cve.id` to be a CVE id.' },
    ];
  }
  const status = oneLine(asText(at(cve, 'vulnStatus')) ?? '', 40);
  const rejected = status === 'Rejected';
  const claims = rejected ? [] : readClaims(cve, path);
  const listedAt = at(cve, 'cisaExploitAdd');
  const title = asText(at(cve, 'cisaVulnerabilityName'));
  const fact: RecordFact = {
    kind: 'record',
    advisory,
    rejected,
    status,
    title: title === undefined ? null : oneLine(title),
    description: oneLine(englishText(cve), DESCRIPTION_LENGTH),
    publishedAt: parseInstant(at(cve, 'published')),
    modifiedAt: parseInstant(at(cve, 'lastModified')),
    claims: claims.filter((claim) => claim.kind === 'claim').map(({ claim }) => claim),
    exploitReferences: rejected ? [] : readExploitReferences(cve),
    kev:
      rejected || listedAt === undefined
        ? null
        : { dateAdded: parseInstant(listedAt), dueDate: parseInstant(at(cve, 'cisaActionDue')) },
    cwes: readWeaknesses(cve),
  };
  return [fact, ...claims.filter((claim) => claim.kind === 'reject')];
}

type ReadClaim = FeedReject | { readonly kind: 'claim'; readonly claim: RecordClaim };

function readClaims(cve: JsonValue | undefined, path: string): ReadClaim[] {
  return METRICS.flatMap((metric) =>
    asObjects(at(cve, 'metrics', metric)).map((entry, index) =>
      readClaim(entry, `${path}.cve.metrics.${metric}[${index}]`),
    ),
  );
}

function readClaim(entry: JsonObject, path: string): ReadClaim {
  const text = asText(at(entry, 'cvssData', 'vectorString'));
  const vector = parseCvssVector(text);
  if (vector === null) {
    const message = `Expected a CVSS vector; found "${oneLine(text ?? '', 80)}".`;
    return { kind: 'reject', at: path, code: 'unknown_value', message };
  }
  const source = oneLine(asText(entry.source) ?? '', 100);
  return {
    kind: 'claim',
    claim: {
      // NVD marks a CNA's score as primary where it adopts it; it stays the CNA's.
      provider: source === NVD_SOURCE ? 'nvd' : 'cna',
      version: vector.version,
      vector: vector.text,
      score: vector.baseScore,
      source,
    },
  };
}

function englishText(cve: JsonValue | undefined): string {
  const english = asObjects(at(cve, 'descriptions')).find((description) => description.lang === 'en');
  return asText(english?.value) ?? '';
}

function readExploitReferences(cve: JsonValue | undefined): readonly string[] {
  const urls = new Set<string>();
  for (const reference of asObjects(at(cve, 'references'))) {
    const url = asText(reference.url);
    if (url === undefined || url.length > URL_LENGTH_MAX || !/^https?:\/\//i.test(url)) continue;
    if (asTexts(reference.tags).includes('Exploit') && isExploitReference(url)) urls.add(url);
    if (urls.size === EXPLOIT_REFERENCES_MAX) break;
  }
  return [...urls];
}

function readWeaknesses(cve: JsonValue | undefined): readonly number[] {
  const numbers = new Set<number>();
  for (const weakness of asObjects(at(cve, 'weaknesses'))) {
    for (const description of asObjects(weakness.description)) {
      const match = /^CWE-(\d{1,5})$/.exec(asText(description.value) ?? '');
      if (match !== null) numbers.add(Number(match[1]));
    }
  }
  return [...numbers].sort((a, b) => a - b);
}
