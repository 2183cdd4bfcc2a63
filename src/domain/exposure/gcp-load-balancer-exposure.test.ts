import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { compute, firewall, gcp, instance, link, NET, verdictOn } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Ways from a forwarding rule to what stands behind it (attack-paths §2.10, load balancers). */
const ZONE = '//compute.googleapis.com/projects/p/zones/europe-west1-b';
const WEB = `${ZONE}/instances/web`;
const API = 'https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b';
const INSIDE = { networkInterfaces: [{ network: link('networks', 'net') }] };

const external = (facts: JsonObject = {}): EstateResource =>
  gcp('gcp-forwarding-rule', compute('forwardingRules', 'fr'), {
    loadBalancingScheme: 'EXTERNAL',
    IPAddress: '34.9.9.9',
    IPProtocol: 'TCP',
    portRange: '80-81',
    ...facts,
  });
const allowing = (ports: readonly string[], ...sourceRanges: readonly string[]): EstateResource =>
  firewall('in', { sourceRanges: [...sourceRanges], allowed: [{ IPProtocol: 'tcp', ports: [...ports] }] });
const backend = (facts: JsonObject = {}, name = 'be'): EstateResource =>
  gcp('gcp-backend-service', compute('backendServices', name), {
    portName: 'http',
    backends: [{ group: `${API}/instanceGroups/own` }],
    ...facts,
  });
const PROXY = gcp('gcp-target-proxy', compute('targetHttpsProxies', 'px'), {
  urlMap: link('urlMaps', 'map'),
});
const THROUGH_PROXY = { portRange: '443-443', target: link('targetHttpsProxies', 'px') };
const urls = (facts: JsonObject = { defaultService: link('backendServices', 'be') }): EstateResource =>
  gcp('gcp-url-map', compute('urlMaps', 'map'), facts);
const group = (facts: JsonObject = {}, name = 'own'): EstateResource =>
  gcp('gcp-instance-group', `${ZONE}/instanceGroups/${name}`, {
    network: link('networks', 'net'),
    namedPorts: [
      { name: 'http', port: 8080 },
      { name: 'admin', port: 9090 },
    ],
    ...facts,
  });
const MANAGER = gcp('gcp-instance-group-manager', `${ZONE}/instanceGroupManagers/own`, {
  instanceGroup: `${API}/instanceGroups/own`,
});
const MANAGED = { ...INSIDE, createdBy: 'projects/1/zones/europe-west1-b/instanceGroupManagers/own' };
const GOOGLE = ['130.211.0.0/22', '35.191.0.0/16'];

type Row = readonly [title: string, verdict: string, ...resources: EstateResource[]];

function onInstance(facts: JsonObject, ...resources: readonly EstateResource[]): string {
  const of = { ...instance(facts), key: `gcp:${WEB}` };
  return verdictOn(NET, ...resources, of);
}

describe('an instance of a target pool', () => {
  const pool = (...instances: readonly string[]): EstateResource =>
    gcp('gcp-target-pool', compute('targetPools', 'pool'), {
      instances: instances.map((name) => `${API}/instances/${name}`),
    });
  const TO_POOL = external({ target: link('targetPools', 'pool') });

  it.each<Row>([
    [
      'is reached by whom its firewall lets in',
      'yes | internet tcp/80-81 app',
      pool('web'),
      TO_POOL,
      allowing(['80-90'], '0.0.0.0/0'),
    ],
    [
      'is reached on the ports that both open',
      'yes | internet tcp/80 app',
      pool('web'),
      TO_POOL,
      allowing(['80'], '0.0.0.0/0'),
    ],
    [
      'is reached by an office',
      'no | partner tcp/80-81 app',
      pool('web'),
      TO_POOL,
      allowing(['80-81'], '20.1.2.0/24'),
    ],
    ['sees no proxies of Google', 'no', pool('web'), TO_POOL, allowing(['80-81'], ...GOOGLE)],
    ['on another port is not reached', 'no', pool('web'), TO_POOL, allowing(['443'], '0.0.0.0/0')],
    [
      'is not reached over UDP',
      'no',
      pool('web'),
      external({ target: link('targetPools', 'pool'), IPProtocol: 'UDP' }),
      allowing(['80-81'], '0.0.0.0/0'),
    ],
    [
      'behind an internal rule is not reached',
      'no',
      pool('web'),
      external({ target: link('targetPools', 'pool'), loadBalancingScheme: 'INTERNAL' }),
      allowing(['80'], '0.0.0.0/0'),
    ],
    ['is another one', 'no', pool('web-2'), TO_POOL, allowing(['80'], '0.0.0.0/0')],
    ['without a rule is not reached', 'no', pool('web'), allowing(['80'], '0.0.0.0/0')],
  ])('%s: %s', (...row) => {
    const [, verdict, ...resources] = row as unknown as Row;
    expect(onInstance(INSIDE, ...resources)).toBe(verdict);
  });
});

