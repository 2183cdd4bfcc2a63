import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { binding, gcp, iamPolicy, PROJECT_NAME, verdictOn } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Strangers who become somebody by workload identity federation, beside the same by the trust of a role of AWS (attack-paths §3.6). */
const POOL = '//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci';
const ALL = 'principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/*';
const SHOP = ALL.replace('/*', '/attribute.repository/acme/shop');
const NAME = '//iam.googleapis.com/projects/p/serviceAccounts/100';
const USER = 'roles/iam.workloadIdentityUser';
const UNTOLD = '; no inventory that is read here tells it';
const NOT_READ = `unknown: whether the attribute condition of provider github lets strangers in${UNTOLD}`;

const provider = (facts: JsonObject = {}): EstateResource =>
  gcp('gcp-identity-provider', `${POOL}/providers/github`, {
    oidc: { issuerUri: 'https://token.actions.githubusercontent.com' },
    ...facts,
  });
const account = (facts: JsonObject = {}): EstateResource =>
  gcp('gcp-service-account', NAME, { email: 'ci@p.iam.gserviceaccount.com', ...facts });
const given = (...members: readonly string[]): EstateResource => iamPolicy(NAME, binding(USER, ...members));

describe('a provider of workload identity federation', () => {
  it.each<readonly [title: string, expected: string, facts: JsonObject]>([
    ['that asks for nothing', 'yes | internet exchange of tokens oidc', {}],
    [
      'that asks for a branch',
      'yes | internet exchange of tokens oidc',
      { attributeCondition: `assertion.ref == 'refs/heads/main'` },
    ],
    ['that asks for an owner', 'no', { attributeCondition: `assertion.repository_owner == 'acme'` }],
    [
      'that asks what cannot be read',
      NOT_READ,
      { attributeCondition: `assertion.repository.matches('acme/.*')` },
    ],
    ['of the own login', 'no', { oidc: { issuerUri: 'https://login.acme.example' } }],
    ['that is turned off', 'no', { disabled: true }],
  ])('%s: %s', (_title, expected, facts) => {
    expect(verdictOn(provider(facts))).toBe(expected);
  });
});

describe('a service account', () => {
  type Row = readonly [title: string, expected: string, ...resources: EstateResource[]];
  it.each<Row>([
    [
      'that everybody of an open pool may act as',
      'yes | internet tokens oidc',
      provider(),
      given(ALL),
      account(),
    ],
    ['that one repository of it may act as', 'no', provider(), given(SHOP), account()],
    [
      'of a pool that asks for an owner',
      'no',
      provider({ attributeCondition: `assertion.repository_owner == 'acme'` }),
      given(ALL),
      account(),
    ],
    [
      'of a pool whose condition cannot be read',
      NOT_READ,
      provider({ attributeCondition: `f(assertion)` }),
      given(ALL),
      account(),
    ],
    [
      'that the pool may see',
      'no',
      provider(),
      iamPolicy(NAME, binding('roles/iam.serviceAccountViewer', ALL)),
      account(),
    ],
    ['that is turned off', 'no', provider(), given(ALL), account({ disabled: true })],
    [
      'of a pool until it was over',
      'no',
      provider(),
      iamPolicy(NAME, {
        ...binding(USER, ALL),
        condition: { expression: 'request.time < timestamp("2026-01-01T00:00:00Z")' },
      }),
      account(),
    ],
    [
      'of a pool under a condition that nobody reads',
      `unknown: whether the condition of ${USER} for the pool holds (f())${UNTOLD}`,
      provider(),
      iamPolicy(NAME, { ...binding(USER, ALL), condition: { expression: 'f()' } }),
      account(),
    ],
    [
      'that a deny policy keeps from the pool',
      'no',
      provider(),
      given(ALL),
      gcp('gcp-deny-policy', '//iam.googleapis.com/policies/x/denypolicies/ci', {
        of: PROJECT_NAME,
        rules: [
          {
            deniedPrincipals: ['principalSet://goog/public:all'],
            deniedPermissions: ['iam.googleapis.com/serviceAccounts.getAccessToken'],
          },
        ],
      }),
      account(),
    ],
    [
      'whose tokens every account of Google may take',
      'yes | any-google-account tokens iam',
      iamPolicy(NAME, binding('roles/iam.serviceAccountTokenCreator', 'allAuthenticatedUsers')),
      account(),
    ],
    ['of people', 'no', given('user:ada@acme.example'), account()],
    ['of which nobody told the policies', 'unknown: IAM policies of p: gcloud asset list', account()],
    [
      'of a role that nobody knows',
      'unknown: what role roles/new.thing holds: gcloud iam roles describe roles/new.thing',
      iamPolicy(NAME, binding('roles/new.thing', 'allUsers')),
      account(),
    ],
  ])('%s: %s', (...row) => {
    const [, expected, ...resources] = row as unknown as Row;
    expect(verdictOn(...resources)).toBe(expected);
  });
});
