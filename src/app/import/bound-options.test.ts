import { describe, expect, test } from 'vitest';
import type { Actor } from '../context.ts';
import { boundOptions, checkBoundScope } from './bound-options.ts';
import type { ImportOptions } from './import-options.ts';

const PIPELINE: Actor = {
  name: 'ann',
  role: 'ingest',
  upload: { source: 'nightly', scope: { cluster: 'shop' } },
};
const OPTIONS: ImportOptions = {
  format: null,
  source: null,
  scope: {},
  complete: true,
  confirm: false,
  separate: false,
  root: null,
  account: null,
  region: null,
  environment: null,
  services: [],
  team: null,
};

test('whoever is bound to nothing says what they like', () => {
  const options = { ...OPTIONS, source: 'other', confirm: true };
  expect(boundOptions({ name: 'ann', role: 'triage' }, options)).toBe(options);
});

test('a pipeline need not repeat its source and scope', () => {
  const bound = { ...OPTIONS, source: 'nightly', scope: { namespace: 'web', cluster: 'shop' } };
  expect(boundOptions(PIPELINE, { ...OPTIONS, scope: { namespace: 'web' } })).toEqual(bound);
  expect(boundOptions(PIPELINE, bound)).toEqual(bound);
});

describe('refused are', () => {
  test.each([
    ['another source', { source: 'weekly' }],
    ['another scope', { scope: { cluster: 'other' } }],
    ['the confirmation of held closings', { confirm: true }],
  ])('%s', (_name, change) => {
    expect(() => boundOptions(PIPELINE, { ...OPTIONS, ...change })).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
  });

  test('a report that names another scope itself', () => {
    expect(() => checkBoundScope(PIPELINE, { cluster: 'other' })).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
    expect(() => checkBoundScope(PIPELINE, { cluster: 'shop', image: 'a' })).not.toThrow();
  });
});
