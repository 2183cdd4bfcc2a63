import { createReadStream, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { FeedItem } from '#domain/ports/intelligence-feed.ts';
import { kev, mapKevEntry } from './kev.ts';
import { KEV_SNAPSHOT } from './kev-snapshot.ts';

const SAMPLE = readFileSync(new URL('samples/catalogue.json', import.meta.url), 'utf8');

async function read(text: string): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  async function* bytes() {
    yield Buffer.from(text);
  }
  for await (const item of kev.read(bytes())) items.push(item);
  return items;
}

test('the sample', async () => {
  const day = (text: string) => Date.parse(`${text}T00:00:00Z`);
  const entry = (
    advisory: string,
    title: string,
    added: string,
    due: string,
    ransomware: 'yes' | 'unknown',
  ) => ({
    kind: 'exploited',
    advisory,
    title,
    dateAdded: day(added),
    dueDate: day(due),
    ransomware,
  });
  expect(await read(SAMPLE)).toEqual([
    entry('CVE-2025-48384', 'Git Link Following Vulnerability', '2025-08-25', '2025-09-15', 'unknown'),
    entry(
      'CVE-2021-44228',
      'Apache Log4j2 Remote Code Execution Vulnerability',
      '2021-12-10',
      '2021-12-24',
      'yes',
    ),
    entry(
      'CVE-2017-5638',
      'Apache Struts Remote Code Execution Vulnerability',
      '2021-11-03',
      '2022-05-03',
      'yes',
    ),
    entry(
      'CVE-2023-4863',
      'Google Chromium WebP Heap-Based Buffer Overflow Vulnerability',
      '2023-09-13',
      '2023-10-04',
      'unknown',
    ),
    entry(
      'CVE-2020-29583',
      'Zyxel Multiple Products Use of Hard-Coded Credentials Vulnerability',
      '2021-11-03',
      '2022-05-03',
      'unknown',
    ),
    { kind: 'header', publishedAt: Date.parse('2025-08-25T17:04:19.979Z'), version: '2025.08.25' },
  ]);
});

describe('an entry', () => {
  test('without dates or name is still listed', () => {
    expect(mapKevEntry({ cveID: ' cve-2024-0001 ' })).toEqual({
      kind: 'exploited',
      advisory: 'CVE-2024-0001',
      title: 'CVE-2024-0001',
      dateAdded: null,
      dueDate: null,
      ransomware: 'unknown',
    });
  });

  test.each([{}, { cveID: 'GHSA-1' }, { cveID: 7 }, { cveID: null }])('%o names no CVE', (entry) => {
    expect(mapKevEntry(entry)).toBeNull();
  });

  test('that cannot be read is a reject, and the rest is kept', async () => {
    const items = await read(
      '{"catalogVersion":"x","count":3,"vulnerabilities":[{"cveID":"CVE-2024-0001"},"x",{"cveID":"CVE-2024-0002"}]}',
    );
    expect(items).toMatchObject([
      { kind: 'exploited', advisory: 'CVE-2024-0001' },
      { kind: 'reject', at: 'vulnerabilities[1]', code: 'missing_field' },
      { kind: 'exploited', advisory: 'CVE-2024-0002' },
      { kind: 'header', publishedAt: null, version: 'x' },
    ]);
  });
});

test.each([
  ['holds fewer entries than it says', '"count": 5', '"count": 6'],
  ['does not say how many entries it has', '"count": 5', '"counted": 5'],
  ['ends early', /\}\s*\]\s*\}\s*$/, '},'],
])('a catalogue that %s breaks', async (_, from, to) => {
  const changed = SAMPLE.replace(from, to);
  expect(changed).not.toBe(SAMPLE);
  await expect(read(changed)).rejects.toMatchObject({ code: 'feed_broken' });
});

test.each([
  ['no entry', '{"catalogVersion":"x","count":0,"vulnerabilities":[]}'],
  ['none that can be read', '{"catalogVersion":"x","count":1,"vulnerabilities":[{"cveID":"x"}]}'],
])('a catalogue with %s breaks, so that nothing is taken back by it', async (_, text) => {
  await expect(read(text)).rejects.toMatchObject({ code: 'feed_broken' });
});

test('the shipped snapshot is a whole catalogue', async () => {
  const items: FeedItem[] = [];
  for await (const item of kev.read(createReadStream(KEV_SNAPSHOT))) items.push(item);
  const facts = items.filter((item) => item.kind === 'exploited');
  const header = items.find((item) => item.kind === 'header');
  expect(header).toEqual({
    kind: 'header',
    publishedAt: Date.parse('2025-08-25T17:04:19.979Z'),
    version: '2025.08.25',
  });
  expect(items).toHaveLength(facts.length + 1);
  expect(new Set(facts.map(({ advisory }) => advisory)).size).toBe(1404);
  expect(facts.every(({ dateAdded, title, advisory }) => dateAdded !== null && title !== advisory)).toBe(
    true,
  );
  expect(facts.filter(({ ransomware }) => ransomware === 'yes')).toHaveLength(293);
});
