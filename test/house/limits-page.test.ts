import { expect, test } from 'vitest';
import { INPUT_LIMITS, readLimits } from '../../src/domain/ports/input-limits.ts';
import { textOf } from './tree.ts';

const page = textOf('docs/reference/limits.md');

/** The table of the page, as the program has it. */
function limitTable(): string {
  const rows = Object.entries(INPUT_LIMITS).map(
    ([name, { usual, least, most, sentence }]) =>
      `| \`${name}\` | ${sentence} | ${number(usual)} | ${number(least)} to ${number(most)} |`,
  );
  return ['| name | is | usual | range |', '|---|---|---|---|', ...rows].join('\n');
}

function number(value: number): string {
  return value.toLocaleString('en');
}

test('the page of limits has the table of those that can be moved', () => {
  const table = /<!-- limits -->\n([\s\S]*?)<!-- \/limits -->/.exec(page)?.[1]?.trim();
  expect(table, 'Put this table between the marks of docs/reference/limits.md.').toBe(limitTable());
});

test('what the page shows can be set', () => {
  const shown = /SECURITY_INBOX_LIMITS='([^']+)'/.exec(page)?.[1] ?? '';
  expect(readLimits(shown)).toMatchObject({ 'upload-mb': 8_192, 'findings-of-a-report': 5_000_000 });
});

/**
 * Which tests stand at the boundary of each limit of the page: what is within is read, what is one beyond is refused or cut, with a
 * sentence (reliability §6.1).
 */
