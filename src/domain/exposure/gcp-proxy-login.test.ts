import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  binding,
  compute,
  gcp,
  iamPolicy,
  instance,
  link,
  NET,
  ORGANIZATION_NAME,
  PROJECT_NAME,
  verdictOn,
  waysInto,
} from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Whom Identity-Aware Proxy lets in, by IAM (attack-paths §2.10). */
const PASS = 'roles/iap.httpsResourceAccessor';
const WEB = '//iap.googleapis.com/projects/1/iap_web';
const SERVICE = `${WEB}/compute/services/4711`;
const CLIENT = { enabled: true, oauth2ClientId: '1-a.apps.googleusercontent.com' };
const OFFICE = '"accessPolicies/9/accessLevels/office" in request.auth.access_levels';

const lets = (of: string, ...members: readonly string[]): EstateResource =>
  iamPolicy(of, binding(PASS, ...members));
const letsUnder = (expression: string, member = 'allUsers'): EstateResource =>
  iamPolicy(SERVICE, { ...binding(PASS, member), condition: { expression } });
const level = (...ipSubnetworks: readonly string[]): EstateResource =>
  gcp('gcp-access-level', '//accesscontextmanager.googleapis.com/accessPolicies/9/accessLevels/office', {
    name: 'accessPolicies/9/accessLevels/office',
    basic: { conditions: [{ ipSubnetworks: [...ipSubnetworks] }] },
  });
const NOBODY = iamPolicy(PROJECT_NAME, binding('roles/owner', 'user:ada@kestrel.example'));

const PROJECT = gcp('gcp-project', PROJECT_NAME, { projectId: 'p', projectNumber: '1' });
const backend = (iap: JsonObject = CLIENT): EstateResource =>
  gcp('gcp-backend-service', compute('backendServices', 'be'), { name: 'be', number: '4711', iap });
const FRONT = [
  gcp('gcp-url-map', compute('urlMaps', 'map'), { defaultService: link('backendServices', 'be') }),
  gcp('gcp-target-proxy', compute('targetHttpsProxies', 'px'), { urlMap: link('urlMaps', 'map') }),
];
const RULE = gcp('gcp-forwarding-rule', compute('forwardingRules', 'fr'), {
  loadBalancingScheme: 'EXTERNAL_MANAGED',
  IPAddress: '34.9.9.9',
  portRange: '443-443',
  target: link('targetHttpsProxies', 'px'),
});
const ZONE = 'https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b';

/** What an instance behind the login is reached by; the front itself is asked beside it. */
function behind(...resources: readonly EstateResource[]): readonly [behind: string, front: string] {
  const known = resources.some(({ type }) => type === 'gcp-backend-service')
    ? resources
    : [backend(), ...resources];
  const all = known.map((each) =>
    each.type === 'gcp-backend-service'
      ? { ...each, facts: { ...each.facts, backends: [{ group: `${ZONE}/instanceGroups/own` }] } }
      : each,
  );
  const within = [
    PROJECT,
    NET,
    ...FRONT,
    ...all,
    gcp(
      'gcp-instance-group-manager',
      '//compute.googleapis.com/projects/p/zones/europe-west1-b/instanceGroupManagers/own',
      {
        instanceGroup: `${ZONE}/instanceGroups/own`,
      },
    ),
    gcp('gcp-firewall', compute('firewalls', 'in'), {
      network: link('networks', 'net'),
      direction: 'INGRESS',
      sourceRanges: ['130.211.0.0/22', '35.191.0.0/16'],
      allowed: [{ IPProtocol: 'tcp' }],
    }),
  ];
  const machine = instance({
    networkInterfaces: [{ network: link('networks', 'net') }],
    createdBy: 'projects/1/zones/europe-west1-b/instanceGroupManagers/own',
  });
  return [verdictOn(...within, RULE, machine), verdictOn(...within, RULE)];
}

