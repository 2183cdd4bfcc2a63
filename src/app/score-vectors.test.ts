import { expect, test } from 'vitest';
import { scoreVectors } from './score-vectors.ts';

const UNKNOWN = {
  public: 'unknown',
  production: 'unknown',
  exploit: 'unknown',
  epss: null,
  publishedDaysAgo: null,
} as const;
const WORST = 'AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

test('each vector is scored in its order, as given and as it counts', () => {
  const scored = scoreVectors({
    vectors: [` CVSS:3.0/${WORST} `, 'AV:L/AC:L/Au:N/C:N/I:N/A:N'],
    context: { ...UNKNOWN, exploit: 'none', production: 'no' },
  });
  expect(scored.map(({ factors: _factors, ...rest }) => rest)).toEqual([
    {
      vector: `CVSS:3.0/${WORST}`,
      version: '3.0',
      base: 9.8,
      adjustedVector: `CVSS:3.1/${WORST}/E:U/RL:X/RC:X/CR:L/IR:L/AR:L/MAV:X/MAC:X/MPR:X/MUI:X/MS:X/MC:X/MI:X/MA:X`,
      adjusted: 7.3,
      severity: 'high',
    },
    {
      vector: 'AV:L/AC:L/Au:N/C:N/I:N/A:N',
      version: '2.0',
      base: 0,
      adjustedVector: 'AV:L/AC:L/Au:N/C:N/I:N/A:N/E:U/CR:L/IR:L/AR:L',
      adjusted: 0,
      severity: 'info',
    },
  ]);
});

test('what is unknown lowers nothing, and every step says so', () => {
  const [scored] = scoreVectors({ vectors: [`CVSS:3.1/${WORST}`], context: UNKNOWN });
  expect(scored).toMatchObject({ base: 9.8, adjusted: 9.8, severity: 'critical' });
  expect(scored?.factors.map(({ key, effect }) => [key, effect])).toEqual([
    ['exploit', 'unknown'],
    ['production', 'unknown'],
    ['epss', 'unknown'],
    ['public', 'unknown'],
  ]);
});

test.each(['', 'critical', 'CVSS:3.1/AV:N', `CVSS:9.9/${WORST}`, `${WORST}/__proto__:X`])(
  '%j is no vector',
  (text) => {
    expect(() => scoreVectors({ vectors: [`CVSS:3.1/${WORST}`, text], context: UNKNOWN })).toThrow(
      expect.objectContaining({ code: 'usage' }),
    );
  },
);
