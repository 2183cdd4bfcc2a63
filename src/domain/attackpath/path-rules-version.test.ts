import { expect, test } from 'vitest';
import { digestOfText } from '#base/digest.ts';
import SHAPES from './data/shapes.json' with { type: 'json' };
import RULES from './data/step-rules.json' with { type: 'json' };
import { PATH_RULES_VERSION } from './path-rules-version.ts';

test('the version changes with the rules and the shapes: give it a new number, and then this line', () => {
  expect([PATH_RULES_VERSION, digestOfText(JSON.stringify([RULES, SHAPES])).slice(0, 8)]).toEqual([
    '2026.11.1',
    'cf1e5e61',
  ]);
});
