import { describe, expect, test } from 'vitest';
import {
  type Accessibility,
  type AttackVector,
  type Impact,
  likelihoodOf,
  severityOfLikelihood,
} from '../severity/likelihood-impact.ts';
import { SEVERITIES, type Severity } from '../severity/severity.ts';
import { controlById } from './control-catalogue.ts';

// The severities that rules of the reference product were recorded with (design: severity, likelihood and impact;
// identity rules; recorded rules). They hold our matrix to the published one.

type Principal = 'compute' | 'user' | 'group' | 'role';

/**
 * What an attacker needs to become such a principal: who holds credentials that leak, or runs software that breaks,
 * is one step more likely than a role. A way into several accounts at once is one step more likely again.
 */
const NEEDS: Record<Principal, AttackVector> = {
  compute: 'vulnerability',
  user: 'vulnerability',
  group: 'vulnerability',
  role: 'required_privileges',
};

const severityFor = (vector: AttackVector, accessibility: Accessibility, impact: Impact): Severity =>
  severityOfLikelihood(likelihoodOf(vector, accessibility), impact);

const ROWS: readonly (readonly [string, Accessibility, Impact, string])[] = [
  ['has administrative privileges', 'private', 'critical', 'high high high medium'],
  ['can assume an administrator role of the same account', 'private', 'critical', 'high high high medium'],
  ['can assume an administrator role of another account', 'private', 'critical', 'high high - medium'],
  [
    'can assume several administrator roles of other accounts',
    'public',
    'critical',
    'critical critical - high',
  ],
  ['can create access keys for an administrator', 'private', 'critical', 'high high high medium'],
  ['can create a login profile for an administrator', 'private', 'critical', 'high high high medium'],
  ['can update a login profile of an administrator', 'private', 'critical', 'high high high medium'],
  ['can update the trust policy of an administrator role', 'private', 'critical', 'high high high medium'],
  ['has administrative privileges and is inactive', 'private', 'critical', '- high - medium'],
  ['has a large permissions gap', 'private', 'medium', '- medium - low'],
  ['has access to a large number of resources', 'private', 'medium', '- medium medium low'],
];

/** Recorded as info. */
const RECORDED_INFO = [
  'another account is trusted without an external id',
  'a policy of administrators that nobody has',
];

describe('identity rules, for an instance, a user, a group and a role', () => {
  const PRINCIPALS: readonly Principal[] = ['compute', 'user', 'group', 'role'];

  test.each(ROWS)('%s', (_, accessibility, impact, recorded) => {
    const computed = PRINCIPALS.map((principal, index) =>
      recorded.split(' ')[index] === '-' ? '-' : severityFor(NEEDS[principal], accessibility, impact),
    );
    expect(computed.join(' ')).toBe(recorded);
  });
});

describe('other rules', () => {
  const IDENTITY: readonly (readonly [string, AttackVector, Accessibility, Impact, Severity])[] = [
    [
      'an identity pool gives guests an administrator role',
      'no_authorization',
      'public',
      'critical',
      'critical',
    ],
    ['an administrator role trusts everyone', 'no_authorization', 'public', 'critical', 'critical'],
    ['a role trusts everyone', 'no_authorization', 'public', 'medium', 'high'],
    ['an administrator role trusts another organisation', 'vulnerability', 'public', 'critical', 'critical'],
    ['a function has administrative privileges', 'vulnerability', 'private', 'critical', 'high'],
    // What a function of Azure runs as is an identity beside it, and no key that leaks with it.
    [
      'a function of Azure administers its subscription',
      'required_privileges',
      'private',
      'critical',
      'medium',
    ],
  ];
  const MISCONFIGURATIONS: typeof IDENTITY = [
    ['everyone may subscribe to a topic', 'no_authorization', 'public', 'medium', 'high'],
    ['an instance allows the first metadata service', 'vulnerability', 'private', 'medium', 'medium'],
    ['a bucket policy lets everyone write', 'no_authorization', 'public', 'high', 'critical'],
    ['an access list gives full control to everyone', 'no_authorization', 'public', 'high', 'critical'],
  ];

  test.each([...IDENTITY, ...MISCONFIGURATIONS])('%s', (_, vector, accessibility, impact, recorded) => {
    expect(severityFor(vector, accessibility, impact)).toBe(recorded);
  });

  test('of identities 45 severities were recorded; two of them are info', () => {
    const ofPrincipals = ROWS.flatMap(([, , , recorded]) => recorded.split(' ')).filter(
      (word) => word !== '-',
    );
    expect([ofPrincipals.length, IDENTITY.length, RECORDED_INFO.length]).toEqual([37, 6, 2]);
  });
});

test.each(RECORDED_INFO)(
  '%s: info is no outcome of likelihood and impact, only an organisation says it',
  () => {
    const vectors: AttackVector[] = ['required_privileges', 'vulnerability', 'no_authorization'];
    const places: Accessibility[] = ['private', 'public'];
    const impacts: Impact[] = ['low', 'medium', 'high', 'critical'];
    const all = vectors.flatMap((vector) =>
      places.flatMap((place) => impacts.map((impact) => severityFor(vector, place, impact))),
    );
    expect(SEVERITIES.filter((severity) => !all.includes(severity))).toEqual(['info']);
  },
);

describe('a control of ours and the recorded rule about the same thing', () => {
  test.each<[string, string, Severity]>([
    ['sns.public', 'topics restrict who subscribes', 'high'],
    ['s3.public-write', 'bucket policies prevent public writing', 'critical'],
    ['id.user.admin', 'user with administrative privileges', 'high'],
    ['apigw.no-auth', 'routes specify an authorization type', 'medium'],
  ])('%s is what was recorded for "%s": %s', (id, _, recorded) => {
    expect(controlById(id)?.severity).toBe(recorded);
  });

  // The catalogue has the last word on its own controls; each difference has its reason.
  test.each<[string, string, Severity, Severity]>([
    // The role of a workload is as easily taken as the workload.
    ['id.role.admin', 'role with administrative privileges', 'medium', 'high'],
    // A group is nobody: its members are findings of their own.
    ['id.group.admin', 'group with administrative privileges', 'high', 'medium'],
    // What the role may do is not known to the check; the worst is assumed.
    ['id.role.trust-any', 'role trusts everyone', 'high', 'critical'],
    // It reaches whatever the instance's role reaches.
    ['ec2.imdsv1', 'instance allows the first metadata service', 'medium', 'high'],
    // Guests get credentials; whether of an administrator the check does not know.
    ['id.cognito.guest', 'guests get an administrator role', 'critical', 'high'],
    ['az.storage.blob-public', 'blob public access is disabled for the account', 'medium', 'critical'],
    ['az.aks.public', 'clusters limit public access', 'medium', 'high'],
    ['k8s.anonymous-api', 'API server has anonymous-auth set to false', 'medium', 'critical'],
    ['k8s.kubelet-anonymous', 'kubelet configuration disables anonymous requests', 'medium', 'critical'],
  ])('%s differs from "%s"', (id, _, recorded, ours) => {
    expect(controlById(id)?.severity).toBe(ours);
    expect(ours).not.toBe(recorded);
  });
});
