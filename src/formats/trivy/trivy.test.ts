import { describe, expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { FindingObservation } from '#domain/finding/observation.ts';
import { describeHead } from '../reading/describe-head.ts';
import { mapMisconfiguration } from './map-misconfiguration.ts';
import { mapSecret } from './map-secret.ts';
import { mapVulnerability } from './map-vulnerability.ts';
import type { ResultContext } from './result-context.ts';
import { trivy } from './trivy.ts';
import { imageOfTarget } from './trivy-image.ts';

const DEBIAN: ResultContext = {
  target: 'debian (debian 10.8)',
  resultClass: 'os-pkgs',
  resultType: 'debian',
  resource: { kind: 'image', reference: 'debian' },
  kubernetes: null,
  distribution: { name: 'debian', release: 'debian 10.8' },
  cover: undefined,
};
const CENTOS = { ...DEBIAN, resultType: 'centos', distribution: { name: 'centos', release: 'centos 7' } };
const NPM = { ...DEBIAN, target: 'web/package-lock.json', resultClass: 'lang-pkgs', resultType: 'npm' };

function vulnerability(fields: JsonObject, context = DEBIAN): FindingObservation {
  const finding = mapVulnerability({ VulnerabilityID: 'CVE-2025-0001', PkgName: 'bash', ...fields }, context);
  if (typeof finding === 'string') throw new Error(finding);
  return finding;
}

describe('a vulnerability', () => {
  test.each([
    ['CRITICAL', 'critical'],
    ['HIGH', 'high'],
    ['MEDIUM', 'medium'],
    ['LOW', 'low'],
    ['UNKNOWN', null],
    ['', null],
    [null, null],
    [4, null],
    ['disaster', null],
  ])('of severity %j is %j', (word, severity) => {
    expect(vulnerability({ Severity: word }).severity).toBe(severity);
  });

  test.each([
    ['affected', 'open'],
    ['fixed', 'open'],
    ['will_not_fix', 'open'],
    ['end_of_life', 'open'],
    ['under_investigation', 'open'],
    ['unknown', 'open'],
    ['', 'open'],
    [undefined, 'open'],
    ['not_affected', 'ended'],
  ])('with status %j is %s', (status, is) => {
    expect(vulnerability({ Status: status }).state.is).toBe(is);
  });

  test('is fixable only when a version fixes it', () => {
    expect(
      [vulnerability({ Status: 'fixed', FixedVersion: '2' }), vulnerability({ Status: 'fixed' })].map(
        ({ fix, fixable }) => [fix, fixable],
      ),
    ).toEqual([
      ['2', true],
      [undefined, false],
    ]);
  });

  test('names bulletins and exact aliases apart', () => {
    expect(vulnerability({ VendorIDs: ['DSA-4808-1', 'GHSA-2222-3333-4444', 7, ''] }).subject).toEqual({
      is: 'advisory',
      id: 'CVE-2025-0001',
      aliases: ['GHSA-2222-3333-4444'],
      bulletins: ['DSA-4808-1'],
    });
  });

  test.each([
    [DEBIAN, {}, 'infrastructure_vulnerability', 'deb', undefined, 'bash', 'debian 10.8'],
    [NPM, { PkgName: '@shop/cart' }, 'library_vulnerability', 'npm', '@shop', 'cart', undefined],
    [
      { ...NPM, resultType: 'jar' },
      { PkgName: 'org.example:core' },
      'library_vulnerability',
      'maven',
      'org.example',
      'core',
      undefined,
    ],
    [
      { ...NPM, resultType: 'brand-new' },
      {},
      'library_vulnerability',
      'brand-new',
      undefined,
      'bash',
      undefined,
    ],
    [
      NPM,
      { PkgIdentifier: { PURL: 'pkg:deb/ubuntu/curl@7?distro=ubuntu-22.04' } },
      'infrastructure_vulnerability',
      'deb',
      undefined,
      'curl',
      'ubuntu 22.04',
    ],
    [
      DEBIAN,
      { PkgIdentifier: { PURL: 'no purl' } },
      'infrastructure_vulnerability',
      'deb',
      undefined,
      'bash',
      'debian 10.8',
    ],
    [
      { ...DEBIAN, resultClass: '' },
      {},
      'infrastructure_vulnerability',
      'deb',
      undefined,
      'bash',
      'debian 10.8',
    ],
    [
      { ...NPM, resultClass: '', resultType: 'npm' },
      {},
      'library_vulnerability',
      'npm',
      undefined,
      'bash',
      undefined,
    ],
    [
      { ...NPM, resultType: 'kubernetes' },
      { PkgName: 'k8s.io/kubelet' },
      'infrastructure_vulnerability',
      'k8s',
      'k8s.io',
      'kubelet',
      'debian 10.8',
    ],
  ] as const)(
    'case %#: type, place and distribution',
    (context, fields, type, purlType, namespace, name, distribution) => {
      const finding = vulnerability(fields, context);
      expect([finding.type, finding.place, finding.distribution]).toEqual([
        type,
        { is: 'package', purlType, namespace, name },
        distribution,
      ]);
    },
  );

  test('claims each vector for who states it', () => {
    const fields = {
      Severity: 'LOW',
      SeveritySource: 'debian',
      VendorSeverity: { debian: 1, nvd: 4, ubuntu: 2, strange: 'x' },
      CVSS: {
        nvd: {
          V2Vector: 'AV:N/AC:L/Au:N/C:P/I:P/A:P',
          V3Vector: 'CVSS:3.1/AV:N',
          V40Vector: 'CVSS:4.0/AV:N',
          V3Score: 9.8,
        },
        redhat: { V3Vector: 'CVSS:3.1/AV:L' },
        bitnami: { V3Vector: 'CVSS:3.1/AV:P' },
        empty: null,
      },
    };
    expect(vulnerability(fields).vectors).toEqual([
      { provider: 'nvd', vector: 'CVSS:4.0/AV:N', word: 'critical' },
      { provider: 'nvd', vector: 'CVSS:3.1/AV:N', word: 'critical' },
      { provider: 'nvd', vector: 'AV:N/AC:L/Au:N/C:P/I:P/A:P', word: 'critical' },
      { provider: 'distribution:redhat', vector: 'CVSS:3.1/AV:L', word: null },
      { provider: 'scanner:trivy', vector: 'CVSS:3.1/AV:P', word: null },
      { provider: 'distribution:debian', vector: null, word: 'low' },
    ]);
  });

  test('of CentOS is rated by Red Hat', () => {
    expect(vulnerability({ CVSS: { redhat: { V3Vector: 'v' } } }, CENTOS).vectors).toEqual([
      { provider: 'distribution:centos', vector: 'v', word: null },
    ]);
  });

  test('without VendorSeverity takes the word of its own distribution from Severity', () => {
    expect(vulnerability({ Severity: 'LOW', SeveritySource: 'debian' }).vectors).toEqual([
      { provider: 'distribution:debian', vector: null, word: 'low' },
    ]);
    expect(vulnerability({ Severity: 'LOW', SeveritySource: 'debian' }, NPM).vectors).toEqual([]);
  });

  test.each([
    [{ VulnerabilityID: null }, 'a text in VulnerabilityID was expected'],
    [{ PkgName: 3 }, 'a text in PkgName was expected'],
  ])('%j is no finding', (fields, sentence) => {
    expect(mapVulnerability({ VulnerabilityID: 'CVE-2025-0001', PkgName: 'bash', ...fields }, DEBIAN)).toBe(
      sentence,
    );
  });
});

describe('a misconfiguration', () => {
  const check = (
    fields: JsonObject,
    context: ResultContext = { ...NPM, target: 'Dockerfile', resultClass: 'config' },
  ) => mapMisconfiguration({ ID: 'DS-0002', Status: 'FAIL', ...fields }, context);

  test.each([
    ['FAIL', { is: 'open' }],
    ['PASS', { is: 'ended', why: 'passed', passed: true }],
    ['EXCEPTION', { is: 'suppressed', reason: 'excepted in Trivy' }],
  ])('with status %s', (status, state) => {
    expect(check({ Status: status })).toMatchObject({ state });
  });

  test.each([
    [{ ID: '' }, 'a text in ID was expected'],
    [{ Status: null }, 'FAIL, PASS or EXCEPTION was expected in Status, found none'],
    [{ Status: 'MAYBE' }, 'FAIL, PASS or EXCEPTION was expected in Status, found "MAYBE"'],
  ])('%j is no finding', (fields, sentence) => {
    expect(check(fields)).toBe(sentence);
  });

  test('stands at its address in the file, else at its message', () => {
    expect(check({ CauseMetadata: { Resource: 'aws_s3_bucket.logs', StartLine: 4 } })).toMatchObject({
      place: { is: 'address', path: 'Dockerfile', address: 'aws_s3_bucket.logs' },
    });
    expect(check({ Message: 'Specify USER', CauseMetadata: { StartLine: 4 } })).toMatchObject({
      place: { is: 'code', path: 'Dockerfile', message: 'Specify USER', line: 4 },
    });
  });

  test('in a cluster belongs to the object; of roles it is an identity risk', () => {
    const kubernetes = (objectKind: string) =>
      ({ kind: 'kubernetes', cluster: 'c', group: '', objectKind, namespace: 'n', name: 'x' }) as const;
    expect(check({}, { ...NPM, kubernetes: kubernetes('Pod') })).toMatchObject({
      type: 'misconfiguration',
      place: { is: 'none' },
      resource: kubernetes('Pod'),
    });
    expect(check({}, { ...NPM, kubernetes: kubernetes('ClusterRole') })).toMatchObject({
      type: 'identity_risk',
    });
  });

  test('of an image itself has no path that carries its tag', () => {
    const context = {
      ...DEBIAN,
      target: 'web:1.4',
      resultClass: 'config',
      resource: { kind: 'image', reference: 'web:1.4' },
    } as const;
    expect(check({ Message: 'm' }, context)).toMatchObject({ place: { path: 'image configuration' } });
  });
});

test('a secret never carries a value', () => {
  const finding = mapSecret(
    {
      RuleID: 'github-pat',
      Severity: 'CRITICAL',
      StartLine: 3,
      Match: 'TOKEN=ghp_abc',
      Code: { Lines: [{ Content: 'ghp_abc' }] },
    },
    { ...NPM, target: 'deploy.sh' },
  );
  expect(finding).toMatchObject({
    type: 'secret',
    place: { is: 'secret', path: 'deploy.sh', line: 3 },
    secretState: 'unknown',
  });
  expect(JSON.stringify(finding)).not.toContain('ghp_abc');
  expect(mapSecret({}, NPM)).toBe('a text in RuleID was expected');
});

test.each([
  ['redis:6.0.5 (debian 10.4)', 'debian', 'redis:6.0.5'],
  ['a b (c) (suse linux enterprise server 15.3)', 'suse linux enterprise server', 'a b (c)'],
  ['Java', 'jar', null],
  ['package-lock.json (debian 10)', 'npm', null],
  ['debian', 'debian', null],
])('the target %s of type %s names the image %s', (target, type, reference) => {
  expect(imageOfTarget(target, type)?.reference ?? null).toBe(reference);
});

describe('names behind the lists are found', () => {
  const inTrivysOrder = {
    Target: 'a/package-lock.json',
    Class: 'lang-pkgs',
    Type: 'npm',
    Vulnerabilities: [{ VulnerabilityID: 'CVE-2025-0001', PkgName: 'cart' }],
  };
  const { Vulnerabilities, ...names } = inTrivysOrder;
  const turned = { Vulnerabilities, ...names };
  const about = { SchemaVersion: 2, ArtifactName: 'services/cart', ArtifactType: 'filesystem' };

  test.each([
    ['in no part', { ...about, Results: [inTrivysOrder] }],
    ['of the report', { Results: [inTrivysOrder], ...about }],
    ['of its results', { ...about, Results: [turned] }],
    ['of both', { Results: [turned], ...about }],
  ])('%s', async (_where, report) => {
    const input = {
      name: 'report',
      open: async function* () {
        for (const character of JSON.stringify(report)) yield Buffer.from(character);
      },
    };
    const context = { root: null, account: null, region: null, cluster: null };
    const found: unknown[] = [];
    for await (const item of trivy.read(input, context)) {
      if (item.kind === 'scan') found.push(item.scan.scope);
      if (item.kind !== 'record') continue;
      for (const each of item.observations) found.push(each.kind === 'finding' && each.locations);
    }
    expect(found).toEqual([{ is: 'artifact', name: 'services/cart' }, [{ path: 'a/package-lock.json' }]]);
  });
});

test.each([
  ['null', true],
  ['{"SchemaVersion":2,"ArtifactName":"x","ArtifactType":"container_image"}', true],
  ['{"ArtifactType":"filesystem","Results":[{"Target":"x"}]}', true],
  ['{"ClusterName":"c","Resources":[]}', true],
  ['[{"Target":"x","Type":"npm","Vulnerabilities":null}]', true],
  ['{}', false],
  ['[]', false],
  ['0', false],
  ['"report"', false],
  ['[{"Target":"x"}]', false],
  ['{"ArtifactType":"aws_account","SchemaVersion":2}', false],
  ['{"ArtifactType":7,"SchemaVersion":2}', false],
  ['{"matches":[],"descriptor":{"name":"grype"}}', false],
  ['', false],
])('claims %s: %s', (text, claimed) => {
  expect(trivy.claims(describeHead('x', Buffer.from(text)))).toBe(claimed);
});
