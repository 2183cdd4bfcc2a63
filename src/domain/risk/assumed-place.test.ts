import { expect, test } from 'vitest';
import { assumedPlace } from './assumed-place.ts';
import { type ResourceContext, unknownResource } from './deployment.ts';

const YES = {
  state: 'yes' as const,
  evidence: [{ sentence: 'The label env is production.', provenance: 'kubernetes', at: 1 }],
  missing: [],
};
const NO = { state: 'no' as const, evidence: [], missing: [] };
const PLACE: ResourceContext = {
  ...unknownResource('k8s:one/apps/Deployment/shop/web', 'kubernetes', 'Deployment shop/web'),
  production: YES,
  publiclyAccessible: NO,
  privilegedAccess: YES,
};
const SENTENCE = 'Assumed join: image tag registry.example.com/shop:1.0, no digest.';

test('what is certain of an assumed place says what was assumed, and what is unknown stays as it was', () => {
  const { production, publiclyAccessible, privilegedAccess, underAttack } = assumedPlace(PLACE, SENTENCE);
  const assumed = { sentence: SENTENCE, provenance: 'inventory', at: null };
  expect([production, publiclyAccessible, privilegedAccess, underAttack]).toEqual([
    { ...YES, evidence: [...YES.evidence, assumed] },
    { ...NO, evidence: [assumed] },
    { ...YES, evidence: [...YES.evidence, assumed] },
    PLACE.underAttack,
  ]);
});

test('a place that a digest tells is as it was', () => {
  expect(assumedPlace(PLACE, null)).toBe(PLACE);
});
