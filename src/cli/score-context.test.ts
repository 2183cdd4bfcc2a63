import { expect, test } from 'vitest';
import { parseScoreContext } from './score-context.ts';

const NOW = Date.UTC(2026, 9, 11, 12);
const UNKNOWN = {
  public: 'unknown',
  production: 'unknown',
  exploit: 'unknown',
  epss: null,
  publishedDaysAgo: null,
};

test.each([
  [[], {}],
  [[''], {}],
  [['public=yes'], { public: 'yes' }],
  [
    ['public=no,production=no,exploit=poc,epss=0.02,published=2026-10-01'],
    { public: 'no', production: 'no', exploit: 'poc', epss: 0.02, publishedDaysAgo: 10 },
  ],
  [['public=yes', 'production=yes'], { public: 'yes', production: 'yes' }],
  [['exploit=weaponised , epss=1'], { exploit: 'weaponised', epss: 1 }],
  [['exploit=none,epss=0'], { exploit: 'none', epss: 0 }],
  [['epss=6e-05'], { epss: 0.00006 }],
  [['epss=.5'], { epss: 0.5 }],
  [['public=unknown,production=unknown,exploit=unknown,epss=unknown,published=unknown'], {}],
  [['published=1999-12-31'], { publishedDaysAgo: 9781 }],
  [['published=2026-10-12'], { publishedDaysAgo: -1 }],
])('%j', (texts, expected) => {
  expect(parseScoreContext(texts, NOW)).toEqual({ ...UNKNOWN, ...expected });
});

test.each([
  ['public', '--context takes pairs such as public=yes; "public" is none.'],
  ['public=true', '--context public is one of yes, no, unknown; "true" is none of them.'],
  ['production=', '--context production is one of yes, no, unknown; "" is none of them.'],
  ['exploit=maybe', '--context exploit is one of weaponised, poc, none, unknown; "maybe" is none of them.'],
  ['epss=2', '--context epss is a probability from 0 to 1 or unknown; "2" is neither.'],
  ['epss=2%', '--context epss is a probability from 0 to 1 or unknown; "2%" is neither.'],
  ['epss=', '--context epss is a probability from 0 to 1 or unknown; "" is neither.'],
  ['epss=NaN', '--context epss is a probability from 0 to 1 or unknown; "NaN" is neither.'],
  [
    'published=yesterday',
    '--context published is a date such as 2026-10-01 or unknown; "yesterday" is neither.',
  ],
  [
    'published=2026-02-30',
    '--context published is a date such as 2026-10-01 or unknown; "2026-02-30" is neither.',
  ],
  ['public=yes,public=no', '"public" stands twice in --context.'],
  ['__proto__=yes', '--context knows no "__proto__": expected public, production, exploit, epss, published.'],
])('%s is refused', (text, message) => {
  expect(() => parseScoreContext([text], NOW)).toThrow(expect.objectContaining({ code: 'usage', message }));
});
