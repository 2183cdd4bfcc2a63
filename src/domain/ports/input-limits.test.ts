import { expect, test } from 'vitest';
import { INPUT_LIMITS, readLimits, USUAL_LIMITS } from './input-limits.ts';

test('what nobody speaks of is as usual', () => {
  expect(readLimits('')).toEqual(USUAL_LIMITS);
  expect(readLimits(' findings-of-a-report = 5 , unpacked-mb=100')).toEqual({
    ...USUAL_LIMITS,
    'findings-of-a-report': 5,
    'unpacked-mb': 100,
  });
});

test.each(Object.entries(INPUT_LIMITS))(
  '%s is within its own range, and moves from end to end',
  (name, limit) => {
    expect(limit.usual).toBeGreaterThanOrEqual(limit.least);
    expect(limit.usual).toBeLessThanOrEqual(limit.most);
    expect(readLimits(`${name}=${limit.least}`)).toEqual({ ...USUAL_LIMITS, [name]: limit.least });
    expect(readLimits(`${name}=${limit.most}`)).toEqual({ ...USUAL_LIMITS, [name]: limit.most });
    expect(() => readLimits(`${name}=${limit.most + 1}`)).toThrow(
      `${name} goes from ${limit.least} to ${limit.most}`,
    );
  },
);

test.each([
  'findings=5',
  'constructor=5',
  'findings-of-a-report',
  'findings-of-a-report=',
  'findings-of-a-report=-1',
  'findings-of-a-report=1e3',
  'findings-of-a-report=1.5',
  'findings-of-a-report=5;unpacked-mb=3',
])('%s is refused with the names that there are', (setting) => {
  expect(() => readLimits(setting)).toThrow(
    expect.objectContaining({ code: 'usage', message: expect.stringContaining('upload-mb, page-upload-mb') }),
  );
});
