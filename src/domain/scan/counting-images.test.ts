import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import { countImages, type ScannedImage } from './counting-images.ts';

const image = (
  scopeId: string,
  first: number,
  last = first,
  more: Partial<ScannedImage> = {},
): ScannedImage => ({
  scopeId,
  line: 'main',
  firstReportAt: first * DAY_MS,
  lastReportAt: last * DAY_MS,
  runs: null,
  ...more,
});
const counting = (...images: ScannedImage[]) =>
  [...countImages(images)].flatMap(([scopeId, verdict]) => (verdict.is === 'counting' ? scopeId : [])).sort();

test('a newer image of a line replaces the older one at once', () => {
  expect(counting(image('a', 1), image('b', 2))).toEqual(['b']);
});

test('an older image that is scanned again after the newer one counts beside it', () => {
  expect(counting(image('a', 1, 3), image('b', 2))).toEqual(['a', 'b']);
});

test('an older image that was scanned at the very time of the newer one does not', () => {
  expect(counting(image('a', 1, 2), image('b', 2))).toEqual(['b']);
});

test('two that came first at one time both count, and one of them takes the place of older ones', () => {
  const images = [image('a', 1), image('c', 2), image('b', 2)];
  for (const listed of [images, images.toReversed()]) {
    expect(counting(...listed)).toEqual(['b', 'c']);
    expect(countImages(listed).get('a')).toEqual({ is: 'replaced', by: 'b' });
  }
});

test('after a rollback the bad image goes once it was not scanned for 14 days while the old one was', () => {
  expect(counting(image('a', 1, 16), image('b', 2))).toEqual(['a', 'b']);
  expect(counting(image('a', 1, 17), image('b', 2))).toEqual(['a']);
});

test('lines count side by side until one was not scanned for 30 days', () => {
  expect(counting(image('a', 1), image('b', 2, 31, { line: 'arm64' }))).toEqual(['a', 'b']);
  expect(counting(image('a', 1), image('b', 2, 32, { line: 'arm64' }))).toEqual(['b']);
});

test('where the inventory tells which images run, it decides', () => {
  expect(counting(image('a', 1, 1, { runs: true }), image('b', 2, 2, { runs: false }))).toEqual(['a']);
  expect(counting(image('a', 1, 1, { runs: false }), image('b', 2, 2, { runs: false }))).toEqual(['b']);
});

test('an image that does not count says why', () => {
  expect(countImages([image('a', 1), image('b', 2)]).get('a')).toEqual({ is: 'replaced', by: 'b' });
  expect(countImages([image('a', 1, 17), image('b', 2)]).get('b')).toEqual({ is: 'no longer scanned' });
  expect(countImages([image('a', 1), image('b', 2, 32, { line: 'arm64' })]).get('a')).toEqual({
    is: 'no longer scanned',
  });
  expect(countImages([image('a', 1, 1, { runs: true }), image('b', 2, 2, { runs: false })]).get('b')).toEqual(
    { is: 'not running' },
  );
});

test('the order in which images are listed makes no difference, and something always counts', () => {
  const images = fc.array(
    fc.record({ first: fc.nat(60), more: fc.nat(40), line: fc.constantFrom('x', 'y') }),
    { minLength: 1, maxLength: 12 },
  );
  fc.assert(
    fc.property(images, fc.infiniteStream(fc.nat()), (drafts, random) => {
      const scanned = drafts.map((draft, index) =>
        image(String(index), draft.first, draft.first + draft.more, { line: draft.line }),
      );
      const shuffled = scanned
        .map((each) => ({ each, weight: random.next().value as number }))
        .sort((a, b) => a.weight - b.weight)
        .map(({ each }) => each);
      expect(counting(...shuffled)).toEqual(counting(...scanned));
      expect(counting(...scanned).length).toBeGreaterThan(0);
    }),
  );
});
