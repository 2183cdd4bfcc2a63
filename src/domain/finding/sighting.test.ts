import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SEVERITIES } from '../severity/severity.ts';
import type { FindingObservation } from './observation.ts';
import {
  contentAsObserved,
  contentHash,
  contentText,
  mergeSightings,
  type SightingContent,
  sightingContent,
} from './sighting.ts';

const OBSERVED: FindingObservation = {
  kind: 'finding',
  type: 'library_vulnerability',
  subject: { is: 'advisory', id: 'CVE-2026-1234' },
  resource: { kind: 'image', reference: 'shop' },
  place: { is: 'package', purlType: 'npm', name: 'cart' },
  state: { is: 'open' },
  title: 'A flaw',
  severity: 'high',
};
const content = (more: Partial<FindingObservation> = {}): SightingContent =>
  sightingContent({ ...OBSERVED, ...more });

describe('the content of a sighting', () => {
  test('is clean and bounded', () => {
    const made = content({
      title: 'a\u0000\u202e\nflaw'.padEnd(2_000, 'x'),
      description: 'd'.repeat(70_000),
      fix: 'f'.repeat(70_000),
      references: Array.from({ length: 9 }, () => 'r'.repeat(2_000)),
      locations: Array.from({ length: 1_001 }, (_, line) => ({ line, path: 'p'.repeat(5_000), tag: '' })),
      subject: { is: 'advisory', id: 'CVE-2026-1234', bulletins: Array(30).fill('b'.repeat(1_000)) },
      state: { is: 'suppressed', reason: 's'.repeat(10_000) },
    });
    expect(made.title).toMatch(/^a flawx+…$/);
    expect(Buffer.byteLength(made.title)).toBe(1_024);
    expect(Buffer.byteLength(made.description ?? '')).toBe(65_536);
    expect(Buffer.byteLength(made.fix ?? '')).toBe(65_536);
    expect(made.suppressed).toHaveLength(500);
    expect(made.references.map((each) => each.length)).toEqual(Array(5).fill(500));
    expect(made.bulletins.map((each) => each.length)).toEqual(Array(20).fill(100));
    expect(made.locations).toHaveLength(1_000);
    expect(made.locations[0]).toEqual({ line: 0, path: expect.stringMatching(/^p{499}…$/) });
  });

  test('has lines that are whole numbers, or none', () => {
    const locations = [{ line: 1.5 }, { line: 2 ** 53 }, { line: Number.NaN }, { line: 443 }];
    expect(content({ locations }).locations).toEqual([{}, {}, {}, { line: 443 }]);
  });

  test('says that it is suppressed with the reason', () => {
    expect(content({ state: { is: 'suppressed', reason: ' accepted\nrisk ' } }).suppressed).toBe(
      'accepted risk',
    );
    expect(content().suppressed).toBeNull();
  });

  test('is text that PostgreSQL stores', () => {
    const text = contentText(
      content({ vectors: [{ provider: 'nvd', vector: 'CVSS\u0000\ud800', word: null }] }),
    );
    expect(JSON.parse(text)).toMatchObject({ vectors: [{ vector: 'CVSS\ufffd\ufffd' }] });
  });
});

describe('several entries of one scan about one finding', () => {
  test('are the worst severity with its texts, and the locations of all', () => {
    const merged = mergeSightings([
      content({ severity: 'low', title: 'b', locations: [{ path: 'b' }], fix: '2' }),
      content({ severity: 'critical', title: 'c', locations: [{ path: 'c' }] }),
      content({ severity: null, title: 'a', locations: [{ path: 'b' }] }),
    ]);
    expect(merged).toMatchObject({
      severity: 'critical',
      title: 'c',
      fix: '2',
      locations: [{ path: 'b' }, { path: 'c' }],
    });
  });

  test('are without a fix where one is, and suppressed only where all are', () => {
    expect(mergeSightings([content({ fixable: true }), content({ fixable: false })]).fixable).toBe(false);
    expect(mergeSightings([content({ fixable: true }), content({ severity: 'critical' })]).fixable).toBe(
      true,
    );
    const suppressed = content({ state: { is: 'suppressed', reason: 'r' } });
    expect(mergeSightings([suppressed, content()]).suppressed).toBeNull();
    expect(mergeSightings([suppressed, suppressed]).suppressed).toBe('r');
  });

  test('have a thousand locations at most', () => {
    const part = (from: number) =>
      content({ locations: Array.from({ length: 600 }, (_, index) => ({ line: from + index })) });
    expect(mergeSightings([part(0), part(600)]).locations).toHaveLength(1_000);
  });

  test('are the same in whatever order and number they come', () => {
    const entry = fc
      .record({
        title: fc.constantFrom('a', 'b'),
        severity: fc.option(fc.constantFrom(...SEVERITIES)),
        fix: fc.option(fc.constantFrom('1', '2'), { nil: undefined }),
        fixable: fc.option(fc.boolean(), { nil: undefined }),
        locations: fc.array(fc.record({ line: fc.nat(3) }), { maxLength: 3 }),
        state: fc.constantFrom(
          { is: 'open' } as const,
          { is: 'suppressed', reason: 'r' } as const,
          { is: 'suppressed', reason: 's' } as const,
        ),
      })
      .map(content);
    const shuffles = fc
      .array(entry, { minLength: 1, maxLength: 5 })
      .chain((entries) =>
        fc.tuple(fc.constant(entries), fc.shuffledSubarray(entries, { minLength: entries.length })),
      );
    fc.assert(
      fc.property(shuffles, ([entries, shuffled]) => {
        expect(mergeSightings(shuffled)).toEqual(mergeSightings(entries));
        expect(contentHash(contentText(mergeSightings([...entries, ...shuffled])))).toBe(
          contentHash(contentText(mergeSightings([...shuffled, ...entries]))),
        );
      }),
    );
  });
});

test('a content that was stored is what was observed, whatever order a database keeps its members in', () => {
  const secret = content({
    type: 'secret',
    subject: { is: 'check', tool: 'gitleaks', check: 'aws-key' },
    place: { is: 'secret', path: '.env', value: 'AKIAEXAMPLE' },
    opens: ['arn:aws:iam::123456789012:user/deploy'],
    isLeaked: true,
  });
  const plain = content({
    description: 'd',
    fix: 'f',
    fixable: true,
    vectors: [{ provider: 'nvd', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', word: 'critical' }],
    references: ['https://example.com/a'],
    locations: [{ line: 3, path: 'a', tag: '1', url: 'u', port: '443', digest: 'd', version: 'v' }],
    distribution: 'debian:12',
    publishedAt: 1,
    exploit: { kind: 'exploit_published', sentence: 's' },
    implies: [{ risk: 'publicly_accessible', state: 'yes', sentence: 's' }],
    state: { is: 'suppressed', reason: 'r' },
    about: 'other',
  });
  expect(secret).toMatchObject({ isLeaked: true });
  expect(plain).not.toHaveProperty('isLeaked');
  for (const observed of [secret, plain]) {
    const stored = Object.fromEntries(Object.entries(observed).sort(([a], [b]) => (a < b ? -1 : 1)));
    expect(contentText(contentAsObserved(stored as unknown as SightingContent))).toBe(contentText(observed));
  }
});
