import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { InboxError } from '#base/inbox-error.ts';
import type { ReportFormat, ReportItem } from '#domain/ports/report-format.ts';
import { zipOf } from '../../test/support/zip-of.ts';
import { jsonOf } from './formats.json.test-sample.ts';
import { listsOf } from './formats.lists.test-sample.ts';
import { FORMATS } from './formats.ts';
import { openBytes } from './reading/open-input.ts';

/** The same report told in other ways gives the same observations. */
const ROOM = import.meta.dirname;

/** What is done with a list of a report. */
const PARTS = 'in two parts';
const DOUBLED = 'behind itself';
const TURNED = 'turned round';

/** Why entries of these samples say something else when others are missing, come twice or in another order; which lists, and how. */
const RELATED: Readonly<Record<string, readonly [reason: string, ...differs: string[]]>> = {
  'aws-cli/ec2-describe-instances.json': [
    'an answer is of one region when all that is in it is of that region',
    `Reservations ${PARTS}`,
  ],
  'codeowners/github-own.txt': [
    'the last line that matches a path says who owns it',
    `the whole ${PARTS}`,
    `the whole ${DOUBLED}`,
    `the whole ${TURNED}`,
  ],
  'codeowners/gitlab-own.txt': [
    'the last line of a section that matches a path says who owns it',
    `the whole ${PARTS}`,
    `the whole ${DOUBLED}`,
    `the whole ${TURNED}`,
  ],
  'git-log/many-own.txt': [
    'who worked on a folder is counted over all commits',
    `the whole ${PARTS}`,
    `the whole ${DOUBLED}`,
  ],
  'govulncheck/stream.json': [
    'findings name advisories, which stand before them in the stream',
    `the whole ${PARTS}`,
  ],
  'kubernetes/cluster.json': ['the namespace kube-system names the cluster', `items ${PARTS}`],
  'kubernetes/namespaces.json': ['the namespace kube-system names the cluster', `items ${PARTS}`],
  'prowler/v2.csv': [
    'rows of Prowler 2 that name no resource pass only where none of their check failed',
    `the whole ${PARTS}`,
  ],
  'spdx/image.json': [
    'the package that the document describes says what the others are in; a package is what one of its references says, and has the flaws that the others name',
    `packages ${PARTS}`,
    `packages.0.externalRefs ${PARTS}`,
    `packages.1.externalRefs ${PARTS}`,
  ],
  'spdx/many.json': [
    'a package is what one of its references says, and has the flaws that the others name',
    `packages.0.externalRefs ${PARTS}`,
    `packages.1.externalRefs ${PARTS}`,
  ],
  'terraform/state-own.json': [
    'rules, policies, addresses and routes are entries of their own and part of what they are attached to, in the order in which they come',
    `values.root_module.resources ${DOUBLED}`,
    `values.root_module.resources ${TURNED}`,
    `values.root_module.child_modules.0.resources ${PARTS}`,
    `values.root_module.child_modules.0.resources ${DOUBLED}`,
  ],
  'terraform/state-eks-own.json': [
    'whom a cluster lets in belongs to the account and the region of the cluster that stands beside it',
    `values.root_module.resources ${PARTS}`,
  ],
  'wazuh/v4.13-ports.json': [
    'what an answer lacks that holds all ports of its hosts is closed',
    `hits.hits ${PARTS}`,
  ],
};

/** They are gone through to their end before the first entry is told, because what stands there may name what stands before: broken there, all of it is refused. */
const ALL_OR_NOTHING = new Set(['govulncheck', 'kubernetes', 'spdx', 'yarn-audit']);

/** What these tell stands in texts in another language, and not in lists of their own. */
const LISTS_IN_TEXTS = new Set(['kubernetes/aws-auth.json']);

test('what is said of related entries is said of samples that there are', () => {
  expect(Object.keys(RELATED).filter((sample) => !existsSync(samplePath(sample)))).toEqual([]);
});

