import { expect, test } from 'vitest';
import { tagLine } from './image-line.ts';

test.each([
  ['v1.2.3', '#'],
  ['1.2.4', '#'],
  ['2024-11-20', '#'],
  ['3f2a1bc', '#'],
  ['1.25-alpine3.18', '#-alpine#'],
  ['pr-7', 'pr-#'],
  ['PR-8', 'pr-#'],
  ['latest', 'latest'],
  ['main-3f2a1bc9d0', 'main-#'],
  ['feature-x-20241120.3', 'feature-x-#'],
  ['decade', 'decade'],
  ['deadbee', 'deadbee'],
  ['1.2.3-rc.1', '#-rc#'],
  ['', ''],
])('the line of %s is %s', (tag, line) => {
  expect(tagLine(tag)).toBe(line);
});
