import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  binding,
  compute,
  firewall,
  firewallPolicy,
  gcp,
  iamPolicy,
  instance,
  link,
  NET,
  ORGANIZATION_NAME,
  policyRule,
  verdictOn,
} from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { publicAccessibility } from './exposure-record.ts';
import { GcpEstate } from './gcp-estate.ts';
import { gcpExposure } from './gcp-exposure.ts';

/** Parts of a way that exports tell in more than one form, or not at all (attack-paths §2.10), row by row. */
type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

const OPEN = firewall('open');
const YES = 'yes | internet tcp/443 app';

describe('an instance', () => {
  it.each<Case>([
    ['that is being made', YES, [instance({ status: 'PROVISIONING' })]],
    ['that is being placed', YES, [instance({ status: 'STAGING' })]],
    ['that is being repaired', YES, [instance({ status: 'REPAIRING' })]],
    ['of which nobody says whether it runs', YES, [instance({ status: null })]],
    ['that is stopped', 'no', [instance({ status: 'TERMINATED' })]],
    ['that sleeps', 'no', [instance({ status: 'SUSPENDED' })]],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(NET, OPEN, ...resources)).toBe(verdict);
  });
});

describe('a rule of a firewall policy', () => {
  const unsure = (priority: number) =>
    `unknown: what rule ${priority} of firewall policy guard matches (tags, names or regions); no inventory that is read here tells it`;
  const guard = (...rules: readonly JsonObject[]) => firewallPolicy('guard', 'organizations/3', ...rules);
  const ALL = 'yes | internet every tcp port app';

  it.each<Case>([
    ['that allows everybody', ALL, [guard(policyRule(10, 'allow'))]],
    ['that is off', 'no', [guard(policyRule(10, 'allow', {}, { disabled: true }))]],
    ['about what leaves', 'no', [guard(policyRule(10, 'allow', {}, { direction: 'EGRESS' }))]],
    [
      'for the service account of the machine',
      ALL,
      [guard(policyRule(10, 'allow', {}, { targetServiceAccounts: ['sa@p.iam.gserviceaccount.com'] }))],
    ],
    [
      'for that account among others',
      ALL,
      [guard(policyRule(10, 'allow', {}, { targetServiceAccounts: ['x', 'sa@p.iam.gserviceaccount.com'] }))],
    ],
    [
      'for another account',
      'no',
      [guard(policyRule(10, 'allow', {}, { targetServiceAccounts: ['ci@p.iam.gserviceaccount.com'] }))],
    ],
    [
      'for the network among others',
      ALL,
      [
        guard(
          policyRule(10, 'allow', {}, { targetResources: [link('networks', 'x'), link('networks', 'net')] }),
        ),
      ],
    ],
    [
      'for another network',
      'no',
      [guard(policyRule(10, 'allow', {}, { targetResources: [link('networks', 'x')] }))],
    ],
    [
      'for secure tags',
      unsure(10),
      [guard(policyRule(10, 'allow', {}, { targetSecureTags: [{ name: 't' }] }))],
    ],
    ...['srcRegionCodes', 'srcThreatIntelligences', 'srcFqdns', 'srcAddressGroups'].map(
      (from): Case => [
        `that allows by ${from}`,
        unsure(10),
        [guard(policyRule(10, 'allow', { srcIpRanges: [], [from]: ['x'] }))],
      ],
    ),
    [
      'that denies by names before one that allows everybody',
      unsure(10),
      [guard(policyRule(10, 'deny', { srcIpRanges: [], srcFqdns: ['x'] }), policyRule(20, 'allow'))],
    ],
    [
      'that allows machines with a secure tag',
      'no',
      [guard(policyRule(10, 'allow', { srcIpRanges: [], srcSecureTags: [{ name: 't' }] }))],
    ],
    ['that a profile inspects', unsure(10), [guard(policyRule(10, 'apply_security_profile_group'))]],
    [
      'for what does not come from the internet',
      'no',
      [guard(policyRule(10, 'allow', { srcNetworkType: 'NON_INTERNET' }))],
    ],
  ])('%s: %s', (_, verdict, policies) => {
    const shut = firewall('shut', { sourceRanges: ['10.0.0.0/8'] });
    expect(verdictOn(NET, shut, ...policies, instance())).toBe(verdict);
  });
});

