import { expect, test } from 'vitest';
import { countedSamples, type ImportLine, sampleVerdict } from './samples-verdict.ts';

test('counts stand in a list by path, or in an object by name', () => {
  expect(countedSamples('[{"path":"a/b.json","count":2,"unit":"x"}]')).toEqual([
    { path: 'a/b.json', count: 2 },
  ]);
  expect(countedSamples('{"b.json":{"records":3,"unit":"x"}}')).toEqual([{ path: 'b.json', count: 3 }]);
  expect(() => countedSamples('[{"path":"a"}]')).toThrow(/without path and count/);
  expect(() => countedSamples('null')).toThrow(/no counts/);
});

const line = (more: Partial<ImportLine>): ImportLine => ({ file: 'a', format: 'trivy', records: 2, ...more });
const error = { code: 'report_broken', message: 'It broke.' };

test.each([
  ['as counted', 2, [line({})], null],
  ['members of an archive together', 4, [line({}), line({})], null],
  ['another number', 3, [line({})], '3 were counted, 2 were read (trivy)'],
  ['more than were counted', 1, [line({})], '1 were counted, 2 were read (trivy)'],
  ['not recognised', 0, [line({ format: null, error })], 'not read: It broke.'],
  ['entries that could not be read', 2, [line({ rejects: [1] })], '1 of 2 could not be read (trivy)'],
  ['nothing was said of it', 0, [], 'the import said nothing of it'],
  ['broken off at the end', 2, [line({ error })], 'broke off: It broke.'],
  ['the report of a tool that failed', 0, [line({ records: 0, error })], null],
])('%s', (_case, count, lines, sentence) => {
  expect(sampleVerdict({ path: 'a', count }, lines)).toEqual({
    path: 'a',
    isExact: sentence === null,
    sentence,
  });
});
