import { parseInstant } from '#base/instant.ts';
import { asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { VexObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { type EntryReading, readEntries } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { feedScan } from '../reading/scans.ts';

/** Documents of OpenVEX: whether products are affected by advisories, and why not. */
export const openvex: ReportFormat = {
  id: 'openvex',
  title: 'OpenVEX',
  command:
    'vexctl create --product PURL --vuln CVE --status not_affected --justification WORD --file vex.json',
  isVex: true,
  claims,
  read,
};

const TEXT_MAX = 4_000;
const PRODUCTS_MAX = 10_000;

function claims(head: ReportHead): boolean {
  const context = asObject(head.json)?.['@context'];
  return asTexts(context).some((each) => /^https:\/\/openvex\.dev\/ns(?:\/|$)/.test(each));
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, ['statements']);
  yield feedScan('openvex', { time: parseInstant(root.last_updated) ?? parseInstant(root.timestamp) });
  yield* readEntries(input, { patterns: ['statements.*'] }, 'a statement', (entry) =>
    mapStatement(entry, root),
  );
}

const STATUSES: ReadonlySet<unknown> = new Set(['affected', 'not_affected', 'fixed', 'under_investigation']);

function mapStatement(entry: JsonObject, document: JsonObject): EntryReading {
  const status = entry.status;
  if (!STATUSES.has(status))
    return 'affected, not_affected, fixed or under_investigation in status was expected';
  const advisory = advisoryOf(entry.vulnerability);
  if (advisory === null) return 'a vulnerability with a name was expected';
  const products = (Array.isArray(entry.products) ? entry.products : [])
    .slice(0, PRODUCTS_MAX)
    .flatMap(spokenOf);
  const shared = {
    kind: 'vex',
    advisory,
    status: status as VexObservation['status'],
    justification: asText(entry.justification)?.slice(0, 100),
    statement: (
      asText(entry.impact_statement) ??
      asText(entry.action_statement) ??
      asText(entry.status_notes)
    )?.slice(0, TEXT_MAX),
    author: asText(document.author)?.slice(0, 300),
    statedAt: parseInstant(entry.timestamp) ?? parseInstant(document.timestamp) ?? undefined,
  } as const;
  return products.map((spoken) => ({ ...shared, ...spoken }));
}

/** A text in 0.0.x; later an object with a name and aliases. */
function advisoryOf(value: unknown): VexObservation['advisory'] | null {
  const id = asText(value) ?? asText(at(value, 'name')) ?? asText(at(value, '@id'));
  if (id === undefined) return null;
  const aliases = asTexts(at(value, 'aliases')).slice(0, 20);
  return { is: 'advisory', id, ...(aliases.length > 0 && { aliases }) };
}

type Spoken = Pick<VexObservation, 'product' | 'within'>;

/** A product, or each of its components where the statement is about those. */
function spokenOf(value: unknown): readonly Spoken[] {
  const product = nameOf(value);
  if (product === undefined) return [];
  const components = asObjects(at(value, 'subcomponents')).flatMap((each) => nameOf(each) ?? []);
  const texts = asTexts(at(value, 'subcomponents'));
  const all = [...components, ...texts];
  return all.length === 0 ? [{ product }] : all.map((component) => ({ product: component, within: product }));
}

function nameOf(value: unknown): string | undefined {
  const text = asText(value) ?? asText(at(value, 'identifiers', 'purl')) ?? asText(at(value, '@id'));
  return text?.slice(0, 2_000);
}
