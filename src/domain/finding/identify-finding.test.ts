import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Naming } from '../resource/resource-key.ts';
import { SEVERITIES } from '../severity/severity.ts';
import { type FindingIdentity, identifyFinding, markOf, partsOfMark } from './identify-finding.ts';
import type { FindingObservation } from './observation.ts';

const NAMING: Naming = { sourceId: 'ci', cluster: null, repository: null, artifact: null };
const context = { naming: NAMING, secretKey: Buffer.alloc(32, 7) };
const identify = (observation: FindingObservation, ordinal = 1): FindingIdentity =>
  identifyFinding(observation, context, ordinal);

const PLAIN = { kind: 'finding', state: { is: 'open' }, title: 't', severity: 'high' } as const;
const IMAGE = { kind: 'image', reference: 'registry.example.com/shop:1.0' } as const;
const REPOSITORY = { kind: 'repository', name: 'https://git.example.com/acme/shop' } as const;

/** One finding of each type, with the identity that it has had since the first version. A change here moves everybody's data. */
const GOLDEN: readonly {
  readonly observation: FindingObservation;
  readonly fingerprint: string;
  readonly issueKey: string;
  readonly issueId: string;
}[] = [
  {
    observation: {
      ...PLAIN,
      type: 'library_vulnerability',
      subject: { is: 'advisory', id: 'CVE-2026-1' },
      resource: IMAGE,
      place: { is: 'package', purlType: 'npm', namespace: '@acme', name: 'Cart' },
    },
    fingerprint: '4eb889dd-4511-22ef-7a02-35cea7b5ff14',
    issueKey: 'library_vulnerability|CVE-2026-1',
    issueId: 'eh6jnqaj4ecpcubd',
  },
  {
    observation: {
      ...PLAIN,
      type: 'infrastructure_vulnerability',
      subject: { is: 'advisory', id: 'CVE-2026-1' },
      resource: IMAGE,
      place: { is: 'package', purlType: 'deb', name: 'openssl' },
    },
    fingerprint: 'c5d791f5-7970-4d8a-8ea0-e2811f589d8e',
    issueKey: 'infrastructure_vulnerability|CVE-2026-1',
    issueId: 'dlop1l7n34urio88',
  },
  {
    observation: {
      ...PLAIN,
      type: 'misconfiguration',
      subject: { is: 'check', tool: 'prowler', check: 'a_check_of_nobody' },
      resource: { kind: 'cloud', provider: 'aws', id: 'arn:aws:s3:::data' },
      place: { is: 'none' },
    },
    fingerprint: '7bb8ef66-f9eb-b203-0956-96386eed27c6',
    issueKey: 'misconfiguration|prowler:a_check_of_nobody',
    issueId: 'op9rmlh551sgm166',
  },
  {
    observation: {
      ...PLAIN,
      type: 'identity_risk',
      subject: { is: 'check', tool: 'prowler', check: 'iam_root_mfa_enabled' },
      resource: { kind: 'account', provider: 'aws', account: '123456789012' },
      place: { is: 'none' },
    },
    fingerprint: '32c114a0-a6b7-d856-0766-34d02760665e',
    issueKey: 'identity_risk|id.root.no-mfa',
    issueId: 'indot6s25a0o53hn',
  },
  {
    observation: {
      ...PLAIN,
      type: 'iac_misconfiguration',
      subject: { is: 'check', tool: 'checkov', check: 'CKV_NOBODY_1' },
      resource: REPOSITORY,
      place: { is: 'address', path: './main.tf', address: 'aws_s3_bucket.data' },
    },
    fingerprint: '94d20c60-fcc9-c622-9642-fcad0638c0f3',
    issueKey: 'iac_misconfiguration|checkov:CKV_NOBODY_1',
    issueId: 'u9cecs6mhj3bkhma',
  },
  {
    observation: {
      ...PLAIN,
      type: 'code_vulnerability',
      subject: { is: 'check', tool: 'Semgrep OSS', check: 'sqli', cwes: [564, 89] },
      resource: REPOSITORY,
      place: { is: 'code', path: 'src/a.py', flaggedText: '  12: query(x)\n', line: 12 },
    },
    fingerprint: 'fb3e3c75-8fa0-023a-5911-2544ca39d8c8',
    issueKey: 'code_vulnerability|repo:git.example.com/acme/shop|CWE-89',
    issueId: 'fa2ot5sf2678jers',
  },
  {
    observation: {
      ...PLAIN,
      type: 'secret',
      subject: { is: 'check', tool: 'gitleaks', check: 'aws-key' },
      resource: REPOSITORY,
      place: { is: 'secret', path: '.env', value: 'AKIAEXAMPLE' },
    },
    fingerprint: '648d2811-81da-3561-999a-9d270d6527b3',
    issueKey: 'secret|243e224ac2e132b731366d632d859158',
    issueId: '3bvko6krromtqngd',
  },
  {
    observation: {
      ...PLAIN,
      type: 'api_finding',
      subject: { is: 'check', tool: 'zap', check: '40012' },
      resource: { kind: 'endpoint', url: 'https://shop.example.com/cart' },
      place: { is: 'api', method: 'get', path: '/cart/{id}', parameter: 'q' },
    },
    fingerprint: 'e476237b-6486-76d5-b461-f14f55863077',
    issueKey: 'api_finding|endpoint:https://shop.example.com:443|zap:40012',
    issueId: 'udfaf4efd0ofnkab',
  },
  {
    observation: {
      ...PLAIN,
      type: 'attack_path',
      subject: { is: 'check', tool: 'security-inbox', check: 'internet-to-data' },
      resource: REPOSITORY,
      place: { is: 'none' },
    },
    fingerprint: '04d1a945-088e-c967-b904-c0d0bad970a0',
    issueKey: 'attack_path|security-inbox:internet-to-data|repo:git.example.com/acme/shop|',
    issueId: 'o3vmp4hvhde0409v',
  },
];

