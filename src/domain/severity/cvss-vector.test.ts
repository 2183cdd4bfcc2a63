import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CVSS_METRICS, type CvssVersion } from './cvss-metrics.ts';
import { parseCvssVector } from './cvss-vector.ts';

function rows(file: string): string[][] {
  const text = readFileSync(new URL(`samples/cvss/${file}`, import.meta.url), 'utf8');
  const [, ...lines] = text.trimEnd().split('\n');
  return lines.map((line) => line.split('\t'));
}

describe('scores of the recorded vectors', () => {
  test.each([
    ['cvss2.tsv', '2.0', 438],
    ['cvss3.0.tsv', '3.0', 1556],
    ['cvss3.0-environmental.tsv', '3.0', 18],
    ['cvss3.1.tsv', '3.1', 1556],
  ] as const)('%s: base and full score', (file, version, count) => {
    const wrong: unknown[] = [];
    const all = rows(file);
    for (const [text = '', base = '', temporal = '', environmental = ''] of all) {
      const vector = parseCvssVector(text);
      // The recording recomputes an environmental score also where no environmental metric is set;
      // in 3.1 its formula then differs from the base score's.
      const hasEnvironment = /\/(M[A-Z]+|[CIA]R|CDP|TD):/.test(text);
      const full = Number((hasEnvironment && environmental) || temporal || base);
      if (vector?.version !== version || vector.baseScore !== Number(base) || vector.fullScore !== full) {
        wrong.push({ text, base, full, got: vector });
      }
    }
    expect(wrong).toEqual([]);
    expect(all).toHaveLength(count);
  });

  test.each([
    ['cvss4.0.tsv', 636],
    ['cvss4.0-supplemental.tsv', 346],
    ['cvss4.0-security-requirements.tsv', 33],
  ])('%s: full score', (file, count) => {
    const wrong: unknown[] = [];
    const all = rows(file);
    for (const [text = '', score = ''] of all) {
      const vector = parseCvssVector(text);
      if (vector?.version !== '4.0' || vector.fullScore !== Number(score))
        wrong.push({ text, score, got: vector });
    }
    expect(wrong).toEqual([]);
    expect(all).toHaveLength(count);
  });
});

describe('spellings', () => {
  test.each([
    ['AV:N/AC:L/Au:N/C:P/I:P/A:P', '2.0', 7.5],
    ['(AV:N/AC:L/Au:N/C:P/I:P/A:P)', '2.0', 7.5],
    ['CVSS:2.0/AV:N/AC:L/Au:N/C:P/I:P/A:P', '2.0', 7.5],
    ['CVSS2#AV:N/AC:L/Au:N/C:P/I:P/A:P', '2.0', 7.5],
    [' CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H ', '3.0', 9.8],
    ['CVSS:3.1/S:U/C:H/I:H/A:H/AV:N/AC:L/PR:N/UI:N', '3.1', 9.8],
    ['AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', '3.1', 9.8],
    ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 9.3],
    ['AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', '4.0', 9.3],
  ] as const)('%s', (text, version, base) => {
    expect(parseCvssVector(text)).toMatchObject({ version, baseScore: base });
  });

  test.each([
    ['nothing', ''],
    ['no vector', 'high'],
    ['a base metric missing', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H'],
    ['an unknown metric', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/ZZ:H'],
    ['an unknown value', 'CVSS:3.1/AV:N/AC:M/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['a base metric that is not defined', 'CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['a metric twice', 'CVSS:3.1/AV:N/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['a metric of another version', 'CVSS:3.1/AV:N/AC:L/Au:N/C:P/I:P/A:P'],
    ['an unknown version', 'CVSS:5.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['a prototype key', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/__proto__:X'],
    ['two values', 'CVSS:3.1/AV:N:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'],
    ['an empty part', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/'],
    ['a vector in a sea of spaces', `${' '.repeat(600)}AV:N/AC:L/Au:N/C:P/I:P/A:P`],
    ['more text than any vector has', `CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H${'/E:X'.repeat(200)}`],
  ])('null for %s', (_, text) => {
    expect(parseCvssVector(text)).toBeNull();
  });

  test('null for an absent text', () => {
    expect([parseCvssVector(null), parseCvssVector(undefined)]).toEqual([null, null]);
  });
});

test('the base score leaves out a threat metric, the full score counts it', () => {
  const vector = parseCvssVector('CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/E:U');
  expect(vector).toMatchObject({ baseScore: 9.3, fullScore: 8.1 });
});

test('whatever the text, it throws nothing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
      expect(parseCvssVector(text)).toBeNull();
    }),
  );
});

function anyVector(version: CvssVersion): fc.Arbitrary<string> {
  const { base, optional } = CVSS_METRICS[version];
  const required = [...base].map(([name, values]) =>
    fc.constantFrom(...values).map((value) => `${name}:${value}`),
  );
  const maybe = [...optional].map(([name, values]) =>
    fc.option(
      fc.constantFrom(...values).map((value) => `${name}:${value}`),
      { nil: '', freq: 2 },
    ),
  );
  return fc
    .tuple(...required, ...maybe)
    .map((parts) => `CVSS:${version}/${parts.filter((part) => part !== '').join('/')}`);
}

test.each(['2.0', '3.0', '3.1', '4.0'] as const)(
  'every vector of %s that can be written is scored',
  (version) => {
    fc.assert(
      fc.property(anyVector(version), (text) => {
        const vector = parseCvssVector(text);
        expect(vector).not.toBeNull();
        if (vector === null) return;
        for (const score of [vector.baseScore, vector.fullScore]) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).not.toBe(-0);
          expect(score).toBeLessThanOrEqual(10);
          expect(Number(score.toFixed(1))).toBe(score);
        }
        expect(parseCvssVector(vector.text)).toEqual(vector);
      }),
      { numRuns: 300 },
    );
  },
);
