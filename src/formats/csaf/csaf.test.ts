import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { observationsOf } from '../../../test/support/read-report.ts';
import { csaf } from './csaf.ts';

/** The statements of a document of two products, the second of which is a package in the first. */
async function read(vulnerability: JsonObject, document: JsonObject = {}) {
  const text = JSON.stringify({
    document: {
      category: 'csaf_vex',
      csaf_version: '2.0',
      publisher: { name: 'Vendor' },
      tracking: {
        initial_release_date: '2026-10-01T00:00:00Z',
        current_release_date: '2026-10-02T00:00:00Z',
      },
      ...document,
    },
    vulnerabilities: [{ cve: 'CVE-2026-1', ...vulnerability }],
    product_tree: {
      branches: [
        {
          branches: [
            { product: { product_id: 'os', name: 'OS 9' } },
            {
              product: {
                product_id: 'ssl',
                name: 'OpenSSL',
                product_identification_helper: { purl: 'pkg:rpm/vendor/openssl' },
              },
            },
          ],
        },
      ],
      relationships: [
        {
          full_product_name: { product_id: 'os:ssl', name: 'OpenSSL in OS 9' },
          product_reference: 'ssl',
          relates_to_product_reference: 'os',
        },
      ],
    },
  });
  return observationsOf(csaf, text);
}

const AT = {
  author: 'Vendor',
  statedAt: Date.UTC(2026, 9, 2),
  advisory: { is: 'advisory', id: 'CVE-2026-1' },
};

test.each([
  ['known_affected', 'affected'],
  ['known_not_affected', 'not_affected'],
  ['fixed', 'fixed'],
  ['under_investigation', 'under_investigation'],
])('what stands under %s is %s, as of the document', async (list, status) => {
  expect(await read({ product_status: { [list]: ['ssl'] } })).toMatchObject([
    { kind: 'vex', product: 'pkg:rpm/vendor/openssl', status, ...AT },
  ]);
});

test('lists that say nothing of it are left out', async () => {
  expect(await read({ product_status: { recommended: ['ssl'], last_affected: ['ssl'] } })).toEqual([]);
});

test('each product has its own justification and reason, and a package is meant in what it is in', async () => {
  const said = await read({
    product_status: { known_not_affected: ['ssl', 'os:ssl', 'os'] },
    flags: [
      { label: 'component_not_present', product_ids: ['os'] },
      { label: 'vulnerable_code_not_in_execute_path', product_ids: ['os:ssl'] },
    ],
    threats: [
      { category: 'impact', details: 'Important', product_ids: ['ssl'] },
      { category: 'impact', details: 'Nobody calls it.', product_ids: ['os:ssl'] },
    ],
  });
  expect(said).toMatchObject([
    { product: 'pkg:rpm/vendor/openssl' },
    {
      product: 'pkg:rpm/vendor/openssl',
      within: 'OS 9',
      justification: 'vulnerable_code_not_in_execute_path',
      statement: 'Nobody calls it.',
    },
    { product: 'OS 9', justification: 'component_not_present' },
  ]);
  // A word alone is a severity and no reason, and the first product has no justification.
  expect(said[0]).toMatchObject({ justification: undefined, statement: undefined });
});