describe('instances of one estate that differ in one thing', () => {
  const OTHER_NET = gcp('gcp-network', compute('networks', 'other'), { name: 'other' });
  const FOR_TAG = firewall('tagged', { targetTags: ['web'] });
  const FOR_ACCOUNT = firewall('account', { targetServiceAccounts: ['sa@p.iam.gserviceaccount.com'] });
  const IN_FOLDER = firewallPolicy('guard', 'folders/2', policyRule(10, 'deny'));
  const V4 = { accessConfigs: [{ natIP: '34.1.1.1' }] };
  const V6 = { ipv6AccessConfigs: [{ externalIpv6: '2600:1900::1' }] };
  const on = (network: string, address: JsonObject): JsonObject => ({
    networkInterfaces: [{ network: link('networks', network), ...address }],
  });

  it.each<[title: string, told: string, world: readonly EstateResource[], one: JsonObject, two: JsonObject]>([
    ['its tags', 'yes, no', [NET, FOR_TAG], {}, { tags: { items: ['db'] } }],
    ['its service account', 'yes, no', [NET, FOR_ACCOUNT], {}, { serviceAccounts: [{ email: 'x' }] }],
    [
      'its network',
      'yes, no',
      [
        NET,
        OTHER_NET,
        OPEN,
        firewall('inner', { network: link('networks', 'other'), sourceRanges: ['10.0.0.0/8'] }),
      ],
      {},
      on('other', V4),
    ],
    [
      'its folder',
      'no, yes',
      [NET, OPEN, IN_FOLDER],
      {},
      { ancestors: ['projects/1', 'folders/9', 'organizations/3'] },
    ],
    ['the family of its address', 'yes, no', [NET, OPEN], on('net', V4), on('net', V6)],
  ])('%s: %s', (_, told, world, one, two) => {
    const named = (name: string, facts: JsonObject) => {
      const of = instance(facts);
      return { ...of, key: of.key.replace(/web$/, name), name };
    };
    const machines = [named('one', one), named('two', two)];
    for (const asked of [machines, machines.toReversed()]) {
      const estate = new GcpEstate([...world, ...machines]);
      const states = new Map(
        asked.map((each) => [each, publicAccessibility(gcpExposure(estate, each) ?? []).state]),
      );
      expect(machines.map((each) => states.get(each)).join(', ')).toBe(told);
    }
  });
});

