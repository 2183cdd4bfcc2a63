import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SEVERITIES } from '../severity/severity.ts';
import { type OpenSighting, type ScopeContext, summariseFinding } from './finding-state.ts';
import type { SightingContent } from './sighting.ts';

const SCOPE: ScopeContext = { environment: null, services: [], team: null, image: null };
const CONTENT: SightingContent = {
  title: 't',
  severity: 'high',
  description: null,
  fix: null,
  fixable: null,
  vectors: [],
  references: [],
  locations: [],
  distribution: null,
  publishedAt: null,
  exploit: null,
  implies: [],
  suppressed: null,
  secretState: null,
  about: 'security',
  bulletins: [],
};
const sighting = (
  source: string,
  seenAt: number,
  content: Partial<SightingContent> = {},
  scope: Partial<ScopeContext> = {},
): OpenSighting => ({ source, seenAt, scope: { ...SCOPE, ...scope }, content: { ...CONTENT, ...content } });

describe('what a finding says', () => {
  test('title, severity and fix are those of the newest sighting', () => {
    const summary = summariseFinding([
      sighting('a', 1, { title: 'old', severity: 'critical', fix: '1' }),
      sighting('b', 2, { title: 'new', severity: 'low', fix: '2' }),
    ]);
    expect(summary).toMatchObject({ title: 'new', severity: 'low', fix: '2', sources: ['a', 'b'] });
  });

  test('of equally new ones the worse, then the first source', () => {
    expect(
      summariseFinding([
        sighting('a', 1, { title: 'a', severity: null }),
        sighting('b', 1, { title: 'b', severity: 'info' }),
      ]).title,
    ).toBe('b');
    expect(summariseFinding([sighting('b', 1, { title: 'b' }), sighting('a', 1, { title: 'a' })]).title).toBe(
      'a',
    );
  });

  test('what any of them knows is known: ratings, exploits, risks, deployments, the earliest publication', () => {
    const summary = summariseFinding([
      sighting(
        'a',
        1,
        {
          publishedAt: 5,
          exploit: { kind: 'known_exploited', sentence: 's' },
          vectors: [{ provider: 'nvd', vector: 'v', word: null }],
          about: 'security',
        },
        { environment: 'production' },
      ),
      sighting(
        'b',
        2,
        {
          publishedAt: 9,
          implies: [{ risk: 'publicly_accessible', state: 'yes', sentence: 'p' }],
          about: 'other',
        },
        { services: ['shop'] },
      ),
    ]);
    expect(summary).toMatchObject({
      publishedAt: 5,
      about: 'security',
      exploits: [{ source: 'a', kind: 'known_exploited' }],
      implies: [{ source: 'b' }],
      vectors: [{ provider: 'nvd' }],
    });
    expect(summary.scopes).toHaveLength(2);
  });

  test('a secret that one tool saw work is active, whatever others could not try', () => {
    const states = (...all: SightingContent['secretState'][]) =>
      summariseFinding(all.map((secretState, index) => sighting(`s${index}`, index, { secretState })))
        .secretState;
    expect(states('inactive', 'active', 'unknown')).toBe('active');
    expect(states('unknown', 'inactive')).toBe('inactive');
    expect(states(null, 'unknown')).toBe('unknown');
    expect(states(null)).toBeNull();
  });

  test('it is the same in whatever order its sightings are listed', () => {
    const any = fc.record({
      source: fc.constantFrom('a', 'b'),
      seenAt: fc.nat(2),
      title: fc.constantFrom('x', 'y'),
      severity: fc.option(fc.constantFrom(...SEVERITIES)),
      environment: fc.constantFrom(null, 'production', 'staging'),
      publishedAt: fc.option(fc.nat(3)),
    });
    // One source shows a finding once in one scope.
    const sightings = fc.uniqueArray(any, {
      minLength: 1,
      maxLength: 5,
      selector: ({ source, environment }) => `${source} ${environment}`,
    });
    const shuffles = sightings.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    const summary = (all: readonly (typeof any extends fc.Arbitrary<infer T> ? T : never)[]) =>
      summariseFinding(
        all.map(({ source, seenAt, title, severity, environment, publishedAt }) =>
          sighting(source, seenAt, { title, severity, publishedAt }, { environment }),
        ),
      );
    fc.assert(
      fc.property(shuffles, ([listed, shuffled]) => {
        expect(summary(shuffled)).toEqual(summary(listed));
      }),
    );
  });
});
