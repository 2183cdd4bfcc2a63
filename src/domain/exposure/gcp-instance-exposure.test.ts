import { describe, expect, it } from 'vitest';
import {
  compute,
  firewall,
  firewallPolicy,
  gcp,
  iamPolicy,
  instance,
  link,
  NET,
  PROJECT_NAME,
  policyRule,
  verdictOn,
  waysInto,
} from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const OPEN = firewall('open');
const YES = 'yes | internet tcp/443 app';
const DENY_TCP = { denied: [{ IPProtocol: 'tcp' }] };

/** An estate, and the verdict on its instance. */
type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

describe('an instance', () => {
  it.each<Case>([
    ['with an external address and an open rule', YES, [NET, OPEN]],
    [
      '44 an allowance at 1000, a denial at 900 over the same ports',
      'no',
      [NET, OPEN, firewall('deny', { priority: 900, denied: [{ IPProtocol: 'tcp', ports: ['400-500'] }] })],
    ],
    [
      '44 the smaller number wins',
      YES,
      [NET, firewall('open', { priority: 800 }), firewall('deny', { priority: 900, ...DENY_TCP })],
    ],
    [
      '44 a rule without a number stands at 1000',
      'no',
      [NET, firewall('open', { priority: null }), firewall('deny', { priority: 900, ...DENY_TCP })],
    ],
    ['44 of equal numbers the denial wins', 'no', [NET, OPEN, firewall('deny', DENY_TCP)]],
    [
      'a denial of other ports',
      YES,
      [NET, OPEN, firewall('deny', { priority: 900, denied: [{ IPProtocol: 'tcp', ports: ['22'] }] })],
    ],
    [
      'a denial of half of the internet',
      'yes | internet-wide tcp/443 app',
      [NET, OPEN, firewall('deny', { priority: 900, sourceRanges: ['0.0.0.0/1'], ...DENY_TCP })],
    ],
    [
      'the two halves of the internet',
      YES,
      [NET, firewall('a', { sourceRanges: ['0.0.0.0/1'] }), firewall('b', { sourceRanges: ['128.0.0.0/1'] })],
    ],
    ['no rule but for the inside', 'no', [NET, firewall('inside', { sourceRanges: ['10.0.0.0/8'] })]],
    ['an office', 'no | partner tcp/443 app', [NET, firewall('office', { sourceRanges: ['20.1.2.0/24'] })]],
    [
      'Identity-Aware Proxy is not the internet',
      'no',
      [NET, firewall('iap', { sourceRanges: ['35.235.240.0/20'] })],
    ],
    [
      'health checks are not the internet',
      'no',
      [NET, firewall('hc', { sourceRanges: ['130.211.0.0/22', '35.191.0.0/16'] })],
    ],
    ['a rule without sources is for everybody', YES, [NET, firewall('open', { sourceRanges: [] })]],
    [
      'a rule from tags alone is for machines',
      'no',
      [NET, firewall('tags', { sourceRanges: [], sourceTags: ['bastion'] })],
    ],
    ['a rule for its tag', YES, [NET, firewall('open', { targetTags: ['web'] })]],
    ['a rule for another tag', 'no', [NET, firewall('open', { targetTags: ['db'] })]],
    [
      'a rule for its service account',
      YES,
      [NET, firewall('open', { targetServiceAccounts: ['sa@p.iam.gserviceaccount.com'] })],
    ],
    ['a rule for another service account', 'no', [NET, firewall('open', { targetServiceAccounts: ['x'] })]],
    [
      'a rule that is off',
      'no',
      [NET, firewall('open', { disabled: true }), firewall('other', { sourceRanges: ['10.0.0.0/8'] })],
    ],
    ['a rule for what leaves', 'no', [NET, firewall('open', { direction: 'EGRESS' })]],
    [
      'a rule of another network',
      'unknown: firewall rules of network net: gcloud asset list',
      [NET, firewall('open', { network: link('networks', 'other') })],
    ],
    ['ping', 'no', [NET, firewall('icmp', { allowed: [{ IPProtocol: 'icmp' }] })]],
    [
      'every protocol',
      'yes | internet every tcp port, every udp port app',
      [NET, firewall('all', { allowed: [{ IPProtocol: 'all' }] })],
    ],
    [
      'a policy of the organisation that denies',
      'no',
      [NET, OPEN, firewallPolicy('org', 'organizations/3', policyRule(100, 'deny'))],
    ],
    [
      'one that denies after it lets through',
      YES,
      [
        NET,
        OPEN,
        firewallPolicy('org', 'organizations/3', policyRule(100, 'goto_next'), policyRule(200, 'deny')),
      ],
    ],
    [
      'one that allows before the network denies',
      'yes | internet every tcp port app',
      [NET, firewall('deny', DENY_TCP), firewallPolicy('org', 'organizations/3', policyRule(100, 'allow'))],
    ],
    [
      'one of a folder that denies what the organisation leaves',
      'no',
      [
        NET,
        OPEN,
        firewallPolicy('folder', 'folders/2', policyRule(100, 'deny')),
        firewallPolicy('org', 'organizations/3', policyRule(100, 'goto_next')),
      ],
    ],
    [
      'the organisation before the folder',
      'yes | internet every tcp port app',
      [
        NET,
        firewall('x', { sourceRanges: ['10.0.0.0/8'] }),
        firewallPolicy('folder', 'folders/2', policyRule(100, 'deny')),
        firewallPolicy('org', 'organizations/3', policyRule(100, 'allow')),
      ],
    ],
    [
      'one that allows everywhere but the internet',
      'no',
      [
        NET,
        firewall('x', { sourceRanges: ['10.0.0.0/8'] }),
        firewallPolicy(
          'org',
          'organizations/3',
          policyRule(100, 'allow', { srcNetworkType: 'NON_INTERNET' }),
        ),
      ],
    ],
    [
      'one that denies everywhere but the internet',
      YES,
      [
        NET,
        OPEN,
        firewallPolicy(
          'org',
          'organizations/3',
          policyRule(100, 'deny', { srcNetworkScope: 'NON_INTERNET' }),
        ),
      ],
    ],
    [
      'one of another folder',
      YES,
      [NET, OPEN, firewallPolicy('folder', 'folders/9', policyRule(100, 'deny'))],
    ],
    [
      'one for another network',
      YES,
      [
        NET,
        OPEN,
        firewallPolicy(
          'org',
          'organizations/3',
          policyRule(100, 'deny', {}, { targetResources: [link('networks', 'other')] }),
        ),
      ],
    ],
    [
      'one that denies a country leaves it open whether',
      'unknown: what rule 100 of firewall policy org matches (tags, names or regions); no inventory that is read here tells it',
      [
        NET,
        OPEN,
        firewallPolicy(
          'org',
          'organizations/3',
          policyRule(100, 'deny', { srcIpRanges: [], srcRegionCodes: ['XX'] }),
        ),
      ],
    ],
    [
      'a policy of the network is asked after its rules',
      YES,
      [NET, OPEN, firewallPolicy('net', link('networks', 'net'), policyRule(100, 'deny'))],
    ],
    [
      'or before them, where the network says so',
      'no',
      [
        gcp('gcp-network', compute('networks', 'net'), {
          networkFirewallPolicyEnforcementOrder: 'BEFORE_CLASSIC_FIREWALL',
        }),
        OPEN,
        firewallPolicy('net', link('networks', 'net'), policyRule(100, 'deny')),
      ],
    ],
    [
      'a policy of the network alone',
      'yes | internet every tcp port app',
      [NET, firewallPolicy('net', link('networks', 'net'), policyRule(100, 'allow'))],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources, instance())).toBe(verdict);
  });

  it.each<[string, string, Parameters<typeof instance>[0]]>([
    ['without an external address', 'no', { networkInterfaces: [{ network: link('networks', 'net') }] }],
    [
      'with an external address of IPv6 and a rule for IPv4',
      'no',
      {
        networkInterfaces: [
          { network: link('networks', 'net'), ipv6AccessConfigs: [{ externalIpv6: '2600::1' }] },
        ],
      },
    ],
    ['stopped', 'no', { status: 'TERMINATED' }],
    [
      'that was not described',
      'unknown: the interfaces of web: gcloud asset list',
      { networkInterfaces: null },
    ],
  ])('%s', (_, verdict, facts) => {
    expect(verdictOn(NET, OPEN, instance(facts))).toBe(verdict);
  });

  it('of IPv6 by a rule for it', () => {
    const six = {
      networkInterfaces: [
        { network: link('networks', 'net'), ipv6AccessConfigs: [{ externalIpv6: '2600::1' }] },
      ],
    };
    expect(verdictOn(NET, firewall('six', { sourceRanges: ['::/0'] }), instance(six))).toBe(YES);
  });

  it('names the way in, what would close it, and what was taken for granted', () => {
    const [way] = waysInto(NET, OPEN, firewall('other', { sourceRanges: ['10.0.0.0/8'] }), instance());
    expect(way).toMatchObject({
      via: ['external address', 'open'],
      gates: [OPEN.key],
      evidence: [
        { sentence: 'Instance web (34.1.1.1) lets the whole internet in on tcp/443.' },
        { sentence: 'Firewall rule open lets it in.' },
        {
          sentence:
            'Firewall policies of the organisation and its folders were not described and are taken as absent.',
        },
      ],
    });
  });
});

