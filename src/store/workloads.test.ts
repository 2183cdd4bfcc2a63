import { describe, expect, test } from 'vitest';
import type { ScopeContext } from '#domain/finding/finding-state.ts';
import { type RunningWorkload, runningOf } from './workloads.ts';

const SHOP = 'registry.example.com/shop:1.0';
const DIGEST = `sha256:${'a'.repeat(64)}`;
const OTHER = `sha256:${'b'.repeat(64)}`;
const BY_TAG = `Assumed join: image tag ${SHOP}, no digest.`;

const workload = (more: Partial<RunningWorkload>): RunningWorkload => ({
  key: 'web',
  digests: new Set(),
  imageIds: new Set(),
  references: new Set([SHOP]),
  ...more,
});

const scan = (image: Partial<NonNullable<ScopeContext['image']>>): ScopeContext => ({
  environment: null,
  services: [],
  team: null,
  image: { digest: null, imageId: null, reference: SHOP, ...image },
});

describe('a workload runs what was scanned', () => {
  test.each<[string, Partial<RunningWorkload>, Parameters<typeof scan>[0], string | null | undefined]>([
    ['by its digest', { digests: new Set([DIGEST]) }, { digest: DIGEST }, null],
    ['by its image id', { imageIds: new Set([DIGEST]) }, { imageId: DIGEST }, null],
    ['by its tag where it has no digest', {}, { digest: DIGEST }, BY_TAG],
    ['by its tag where the scan has no digest', { digests: new Set([DIGEST]) }, {}, BY_TAG],
    [
      'by its tag where one has a digest and the other an image id',
      { digests: new Set([DIGEST]) },
      { imageId: OTHER },
      BY_TAG,
    ],
    ['not by its tag where digests differ', { digests: new Set([OTHER]) }, { digest: DIGEST }, undefined],
    ['not by another tag', {}, { reference: 'registry.example.com/shop:2.0' }, undefined],
    ['not without a tag', {}, { reference: null }, undefined],
  ])('%s', (_how, running, image, assumed) => {
    expect(runningOf([workload(running)], [scan(image)])).toEqual(
      assumed === undefined ? [] : [{ key: 'web', assumed }],
    );
  });

  test('by the surest of its scans, in whatever order they are told', () => {
    const sure = scan({ digest: DIGEST });
    const assumed = scan({ imageId: OTHER });
    const web = workload({ digests: new Set([DIGEST]) });
    expect(runningOf([web], [sure, assumed])).toEqual([{ key: 'web', assumed: null }]);
    expect(runningOf([web], [assumed, sure])).toEqual([{ key: 'web', assumed: null }]);
  });
});
