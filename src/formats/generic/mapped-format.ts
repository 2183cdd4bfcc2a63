import { asNumber, asObject, asText, type JsonObject } from '#base/json-value.ts';
import type { ObservedState } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { describeCloudObject } from '../reading/cloud-object.ts';
import { csvTable, mayBeTable, readTable } from '../reading/csv-table.ts';
import { readHead } from '../reading/describe-head.ts';
import { cvesIn } from '../reading/host-finding.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { type EntryReading, readEntries, readLooseEntries } from '../reading/read-entries.ts';
import { feedScan } from '../reading/scans.ts';
import { mapFinding } from '../reading/written-finding.ts';
import type { FieldSource, MappedField, ReportMapping } from './report-mapping.ts';

const NOUN = 'an entry';
const TEXTS_MAX = 20;

/** All texts in a member or column. */
type TextsOf = (name: string) => readonly string[];

/** A format that reads as a mapping says; of JSON, JSON lines and tables. */
export function mappedFormat(mapping: ReportMapping): ReportFormat {
  return {
    id: 'generic',
    title: `Mapped reports of ${mapping.tool}`,
    command: 'security-inbox import --mapping FILE REPORT',
    claims: () => true,
    read: (input) => read(input, mapping),
  };
}

/** Whether a file looks like the reports that a mapping is for: its first entry, or its table, has all that `when` names. */
export function looksMapped(mapping: ReportMapping, head: ReportHead): boolean {
  const { when, entries } = mapping;
  if (when === null) return false;
  if (mayBeTable(head)) return csvTable(head, [when]) !== null;
  const entry = entries === null ? firstEntry(head, []) : asObject(valuesAt([head.json], entries)[0]);
  return (
    entry !== undefined && when.every((name) => namedValues(entry, name).some((value) => value !== undefined))
  );
}

/** Nobody says whether a report of an unknown tool is whole, so only what carries its own end closes, unless `--complete`. */
async function* read(input: ReportInput, mapping: ReportMapping): AsyncGenerator<ReportItem> {
  yield feedScan(mapping.tool);
  const head = await readHead(input);
  const columns = columnsOf(mapping);
  if (mayBeTable(head) && (csvTable(head, columns) !== null || head.shape === 'text')) {
    yield* readTable(input, columns, NOUN, (row) =>
      readMapped(mapping, (name) => {
        const cell = row.text(name);
        return cell === undefined ? [] : [cell];
      }),
    );
    return;
  }
  const fromObject = (entry: JsonObject) => readMapped(mapping, (name) => textsAt(entry, name));
  yield* mapping.entries === null
    ? readLooseEntries(input, [], NOUN, fromObject)
    : readEntries(input, { patterns: [mapping.entries] }, NOUN, fromObject);
}

/** A table is known by the columns that name its findings: whichever of them it has. */
function columnsOf({ fields }: ReportMapping): readonly (readonly string[])[] {
  const naming = (['title', 'check', 'advisory'] as const).flatMap((field) => {
    const source = fields.get(field);
    return source !== undefined && 'from' in source ? source.from : [];
  });
  return naming.map((column) => [column]);
}

