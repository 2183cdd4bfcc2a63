import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  binding,
  gcp,
  iamPolicy,
  ORGANIZATION_NAME,
  PROJECT_NAME,
  verdictOn,
  waysInto,
} from '../../../test/support/gcp-world.ts';

const SECRET_NAME = '//secretmanager.googleapis.com/projects/p/secrets/s';
const SECRET = gcp('gcp-secret', SECRET_NAME);
const TO_EVERYBODY = iamPolicy(SECRET_NAME, binding('roles/secretmanager.secretAccessor', 'allUsers'));

const perimeter = (status: JsonObject, more: JsonObject = {}) =>
  gcp('gcp-perimeter', '//accesscontextmanager.googleapis.com/accessPolicies/1/servicePerimeters/data', {
    status: { resources: ['projects/1'], restrictedServices: ['secretmanager.googleapis.com'], ...status },
    ...more,
  });
const ingress = (identityType: string, sources: JsonObject[], serviceName = '*'): JsonObject => ({
  ingressPolicies: [{ ingressFrom: { identityType, sources }, ingressTo: { operations: [{ serviceName }] } }],
});
const ALL = { ipSubnetworks: ['0.0.0.0/0'] };
const HALF = { ipSubnetworks: ['0.0.0.0/1', '128.0.0.0/1'] };
const atOffice = perimeter({ accessLevels: ['accessPolicies/1/accessLevels/office'] });
const level = (...conditions: readonly (JsonObject | 'OR')[]) =>
  gcp('gcp-access-level', '//accesscontextmanager.googleapis.com/accessPolicies/1/accessLevels/office', {
    name: 'accessPolicies/1/accessLevels/office',
    basic: {
      combiningFunction: conditions.includes('OR') ? 'OR' : 'AND',
      conditions: conditions.filter((each): each is JsonObject => each !== 'OR'),
    },
  });
const OPEN = 'yes | any-google-account read iam';

describe('a secret that a binding gives to everybody', () => {
  it.each<[string, string, ReturnType<typeof gcp>[]]>([
    ['without a perimeter', OPEN, []],
    ['in a perimeter', 'no', [perimeter({})]],
    ['in a perimeter for every service', 'no', [perimeter({ restrictedServices: ['*'] })]],
    [
      'in a perimeter for another service',
      OPEN,
      [perimeter({ restrictedServices: ['storage.googleapis.com'] })],
    ],
    ['beside a perimeter of another project', OPEN, [perimeter({ resources: ['projects/2'] })]],
    ['in a bridge alone', OPEN, [perimeter({}, { perimeterType: 'PERIMETER_TYPE_BRIDGE' })]],
    [
      'in a perimeter that is only tried',
      OPEN,
      [
        gcp('gcp-perimeter', '//accesscontextmanager.googleapis.com/x', {
          spec: { resources: ['projects/1'] },
        }),
      ],
    ],
    [
      'in a perimeter that lets everybody in',
      OPEN,
      [perimeter(ingress('ANY_IDENTITY', [{ accessLevel: '*' }]))],
    ],
    [
      'in a perimeter that lets everybody in to that service',
      OPEN,
      [perimeter(ingress('ANY_IDENTITY', [{ accessLevel: '*' }], 'secretmanager.googleapis.com'))],
    ],
    [
      'in a perimeter that lets everybody in to another service',
      'no',
      [perimeter(ingress('ANY_IDENTITY', [{ accessLevel: '*' }], 'storage.googleapis.com'))],
    ],
    [
      'in a perimeter that lets a network in',
      'no',
      [perimeter(ingress('ANY_IDENTITY', [{ resource: 'projects/9' }]))],
    ],
    ['in a perimeter that lets named identities in', 'no', [perimeter(ingress('', [{ accessLevel: '*' }]))]],
    [
      'in a perimeter with an access level',
      'unknown: whom the access level office admits: gcloud asset list',
      [perimeter({ accessLevels: ['accessPolicies/1/accessLevels/office'] })],
    ],
    [
      'in a perimeter that lets in whom an access level admits',
      'unknown: whom the access level office admits: gcloud asset list',
      [perimeter(ingress('ANY_IDENTITY', [{ accessLevel: 'accessPolicies/1/accessLevels/office' }]))],
    ],
    ['for an office', 'no', [atOffice, level({ ipSubnetworks: ['52.1.0.0/16'] })]],
    ['for both halves of the internet', OPEN, [atOffice, level(HALF, {})]],
    [
      'for all addresses and more than that',
      'unknown: what more the conditions of access level office ask for; no inventory that is read here tells it',
      [atOffice, level({ ...ALL, asksMore: true })],
    ],
    [
      'for an office and more than that',
      'no',
      [atOffice, level({ ipSubnetworks: ['52.1.0.0/16'], asksMore: true })],
    ],
    ['for named people', 'no', [atOffice, level({ members: ['user:u@example.com'] })]],
    [
      'for all who are not named',
      'unknown: what more the conditions of access level office ask for; no inventory that is read here tells it',
      [atOffice, level({ members: ['user:u@example.com'], negate: true })],
    ],
    [
      'for an address that nobody can read',
      'unknown: what more the conditions of access level office ask for; no inventory that is read here tells it',
      [atOffice, level({ ipSubnetworks: ['office'] })],
    ],
    [
      'for what an expression says',
      'unknown: whom the expression of access level office admits; no inventory that is read here tells it',
      [atOffice, level()],
    ],
    ['for both of two conditions', 'no', [atOffice, level(ALL, { ipSubnetworks: ['52.1.0.0/16'] })]],
    ['for either of two conditions', OPEN, [atOffice, level('OR', ALL, { ipSubnetworks: ['52.1.0.0/16'] })]],
    [
      'for an office, beside a level that was not described',
      'unknown: whom the access level home admits: gcloud asset list',
      [
        perimeter({
          accessLevels: ['accessPolicies/1/accessLevels/office', 'accessPolicies/1/accessLevels/home'],
        }),
        level({ ipSubnetworks: ['52.1.0.0/16'] }),
      ],
    ],
    [
      'with the level of another policy',
      'unknown: whom the access level office admits: gcloud asset list',
      [perimeter({ accessLevels: ['accessPolicies/2/accessLevels/office'] }), level(ALL)],
    ],
  ])('%s: %s', (_, verdict, others) => {
    expect(verdictOn(...others, TO_EVERYBODY, SECRET)).toBe(verdict);
  });

  it('stays closed by its own policy, and says the perimeter only where it decides', () => {
    const [closed] = waysInto(perimeter({}), TO_EVERYBODY, SECRET);
    expect(closed?.evidence[0]?.sentence).toBe(
      'Perimeter data keeps secretmanager.googleapis.com from everybody outside.',
    );
    const [unbound] = waysInto(perimeter({}), iamPolicy(SECRET_NAME), SECRET);
    expect(unbound?.evidence[0]?.sentence).toBe('No binding gives secret s to everybody.');
  });
});