describe('an instance of a managed group', () => {
  const HEALTH = allowing(['8080'], ...GOOGLE);
  const DIRECT = external({ backendService: link('backendServices', 'be') });
  const BESIDES = { portRange: '443-443', target: link('targetHttpsProxies', 'px') };

  it.each<Row>([
    [
      'is reached on the port that its group names',
      'yes | internet tcp/8080 app',
      PROXY,
      urls(),
      backend(),
      external(THROUGH_PROXY),
      HEALTH,
    ],
    [
      'is reached on the port of the backend where its group names none',
      'yes | internet tcp/8080 app',
      PROXY,
      urls(),
      backend({ portName: 'other', port: 8080 }),
      external(THROUGH_PROXY),
      HEALTH,
    ],
    [
      'is reached on any port where nobody tells one',
      'yes | internet tcp/8080 app',
      PROXY,
      urls(),
      backend({ portName: 'other' }),
      external(THROUGH_PROXY),
      HEALTH,
    ],
    [
      'may be reached by a map of which another backend was not described',
      'unknown: what forwarding rule fr leads to (px): gcloud asset list',
      PROXY,
      urls({
        defaultService: link('backendServices', 'be'),
        pathMatchers: [{ defaultService: link('backendServices', 'else') }],
      }),
      backend(),
      external(THROUGH_PROXY),
      HEALTH,
    ],
    [
      'is not reached on the port of another name',
      'no',
      PROXY,
      urls(),
      backend({ portName: 'admin' }),
      external(THROUGH_PROXY),
      HEALTH,
    ],
    [
      'is reached by a path of the map',
      'yes | internet tcp/8080 app',
      PROXY,
      urls({
        defaultService: link('backendServices', 'x'),
        pathMatchers: [
          {
            defaultService: link('backendServices', 'x'),
            pathRules: [{ service: link('backendServices', 'be') }],
          },
        ],
      }),
      backend(),
      backend({ backends: [] }, 'x'),
      external(THROUGH_PROXY),
      HEALTH,
    ],
    [
      'is reached by a route of the map',
      'yes | internet tcp/8080 app',
      PROXY,
      urls({ pathMatchers: [{ routeRules: [{ service: link('backendServices', 'be') }] }] }),
      backend(),
      external(THROUGH_PROXY),
      HEALTH,
    ],
    [
      'is not reached through a map without it',
      'no',
      PROXY,
      urls({ defaultService: link('backendServices', 'x') }),
      backend(),
      backend({ backends: [] }, 'x'),
      external(THROUGH_PROXY),
      HEALTH,
    ],
    [
      'is reached by clients where packets are passed on',
      'yes | internet tcp/80-81 app',
      backend(),
      DIRECT,
      allowing(['80-81'], '0.0.0.0/0'),
    ],
    ['sees no proxies where packets are passed on', 'no', backend(), DIRECT, allowing(['80-81'], ...GOOGLE)],
    [
      'is reached on every port where all are passed on',
      'yes | internet tcp/22 app',
      backend(),
      external({ backendService: link('backendServices', 'be'), portRange: null, allPorts: true }),
      allowing(['22'], '0.0.0.0/0'),
    ],
    [
      'is reached over every protocol where all are passed on',
      'yes | internet tcp/22 app',
      backend(),
      external({ backendService: link('backendServices', 'be'), portRange: null, IPProtocol: 'L3_DEFAULT' }),
      allowing(['22'], '0.0.0.0/0'),
    ],
    [
      'is reached for some by Cloud Armor',
      'no | partner tcp/8080 app',
      PROXY,
      urls(),
      backend({ securityPolicy: link('securityPolicies', 'armor') }),
      gcp('gcp-security-policy', compute('securityPolicies', 'armor'), {
        rules: [
          { priority: 1, action: 'allow', match: { config: { srcIpRanges: ['20.1.2.0/24'] } } },
          { priority: 2, action: 'deny(403)', match: { config: { srcIpRanges: ['*'] } } },
        ],
      }),
      external(BESIDES),
      HEALTH,
    ],
  ])('%s: %s', (...row) => {
    const [, verdict, ...resources] = row as unknown as Row;
    expect(onInstance(MANAGED, MANAGER, group(), ...resources)).toBe(verdict);
  });
});

