import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FeedItem } from '#domain/ports/intelligence-feed.ts';
import { mapTemplate, nuclei } from './nuclei.ts';

async function read(text: string): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  for await (const item of nuclei.read(
    (async function* () {
      yield Buffer.from(text);
    })(),
  ))
    items.push(item);
  return items;
}

test('the list of templates', async () => {
  expect(await read(readFileSync(new URL('samples/cves.json', import.meta.url), 'utf8'))).toEqual([
    { kind: 'template', advisory: 'CVE-2021-44228', path: 'http/cves/2021/CVE-2021-44228.yaml' },
    { kind: 'template', advisory: 'CVE-2023-0002', path: 'network/cves/2023/CVE-2023-0002.yaml' },
    { kind: 'header', publishedAt: null, version: null },
  ]);
});

test.each<[string, string, string, boolean]>([
  ['CVE-2021-1', 'X - RCE', 'http/cves/2021/CVE-2021-1.yaml', false],
  ['CVE-2021-0001', 'X - RCE', 'http/cves/2021/CVE-2021-0001.yaml', true],
  ['CVE-2021-0001', 'X - RCE', 'passive/cves/2021/CVE-2021-0001.yaml', false],
  ['CVE-2021-0001', 'X - RCE', 'file/cves/CVE-2021-0001.yaml', false],
  ['CVE-2021-0001', 'X Panel - Detect', 'http/cves/2021/CVE-2021-0001.yaml', false],
  ['CVE-2021-0001', 'X - RCE', 'http/../../x.yaml', false],
  ['apache-panel', 'X - RCE', 'http/cves/2021/a.yaml', false],
])('%s %s %s: %s', (ID, Name, file_path, shows) => {
  expect(mapTemplate({ ID, file_path, Info: { Name } }) !== null).toBe(shows);
});

test('an entry without a path is a reject, a list without CVE is broken', async () => {
  const items = await read('{"ID":"CVE-2021-0001","file_path":"http/a.yaml"}\n{"ID":"CVE-2021-0002"}\n');
  expect(items.filter((item) => item.kind === 'reject')).toMatchObject([{ code: 'missing_field' }]);
  await expect(read('')).rejects.toMatchObject({ code: 'feed_broken' });
});