describe('a rule of a network', () => {
  it.each<Case>([
    ['from everywhere', YES, [OPEN]],
    [
      'for UDP',
      'yes | internet udp/53 app',
      [firewall('dns', { allowed: [{ IPProtocol: 'udp', ports: ['53'] }] })],
    ],
    ['from the inside', 'no', [firewall('in', { sourceRanges: ['10.0.0.0/8'] })]],
    ['that denies', 'no', [firewall('deny', DENY_TCP)]],
    ['that is off', 'no', [firewall('off', { disabled: true })]],
    ['for what leaves', 'no', [firewall('out', { direction: 'EGRESS' })]],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

const MANAGER = gcp(
  'gcp-instance-group-manager',
  '//compute.googleapis.com/projects/p/zones/europe-west1-b/instanceGroupManagers/web',
  {
    instanceGroup: 'https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b/instanceGroups/web',
  },
);
const MEMBERS = gcp(
  'gcp-instance-group',
  '//compute.googleapis.com/projects/p/zones/europe-west1-b/instanceGroups/web',
  { namedPorts: [{ name: 'http', port: 8080 }] },
);
const backend = (facts: object = {}) =>
  gcp('gcp-backend-service', compute('backendServices', 'be'), {
    portName: 'http',
    backends: [
      { group: 'https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b/instanceGroups/web' },
    ],
    ...facts,
  });
const PROXY = gcp('gcp-target-proxy', compute('targetHttpsProxies', 'px'), {
  urlMap: link('urlMaps', 'map'),
});
const MAP = gcp('gcp-url-map', compute('urlMaps', 'map'), { defaultService: link('backendServices', 'be') });
const rule = (loadBalancingScheme: string) =>
  gcp('gcp-forwarding-rule', compute('forwardingRules', 'fr'), {
    loadBalancingScheme,
    IPAddress: '34.9.9.9',
    IPProtocol: 'TCP',
    portRange: '443-443',
    target: link('targetHttpsProxies', 'px'),
  });
const armor = (...rules: readonly object[]) =>
  gcp('gcp-security-policy', compute('securityPolicies', 'armor'), { rules: rules as never });
const ARMED = { securityPolicy: link('securityPolicies', 'armor') };
const from = (priority: number, action: string, ...srcIpRanges: readonly string[]) => ({
  priority,
  action,
  match: { config: { srcIpRanges } },
});
const PRIVATE = {
  createdBy: 'projects/1/zones/europe-west1-b/instanceGroupManagers/web',
  networkInterfaces: [{ network: link('networks', 'net') }],
};
const HEALTH = firewall('hc', {
  sourceRanges: ['130.211.0.0/22', '35.191.0.0/16'],
  allowed: [{ IPProtocol: 'tcp', ports: ['8080'] }],
});

describe('a load balancer', () => {
  it.each<Case>([
    ['that is external', YES, [PROXY, MAP, backend(), rule('EXTERNAL_MANAGED')]],
    ['that is internal', 'no', [PROXY, MAP, backend(), rule('INTERNAL_MANAGED')]],
    [
      'whose way was not described',
      'unknown: what forwarding rule fr leads to (px): gcloud asset list',
      [rule('EXTERNAL')],
    ],
    [
      'with Identity-Aware Proxy answers with a login',
      'yes | internet tcp/443 oidc',
      [PROXY, MAP, backend({ iap: { enabled: true } }), rule('EXTERNAL')],
    ],
    [
      'for an office by Cloud Armor',
      'no | partner tcp/443 app',
      [
        armor(from(1, 'allow', '20.1.2.0/24'), from(2147483647, 'deny(403)', '*')),
        PROXY,
        MAP,
        backend(ARMED),
        rule('EXTERNAL'),
      ],
    ],
    [
      'for everybody but an office',
      'yes | internet-wide tcp/443 app',
      [
        armor(from(1, 'deny(403)', '20.0.0.0/8'), from(2147483647, 'allow', '0.0.0.0/0')),
        PROXY,
        MAP,
        backend(ARMED),
        rule('EXTERNAL'),
      ],
    ],
    [
      'for nobody by Cloud Armor',
      'no',
      [armor(from(2147483647, 'deny(403)', '*')), PROXY, MAP, backend(ARMED), rule('EXTERNAL')],
    ],
    [
      'for nobody by a rule that is only tried',
      YES,
      [
        armor({ ...from(1, 'deny(403)', '*'), preview: true }, from(2147483647, 'allow', '*')),
        PROXY,
        MAP,
        backend(ARMED),
        rule('EXTERNAL'),
      ],
    ],
    [
      'with a policy that looks at requests and denies some',
      YES,
      [
        armor(
          {
            priority: 1,
            action: 'deny(403)',
            match: { expr: { expression: "evaluatePreconfiguredWaf('sqli')" } },
          },
          from(2147483647, 'allow', '*'),
        ),
        PROXY,
        MAP,
        backend(ARMED),
        rule('EXTERNAL'),
      ],
    ],
    [
      'with a policy that was not described',
      'unknown: security policy armor: gcloud asset list',
      [PROXY, MAP, backend(ARMED), rule('EXTERNAL')],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });

  it.each<Case>([
    [
      'over the port that its group names',
      'yes | internet tcp/8080 app',
      [HEALTH, backend(), rule('EXTERNAL')],
    ],
    [
      'whose firewall does not let the load balancer in',
      'no',
      [
        firewall('in', { sourceRanges: ['10.0.0.0/8'], allowed: [{ IPProtocol: 'tcp' }] }),
        backend(),
        rule('EXTERNAL'),
      ],
    ],
    [
      'whose firewall lets in one client, whom the load balancer stands for',
      'no',
      [
        firewall('in', { sourceRanges: ['20.1.2.3/32'], allowed: [{ IPProtocol: 'tcp' }] }),
        backend(),
        rule('EXTERNAL'),
      ],
    ],
    ['behind an internal one', 'no', [HEALTH, backend(), rule('INTERNAL_MANAGED')]],
    [
      'behind a login that nobody in particular passes',
      'no',
      [HEALTH, backend({ iap: { enabled: true } }), rule('EXTERNAL'), iamPolicy(PROJECT_NAME)],
    ],
    [
      'behind a login of which nobody told whom it lets in',
      'unknown: IAM policies of p: gcloud asset list',
      [HEALTH, backend({ iap: { enabled: true } }), rule('EXTERNAL')],
    ],
  ])('reaches an instance %s', (_, verdict, resources) => {
    expect(verdictOn(NET, MANAGER, MEMBERS, PROXY, MAP, ...resources, instance(PRIVATE))).toBe(verdict);
  });
});