function readMapped(mapping: ReportMapping, textsOf: TextsOf): EntryReading {
  const all = (field: MappedField) => textsIn(mapping.fields.get(field), textsOf);
  const text = (field: MappedField) => all(field)[0];
  const advisory = text('advisory');
  const title = text('title') ?? advisory ?? text('check');
  if (title === undefined) return `a text in ${namesOf(mapping)} was expected`;
  const word = text('severity');
  const severity = word === undefined ? undefined : (mapping.severities.get(word.toLowerCase()) ?? word);
  const cves = cvesIn(...all('advisory'));
  return mapFinding(
    {
      title,
      severity,
      description: text('description'),
      mitigation: text('fix'),
      references: all('references').join('\n') || undefined,
      cves,
      cwe: asNumber(text('cwe')?.replace(/^\s*CWE-/i, '')),
      vectors: all('vector'),
      path: text('path'),
      line: asNumber(text('line')),
      component: text('package'),
      ecosystem: text('ecosystem'),
      purl: text('purl'),
      version: text('version'),
      address: text('url'),
      parameter: text('parameter'),
      check: cves.length === 0 && advisory !== undefined ? advisory : text('check'),
      fixVersion: text('fixedVersion'),
      isAdvisory: advisory !== undefined,
      isFixable: undefined,
      isKnownExploited: false,
      isActive: undefined,
      isFalsePositive: false,
      isAccepted: false,
      isMitigated: false,
      isDuplicate: false,
      resource: resourceOf(text),
      state: stateOf(mapping, textsOf),
    },
    mapping.tool,
  );
}

function namesOf({ fields }: ReportMapping): string {
  const sources = [fields.get('title'), fields.get('advisory'), fields.get('check')];
  return sources
    .flatMap((source) => (source !== undefined && 'from' in source ? source.from : []))
    .join(' or ');
}

function textsIn(source: FieldSource | undefined, textsOf: TextsOf): readonly string[] {
  if (source === undefined) return [];
  if ('value' in source) return [source.value];
  for (const name of source.from) {
    const texts = textsOf(name);
    if (texts.length > 0) return texts;
  }
  return [];
}

/** The texts of a member: its own name first, else a path through objects and (with a star) through lists. */
function textsAt(entry: JsonObject, path: string): readonly string[] {
  return namedValues(entry, path)
    .flatMap((value) => (Array.isArray(value) ? (value as readonly unknown[]) : [value]))
    .slice(0, TEXTS_MAX)
    .flatMap((value) => {
      const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : asText(value);
      return text === undefined || text.trim() === '' ? [] : [text];
    });
}

function namedValues(entry: JsonObject, path: string): readonly unknown[] {
  return Object.hasOwn(entry, path) ? [entry[path]] : valuesAt([entry], path);
}

function valuesAt(values: readonly unknown[], path: string): readonly unknown[] {
  return path
    .split('.')
    .reduce<readonly unknown[]>(
      (found, step) =>
        found
          .flatMap((value): readonly unknown[] =>
            step === '*'
              ? Array.isArray(value)
                ? value
                : Object.values(asObject(value) ?? {})
              : [Array.isArray(value) ? value[Number(step)] : asObject(value)?.[step]],
          )
          .slice(0, TEXTS_MAX),
      values,
    );
}

function resourceOf(text: (field: MappedField) => string | undefined): ResourceDescription {
  const image = text('image');
  if (image !== undefined) return { kind: 'image', reference: image };
  const cloud = text('cloud');
  if (cloud !== undefined)
    return describeCloudObject(cloud, undefined, undefined, providerOf(cloud), undefined, undefined);
  const host = text('host');
  if (host !== undefined) return { kind: 'host', name: host };
  return { kind: 'artifact', name: text('artifact') ?? null };
}

/** Told by the spelling of ids: ARNs, ids of Azure, full names of Google Cloud. */
function providerOf(id: string): string | undefined {
  if (id.startsWith('arn:')) return 'aws';
  if (/^\/subscriptions\//i.test(id)) return 'azure';
  return id.startsWith('//') && id.includes('.googleapis.com/') ? 'gcp' : undefined;
}

function stateOf({ state, tool }: ReportMapping, textsOf: TextsOf): ObservedState | undefined {
  const word = state === null ? undefined : textsOf(state.from)[0]?.trim().toLowerCase();
  if (state === null || word === undefined) return undefined;
  if (state.ended.has(word))
    return { is: 'ended', why: `${tool} says "${word.slice(0, 40)}".`, passed: false };
  return state.suppressed.has(word)
    ? { is: 'suppressed', reason: `${tool} says "${word.slice(0, 40)}"` }
    : undefined;
}