test.each(GOLDEN)(
  'the identity of a $observation.type is pinned',
  ({ observation, fingerprint, issueKey, issueId }) => {
    expect(identify(observation)).toMatchObject({ fingerprint, issueKey, issueId });
  },
);

test.each([
  [[564, 89], 'CWE-89'],
  [[1], 'CWE-1'],
  [[0, 89], 'CWE-89'],
  [[-3, 0.5, Number.NaN], null],
  [[], null],
])('of the weaknesses %j of a rule %s is in the identity', (cwes, cwe) => {
  const [{ observation }] = GOLDEN.filter(({ observation: { type } }) => type === 'code_vulnerability') as [
    (typeof GOLDEN)[number],
  ];
  const identity = identify({
    ...observation,
    subject: { is: 'check', tool: 'semgrep', check: 'sqli', cwes },
  } as FindingObservation);
  expect(identity.cwe).toBe(cwe);
  expect(identity.issueKey).toBe(
    `code_vulnerability|repo:git.example.com/acme/shop|${cwe ?? 'semgrep:sqli'}`,
  );
});

test.each(GOLDEN)('what no column holds of a $observation.type is in its mark', ({ observation }) => {
  for (const ordinal of [1, 2, 12]) {
    const { secretHash, cwe, ...rest } = identify(observation, ordinal);
    const mark = markOf({ ...rest, secretHash, cwe });
    expect(mark === null).toBe(secretHash === null && cwe === null && ordinal === 1);
    expect(partsOfMark(mark)).toEqual({ secretHash, cwe, ordinal });
  }
});

