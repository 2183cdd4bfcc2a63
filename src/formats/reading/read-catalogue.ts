import type { JsonObject } from '#base/json-value.ts';
import type { CatalogueObservation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from './describe-head.ts';
import { jsonEntries } from './json-entries.ts';
import { readYamlDocuments } from './yaml-documents.ts';

/** How a catalogue's files are read. */
export interface CatalogueReading {
  readonly tool: string;
  /** Of JSON answers: where their lists are. */
  readonly pages: readonly string[];
  /** People write its files by hand, so that one without a byte holds no entry; else its answer failed. */
  readonly isWritten: boolean;
  /** What one entry is called: `a service`. */
  readonly noun: string;
  /** By what an entry is known, for the reject of one that lacks it: `"name"`. */
  readonly known: string;
  /** What an entry says; empty for one that is about nothing of ours, null for none. */
  readonly entriesOf: (value: JsonObject) => readonly CatalogueObservation[] | null;
}

/** Reads a catalogue of services: documents of YAML that people wrote, or JSON that its interface answered. */
export async function* readCatalogue(
  input: ReportInput,
  reading: CatalogueReading,
): AsyncGenerator<ReportItem> {
  yield {
    kind: 'scan',
    scan: { tool: reading.tool, time: null, scope: { is: 'catalogue' }, coverage: 'listed' },
  };
  const { shape } = await readHead(input);
  if (shape === 'text' || (shape === 'empty' && reading.isWritten)) {
    let number = 0;
    for (const document of await readYamlDocuments(input)) {
      const at = `document ${++number}`;
      if ('fault' in document) {
        const message = `Expected ${reading.noun}, found a document that is ${document.fault}.`;
        yield { kind: 'reject', at, code: 'wrong_type', message };
      } else yield readEntry(document.value, at, reading);
    }
    return;
  }
  for await (const entry of jsonEntries(input, reading.pages, reading.noun))
    yield entry.kind === 'reject' ? entry : readEntry(entry.value, entry.at, reading);
}

function readEntry(value: JsonObject, at: string, reading: CatalogueReading): ReportItem {
  const observations = reading.entriesOf(value);
  if (observations !== null) return { kind: 'record', at, observations };
  const message = `Expected ${reading.noun} with ${reading.known}, found none.`;
  return { kind: 'reject', at, code: 'missing_field', message };
}