describe('what a forwarding rule leads to', () => {
  const rule = (facts: JsonObject): EstateResource =>
    gcp('gcp-forwarding-rule', compute('forwardingRules', 'fr'), {
      loadBalancingScheme: 'EXTERNAL',
      IPAddress: '34.1.1.9',
      ...facts,
    });
  const BACKEND = gcp('gcp-backend-service', compute('backendServices', 'be'), {});
  const TO_BACKEND = { backendService: link('backendServices', 'be') };
  const TO_PROXY = { target: link('targetTcpProxies', 'px'), portRange: '443-443' };
  const proxy = (facts: JsonObject) => gcp('gcp-target-proxy', compute('targetTcpProxies', 'px'), facts);

  it.each<Case>([
    [
      'on every port',
      'yes | internet every tcp port app',
      [BACKEND, rule({ ...TO_BACKEND, IPProtocol: 'TCP', allPorts: true })],
    ],
    [
      'on some',
      'yes | internet tcp/80, tcp/443 app',
      [BACKEND, rule({ ...TO_BACKEND, ports: ['80', '443'] })],
    ],
    [
      'over UDP',
      'yes | internet udp/53 app',
      [BACKEND, rule({ ...TO_BACKEND, IPProtocol: 'UDP', portRange: '53-53' })],
    ],
    ['on ports that nobody tells', 'yes | internet any app', [BACKEND, rule(TO_BACKEND)]],
    [
      'by a proxy that names it',
      YES,
      [BACKEND, proxy({ service: link('backendServices', 'be') }), rule(TO_PROXY)],
    ],
    [
      'by a proxy that names nothing',
      'unknown: what forwarding rule fr leads to (px): gcloud asset list',
      [BACKEND, proxy({}), rule(TO_PROXY)],
    ],
    [
      'by paths of a map',
      YES,
      [
        BACKEND,
        gcp('gcp-url-map', compute('urlMaps', 'map'), {
          pathMatchers: [{ defaultService: link('backendServices', 'be') }],
        }),
        proxy({ urlMap: link('urlMaps', 'map') }),
        rule(TO_PROXY),
      ],
    ],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a rule that tells protocols by their numbers', () => {
  it.each<[title: string, verdict: string, allowed: JsonObject]>([
    ['6', YES, { IPProtocol: '6', ports: ['443'] }],
    ['17', 'yes | internet udp/53 app', { IPProtocol: '17', ports: ['53'] }],
    ['1', 'no', { IPProtocol: '1' }],
    ['all', 'yes | internet every tcp port, every udp port app', { IPProtocol: 'all' }],
  ])('%s: %s', (_, verdict, allowed) => {
    expect(verdictOn(NET, firewall('open', { allowed: [allowed] }), instance())).toBe(verdict);
  });
});

describe('a function of the first generation', () => {
  const FN = '//cloudfunctions.googleapis.com/projects/p/locations/europe-west1/functions/shop';
  const fn = (facts: JsonObject) => gcp('gcp-function', FN, facts);
  const ASKED = { ingressSettings: 'ALLOW_ALL', httpsTrigger: { url: 'https://x/' } };
  const may = (role: string, ...members: readonly string[]) => iamPolicy(FN, binding(role, ...members));
  const ANY_GOOGLE = 'yes | any-google-account tcp/443 iam';

  it.each<Case>([
    ['that everybody may call', YES, [may('roles/cloudfunctions.invoker', 'allUsers'), fn(ASKED)]],
    [
      'that everybody with an account may call',
      ANY_GOOGLE,
      [may('roles/cloudfunctions.invoker', 'allAuthenticatedUsers'), fn(ASKED)],
    ],
    [
      'that both may call',
      YES,
      [may('roles/cloudfunctions.invoker', 'allAuthenticatedUsers', 'allUsers'), fn(ASKED)],
    ],
    ['that a person may call', 'no', [may('roles/cloudfunctions.invoker', 'user:x@example.com'), fn(ASKED)]],
    [
      'that events call',
      'no',
      [
        may('roles/cloudfunctions.invoker', 'allUsers'),
        fn({ ingressSettings: 'ALLOW_ALL', eventTrigger: { eventType: 'x' } }),
      ],
    ],
    [
      'of which nobody told the ingress',
      'unknown: the ingress settings of shop: gcloud asset list',
      [may('roles/cloudfunctions.invoker', 'allUsers'), fn({ httpsTrigger: { url: 'https://x/' } })],
    ],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('the ingress of a service of Cloud Run', () => {
  const RUN = '//run.googleapis.com/projects/p/locations/europe-west1/services/shop';
  const INVOKED = iamPolicy(RUN, binding('roles/run.invoker', 'allUsers'));
  const BALANCERS = 'unknown: load balancers before shop: gcloud asset list';

  it.each<[ingress: string | null, verdict: string]>([
    ['all', YES],
    ['INGRESS_TRAFFIC_ALL', YES],
    [null, YES],
    ['internal-and-cloud-load-balancing', BALANCERS],
    ['INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER', BALANCERS],
    ['internal', 'no'],
    ['INGRESS_TRAFFIC_INTERNAL_ONLY', 'no'],
  ])('%s: %s', (ingress, verdict) => {
    expect(verdictOn(INVOKED, gcp('gcp-run-service', RUN, { ingress }))).toBe(verdict);
  });
});

describe('a function of the second generation', () => {
  const RUN = '//run.googleapis.com/projects/p/locations/europe-west1/services/shop';
  const fn = (ingressSettings: string, more: JsonObject = {}) =>
    gcp('gcp-function', '//cloudfunctions.googleapis.com/projects/p/locations/europe-west1/functions/shop', {
      serviceConfig: { ingressSettings, service: RUN.replace('//run.googleapis.com/', '') },
      ...more,
    });
  const SERVICE = gcp('gcp-run-service', RUN, {});
  const INVOKED = iamPolicy(RUN, binding('roles/run.invoker', 'allUsers'));
  const POLICIES = iamPolicy(ORGANIZATION_NAME, binding('roles/viewer', 'user:x@example.com'));

  it.each<Case>([
    ['that everybody may invoke', YES, [SERVICE, INVOKED, fn('ALLOW_ALL')]],
    ['for its own networks', 'no', [SERVICE, INVOKED, fn('ALLOW_INTERNAL_ONLY')]],
    [
      'whose service was not described',
      'unknown: the service of Cloud Run behind shop: gcloud asset list',
      [POLICIES, fn('ALLOW_ALL')],
    ],
    [
      'for load balancers, of which none was described',
      'unknown: load balancers before shop: gcloud asset list',
      [SERVICE, INVOKED, fn('ALLOW_INTERNAL_AND_GCLB')],
    ],
    [
      'with an ingress that nobody knows',
      'unknown: the ingress of shop in a form that is known: gcloud asset list',
      [SERVICE, INVOKED, fn('ALLOW_SOME')],
    ],
    [
      'behind a load balancer of which a part was not described',
      'unknown: what forwarding rule fr leads to (px): gcloud asset list',
      [
        SERVICE,
        INVOKED,
        gcp('gcp-endpoint-group', compute('networkEndpointGroups', 'neg'), {
          cloudFunction: { function: 'shop' },
        }),
        gcp('gcp-backend-service', compute('backendServices', 'be'), {
          backends: [{ group: link('networkEndpointGroups', 'neg') }],
        }),
        gcp('gcp-url-map', compute('urlMaps', 'map'), {
          defaultService: link('backendServices', 'be'),
          pathMatchers: [{ defaultService: link('backendServices', 'else') }],
        }),
        gcp('gcp-target-proxy', compute('targetHttpsProxies', 'px'), { urlMap: link('urlMaps', 'map') }),
        gcp('gcp-forwarding-rule', compute('forwardingRules', 'fr'), {
          loadBalancingScheme: 'EXTERNAL_MANAGED',
          target: link('targetHttpsProxies', 'px'),
        }),
        fn('ALLOW_INTERNAL_AND_GCLB'),
      ],
    ],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});
