import { expect, test } from 'vitest';
import { sampleSummary } from '../finding/finding-state.test-sample.ts';
import type { FindingSummary } from '../finding/finding-state.ts';
import { type AdvisoryFacts, type FeedDates, unknownAdvisory } from '../risk/advisory-facts.ts';
import type { AdvisoryRatings } from '../severity/advisory-rating.ts';
import { type FlawedFinding, machineFlawOf, weaknessOf } from './weakness.ts';

const FEEDS: FeedDates = { kev: 0, epss: 0, exploitdb: 0, metasploit: 0, nuclei: 0, nvd: 0 };
const WORST = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';

const SUMMARY = sampleSummary({ severity: 'critical', locations: [{ version: '2.14.1' }] });

function weakness(
  vector: string | null,
  advisory: Partial<AdvisoryFacts> = {},
  summary: Partial<FindingSummary> = {},
  ratings: AdvisoryRatings = new Map(),
) {
  const found = wholeWeakness(vector, advisory, summary, ratings);
  return found === null ? null : [Math.round(found.probability * 1000) / 1000, found.why];
}

function wholeWeakness(
  vector: string | null,
  advisory: Partial<AdvisoryFacts> = {},
  summary: Partial<FindingSummary> = {},
  ratings: AdvisoryRatings = new Map(),
  type: FlawedFinding['type'] = 'library_vulnerability',
  place?: string,
  assumedJoins?: ReadonlyMap<string, string>,
) {
  return weaknessOf(
    {
      fingerprint: 'f',
      issueId: 'i',
      type,
      advisory: {
        ...unknownAdvisory('CVE-2026-1'),
        isInNvd: true,
        claims: [{ provider: 'nvd', vector, word: null }],
        ...advisory,
      },
      summary: { ...SUMMARY, ...summary },
      flawed: { key: 'image:shop', kind: 'image', name: 'shop' },
      on: ['web'],
      assumedJoins,
      ...(place === undefined ? {} : { place }),
    },
    FEEDS,
    ratings,
    0,
  );
}

test.each<[string | undefined, string | undefined, string]>([
  ['maven/org.yaml/snakeyaml', '1.26', 'CVE-2026-1 in snakeyaml 1.26'],
  ['npm/@acme/cart', '2.0.0', 'CVE-2026-1 in @acme/cart 2.0.0'],
  ['golang/k8s.io/ingress-nginx', '1.9.0', 'CVE-2026-1 in k8s.io/ingress-nginx 1.9.0'],
  ['deb/libssl3', undefined, 'CVE-2026-1 in libssl3'],
  ['', '1.26', 'CVE-2026-1 in version 1.26'],
  [undefined, '1.26', 'CVE-2026-1 in version 1.26'],
  [undefined, undefined, 'CVE-2026-1'],
])(
  'a flaw is called by its package and version, as far as both are told: %s %s',
  (place, version, expected) => {
    const summary = { locations: version === undefined ? [] : [{ version }] };
    expect(wholeWeakness(WORST, {}, summary, new Map(), 'library_vulnerability', place)?.name).toBe(expected);
  },
);

const KEV: Partial<AdvisoryFacts> = { knownExploited: { addedAt: 0, ransomware: false } };