describe('a deny policy', () => {
  const deny = (rule: JsonObject, of: string) =>
    gcp('gcp-deny-policy', '//iam.googleapis.com/policies/x/denypolicies/d', {
      of,
      rules: [
        {
          deniedPrincipals: ['principalSet://goog/public:all'],
          deniedPermissions: ['secretmanager.googleapis.com/versions.access'],
          ...rule,
        },
      ],
    });

  it.each<[string, string, JsonObject, string]>([
    ['of the project', 'no', {}, PROJECT_NAME],
    ['of the organisation', 'no', {}, ORGANIZATION_NAME],
    ['of another organisation', OPEN, {}, '//cloudresourcemanager.googleapis.com/organizations/4'],
    [
      'for one person',
      OPEN,
      { deniedPrincipals: ['principal://goog/subject/ada@example.com'] },
      PROJECT_NAME,
    ],
    [
      'that excepts a group, in which no stranger is',
      'no',
      { exceptionPrincipals: ['principalSet://goog/group/a@b.c'] },
      PROJECT_NAME,
    ],
    [
      'that excepts everybody',
      OPEN,
      { exceptionPrincipals: ['principalSet://goog/public:all'] },
      PROJECT_NAME,
    ],
    [
      'of another permission',
      OPEN,
      { deniedPermissions: ['storage.googleapis.com/objects.get'] },
      PROJECT_NAME,
    ],
  ])('%s leaves it: %s', (_, verdict, rule, of) => {
    expect(verdictOn(deny(rule, of), TO_EVERYBODY, SECRET)).toBe(verdict);
  });

  it('says that it is what closes it', () => {
    const [closed] = waysInto(deny({}, PROJECT_NAME), TO_EVERYBODY, SECRET);
    expect(closed).toMatchObject({
      gates: ['gcp://iam.googleapis.com/policies/x/denypolicies/d'],
      evidence: [{ sentence: expect.stringContaining('keeps secret s from everybody') }],
    });
  });
});