const BOUNDARIES: Readonly<Record<string, readonly (readonly [file: string, ...titles: string[]])[]>> = {
  'upload-mb': [
    ['src/http/server-parts.test.ts', 'what one may upload, and how long one waits'],
    ['src/http/routes/imports.test.ts', '%s, of %i bytes where 100 are allowed'],
  ],
  'page-upload-mb': [['src/http/routes/imports.test.ts', 'a page may send less than a program with a token']],
  'uploads-a-day-mb': [
    ['src/http/rate-limits.test.ts', 'what says that it is more than is left of the day is refused'],
  ],
  'uploads-a-minute': [['src/http/rate-limits.test.ts', 'a token has 60 uploads a minute']],
  'requests-a-second': [['src/http/rate-limits.test.ts', 'a token has 100 requests at once and 20 a second']],
  'unpacked-mb': [['src/formats/reading/growth-limit.test.ts', 'more than 8 GB', '8 GB']],
  'unpacked-times': [['src/formats/reading/growth-limit.test.ts', 'more than 10 MB, 200 times what it was']],
  'archive-members': [['src/formats/reading/open-zip.test.ts', 'an archive has two thousand members']],
  'findings-of-a-report': [['src/app/import/finding-limit.test.ts', 'a report holds two million findings']],
  'closing-percent': [['src/domain/scan/closing.test.ts', '%i of %i closings held: %s']],
  'closing-findings': [['src/domain/scan/closing.test.ts', '%i of %i closings held: %s']],
  'import-heap-mb': [
    ['src/jobs/worker-bounds.test.ts', 'an import has half a gigabyte of memory'],
    ['src/jobs/start-import.test.ts', 'has the memory that it is given and no more'],
  ],
  'import-seconds': [
    ['src/jobs/worker-bounds.test.ts', 'of a minute: %s'],
    ['src/jobs/start-import.test.ts', 'that loops is ended once its time is over'],
  ],
  'import-seconds-each-100-mb': [
    ['src/jobs/worker-bounds.test.ts', 'whoever has read %i MB may work for %i seconds'],
  ],
  JSON: [
    ['src/base/json-slicer.test.ts', '64 levels', '65 levels', '10,000 keys', '10,001 keys', 'a key twice'],
    ['src/base/json-slicer.test.ts', 'an element of 64 MB is read', 'an element larger than 64 MB'],
    ['src/base/json-slicer.test.ts', 'a key named __proto__ reaches no prototype'],
    ['src/formats/reading/detect-format.test.ts', 'JSON that none claims says that it is too deep'],
  ],
  XML: [
    [
      'src/formats/reading/xml-records.test.ts',
      '128 levels',
      '129 levels',
      '256 attributes',
      '257 attributes',
    ],
    [
      'src/formats/reading/xml-records.test.ts',
      'a record of 500,000 elements',
      'a record of more than 64 MB',
    ],
    ['src/formats/reading/xml-records.test.ts', 'a document type that declares elements and no entity'],
  ],
  CSV: [
    [
      'src/formats/reading/csv-table.test.ts',
      '1,000 columns are read',
      '1,001 columns',
      'a cell of 1 MB is read',
    ],
    ['src/formats/reading/csv-table.test.ts', 'as many rows as are allowed are read'],
  ],
  YAML: [
    ['src/formats/reading/yaml-documents.test.ts', '64 levels of brackets', '65 levels of brackets'],
    [
      'src/formats/reading/yaml-documents.test.ts',
      'a byte more than 2 MB',
      '10,000 documents',
      '10,001 documents',
    ],
  ],
  'an archive': [
    ['src/formats/reading/open-zip.test.ts', 'an archive in an archive is opened, and none in that'],
    [
      'src/formats/reading/open-tar.test.ts',
      'a member of 64 MB is read',
      'a member that is %s is refused alone',
    ],
    ['src/formats/reading/open-zip.test.ts', 'names of 255 bytes, and not one more'],
  ],
  'a title, a description, a fix': [
    ['src/domain/finding/sighting.test.ts', 'is clean and bounded'],
    ['src/domain/finding/bounded-text.test.ts', 'as it is up to 1 KB', 'cut and marked beyond it'],
    ['src/domain/finding/bounded-text.test.ts', 'as it is up to 64 KB', 'one byte more'],
  ],
  'a finding, a resource': [
    ['src/domain/finding/sighting.test.ts', 'is clean and bounded'],
    ['src/app/import/bound-tags.test.ts', 'a resource keeps 64 tags'],
  ],
  'a score': [
    ['src/formats/sarif/sarif-rule.test.ts', 'security-severity %j is %s'],
    ['src/feeds/epss/epss.test.ts', 'CVE-2024-0001,1.000001,0.5'],
  ],
  'a time': [
    ['src/base/instant.test.ts', '1989-12-31T23:59:00-00:01'],
    ['src/app/import/bound-times.test.ts', 'a time of %s may be a day ahead, and is unknown beyond'],
  ],
  // Nothing is kept, so nothing can be beyond.
  'raw entries of a report, and evidence of scanners beyond these texts': [],
  'a request that is no upload': [
    [
      'src/http/server.test.ts',
      'is looked at up to a megabyte of JSON: %s',
      'headers %s',
      'maxHeadersCount: 100',
    ],
  ],
  'a query': [
    [
      'src/domain/query/parse-query.test.ts',
      '%s is within the limits',
      'A query has at most 100 words and values',
    ],
  ],
  'a page of a list': [['src/http/routes/explorers.test.ts', 'limit=200', 'limit=201']],
  'what is around an issue': [
    ['src/store/explorer/surroundings.test.ts', 'two steps are gone', 'sixty things are shown'],
  ],
};

test('each limit of the page has tests at its boundary', () => {
  const fixed = /<!-- fixed -->\n([\s\S]*?)<!-- \/fixed -->/.exec(page)?.[1] ?? '';
  const rows = fixed.trim().split('\n').slice(2);
  expect(Object.keys(BOUNDARIES)).toEqual([
    ...Object.keys(INPUT_LIMITS),
    ...rows.map((row) => row.split('|')[1]?.trim()),
  ]);
  const missing = Object.values(BOUNDARIES)
    .flat()
    .flatMap(([file, ...titles]) =>
      titles.filter((title) => !textOf(file).includes(title)).map((title) => [file, title]),
    );
  expect(missing).toEqual([]);
});
