import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ImportOptions } from '../src/app/import/import-options.ts';
import type { ImportedFile } from '../src/app/import/import-result.ts';
import { imported, openTestInbox, type TestInbox } from './support/test-inbox.ts';

/** Every report in `src/formats/<format>/samples`, through the whole product and the database. */
const FORMATS = join(import.meta.dirname, '../src/formats');
const samples = readdirSync(FORMATS, { recursive: true, withFileTypes: true })
  .filter((each) => each.isFile() && each.name === 'counts.json')
  .flatMap(({ parentPath }) => {
    const counts: Readonly<
      Record<string, { readonly records: number; readonly named?: true; readonly refused?: string }>
    > = JSON.parse(readFileSync(join(parentPath, 'counts.json'), 'utf8'));
    const format = parentPath.slice(FORMATS.length + 1).split(sep, 1)[0];
    return Object.entries(counts).map(([name, { records, named, refused }]) => ({
      file: join(parentPath, name),
      format,
      records,
      // Names no tool: somebody has to say which format it is.
      isNamed: named === true,
      refused: refused ?? null,
    }));
  });

let inbox: TestInbox;
beforeAll(async () => {
  inbox = await openTestInbox();
});
afterAll(() => inbox.close());

async function importAll(options: Partial<ImportOptions> = {}): Promise<readonly ImportedFile[]> {
  const results = new Map<string, ImportedFile>();
  const toName = (sample: (typeof samples)[number]) => (sample.isNamed ? (sample.format ?? null) : null);
  for (const [format, group] of Map.groupBy(samples, toName))
    for (const result of await inbox.importFiles(
      group.map(({ file }) => file),
      { ...options, format },
    ))
      results.set(result.file, imported(result));
  return samples.map(({ file }) => results.get(file) as ImportedFile);
}

test('every sample is read with as many records as were counted, and the same samples again change nothing', {
  timeout: 180_000,
}, async () => {
  expect(samples.length).toBeGreaterThan(100);
  const first = await importAll();
  expect(
    first.map(({ file, format, records, error }) => ({
      file,
      format,
      records,
      refused: error?.code ?? null,
    })),
  ).toEqual(samples.map(({ isNamed: _, ...sample }) => sample));
  expect(first.filter(({ created }) => created > 0).length).toBeGreaterThan(50);
  // With a confirmation each record is compared, where the same bytes alone would settle it.
  const again = await importAll({ confirm: true });
  expect(again).toEqual(
    first.map(({ created, changed, unchanged, ...same }) => ({
      ...same,
      created: 0,
      changed: 0,
      unchanged: created + changed + unchanged,
      sentences: expect.anything(),
    })),
  );
});
