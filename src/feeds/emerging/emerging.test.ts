import { expect, test } from 'vitest';
import type { FeedItem } from '#domain/ports/intelligence-feed.ts';
import { emerging } from './emerging.ts';

async function read(value: unknown): Promise<readonly FeedItem[]> {
  async function* bytes() {
    yield Buffer.from(JSON.stringify(value));
  }
  const items: FeedItem[] = [];
  for await (const item of emerging.read(bytes())) items.push(item);
  return items;
}

const HEADER = { kind: 'header', publishedAt: null, version: null };
const LISTED = { kind: 'emerging', advisory: 'CVE-2026-1234', until: Date.UTC(2026, 11, 20), reason: null };

test.each([
  ['a CVE', { advisory: ' cve-2026-1234', until: '2026-12-20' }, LISTED],
  [
    'with a reason',
    { advisory: 'CVE-2026-1234', until: '2026-12-20', reason: 'a\u0007b' },
    { ...LISTED, reason: 'ab' },
  ],
  [
    'a GHSA',
    { advisory: 'GHSA-2222-3333-4444', until: '2026-12-20' },
    { ...LISTED, advisory: 'GHSA-2222-3333-4444' },
  ],
  ['no end', { advisory: 'CVE-2026-1234' }, null],
  ['an end that is none', { advisory: 'CVE-2026-1234', until: 'soon' }, null],
  ['no advisory', { until: '2026-12-20' }, null],
  ['another name', { advisory: 'RHSA-2026:1', until: '2026-12-20' }, null],
  ['no object', 'CVE-2026-1234', null],
])('%s', async (_title, entry, fact) => {
  const rejected = expect.objectContaining({ kind: 'reject', code: 'missing_field', at: 'emerging[0]' });
  expect(await read({ emerging: [entry] })).toEqual([fact ?? rejected, HEADER]);
});

test('an empty list takes all back, and no list is broken', async () => {
  expect(await read({ emerging: [], updated: '2026-11-20' })).toEqual([
    { ...HEADER, publishedAt: Date.UTC(2026, 10, 20) },
  ]);
  await expect(read({ updated: '2026-11-20' })).rejects.toMatchObject({ code: 'feed_broken' });
});