describe('an instance beside a group whose members no export tells', () => {
  const OPEN = allowing(['8080'], ...GOOGLE);
  const UNKNOWN =
    'unknown: whether web is in own, which no manager made, behind forwarding rule fr; no inventory that is read here tells it';
  const FRONT = [PROXY, urls(), backend(), external(THROUGH_PROXY)];
  const LED = [
    PROXY,
    urls(),
    backend({ backends: [{ group: `${API}/networkEndpointGroups/own` }] }),
    external(THROUGH_PROXY),
  ];
  const endpoints = (facts: JsonObject = {}): EstateResource =>
    gcp('gcp-endpoint-group', `${ZONE}/networkEndpointGroups/own`, {
      network: link('networks', 'net'),
      networkEndpointType: 'GCE_VM_IP_PORT',
      ...facts,
    });

  it.each<Row>([
    ['may be in it', UNKNOWN, group(), ...FRONT, OPEN],
    [
      'that the firewall closes to its load balancer is not reached',
      'no',
      group(),
      ...FRONT,
      allowing(['22'], ...GOOGLE),
    ],
    [
      'that an internal rule leads to is not reached',
      'no',
      group(),
      PROXY,
      urls(),
      backend(),
      external({ ...THROUGH_PROXY, loadBalancingScheme: 'INTERNAL_MANAGED' }),
      OPEN,
    ],
    ['that nothing leads to is not reached', 'no', group(), OPEN],
    [
      'in another network is not reached',
      'no',
      group({ network: link('networks', 'other') }),
      ...FRONT,
      OPEN,
    ],
    ['that has a manager is not reached', 'no', group(), MANAGER, ...FRONT, OPEN],
    [
      'may be an endpoint of a group of them, on whatever port',
      'unknown: whether web is an endpoint of own behind forwarding rule fr; no inventory that is read here tells it',
      endpoints(),
      ...LED,
      allowing(['9090'], ...GOOGLE),
    ],
    [
      'may be an endpoint of a group that packets are passed on to',
      'unknown: whether web is an endpoint of own behind forwarding rule fr; no inventory that is read here tells it',
      endpoints({ networkEndpointType: 'GCE_VM_IP' }),
      ...LED,
      OPEN,
    ],
    [
      'is no endpoint outside of Google Cloud',
      'no',
      endpoints({ networkEndpointType: 'NON_GCP_PRIVATE_IP_PORT' }),
      ...LED,
      OPEN,
    ],
    [
      'is no pod of a cluster',
      'no',
      endpoints({ description: '{"cluster-uid":"1","service-name":"web"}' }),
      ...LED,
      OPEN,
    ],
    [
      'is no endpoint in another network',
      'no',
      endpoints({ network: link('networks', 'other') }),
      ...LED,
      OPEN,
    ],
    [
      'in another zone is not reached',
      'no',
      gcp(
        'gcp-instance-group',
        '//compute.googleapis.com/projects/p/zones/europe-west1-c/instanceGroups/own',
        { network: link('networks', 'net') },
      ),
      PROXY,
      urls(),
      backend({
        backends: [
          {
            group: 'https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-c/instanceGroups/own',
          },
        ],
      }),
      external(THROUGH_PROXY),
      OPEN,
    ],
  ])('%s: %s', (...row) => {
    const [, verdict, ...resources] = row as unknown as Row;
    expect(onInstance(INSIDE, ...resources)).toBe(verdict);
  });

  it('that a manager made is in its own', () => {
    expect(
      onInstance(
        { ...INSIDE, createdBy: 'projects/1/zones/europe-west1-b/instanceGroupManagers/else' },
        group(),
        ...FRONT,
        OPEN,
      ),
    ).toBe('no');
  });
});

