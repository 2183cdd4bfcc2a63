import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { mapFinding } from './map-finding.ts';

const told = (more: JsonObject) => {
  const found = mapFinding(
    {
      category: 'A flaw leads to data',
      resourceName: '//compute.googleapis.com/projects/shop/zones/z/instances/web',
      findingClass: 'TOXIC_COMBINATION',
      description: 'A flaw leads to data.',
      ...more,
    },
    {},
  );
  const [finding] = Array.isArray(found) ? found : [];
  return [finding?.type, finding?.description];
};

test('a toxic combination has the score of its own, else the one of the exposure to attacks', () => {
  const attackExposure = { score: 4.2, exposedHighValueResourcesCount: 3 };
  expect(told({ attackExposure, toxicCombination: { attackExposureScore: 9.5 } })).toEqual([
    'attack_path',
    'A flaw leads to data. Attack exposure score 9.5. Exposed resources of high value: 3.',
  ]);
  expect(told({ attackExposure, findingClass: 'CHOKEPOINT' })).toEqual([
    'attack_path',
    'A flaw leads to data. Attack exposure score 4.2. Exposed resources of high value: 3.',
  ]);
  expect(told({})).toEqual(['attack_path', 'A flaw leads to data.']);
});
