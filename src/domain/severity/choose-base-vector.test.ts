import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  chooseBaseVector,
  type RatedPackage,
  type RatingClaim,
  type RatingProvider,
} from './choose-base-vector.ts';
import { SEVERITIES, type Severity } from './severity.ts';

const LIBRARY: RatedPackage = { kind: 'library' };
const DEBIAN: RatedPackage = { kind: 'os', distribution: 'debian' };

const CRITICAL_31 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const HIGH_31 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';
const LOW_40 = 'CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N';
const HIGH_20 = 'AV:N/AC:L/Au:N/C:P/I:P/A:P';

const claim = (
  provider: RatingProvider,
  vector: string | null,
  word: Severity | null = null,
): RatingClaim => ({
  provider,
  vector,
  word,
});

describe('whose vector counts', () => {
  const everyone: RatingProvider[] = [
    'scanner:trivy',
    'ghsa',
    'cna',
    'nvd',
    'distribution:debian',
    'person',
    'distribution:redhat',
  ];
  test.each<[string, RatedPackage, RatingProvider[]]>([
    [
      "an operating system's package",
      DEBIAN,
      ['person', 'distribution:debian', 'nvd', 'cna', 'ghsa', 'scanner:trivy', 'distribution:redhat'],
    ],
    ['a library', LIBRARY, ['person', 'nvd', 'cna', 'ghsa', 'scanner:trivy', 'distribution:debian']],
    [
      'a package of an unknown distribution',
      { kind: 'os', distribution: null },
      ['person', 'nvd', 'cna', 'ghsa', 'scanner:trivy', 'distribution:debian'],
    ],
  ])('of %s', (_, rated, order) => {
    let claims = everyone.map((provider) => claim(provider, HIGH_31));
    for (const expected of order) {
      expect(chooseBaseVector(claims, rated).vectorProvider).toBe(expected);
      claims = claims.filter(({ provider }) => provider !== expected);
    }
  });

  test('within one provider the newest version, then the highest score', () => {
    const claims = [claim('nvd', HIGH_20), claim('nvd', HIGH_31), claim('nvd', CRITICAL_31)];
    expect(chooseBaseVector(claims, LIBRARY).vector?.text).toBe(CRITICAL_31);
    expect(chooseBaseVector([...claims, claim('nvd', LOW_40)], LIBRARY).vector?.text).toBe(LOW_40);
  });

  test('within one version the highest score, however the vectors read', () => {
    const nearby = CRITICAL_31.replace('AV:N', 'AV:A');
    for (const claims of [
      [claim('nvd', nearby), claim('nvd', CRITICAL_31)],
      [claim('nvd', CRITICAL_31), claim('nvd', nearby)],
    ])
      expect(chooseBaseVector(claims, LIBRARY).vector?.text).toBe(CRITICAL_31);
  });

  test('of two that say the same, the first by name', () => {
    const both = [claim('scanner:trivy', HIGH_31, 'high'), claim('scanner:grype', HIGH_31, 'high')];
    for (const claims of [both, both.toReversed()])
      expect(chooseBaseVector(claims, LIBRARY)).toMatchObject({
        vectorProvider: 'scanner:grype',
        wordProvider: 'scanner:grype',
      });
  });

  test('of equal scores always the same one', () => {
    const other = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N';
    const claims = [claim('nvd', HIGH_31), claim('nvd', other)];
    expect(chooseBaseVector(claims, LIBRARY).vector?.text).toBe(other);
    expect(chooseBaseVector(claims.toReversed(), LIBRARY).vector?.text).toBe(other);
  });

  test('a higher score of a later provider changes nothing', () => {
    const claims = [claim('cna', LOW_40), claim('nvd', HIGH_31), claim('ghsa', CRITICAL_31)];
    expect(chooseBaseVector(claims, LIBRARY)).toMatchObject({
      vectorProvider: 'nvd',
      vector: { text: HIGH_31 },
    });
  });

  test('a vector that cannot be read counts as none', () => {
    const claims = [claim('person', 'CVSS:3.1/AV:N'), claim('ghsa', HIGH_31)];
    expect(chooseBaseVector(claims, LIBRARY).vectorProvider).toBe('ghsa');
  });
});