const LOGIN = 'yes | internet tcp/443 oidc';
type Row = readonly [title: string, behind: string, front: string, ...resources: EstateResource[]];
type RunRow = readonly [title: string, expected: string, ...resources: EstateResource[]];

const UNTOLD = '; no inventory that is read here tells it';

describe('Identity-Aware Proxy before a backend', () => {
  it.each<Row>([
    ['lets in people who are named', 'no', LOGIN, lets(SERVICE, 'user:ada@kestrel.example')],
    ['lets in nobody', 'no', LOGIN, NOBODY],
    [
      'checks nobody where everybody may pass',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      lets(SERVICE, 'allUsers'),
    ],
    [
      'by the name of the service',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      lets(`${WEB}/compute/services/be`, 'allUsers'),
    ],
    [
      'by the id of the project',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      lets('//iap.googleapis.com/projects/p/iap_web/compute/services/be', 'allUsers'),
    ],
    [
      'at all load balancers',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      lets(`${WEB}/compute`, 'allUsers'),
    ],
    [
      'at everything of the project',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      lets(WEB, 'allUsers'),
    ],
    [
      'at the project itself',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      lets(PROJECT_NAME, 'allUsers'),
    ],
    [
      'at the folder',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      lets('//iap.googleapis.com/folders/2/iap_web', 'allUsers'),
    ],
    [
      'at the organisation',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      lets(ORGANIZATION_NAME, 'allUsers'),
    ],
    ['of another service', 'no', LOGIN, lets(`${WEB}/compute/services/4712`, 'allUsers')],
    ['of another region', 'no', LOGIN, lets(`${WEB}/compute-europe-west1/services/be`, 'allUsers')],
    ['of another project', 'no', LOGIN, NOBODY, lets('//iap.googleapis.com/projects/2/iap_web', 'allUsers')],
    [
      'by a role that opens tunnels alone',
      'no',
      LOGIN,
      iamPolicy(SERVICE, binding('roles/iap.tunnelResourceAccessor', 'allUsers')),
    ],
    [
      'with a client of its own, every account of Google',
      'yes | any-google-account every tcp port iam',
      LOGIN,
      lets(SERVICE, 'allAuthenticatedUsers'),
    ],
    [
      'with a client that Google manages, people of the organisation',
      `unknown: whether the login before backend service be, whose client Google manages, takes accounts of other organisations${UNTOLD}`,
      LOGIN,
      backend({ enabled: true }),
      lets(SERVICE, 'allAuthenticatedUsers'),
    ],
    [
      'with such a client everybody who need not log in',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      backend({ enabled: true, oauth2ClientId: ' ' }),
      lets(SERVICE, 'allUsers'),
    ],
    [
      'that is turned off',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      backend({ enabled: false }),
      NOBODY,
    ],
    ['of which nobody told the policies', 'unknown: IAM policies of p: gcloud asset list', LOGIN],
    [
      'of which a search alone told policies, which finds none of these',
      'unknown: IAM policies of p: gcloud asset list',
      LOGIN,
      { ...NOBODY, facts: { ...NOBODY.facts, bySearch: true } },
    ],
    ['from an office alone', 'no', LOGIN, letsUnder(OFFICE), level('20.1.2.0/24')],
    [
      'from everywhere but an office',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      letsUnder(`!(${OFFICE})`),
      level('20.1.2.0/24'),
    ],
    [
      'from everywhere',
      'yes | internet every tcp port app',
      'yes | internet tcp/443 app',
      letsUnder(OFFICE),
      level('0.0.0.0/0', '::/0'),
    ],
    [
      'from half of the internet, or the other half',
      `unknown: whether the condition of ${PASS} for internet holds (${OFFICE})${UNTOLD}`,
      LOGIN,
      letsUnder(OFFICE),
      level('0.0.0.0/1'),
    ],
    [
      'from where nobody told',
      'unknown: whom the access level office admits: gcloud asset list',
      LOGIN,
      letsUnder(OFFICE),
    ],
    ['until it was over', 'no', LOGIN, letsUnder('request.time < timestamp("2026-01-01T00:00:00Z")')],
    [
      'to a part of it',
      `unknown: whether the condition of ${PASS} for internet holds (request.path.startsWith("/public"))${UNTOLD}`,
      LOGIN,
      letsUnder('request.path.startsWith("/public")'),
    ],
    ['to another kind of thing', 'no', LOGIN, letsUnder('resource.service == "storage.googleapis.com"')],
  ])('%s', (...row) => {
    const [, machine, front, ...resources] = row as unknown as Row;
    expect(behind(...resources)).toEqual([machine, front]);
  });

  it('names the binding and what it opens', () => {
    const [, way] = [null, ...waysInto(PROJECT, NET, ...FRONT, backend(), lets(SERVICE, 'allUsers'), RULE)];
    expect(way?.evidence.map(({ sentence }) => sentence)).toContain(
      `${PASS} lets everybody through Identity-Aware Proxy to backend service be.`,
    );
  });
});