describe.each(FORMATS.map((format) => [format.id, format] as const))('%s', (id, format) => {
  const folder = join(ROOM, id, 'samples');
  const samples = readdirSync(folder, { withFileTypes: true })
    .filter(
      (each) =>
        each.isFile() && !/^(?:ORIGIN\.md|counts\.json)$|\.expected\.json$|\.(?:gz|zst|zip)$/.test(each.name),
    )
    .map(({ name }) => name);

  test.each(samples)('%s in other encodings and packings', async (name) => {
    const bytes = readFileSync(join(folder, name));
    const text = bytes.toString('utf8');
    // What is not UTF-8 is told in another encoding already.
    if (bytes.length === 0 || !Buffer.from(text).equals(bytes)) return;
    const plain = text.replace(/^\ufeff/, '');
    const expected = await read(format, bytes, name);
    const utf16 = Buffer.from(`\ufeff${declared(plain)}`, 'utf16le');
    const told: readonly (readonly [string, Buffer])[] = [
      ['UTF-8 with a mark', Buffer.from(`\ufeff${plain}`)],
      ['UTF-16 LE', utf16],
      ['UTF-16 BE', Buffer.from(utf16).swap16()],
      ['gzip', gzipSync(bytes)],
      ['zstd', zstdCompressSync(bytes)],
      // A file of Terraform says by its name where it belongs, and the name of a member is another.
      ...(id === 'terraform' ? [] : [['zip', zipOf({ [name]: text })] as const]),
    ];
    for (const [how, other] of told) expect([how, await read(format, other, name)]).toEqual([how, expected]);
  });

  test.each(samples)('with words of a log behind it, %s keeps all that it says', async (name) => {
    const bytes = readFileSync(join(folder, name));
    const plain = await textOf(bytes, name);
    if (jsonOf(Buffer.from(plain)) === undefined || ALL_OR_NOTHING.has(id)) return;
    const items = await itemsOf(format, bytes, name);
    const more = await itemsOf(format, Buffer.from(`${plain}\n}]garbage`), name);
    expect(more.filter(({ kind }) => kind === 'record')).toEqual(
      items.filter(({ kind }) => kind === 'record'),
    );
  });

  test.each(samples)('each list of %s in two parts, behind itself, and turned round', async (name) => {
    const bytes = readFileSync(join(folder, name));
    const text = await textOf(bytes, name);
    const items = await itemsOf(format, bytes, name);
    const whole = unique(observationsOf(items));
    const told: string[] = [];
    const places = placesOf(items);
    const lists = await listsOf(text, places);
    if (places.length > 1 && !LISTS_IN_TEXTS.has(`${id}/${name}`)) expect(lists).not.toEqual([]);
    for (const list of lists) {
      const order = Array.from({ length: list.length }, (_, index) => index);
      const half = Math.ceil(list.length / 2);
      const ways: readonly (readonly [string, ...(readonly number[])[]])[] = [
        [PARTS, order.slice(0, half), order.slice(half)],
        [DOUBLED, [...order, ...order]],
        [TURNED, order.toReversed()],
      ];
      for (const [how, ...parts] of ways) {
        const found: string[] = [];
        for (const part of parts) found.push(...(await read(format, list.with(part), name)));
        if (JSON.stringify(unique(found)) !== JSON.stringify(whole)) told.push(`${list.name} ${how}`);
      }
    }
    expect(told).toEqual(RELATED[`${id}/${name}`]?.slice(1) ?? []);
  });
});

function samplePath(sample: string): string {
  return join(ROOM, sample.replace('/', '/samples/'));
}

/** XML says its encoding in its first line. */
function declared(text: string): string {
  return text.replace(/^(<\?xml[^>]*encoding=["'])[^"']+(["'])/, '$1UTF-16$2');
}

async function itemsOf(format: ReportFormat, bytes: Buffer, name: string): Promise<readonly ReportItem[]> {
  const items: ReportItem[] = [];
  try {
    for await (const input of openBytes(bytes, name))
      for await (const item of format.read(input, { root: null, account: null, region: null, cluster: null }))
        items.push(item);
  } catch (error) {
    // What came before it broke off counts, and is the same too.
    if (!(error instanceof InboxError)) throw error;
  }
  return items;
}

async function read(format: ReportFormat, bytes: Buffer, name: string): Promise<readonly string[]> {
  return observationsOf(await itemsOf(format, bytes, name));
}

/** What is said of entries and beside them, but for what was looked at: that is another thing where less is there. */
function observationsOf(items: readonly ReportItem[]): readonly string[] {
  return items
    .flatMap((item) => (item.kind === 'record' || item.kind === 'beside' ? item.observations : []))
    .filter(({ kind }) => kind !== 'coverage')
    .map((each) => JSON.stringify(each))
    .sort();
}

/** As formats see it: unpacked, in UTF-8. */
async function textOf(bytes: Buffer, name: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const input of openBytes(bytes, name))
    for await (const chunk of input.open()) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function placesOf(items: readonly ReportItem[]): readonly string[] {
  return items.flatMap((item) => (item.kind === 'record' || item.kind === 'reject' ? [item.at] : []));
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
