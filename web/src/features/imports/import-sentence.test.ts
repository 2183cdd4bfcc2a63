import { expect, it } from 'vitest';
import type { ImportRead } from '../../../../src/contract/import.ts';
import { importSentence } from './import-sentence.ts';

const nothing: ImportRead = {
  file: 'a.json',
  format: 'trivy',
  source: 'trivy',
  scope: {},
  complete: true,
  records: 0,
  findings: 0,
  passed: 0,
  resources: 0,
  relations: 0,
  signals: 0,
  rejects: [],
  created: 0,
  changed: 0,
  unchanged: 0,
  closed: 0,
  held: 0,
  regressed: 0,
  error: null,
  sentences: [],
};

it.each([
  [{}, '0 findings.'],
  [{ findings: 1204, created: 1200, unchanged: 4 }, '1,204 findings: 1,200 new, 4 unchanged.'],
  [{ resources: 62 }, '62 resources.'],
  [{ signals: 1 }, '1 signal.'],
  [
    { findings: 2, resources: 1, closed: 3, held: 37, regressed: 1 },
    '2 findings, 1 resource: 3 closed, 1 open again, 37 held back from closing.',
  ],
])('%o is told as: %s', (counts, sentence) => {
  expect(importSentence({ ...nothing, ...counts })).toBe(sentence);
});
