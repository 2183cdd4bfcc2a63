import { expect, test } from 'vitest';
import type { FeedFile } from '#app/update-feed.ts';
import { FEEDS } from '#feeds/feeds.ts';
import { filesOfFeed, sortFeedFiles } from './feed-files.ts';

const KEV =
  '{"title":"CISA Catalog of Known Exploited Vulnerabilities","catalogVersion":"2026.10.01","vulnerabilities":[]}';
const EPSS = '#model_version:v2025.03.14,score_date:2026-10-01T00:00:00+0000\ncve,epss,percentile\n';

function file(name: string, text: string): FeedFile {
  return {
    name,
    async *open() {
      for (let at = 0; at < text.length; at += 10) yield Buffer.from(text.slice(at, at + 10));
    },
  };
}

test('each file goes to the feed that claims it, in the order of the files', async () => {
  const sorted = await sortFeedFiles(FEEDS, [
    file('a.json', KEV),
    file('epss.csv', EPSS),
    file('b.json', KEV),
  ]);
  expect([...sorted].map(([feed, files]) => [feed.id, files.map(({ name }) => name)])).toEqual([
    ['kev', ['a.json', 'b.json']],
    ['epss', ['epss.csv']],
  ]);
});

test('a feed takes of a folder what is its own, or all where nothing is', async () => {
  const kev = FEEDS.find((feed) => feed.id === 'kev') as (typeof FEEDS)[number];
  const schema = '{"properties":{"catalogVersion":{"type":"string"},"vulnerabilities":{"type":"array"}}}';
  const names = async (...files: readonly FeedFile[]) =>
    (await filesOfFeed(kev, files)).map(({ name }) => name);
  expect(await names(file('kev.json', KEV), file('kev_schema.json', schema))).toEqual(['kev.json']);
  expect(await names(file('a.json', schema), file('b.json', '{}'))).toEqual(['a.json', 'b.json']);
  expect(await names(file('only.json', schema))).toEqual(['only.json']);
});

test('no file, no feed', async () => {
  expect([...(await sortFeedFiles(FEEDS, []))]).toEqual([]);
});

test.each(['', '{}', 'cve'])('a file that no feed claims is refused by its name: %j', async (text) => {
  await expect(
    sortFeedFiles(FEEDS, [file('kev.json', KEV), file('odd\u001b.txt', text)]),
  ).rejects.toMatchObject({
    code: 'feed_broken',
    message: expect.stringContaining('"odd.txt"'),
  });
});

test('only the beginning of a long file is read to tell its feed', async () => {
  let isClosed = false;
  let chunks = 0;
  const endless: FeedFile = {
    name: 'endless.csv',
    async *open() {
      try {
        yield Buffer.from(EPSS);
        for (;;) {
          chunks++;
          yield Buffer.alloc(16 * 1024, 32);
        }
      } finally {
        isClosed = true;
      }
    },
  };
  const sorted = await sortFeedFiles(FEEDS, [endless]);
  expect([[...sorted.keys()].map(({ id }) => id), isClosed, chunks]).toEqual([['epss'], true, 4]);
});