test.each<[string, string | null, Partial<AdvisoryFacts>, ReturnType<typeof weakness>]>([
  ['known to be exploited', WORST, KEV, [0.85, 'is known to be exploited']],
  ['a module of Metasploit', WORST, { attackModules: ['exploit/x'] }, [0.7, 'has a ready exploit']],
  ['an entry of Exploit-DB', WORST, { exploitDb: ['EDB-1'] }, [0.45, 'has a proof of concept']],
  ['no exploit, critical', WORST, {}, [0.05, 'has no exploit that is known of']],
  [
    'no exploit, high',
    'CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H',
    {},
    [0.03, 'has no exploit that is known of'],
  ],
  [
    'no exploit, neither critical nor high',
    'CVSS:3.1/AV:N/AC:H/PR:L/UI:R/S:U/C:H/I:H/A:N',
    {},
    [0.002, 'has no exploit that is known of, but needs a login and needs somebody inside to do something'],
  ],
  [
    'no exploit that EPSS does not expect',
    WORST,
    { epss: { score: 0.6, percentile: 0.99, at: 0 } },
    [0.6, 'has no exploit that is known of, and EPSS expects one with 60 %'],
  ],
  [
    'a login',
    'CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H',
    KEV,
    [0.34, 'is known to be exploited, but needs a login'],
  ],
  [
    'a login and somebody inside',
    'CVSS:3.1/AV:N/AC:L/PR:L/UI:R/S:U/C:H/I:H/A:H',
    KEV,
    [0.17, 'is known to be exploited, but needs a login and needs somebody inside to do something'],
  ],
  [
    'version 4 of CVSS',
    'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
    KEV,
    [0.85, 'is known to be exploited'],
  ],
  ['version 2 of CVSS', 'AV:N/AC:L/Au:N/C:C/I:C/A:C', KEV, [0.85, 'is known to be exploited']],
  ['a local flaw of version 2', 'AV:L/AC:L/Au:N/C:C/I:C/A:C', KEV, null],
  ['a flaw of version 2 that only tells', 'AV:N/AC:L/Au:N/C:C/I:N/A:N', KEV, null],
  [
    'somebody inside who has to click, by version 4',
    'CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N',
    KEV,
    [0.425, 'is known to be exploited, but needs somebody inside to do something'],
  ],
  ['a local flaw', 'CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', KEV, null],
  ['a flaw that only tells', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', KEV, null],
  ['a flaw that only stops', 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H', KEV, null],
  ['rights of an administrator', 'CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H', KEV, null],
  ['no vector', null, KEV, null],
])('%s', (_what, vector, advisory, expected) => {
  expect(weakness(vector, advisory)).toEqual(expected);
});

test('what a scanner alone rates counts, what is not about security does not', () => {
  const rated = { vectors: [{ provider: 'scanner:trivy', vector: WORST, word: null }] };
  expect(weakness(null, {}, rated)).toEqual([0.05, 'has no exploit that is known of']);
  expect(weakness(WORST, {}, { about: 'other' })).toBeNull();
});

test('what a scanner knows to be exploited is', () => {
  const exploits = [{ source: 'aws', kind: 'known_exploited', sentence: 'It is.' }] as const;
  expect(weakness(WORST, {}, { exploits })).toEqual([0.85, 'is known to be exploited']);
});

test('a flaw of what is no component is none, whatever its vector', () => {
  expect(wholeWeakness(WORST, {}, {}, new Map(), 'code_vulnerability')).toBeNull();
});

test('the distribution rates its own packages, and no library', () => {
  const claims = [
    { provider: 'distribution:debian', vector: WORST, word: null },
    { provider: 'nvd', vector: WORST.replace('AV:N', 'AV:L'), word: null },
  ];
  const found = (type: FlawedFinding['type'], distribution: string | null) =>
    wholeWeakness(null, { claims }, { distribution } as Partial<FindingSummary>, new Map(), type) !== null;
  expect(found('infrastructure_vulnerability', 'Debian 12')).toBe(true);
  expect(found('infrastructure_vulnerability', 'alpine 3.20')).toBe(false);
  expect(found('library_vulnerability', 'Debian 12')).toBe(false);
});

test('a flaw of a component is no flaw of own code, and tells where a tag alone joins it', () => {
  expect(wholeWeakness(WORST)).toMatchObject({ isOwnCode: false });
  expect(wholeWeakness(WORST)).not.toHaveProperty('assumedJoins');
  const { flawed, on } = wholeWeakness(WORST) ?? {};
  expect([flawed?.key, on]).toEqual(['image:shop', ['web']]);
  const assumedJoins = new Map([['web', 'It runs some image of that tag.']]);
  expect(wholeWeakness(WORST, {}, {}, new Map(), 'library_vulnerability', '', assumedJoins)).toMatchObject({
    assumedJoins,
  });
});

test('the vector that the organisation gives an advisory counts before all others', () => {
  const rated = (vector: string): AdvisoryRatings =>
    new Map([['CVE-2026-1', { vector, severity: null, reason: 'seen', by: 'ops', at: 0 }]]);
  expect(weakness(WORST, {}, {}, rated('CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H'))).toBeNull();
  expect(weakness('CVSS:3.1/AV:L/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', {}, {}, rated(WORST))).not.toBeNull();
});

test.each([
  ['library_vulnerability', 'What is reached uses the flawed library; nobody looked whether it is loaded.'],
  [
    'infrastructure_vulnerability',
    'What is reached uses the flawed package; nobody looked whether it listens.',
  ],
] as const)('a %s says what it takes as given', (type, assumption) => {
  expect(wholeWeakness(WORST, {}, {}, new Map(), type)?.assumptions).toEqual([assumption]);
});

test('it says by what it is rated, and by what it is exploited', () => {
  const sentences = (advisory: Partial<AdvisoryFacts>) =>
    wholeWeakness(WORST, advisory)?.evidence.map(({ sentence, provenance }) => `${provenance}: ${sentence}`);
  const rated = `trivy: CVE-2026-1 (${WORST}): A flaw.`;
  expect(sentences({})).toEqual([rated]);
  const [first, ...exploits] = sentences(KEV) ?? [];
  expect(first).toBe(rated);
  expect(exploits.join(' ')).toMatch(/Known Exploited/);
});

const LOCAL = 'CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H';

const machineFlaw = (
  place: string,
  vector: string | null = LOCAL,
  advisory: Partial<AdvisoryFacts> = {},
  type: FlawedFinding['type'] = 'infrastructure_vulnerability',
) =>
  machineFlawOf(
    {
      fingerprint: 'f',
      issueId: 'i',
      type,
      place,
      advisory: {
        ...unknownAdvisory('CVE-2026-1'),
        isInNvd: true,
        claims: [{ provider: 'nvd', vector, word: null }],
        ...advisory,
      },
      summary: SUMMARY,
      flawed: { key: 'i-1', kind: 'cloud', name: 'node-1' },
      on: ['i-1'],
    },
    FEEDS,
    new Map(),
    0,
  );

test.each([
  'deb/debian/linux',
  'deb/ubuntu/linux-image-6.8.0-45-generic',
  'deb/ubuntu/linux-aws',
  'deb/ubuntu/linux-azure-6.8',
  'deb/ubuntu/linux-gcp',
  'deb/ubuntu/linux-gke',
  'deb/ubuntu/linux-oracle',
  'deb/ubuntu/linux-modules-6.8.0-45-generic',
  'rpm/oracle/kernel-uek',
  'rpm/bottlerocket/bottlerocket-kernel-6.1',
  'deb/debian/crun',
  'deb/debian/containerd',
  'deb/debian/docker.io',
  'deb/docker-engine',
  'rpm/azurelinux/moby-engine',
  'rpm/azurelinux/moby-runc',
  'rpm/azurelinux/moby-containerd',
  'rpm/redhat/kernel',
  'rpm/amzn/kernel-core',
  'rpm/opensuse/kernel-default',
  'deb/debian/runc',
  'deb/ubuntu/containerd.io',
  'rpm/redhat/cri-o',
  'deb/ubuntu/docker-ce',
])('a local flaw of %s lets code in containers of the machine out', (place) => {
  expect(machineFlaw(place)).toMatchObject({ gives: 'root', probability: 0.05, on: ['i-1'] });
});

test.each([
  'deb/debian/sudo',
  'deb/debian/linux-libc-dev',
  'deb/ubuntu/linux-headers-6.8.0-45',
  'rpm/redhat/kernel-headers',
  'rpm/redhat/kernel-devel',
  'npm/docker-compose',
  'deb/debian/util-linux',
])('one of %s does not', (place) => {
  expect(machineFlaw(place)).toBeNull();
});

test.each<[string, string | null, Partial<AdvisoryFacts>, number | null]>([
  ['is exploited', LOCAL, KEV, 0.4],
  ['has an exploit', LOCAL, { exploitDb: ['EDB-1'] }, 0.4],
  [
    'has none, however likely EPSS calls one',
    LOCAL,
    { epss: { score: 0.3, percentile: 0.9, date: 0 } } as never,
    0.05,
  ],
  ['is used over the network', WORST, KEV, null],
  ['needs an administrator of the machine', LOCAL.replace('PR:L', 'PR:H'), KEV, null],
  ['shows something and changes nothing', LOCAL.replace('I:H', 'I:N'), KEV, null],
  ['stops the machine', LOCAL.replace('C:H', 'C:N'), KEV, null],
  ['nobody rated', null, KEV, null],
  ['is one of 4.0', 'CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', KEV, 0.4],
  ['is one of 2.0', 'AV:L/AC:L/Au:N/C:C/I:C/A:C', KEV, 0.4],
  ['is one of 2.0 over the network', 'AV:N/AC:L/Au:N/C:C/I:C/A:C', KEV, null],
  ['is one of 2.0 that changes little', 'AV:L/AC:L/Au:N/C:C/I:P/A:C', KEV, null],
])('a flaw of a kernel that %s', (_what, vector, advisory, probability) => {
  expect(machineFlaw('rpm/redhat/kernel', vector, advisory)?.probability ?? null).toBe(probability);
});

test('a library that an application brings is no part of its machine', () => {
  const type = 'library_vulnerability';
  expect(machineFlaw('golang/github.com/opencontainers/runc', LOCAL, KEV, type)).toBeNull();
});
