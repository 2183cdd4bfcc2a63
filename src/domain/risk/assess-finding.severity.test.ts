import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import type { PathSummary } from '../finding/path-summary.ts';
import {
  SAMPLE_NOW,
  type SampleFinding,
  sampleFinding,
  sampleSettings,
} from '../inbox/assess-issue.test-sample.ts';
import type { AdvisoryRating } from '../severity/advisory-rating.ts';
import { type AdvisoryFacts, unknownAdvisory } from './advisory-facts.ts';
import { type AssessmentSettings, assessFinding } from './assess-finding.ts';
import type { DetectedRisk, RiskState, RiskVerdict } from './detected-risk.ts';

const V98 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const V75 = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';
const V55 = 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:N/I:N/A:H';
const NO: RiskVerdict = { state: 'no', evidence: [], missing: [] };

const claim = (provider: string, vector: string | null, word: 'high' | 'low' | 'critical' | null = null) => ({
  provider,
  vector,
  word,
});
function advisory(more: Partial<AdvisoryFacts> = {}): AdvisoryFacts {
  return { ...unknownAdvisory('CVE-2026-1234'), claims: [claim('nvd', V98)], ...more };
}
const rated = (more: Partial<AdvisoryRating>) =>
  new Map([
    ['CVE-2026-1234', { vector: null, severity: null, reason: 'seen', by: 'ada', at: SAMPLE_NOW, ...more }],
  ]);
const daysAgo = (days: number) => SAMPLE_NOW - days * DAY_MS;
const improbable = { score: 0.001, percentile: 0.2, at: SAMPLE_NOW };

describe('the severity of a component', () => {
  test.each<[string, SampleFinding, Partial<AssessmentSettings>, number, string, string | null]>([
    [
      'NVD before the scanner',
      { advisory: advisory(), summary: { vectors: [claim('scanner:trivy', V55)] } },
      {},
      9.8,
      'critical',
      'nvd',
    ],
    [
      'the scanner, where no feed has one',
      { advisory: advisory({ claims: [] }), summary: { vectors: [claim('scanner:trivy', V55)] } },
      {},
      5.5,
      'medium',
      'scanner:trivy',
    ],
    [
      'the word that the report gives, without any vector',
      { advisory: advisory({ claims: [] }), severity: 'high' },
      {},
      8,
      'high',
      'scanner:reported',
    ],
    ['nothing at all', { advisory: advisory({ claims: [] }) }, {}, 5.5, 'medium', null],
    [
      'the distribution of an operating system’s package',
      {
        type: 'infrastructure_vulnerability',
        advisory: advisory(),
        summary: { distribution: 'Debian 12', vectors: [claim('distribution:debian', V55)] },
      },
      {},
      5.5,
      'medium',
      'distribution:debian',
    ],
    [
      'its word, as a cap',
      {
        type: 'infrastructure_vulnerability',
        advisory: advisory(),
        summary: { distribution: 'Debian 12', vectors: [claim('distribution:debian', null, 'low')] },
      },
      {},
      3.9,
      'low',
      'nvd',
    ],
    [
      'another distribution, last',
      {
        type: 'infrastructure_vulnerability',
        advisory: advisory(),
        summary: { distribution: 'Alpine 3.20', vectors: [claim('distribution:debian', V55)] },
      },
      {},
      9.8,
      'critical',
      'nvd',
    ],
    [
      'a library, of no distribution',
      {
        advisory: advisory(),
        summary: { distribution: 'Debian 12', vectors: [claim('distribution:debian', V55)] },
      },
      {},
      9.8,
      'critical',
      'nvd',
    ],
    [
      'a vector of somebody here',
      { advisory: advisory() },
      { ratings: rated({ vector: V55 }) },
      5.5,
      'medium',
      'person',
    ],
    [
      'a severity of somebody here',
      { advisory: advisory() },
      { ratings: rated({ severity: 'low' }) },
      2,
      'low',
      'nvd',
    ],
    [
      'the same severity of somebody here: the score stays',
      { advisory: advisory() },
      { ratings: rated({ severity: 'critical' }) },
      9.8,
      'critical',
      'nvd',
    ],
    [
      'a rating of another advisory',
      { advisory: { ...advisory(), id: 'CVE-2026-9' } },
      { ratings: rated({ severity: 'low', vector: V55 }) },
      9.8,
      'critical',
      'nvd',
    ],
    ['outside production', { advisory: advisory(), resource: { production: NO } }, {}, 8, 'high', 'nvd'],
    [
      'outside production, by the base score',
      { advisory: advisory(), resource: { production: NO } },
      { severityBasis: 'base' },
      9.8,
      'critical',
      'nvd',
    ],
    [
      'a raise by EPSS',
      { advisory: advisory({ claims: [claim('nvd', V75)], epss: { ...improbable, score: 0.2 } }) },
      {},
      9,
      'critical',
      'nvd',
    ],
    [
      'a raise by EPSS, by the base score',
      { advisory: advisory({ claims: [claim('nvd', V75)], epss: { ...improbable, score: 0.2 } }) },
      { severityBasis: 'base' },
      7.5,
      'high',
      'nvd',
    ],
    ['no EPSS', { advisory: advisory({ publishedAt: daysAgo(900) }) }, {}, 9.8, 'critical', 'nvd'],
    [
      'a low EPSS of a day that nobody knows',
      { advisory: advisory({ epss: improbable }) },
      {},
      8.1,
      'high',
      'nvd',
    ],
    [
      'a low EPSS of an advisory that is a millisecond older than 90 days',
      { advisory: advisory({ epss: improbable, publishedAt: daysAgo(90) - 1 }) },
      {},
      8.1,
      'high',
      'nvd',
    ],
    [
      'a low EPSS of one that is 90 days old',
      { advisory: advisory({ epss: improbable, publishedAt: daysAgo(90) }) },
      {},
      9.8,
      'critical',
      'nvd',
    ],
    [
      'a low EPSS of one that the report says to be young',
      { advisory: advisory({ epss: improbable }), summary: { publishedAt: daysAgo(3) } },
      {},
      9.8,
      'critical',
      'nvd',
    ],
    [
      'one that the feed says to be old, whatever the report says',
      {
        advisory: advisory({ epss: improbable, publishedAt: daysAgo(200) }),
        summary: { publishedAt: daysAgo(3) },
      },
      {},
      8.1,
      'high',
      'nvd',
    ],
  ])('%s', (_title, sample, settings, score, severity, provider) => {
    const assessed = assessFinding(sampleFinding(sample), sampleSettings(settings));
    const { ratings = new Map(), severityBasis: basis = 'adjusted' } = settings;
    expect(assessed).toMatchObject({
      score,
      severity,
      scoring: { by: 'advisory', provider, basis, rating: ratings.get(sample.advisory?.id ?? '') ?? null },
    });
  });

  test.each([
    ['a low EPSS', { score: 0.001, at: daysAgo(40) }, daysAgo(10)],
    ['a low EPSS of the last 30 days', { score: 0.001, at: daysAgo(30) }, null],
    ['a high EPSS, which lowered nothing', { score: 0.2, at: daysAgo(40) }, null],
  ])('is stale since %s grew old', (_title, epss, since) => {
    const told = advisory({ epss: { percentile: 0.2, ...epss }, exploitDb: ['EDB-1'] });
    expect(assessFinding(sampleFinding({ advisory: told }), sampleSettings())).toMatchObject({
      scoring: { staleSince: since },
    });
  });

  test('is that of a vector only for components: a secret that names an advisory has its own', () => {
    const { scoring, risks, severity } = assessFinding(
      sampleFinding({ type: 'secret', severity: 'low', advisory: advisory({ exploitDb: ['EDB-1'] }) }),
      sampleSettings(),
    );
    expect([scoring.by, risks.exploit_available.state, severity]).toEqual(['word', 'no', 'low']);
  });
});