describe('an identity', () => {
  const golden = fc.constantFrom(...GOLDEN.map((each) => each.observation));
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  /** Everything that a report says beside the identity. */
  const beside = fc.record({
    title: fc.string(),
    severity: fc.option(fc.constantFrom(...SEVERITIES)),
    state: fc.constantFrom(
      { is: 'open' } as const,
      { is: 'suppressed', reason: 'r' } as const,
      { is: 'ended', why: 'w', passed: true } as const,
    ),
    description: optional(fc.string()),
    fix: optional(fc.string()),
    fixable: optional(fc.boolean()),
    distribution: optional(fc.constantFrom('debian 11', 'alpine 3.18')),
    publishedAt: optional(fc.nat()),
    locations: optional(
      fc.array(
        fc.record({
          version: fc.string(),
          line: fc.nat(),
          tag: fc.string(),
          digest: fc.string(),
          port: fc.string(),
          path: fc.string(),
        }),
      ),
    ),
    vectors: optional(
      fc.array(fc.record({ provider: fc.constant('nvd'), vector: fc.string(), word: fc.constant(null) })),
    ),
    cover: optional(fc.string()),
    findingClass: optional(fc.string()),
  });

  test('knows no severity, title, time, version, fix or state', () => {
    fc.assert(
      fc.property(golden, beside, (observation, more) => {
        expect(identify({ ...observation, ...more })).toEqual(identify(observation));
      }),
    );
  });

  test('knows no tag, digest or platform of an image', () => {
    const image = fc.record({
      tag: fc.constantFrom('', ':1.1', ':latest', `@sha256:${'a'.repeat(64)}`),
      digest: optional(fc.constant(`sha256:${'b'.repeat(64)}`)),
      imageId: optional(fc.string()),
      platform: optional(fc.constant('linux/arm64')),
    });
    fc.assert(
      fc.property(image, ({ tag, ...more }) => {
        const observation = GOLDEN[0]?.observation as FindingObservation;
        expect(
          identify({
            ...observation,
            resource: { ...more, kind: 'image', reference: `registry.example.com/shop${tag}` },
          }),
        ).toEqual(identify(observation));
      }),
    );
  });

  test('knows no line of code', () => {
    const observation = GOLDEN[5]?.observation as FindingObservation;
    const moved = {
      ...observation,
      place: { is: 'code', path: 'src/a.py', flaggedText: '\t340: query(x)', line: 340 },
    } as const;
    expect(identify(moved)).toEqual(identify(observation));
  });

  test('knows no source or scanner where the report names what it looked at', () => {
    for (const { observation } of GOLDEN) {
      const { fingerprint } = identifyFinding(observation, {
        ...context,
        naming: { ...NAMING, sourceId: 'another' },
      });
      expect(fingerprint).toBe(identify(observation).fingerprint);
    }
  });

  test('of relative names belongs to the source', () => {
    const nameless = {
      ...(GOLDEN[5]?.observation as FindingObservation),
      resource: { kind: 'repository', name: null },
    } as const;
    expect(
      identifyFinding(nameless, { ...context, naming: { ...NAMING, sourceId: 'another' } }).fingerprint,
    ).not.toBe(identify(nameless).fingerprint);
  });

  test('differs in type, subject, resource, place and number', () => {
    const observation = GOLDEN[0]?.observation as FindingObservation;
    const others: FindingObservation[] = [
      { ...observation, type: 'infrastructure_vulnerability' },
      { ...observation, subject: { is: 'advisory', id: 'CVE-2026-22222' } },
      { ...observation, resource: { kind: 'image', reference: 'registry.example.com/bank:1.0' } },
      { ...observation, place: { is: 'package', purlType: 'npm', name: 'cart' } },
    ];
    const fingerprints = [observation, ...others].map((each) => identify(each).fingerprint);
    expect(
      new Set([...fingerprints, identify(observation, 2).fingerprint, identify(observation, 3).fingerprint])
        .size,
    ).toBe(7);
  });

  test('of a control is the same for every scanner, but for what a file says', () => {
    const control = (tool: string, check: string, type: FindingObservation['type']): FindingIdentity =>
      identify({
        ...PLAIN,
        type,
        subject: { is: 'check', tool, check },
        resource: {
          kind: 'cloud',
          provider: 'aws',
          id: 'arn:aws:ec2:eu-west-1:123456789012:security-group/sg-1',
        },
        place: { is: 'none' },
      });
    const prowler = control(
      'prowler',
      'ec2_securitygroup_allow_ingress_from_internet_to_all_ports',
      'misconfiguration',
    );
    const hub = control('securityhub', 'EC2.18', 'misconfiguration');
    const file = control('checkov', 'CKV_AWS_277', 'iac_misconfiguration');
    expect(prowler.control).toBe('net.sg.any-all');
    expect(hub.fingerprint).toBe(prowler.fingerprint);
    expect(hub.toolCheck).not.toBe(prowler.toolCheck);
    expect(file.control).toBe('net.sg.any-all');
    expect(file.fingerprint).not.toBe(prowler.fingerprint);
  });
});

describe('a secret', () => {
  const secret = (
    value: string | undefined,
    check = 'aws-key',
    path = '.env',
    repository = 'git.example.com/acme/shop',
  ): FindingIdentity =>
    identify({
      ...PLAIN,
      type: 'secret',
      subject: { is: 'check', tool: 'gitleaks', check },
      resource: { kind: 'repository', name: repository },
      place: { is: 'secret', path, value },
    });

  test('of a known value is the same for every check, and one issue wherever it lies', () => {
    expect(secret('AKIAEXAMPLE', 'another').fingerprint).toBe(secret('AKIAEXAMPLE').fingerprint);
    expect(secret(' "AKIAEXAMPLE" ').fingerprint).toBe(secret('AKIAEXAMPLE').fingerprint);
    const elsewhere = secret('AKIAEXAMPLE', 'aws-key', 'b.env', 'git.example.com/acme/bank');
    expect(elsewhere.fingerprint).not.toBe(secret('AKIAEXAMPLE').fingerprint);
    expect(elsewhere.issueId).toBe(secret('AKIAEXAMPLE').issueId);
  });

  test('that is masked is told apart by its check and place', () => {
    expect(secret('REDACTED').fingerprint).toBe(secret(undefined).fingerprint);
    expect(secret(undefined, 'another').fingerprint).not.toBe(secret(undefined).fingerprint);
    expect(secret(undefined, 'aws-key', 'b.env').issueId).not.toBe(secret(undefined).issueId);
  });

  test('has another id in every installation, and its value is nowhere in it', () => {
    const other = identifyFinding(GOLDEN[6]?.observation as FindingObservation, {
      ...context,
      secretKey: Buffer.alloc(32, 8),
    });
    expect(other.issueId).not.toBe(secret('AKIAEXAMPLE').issueId);
    expect(JSON.stringify({ ...secret('AKIAEXAMPLE') })).not.toContain('AKIAEXAMPLE');
  });
});