describe('Identity-Aware Proxy on a service of Cloud Run', () => {
  const RUN = `//iap.googleapis.com/projects/1/iap_web/cloud_run-europe-west1`;
  const service = (facts: JsonObject = {}): EstateResource =>
    gcp('gcp-run-service', '//run.googleapis.com/projects/p/locations/europe-west1/services/desk', {
      ingress: 'all',
      iapEnabled: true,
      ...facts,
    });
  it.each<RunRow>([
    [
      'lets in people who are named',
      'no',
      lets(`${RUN}/services/desk`, 'user:ada@kestrel.example'),
      service(),
    ],
    [
      'sends everybody on who may pass',
      'yes | internet tcp/443 app',
      lets(`${RUN}/services/desk`, 'allUsers'),
      service(),
    ],
    ['of its region', 'yes | internet tcp/443 app', lets(RUN, 'allUsers'), service()],
    ['of load balancers', 'no', lets(`${WEB}/compute`, 'allUsers'), service()],
    ['from inside alone', 'no', lets(RUN, 'allUsers'), service({ ingress: 'internal' })],
    [
      'without an address of its own',
      'unknown: load balancers before desk: gcloud asset list',
      lets(RUN, 'allUsers'),
      service({ defaultUriDisabled: true }),
    ],
    [
      'with every account of Google',
      `unknown: whether the login before Cloud Run service desk, whose client Google manages, takes accounts of other organisations${UNTOLD}`,
      lets(RUN, 'allAuthenticatedUsers'),
      service(),
    ],
    ['of which nobody told the policies', 'unknown: IAM policies of p: gcloud asset list', service()],
  ])('%s: %s', (...row) => {
    const [, expected, ...resources] = row as unknown as RunRow;
    expect(verdictOn(PROJECT, ...resources)).toBe(expected);
  });
});

describe('the policy of one place alone', () => {
  const alone = (of: string, ...members: readonly string[]): EstateResource => {
    const policy = lets(of, ...members);
    return { ...policy, account: '1', facts: { ...policy.facts, isAlone: true } };
  };
  const machineOf = (...resources: readonly EstateResource[]): string => behind(...resources)[0];

  it('opens what it lets everybody through to', () => {
    expect(machineOf(alone(SERVICE, 'allUsers'))).toBe(machineOf(NOBODY, lets(SERVICE, 'allUsers')));
    expect(machineOf(alone(SERVICE, 'allAuthenticatedUsers'))).toMatch(/^yes \| any-google-account /);
  });

  it('closes nothing: others may let strangers through too', () => {
    expect(machineOf(alone(SERVICE, 'user:ada@kestrel.example'))).toMatch(/^unknown: IAM policies of p: /);
    expect(machineOf(alone(`${WEB}/compute/services/other`, 'allUsers'))).toMatch(/^unknown: /);
    expect(machineOf(NOBODY, alone(SERVICE, 'user:ada@kestrel.example'))).toBe('no');
  });
});