test('an attack path is as bad as it says, and each thing on it counts', () => {
  const states: Record<DetectedRisk, RiskState> = {
    publicly_accessible: 'yes',
    privileged_access: 'no',
    under_attack: 'unknown',
    exploit_available: 'yes',
    in_production: 'yes',
  };
  const path: PathSummary = {
    why: 'Because.',
    states,
    resources: [
      { key: 'k8s:a', kind: 'kubernetes', name: 'a' },
      { key: 'aws:b', kind: 'cloud', name: 'b' },
    ],
    services: ['shop'],
    owners: [{ name: 'shop', confidence: 0.9, reason: 'tag team' }],
    validUntil: null,
  };
  const assessed = assessFinding(
    sampleFinding({
      type: 'attack_path',
      severity: 'high',
      summary: { path },
      resource: { name: 'the way in' },
    }),
    sampleSettings(),
  );
  expect(assessed).toMatchObject({
    severity: 'high',
    score: 8,
    riskCount: 3,
    scoring: { by: 'path', why: 'Because.' },
  });
  expect(Object.values(assessed.risks).map(({ state }) => state)).toEqual(Object.values(states));
  expect(
    assessed.deployments.map(({ resourceKey, name, services, owners }) => [
      resourceKey,
      name,
      services,
      owners,
    ]),
  ).toEqual([
    [null, 'the way in', ['shop'], path.owners],
    ['k8s:a', 'a', [], path.owners],
    ['aws:b', 'b', [], path.owners],
  ]);
  const unrated = sampleFinding({ type: 'attack_path', summary: { path } });
  const told = {
    ...assessed.risks,
    under_attack: {
      state: 'yes',
      evidence: [{ sentence: 'Attacked.', provenance: 'falco', at: 1 }],
      missing: [],
    },
  } as const;
  expect(assessFinding({ ...unrated, pathRisks: told }, sampleSettings())).toMatchObject({
    severity: 'medium',
    riskCount: 4,
    risks: told,
  });
});