describe("the distribution's word", () => {
  test("caps another provider's vector", () => {
    const claims = [claim('distribution:debian', null, 'low'), claim('nvd', CRITICAL_31, 'critical')];
    expect(chooseBaseVector(claims, DEBIAN)).toMatchObject({
      vectorProvider: 'nvd',
      wordCap: 'low',
      wordCapProvider: 'distribution:debian',
    });
  });

  test.each<[string, RatingClaim[], RatedPackage]>([
    ['its own vector', [claim('distribution:debian', CRITICAL_31, 'low')], DEBIAN],
    ["a person's vector", [claim('person', CRITICAL_31), claim('distribution:debian', null, 'low')], DEBIAN],
    [
      'the vector of a library',
      [claim('nvd', CRITICAL_31), claim('distribution:debian', null, 'low')],
      LIBRARY,
    ],
    ['another distribution', [claim('nvd', CRITICAL_31), claim('distribution:ubuntu', null, 'low')], DEBIAN],
    ['a word of no meaning', [claim('nvd', CRITICAL_31), claim('distribution:debian', null, null)], DEBIAN],
  ])('does not cap %s', (_, claims, rated) => {
    const chosen = chooseBaseVector(claims, rated);
    expect([chosen.vector?.text, chosen.wordCap, chosen.wordCapProvider]).toEqual([CRITICAL_31, null, null]);
  });

  test('that several reports state differently counts at its highest', () => {
    const claims = [
      claim('nvd', CRITICAL_31),
      claim('distribution:debian', null, 'low'),
      claim('distribution:debian', null, 'medium'),
    ];
    expect(chooseBaseVector(claims, DEBIAN).wordCap).toBe('medium');
  });
});

describe('without any vector', () => {
  test('the word of the first in the same order', () => {
    const claims = [claim('scanner:grype', null, 'high'), claim('distribution:debian', null, 'low')];
    expect(chooseBaseVector(claims, DEBIAN)).toEqual({
      vector: null,
      vectorProvider: null,
      word: 'low',
      wordProvider: 'distribution:debian',
      wordCap: null,
      wordCapProvider: null,
    });
    expect(chooseBaseVector(claims, LIBRARY)).toMatchObject({ word: 'high', wordProvider: 'scanner:grype' });
  });

  test('and any word, nothing', () => {
    expect(chooseBaseVector([claim('nvd', null)], LIBRARY)).toMatchObject({
      vector: null,
      word: null,
      wordProvider: null,
    });
  });
});

test('the order of claims does not matter', () => {
  const anyClaim = fc.record({
    provider: fc.constantFrom<RatingProvider>(
      'person',
      'distribution:debian',
      'distribution:redhat',
      'nvd',
      'cna',
      'scanner:a',
      'scanner:b',
    ),
    vector: fc.option(
      fc.constantFrom(CRITICAL_31, HIGH_31, LOW_40, HIGH_20, 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N'),
    ),
    word: fc.option(fc.constantFrom(...SEVERITIES)),
  });
  const shuffled = fc
    .array(anyClaim, { maxLength: 8 })
    .chain((claims) =>
      fc.tuple(fc.constant(claims), fc.shuffledSubarray(claims, { minLength: claims.length })),
    );
  fc.assert(
    fc.property(shuffled, fc.constantFrom(DEBIAN, LIBRARY), ([claims, others], rated) => {
      expect(chooseBaseVector(others, rated)).toEqual(chooseBaseVector(claims, rated));
    }),
  );
});

test.each([
  ['CVSS:4.0', LOW_40, CRITICAL_31],
  ['CVSS:3.1', HIGH_31, CRITICAL_31.replace('3.1', '3.0')],
  ['CVSS:3.0', HIGH_31.replace('3.1', '3.0'), HIGH_20.replaceAll(':P', ':C')],
])('%s counts before older versions, whatever their score', (_, newer, older) => {
  for (const vectors of [
    [newer, older],
    [older, newer],
  ])
    expect(
      chooseBaseVector(
        vectors.map((vector) => claim('nvd', vector)),
        LIBRARY,
      ).vector?.text,
    ).toBe(newer);
});

test('each provider stands before all that come after it, however low and old its vector is', () => {
  const order = [
    'person',
    'distribution:debian',
    'nvd',
    'cna',
    'ghsa',
    'scanner:trivy',
    'distribution:other',
  ];
  const low = 'AV:L/AC:H/Au:M/C:N/I:N/A:P';
  const high = 'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N';
  for (const [place, provider] of order.entries())
    for (const behind of order.slice(place + 1)) {
      const claims = [
        { provider: behind, vector: high, word: 'critical' },
        { provider, vector: low, word: 'low' },
      ] as const;
      const chosen = chooseBaseVector(claims, { kind: 'os', distribution: 'debian' });
      expect([chosen.vectorProvider, chosen.wordProvider]).toEqual([provider, provider]);
    }
});
