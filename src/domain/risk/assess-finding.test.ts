import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DAY_MS } from '#base/instant.ts';
import {
  SAMPLE_NOW,
  type SampleFinding,
  sampleFinding,
  sampleSettings,
} from '../inbox/assess-issue.test-sample.ts';
import { SEVERITIES, severityRank } from '../severity/severity.ts';
import { type AdvisoryFacts, unknownAdvisory } from './advisory-facts.ts';
import { assessFinding } from './assess-finding.ts';
import { unknownResource } from './deployment.ts';
import type { RiskState, RiskVerdict } from './detected-risk.ts';

const verdict = (state: RiskState): RiskVerdict => ({
  state,
  evidence: [{ sentence: state, provenance: 'test', at: null }],
  missing: [],
});
const assess = (sample: SampleFinding) => assessFinding(sampleFinding(sample), sampleSettings());
const YES = verdict('yes');
const NO = verdict('no');

describe('where a finding is deployed', () => {
  test('the place with the most risks counts, never a union of several', () => {
    const assessed = assess({
      workloads: [
        { name: 'staging', publiclyAccessible: YES, privilegedAccess: YES, production: NO },
        { name: 'production', publiclyAccessible: NO, privilegedAccess: NO, production: YES },
      ],
    });
    expect(assessed.riskCount).toBe(2);
    expect(assessed.deployment.name).toBe('staging');
    expect(assessed.risks.in_production.state).toBe('no');
    expect(assessed.deployments).toHaveLength(2);
  });

  test('is the workloads that run it; else the environments and services of its scans; else its resource', () => {
    const scope = { environment: 'production', services: ['shop'], team: null, image: null };
    const resource = { production: NO, underAttack: YES };
    expect(
      assess({ workloads: [{ name: 'w', production: NO }], summary: { scopes: [scope] }, resource }).risks
        .in_production.state,
    ).toBe('no');
    expect(assess({ summary: { scopes: [scope] }, resource })).toMatchObject({
      riskCount: 2,
      deployment: { environment: 'production', services: ['shop'] },
    });
    expect(
      assess({ summary: { scopes: [{ ...scope, environment: null, services: [] }] }, resource }),
    ).toMatchObject({ riskCount: 1, deployment: { environment: null } });
  });

  test('in code is wherever its service runs: the code is impacted, the risks are those of one such place', () => {
    const shop = { environment: null, services: ['shop'], team: null, image: null };
    const runners = [
      {
        name: 'staging',
        services: ['shop'],
        environment: 'staging',
        publiclyAccessible: YES,
        production: NO,
      },
      {
        name: 'production',
        services: ['shop', 'web'],
        environment: 'production',
        underAttack: YES,
        production: YES,
      },
      { name: 'other', services: ['mail'], publiclyAccessible: YES, underAttack: YES, production: YES },
    ];
    const resource = { key: 'repo:shop', kind: 'repository' };
    const assessed = assess({ summary: { scopes: [shop] }, resource, runners });
    expect(assessed).toMatchObject({ riskCount: 2, deployment: { name: 'production', services: ['shop'] } });
    expect(assessed.risks.publicly_accessible.state).toBe('unknown');
    expect(assessed.deployments.map((each) => each.resourceKey)).toEqual(['repo:shop', 'repo:shop']);
    const staging = { ...shop, environment: 'staging' };
    expect(assess({ summary: { scopes: [staging] }, resource, runners })).toMatchObject({
      riskCount: 1,
      deployment: { name: 'staging' },
    });
    const nowhere = { ...shop, environment: 'test' };
    expect(assess({ summary: { scopes: [nowhere] }, resource, runners })).toMatchObject({
      riskCount: 0,
      deployment: { environment: 'test', resourceKey: 'repo:shop' },
    });
    // A catalogue says of which service the repository is.
    expect(assess({ resource: { ...resource, services: ['web'] }, runners })).toMatchObject({
      riskCount: 2,
      deployment: { name: 'production', services: ['web'] },
    });
  });

  test.each([
    ['production', 'yes'],
    ['Prod-1', 'yes'],
    ['live', 'yes'],
    ['staging', 'no'],
    ['pre-prod', 'no'],
    ['product', 'unknown'],
    ['prod-test', 'unknown'],
    ['blue', 'unknown'],
  ])('a scan of the environment %s is production: %s', (environment, expected) => {
    expect(
      assess({ summary: { scopes: [{ environment, services: [], team: null, image: null }] } }).risks
        .in_production.state,
    ).toBe(expected);
  });

  test('of places with as many risks the one where it is worse counts', () => {
    const facts: AdvisoryFacts = {
      ...unknownAdvisory('CVE-2026-1234'),
      claims: [{ provider: 'nvd', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', word: null }],
    };
    const at = (name: string, publiclyAccessible: RiskVerdict) => ({
      name,
      publiclyAccessible,
      underAttack: YES,
    });
    // 9.8 and 8.8; then both high, 8.8 and 8.1 by name and score.
    const open = { ...at('z', verdict('unknown')), production: YES };
    const closed = { ...at('a', NO), production: YES };
    for (const workloads of [
      [open, closed],
      [closed, open],
    ])
      expect(assess({ advisory: facts, workloads })).toMatchObject({
        severity: 'critical',
        riskCount: 2,
        deployment: { name: 'z' },
      });
    const mild = {
      ...facts,
      claims: [{ provider: 'nvd', vector: 'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H', word: null }],
    };
    for (const workloads of [
      [open, closed],
      [closed, open],
    ])
      expect(assess({ advisory: mild, workloads })).toMatchObject({
        severity: 'high',
        score: 8.8,
        deployment: { name: 'z' },
      });
  });

  test('the count is that of one place, and no place has more', () => {
    const state = fc.constantFrom<RiskState>('yes', 'no', 'unknown').map(verdict);
    const workload = fc.record({
      name: fc.string(),
      publiclyAccessible: state,
      privilegedAccess: state,
      underAttack: state,
      production: state,
    });
    fc.assert(
      fc.property(fc.array(workload, { minLength: 1, maxLength: 4 }), (workloads) => {
        const counts = workloads.map(
          (each) =>
            [each.publiclyAccessible, each.privilegedAccess, each.underAttack, each.production].filter(
              (risk) => risk.state === 'yes',
            ).length,
        );
        expect(assess({ workloads }).riskCount).toBe(Math.max(...counts));
      }),
    );
  });
});

describe('what a failed check says about its resource', () => {
  const implies = [
    { source: 'prowler', risk: 'publicly_accessible', state: 'yes', sentence: 'The bucket is public.' },
  ] as const;

  test('is a risk where the inventory does not know', () => {
    expect(assess({ summary: { implies } }).risks.publicly_accessible).toMatchObject({
      state: 'yes',
      evidence: [{ sentence: 'The bucket is public.', provenance: 'prowler' }],
    });
  });

  test('is about the risk that it names, and no other', () => {
    expect(assess({ summary: { implies } }).risks.privileged_access.state).toBe('unknown');
  });

  test('may be that it is privileged', () => {
    const rights = [
      { ...implies[0], risk: 'privileged_access', sentence: 'It is an administrator.' },
    ] as const;
    const { publicly_accessible: open, privileged_access: privileged } = assess({
      summary: { implies: rights },
    }).risks;
    expect([open.state, privileged]).toMatchObject([
      'unknown',
      { state: 'yes', evidence: [{ sentence: 'It is an administrator.' }] },
    ]);
  });

  test('is none where the inventory knows better', () => {
    expect(
      assess({ summary: { implies }, resource: { publiclyAccessible: NO } }).risks.publicly_accessible.state,
    ).toBe('no');
  });
});

test.each<[SampleFinding['type'], string, RiskState, string]>([
  ['iac_misconfiguration', 'repository', 'no', 'Does not apply: this is code'],
  ['iac_misconfiguration', 'artifact', 'no', 'Does not apply: this is code'],
  ['iac_misconfiguration', 'cloud', 'unknown', 'an inventory that describes this resource'],
  ['secret', 'repository', 'unknown', 'who can read this code, and what the secret opens'],
  ['secret', 'image', 'unknown', 'what runs this image'],
  ['code_vulnerability', 'repository', 'unknown', 'what runs this code: --service NAME'],
  ['library_vulnerability', 'artifact', 'unknown', 'what runs this code: --service NAME'],
])(
  'a %s on a thing of kind %s is publicly accessible: %s, and says what would tell',
  (type, kind, state, text) => {
    const { publicly_accessible: open, privileged_access: rights } = assess({
      type: type ?? 'secret',
      resource: unknownResource('x', kind, 'x'),
    }).risks;
    for (const each of [open, rights]) {
      expect(each.state).toBe(state);
      expect(each.missing[0] ?? each.evidence[0]?.sentence).toContain(text);
    }
  },
);

test.each([
  ['iac_misconfiguration', 'repository', 'no'],
  ['iac_misconfiguration', 'cloud', 'unknown'],
  ['secret', 'repository', 'unknown'],
] as const)('a %s on a thing of kind %s is under attack: %s', (type, kind, state) => {
  expect(assess({ type, resource: unknownResource('x', kind, 'x') }).risks.under_attack.state).toBe(state);
});

test.each([
  ['security-group/sg-1', 'what stands behind this security group'],
  ['vpc/vpc-1', 'what stands in this network'],
  ['vpc-peering-connection/pcx-1', 'an inventory that describes this resource'],
])('%s is as open as %s', (name, missing) => {
  const key = `aws:arn:aws:ec2:eu-west-1:111122223333:${name}`;
  const { publicly_accessible: open } = assess({
    type: 'misconfiguration',
    resource: unknownResource(key, 'cloud', name),
  }).risks;
  expect(open.missing[0]).toContain(missing);
});

describe('the severity', () => {
  test('of a word is its score', () => {
    expect(assess({ type: 'secret', severity: 'high' })).toMatchObject({
      severity: 'high',
      score: 8,
      scoring: { by: 'word', word: 'high' },
    });
    expect(assess({ type: 'secret' })).toMatchObject({ severity: 'medium', scoring: { by: 'unrated' } });
  });

  test('of a control is its own, whatever the scanner says', () => {
    expect(assess({ type: 'misconfiguration', control: 'net.sg.any-all', severity: 'low' })).toMatchObject({
      severity: 'critical',
      scoring: { by: 'control' },
    });
  });

  test('of what is not about security is info', () => {
    expect(
      assess({ type: 'code_vulnerability', severity: 'critical', summary: { about: 'other' } }),
    ).toMatchObject({ severity: 'info', score: 0 });
  });

  test('of a component comes from the vector, and names who gave it', () => {
    const nvd = {
      ...unknownAdvisory('CVE-2026-1234'),
      claims: [{ provider: 'nvd', vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', word: null }],
    };
    expect(assess({ advisory: nvd, severity: 'low' })).toMatchObject({
      severity: 'critical',
      scoring: { by: 'advisory', provider: 'nvd' },
    });
  });

  test('is never lower for what nobody knows, and unknown is never counted', () => {
    const vectors = [
      'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H',
      'CVSS:3.1/AV:N/AC:H/PR:L/UI:R/S:U/C:L/I:L/A:N',
      'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
    ];
    const known = fc.constantFrom<RiskState>('yes', 'no');
    const estate = fc.record({ publiclyAccessible: known, production: known });
    const advisory = fc.record({ vector: fc.constantFrom(...vectors), isRead: fc.boolean() });
    fc.assert(
      fc.property(
        estate,
        advisory,
        fc.subarray(['publiclyAccessible', 'production', 'feeds'] as const, { minLength: 1 }),
        (states, { vector, isRead }, forgotten) => {
          const at = (forgetting: boolean) => {
            const state = (risk: 'publiclyAccessible' | 'production') =>
              verdict(forgetting && forgotten.includes(risk) ? 'unknown' : states[risk]);
            const facts: AdvisoryFacts = {
              ...unknownAdvisory('CVE-2026-1234'),
              claims: [{ provider: 'nvd', vector, word: null }],
              isInNvd: true,
            };
            const read = isRead && !(forgetting && forgotten.includes('feeds')) ? SAMPLE_NOW - DAY_MS : null;
            const finding = sampleFinding({
              advisory: facts,
              resource: { publiclyAccessible: state('publiclyAccessible'), production: state('production') },
            });
            return assessFinding(
              finding,
              sampleSettings({
                feeds: { kev: read, epss: read, exploitdb: read, metasploit: null, nuclei: null, nvd: read },
              }),
            );
          };
          expect(at(true).riskCount).toBeLessThanOrEqual(at(false).riskCount);
          expect(at(true).score).toBeGreaterThanOrEqual(at(false).score);
        },
      ),
    );
  });
});

test('no severity is outside of the five', () => {
  fc.assert(
    fc.property(
      fc.option(fc.constantFrom(...SEVERITIES)),
      fc.constantFrom('secret', 'library_vulnerability', 'api_finding', 'attack_path'),
      (severity, type) => {
        expect(
          severityRank(
            assess({ type: type as 'secret', severity, advisory: unknownAdvisory('CVE-2026-1234') }).severity,
          ),
        ).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
