import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { itemsOf } from '../../../test/support/read-report.ts';
import { openvex } from './openvex.ts';

/** The statements of a document, and what cannot be read of it. */
async function read(statements: readonly JsonObject[], document: JsonObject = {}) {
  const text = { '@context': 'https://openvex.dev/ns/v0.2.0', ...document, statements };
  return (await itemsOf(openvex, text)).flatMap((item): readonly object[] => {
    if (item.kind === 'record') return item.observations;
    return item.kind === 'reject' ? [{ message: item.message }] : [];
  });
}

const NOT: JsonObject = {
  vulnerability: { name: 'CVE-2026-1' },
  products: [{ '@id': 'pkg:npm/lodash@4.17.20' }],
  status: 'not_affected',
  justification: 'component_not_present',
};
const DAY = Date.UTC(2026, 9, 1);

test.each<[string, JsonObject, JsonObject, number | undefined]>([
  ['its own time', { timestamp: '2026-10-01T00:00:00Z' }, { timestamp: '2026-11-01T00:00:00Z' }, DAY],
  ['that of its document where it has none', {}, { timestamp: '2026-10-01T00:00:00Z' }, DAY],
  ['none where neither has one', {}, {}, undefined],
])('a statement has %s', async (_, own, document, statedAt) => {
  const [said] = await read([{ ...NOT, ...own }], document);
  expect(said).toMatchObject({ kind: 'vex', status: 'not_affected', justification: 'component_not_present' });
  expect(said).toHaveProperty('statedAt', statedAt);
});

test.each<[string, JsonObject, readonly object[]]>([
  ['of each status', { status: 'affected' }, [{ status: 'affected' }]],
  ['that something is fixed', { status: 'fixed' }, [{ status: 'fixed' }]],
  ['that is withdrawn', { status: 'under_investigation' }, [{ status: 'under_investigation' }]],
  ['with a word that is none', { status: 'maybe' }, [{ message: expect.stringContaining('not_affected') }]],
  [
    'by other names',
    { vulnerability: { name: 'GHSA-1', aliases: ['CVE-2026-1'] } },
    [{ advisory: { is: 'advisory', id: 'GHSA-1', aliases: ['CVE-2026-1'] } }],
  ],
  [
    'of parts of a product',
    {
      products: [{ '@id': 'pkg:oci/shop', subcomponents: [{ '@id': 'pkg:npm/a' }, { '@id': 'pkg:npm/b' }] }],
    },
    [
      { product: 'pkg:npm/a', within: 'pkg:oci/shop' },
      { product: 'pkg:npm/b', within: 'pkg:oci/shop' },
    ],
  ],
  [
    'of a product that is named otherwise',
    { products: [{ identifiers: { purl: 'pkg:npm/c' } }] },
    [{ product: 'pkg:npm/c' }],
  ],
  ['of no product', { products: [] }, []],
])('a statement %s', async (_, more, said) => {
  expect(await read([{ ...NOT, ...more }])).toMatchObject(said);
});
