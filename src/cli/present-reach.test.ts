import { expect, test } from 'vitest';
import type { BlastRadius } from '#contract/attack-path.ts';
import { paintFor } from './paint.ts';
import { presentBlastRadius, presentWaysTo } from './present-reach.ts';

const PLAIN = paintFor({ isColourWanted: false });

const STEP = {
  from: 'web',
  to: 'role',
  gains: 'use',
  rule: 'workload-role',
  sentence: 'web has the credentials of \u001brole',
  gates: [],
  evidence: [],
  assumptions: [],
  technique: null,
  probability: 0.95,
  otherWays: 0,
};

const RADIUS: BlastRadius = {
  taken: ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => ({ id, name: id })),
  sentence: 'reads 1 store of sensitive data (personal data), of 1 team',
  targets: [
    {
      id: 'cards',
      name: 'cards',
      class: 'sensitive-data',
      tier: 1,
      likelihood: 0.9,
      steps: [STEP],
      dataClass: 'restricted',
      dataTypes: ['pii'],
      account: null,
      environment: 'production',
      team: 'shop',
      services: [],
    },
  ],
  controlled: 3,
  byDataType: [{ name: 'pii', targets: 1 }],
  byAccount: [
    { name: 'aws:123456789012', targets: 2 },
    { name: null, targets: 1 },
  ],
  byEnvironment: [],
  byService: [{ name: 'shop', targets: 1 }],
  byTeam: [],
  wouldAffect: [
    { framework: 'GDPR', items: ['Article 32', 'Article 33'], because: 'data within reach: personal data' },
  ],
  notes: ['1 way is left out.'],
};

test('what is within reach is told with its shares, its ways and what it would affect', () => {
  expect(presentBlastRadius(RADIUS, PLAIN)).toEqual([
    'Whoever has a, b, c, d, e or 1 more resource reads 1 store of sensitive data (personal data), of 1 team.',
    'by data: personal data (1)',
    'by account: 123456789012 (2), unknown (1)',
    'by service: shop (1)',
    'controls or reads 3 resources',
    '',
    'cards  about 90 %, owner shop',
    expect.stringMatching(/^1\. web has the credentials of .*role\.$/),
    '',
    'It would affect',
    '  GDPR Article 32, Article 33 (data within reach: personal data)',
    '1 way is left out.',
  ]);
  expect(presentBlastRadius({ ...RADIUS, taken: [], targets: [], wouldAffect: [] }, PLAIN)[0]).toMatch(
    /^Whoever has it /,
  );
});

test('ways to a resource begin with what is gained', () => {
  const way = {
    entry: 'internet',
    target: 'data',
    likelihood: 0.005,
    likelihoodAtMost: 0.05,
    steps: [STEP],
    through: 'aws:arn:aws:iam::123456789012:role/web',
    throughName: 'web',
    gains: 'read',
  };
  const resource = { id: 'data', name: 'data' };
  expect(
    presentWaysTo(
      { resource, ways: [way, { ...way, through: 'data', throughName: 'data' }], more: 1, notes: [] },
      PLAIN,
    ),
  ).toEqual([
    'read data through web, less than 1 %',
    expect.stringMatching(/^1\. /),
    '',
    'read data directly, less than 1 %',
    expect.stringMatching(/^1\. /),
    '',
    'and 1 more entry',
  ]);
  expect(presentWaysTo({ resource, ways: [], more: 0, notes: ['told'] }, PLAIN)).toEqual([
    'Nobody gets to data, as far as inventories and findings tell.',
    'told',
  ]);
});

test('no text of a report deceives a terminal', () => {
  const mark = '\u001b[31m\u202e\u0007';
  const shares = [{ name: `pii${mark}`, targets: 1 }];
  const [target] = RADIUS.targets;
  const lines = [
    ...presentBlastRadius(
      {
        ...RADIUS,
        taken: [{ id: 'a', name: `a${mark}` }],
        sentence: `reads${mark}`,
        targets: [{ ...target!, name: `cards${mark}`, team: `shop${mark}` }],
        byDataType: shares,
        byService: shares,
        wouldAffect: [{ framework: `GDPR${mark}`, items: [`Article 32${mark}`], because: `data${mark}` }],
        notes: [mark],
      },
      PLAIN,
    ),
    ...presentWaysTo(
      {
        resource: { id: 'data', name: `data${mark}` },
        ways: [
          {
            entry: 'internet',
            target: 'data',
            likelihood: 0.5,
            likelihoodAtMost: 0.5,
            steps: [STEP],
            through: 'web',
            throughName: `web${mark}`,
            gains: 'read',
          },
        ],
        more: 0,
        notes: [mark],
      },
      PLAIN,
    ),
    ...presentWaysTo({ resource: { id: 'data', name: mark }, ways: [], more: 0, notes: [mark] }, PLAIN),
  ];
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  expect(lines.filter((line) => /[\u0000-\u001f\u202a-\u202e]/.test(line))).toEqual([]);
});