describe('Cloud Armor before a backend', () => {
  const at = (priority: number, action: string, ...srcIpRanges: readonly string[]): JsonObject => ({
    priority,
    action,
    match: { config: { srcIpRanges: [...srcIpRanges] } },
  });
  const looking = (priority: number, action: string): JsonObject => ({
    priority,
    action,
    match: { expr: { expression: "origin.region_code == 'DE'" } },
  });
  const REST = 2_147_483_647;

  it.each<readonly [title: string, verdict: string, rules: readonly JsonObject[]]>([
    ['that slows everybody down lets them in', 'yes | internet tcp/443 app', [at(REST, 'throttle', '*')]],
    [
      'that lets in whom an expression means',
      'unknown: what the expressions of security policy armor let through; no inventory that is read here tells it',
      [looking(1, 'allow'), at(REST, 'deny(403)', '*')],
    ],
    [
      'that lets in an office and whom an expression means',
      'unknown: what the expressions of security policy armor let through; no inventory that is read here tells it',
      [looking(1, 'allow'), at(2, 'allow', '20.1.2.0/24'), at(REST, 'deny(403)', '*')],
    ],
    [
      'that denies whom an expression means lets in the others',
      'yes | internet tcp/443 app',
      [looking(1, 'deny(403)'), at(REST, 'allow', '*')],
    ],
    ['that denies by expression and by rule', 'no', [looking(1, 'deny(403)'), at(REST, 'deny(403)', '*')]],
    [
      'that denies everybody before an expression',
      'no',
      [at(1, 'deny(403)', '*'), looking(2, 'allow'), at(REST, 'deny(403)', '*')],
    ],
    ['without a rule lets nobody in', 'no', []],
  ])('%s: %s', (_title, verdict, rules) => {
    const armor = gcp('gcp-security-policy', compute('securityPolicies', 'armor'), { rules: [...rules] });
    const guarded = backend({ securityPolicy: link('securityPolicies', 'armor') });
    expect(verdictOn(armor, PROXY, urls(), guarded, external(THROUGH_PROXY))).toBe(verdict);
  });
});

describe('what runs serverless behind a load balancer', () => {
  const RUN = '//run.googleapis.com/projects/p/locations/europe-west1/services/api';
  const service = gcp('gcp-run-service', RUN, {
    ingress: 'internal-and-cloud-load-balancing',
    invokerIamDisabled: true,
  });
  const endpoints = (name: string, project = 'p'): readonly EstateResource[] => [
    {
      ...gcp('gcp-endpoint-group', compute('networkEndpointGroups', 'neg'), { cloudRun: { service: name } }),
      account: project,
    },
    gcp('gcp-backend-service', compute('backendServices', 'be'), {
      backends: [{ group: link('networkEndpointGroups', 'neg') }],
    }),
    urls(),
    PROXY,
  ];
  const OUTSIDE = external({ ...THROUGH_PROXY, loadBalancingScheme: 'EXTERNAL_MANAGED' });

  it.each<Row>([
    ['is reached through it', 'yes | internet tcp/443 app', ...endpoints('api'), OUTSIDE],
    ['of another name is not', 'no', ...endpoints('api-2'), OUTSIDE],
    ['of another project is not', 'no', ...endpoints('api', 'q'), OUTSIDE],
    [
      'is not through an internal one',
      'no',
      ...endpoints('api'),
      external({ ...THROUGH_PROXY, loadBalancingScheme: 'INTERNAL_MANAGED' }),
    ],
  ])('%s: %s', (...row) => {
    const [, verdict, ...resources] = row as unknown as Row;
    expect(verdictOn(...resources, service)).toBe(verdict);
  });
});
