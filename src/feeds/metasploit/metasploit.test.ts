import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { FeedItem } from '#domain/ports/intelligence-feed.ts';
import { mapModule, metasploit } from './metasploit.ts';

async function read(text: string): Promise<FeedItem[]> {
  const items: FeedItem[] = [];
  for await (const item of metasploit.read(
    (async function* () {
      yield Buffer.from(text);
    })(),
  ))
    items.push(item);
  return items;
}

const sample = (name: string) => readFileSync(new URL(`samples/${name}`, import.meta.url), 'utf8');

test('the index', async () => {
  expect(await read(sample('format.json'))).toEqual([
    {
      kind: 'module',
      advisory: 'CVE-2007-4387',
      name: 'auxiliary/admin/2wire/xslt_password_reset',
      isExploit: false,
    },
    { kind: 'header', publishedAt: Date.UTC(2023, 1, 8, 13, 47, 34), version: null },
  ]);
  expect((await read(sample('modules.json'))).filter((item) => item.kind === 'module')).toEqual([
    {
      kind: 'module',
      advisory: 'CVE-2021-44228',
      name: 'exploit/multi/http/log4shell_header_injection',
      isExploit: true,
    },
    { kind: 'module', advisory: 'CVE-2020-0001', name: 'exploit/linux/local/two', isExploit: true },
    { kind: 'module', advisory: 'CVE-2020-0002', name: 'exploit/linux/local/two', isExploit: true },
  ]);
});

test.each<[string, readonly boolean[]]>([
  ['exploit/multi/http/x', [true]],
  ['auxiliary/dos/http/x', [false]],
  ['auxiliary/gather/x', [false]],
  ['auxiliary/scanner/http/log4shell_scanner', []],
  ['auxiliary/server/x', []],
  ['post/linux/gather/x', []],
  ['payload/x', []],
  ['evasion/x', []],
  ['exploit/<script>', []],
])('%s', (name, exploits) => {
  expect(
    mapModule(name, { references: ['CVE-2021-44228', 'URL-x', 'CVE-2021-44228'] }).map(
      (fact) => fact.isExploit,
    ),
  ).toEqual(exploits);
});

test('a module without a name is a reject, a file without modules is broken', async () => {
  const items = await read('{"a": {"fullname": "exploit/a", "references": []}, "b": {}}');
  expect(items.filter((item) => item.kind === 'reject')).toMatchObject([{ at: 'b', code: 'missing_field' }]);
  await expect(read('{}')).rejects.toMatchObject({ code: 'feed_broken' });
});
