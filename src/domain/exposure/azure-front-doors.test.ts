import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { armId, azure, nsg, rule, verdictOn, WEB_SUBNET } from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const FDID = '7f1d0000-0000-4000-8000-00000000000a';
const PROFILE = armId('Microsoft.Cdn/profiles', 'fd');
const SITE = armId('Microsoft.Web/sites', 'shop');
const profile = azure('azure-cdn-profile', PROFILE, { frontDoorId: FDID.toUpperCase() });
const endpoint = azure('azure-front-door-endpoint', `${PROFILE}/afdEndpoints/e`, {
  hostName: 'e.azurefd.net',
});
const origin = (facts: JsonObject = {}) =>
  azure('azure-front-door-origin', `${PROFILE}/originGroups/o/origins/x`, {
    hostName: 'shop.azurewebsites.net',
    ...facts,
  });
const route = (facts: JsonObject = {}) =>
  azure('azure-front-door-route', `${PROFILE}/afdEndpoints/e/routes/r`, {
    originGroup: { id: `${PROFILE}/originGroups/o` },
    ...facts,
  });
const DOOR = [profile, endpoint, origin(), route()];
const tag = (headers: JsonObject, more: JsonObject = {}): JsonObject => ({
  name: 'door',
  ipAddress: 'AzureFrontDoor.Backend',
  action: 'Allow',
  priority: 100,
  headers,
  ...more,
});
const site = (...ipSecurityRestrictions: JsonObject[]) =>
  azure('azure-web-app', SITE, {
    state: 'Running',
    publicNetworkAccess: 'Enabled',
    defaultHostName: 'shop.azurewebsites.net',
    siteConfig: { ipSecurityRestrictions },
  });
const OWN = tag({ 'x-azure-fdid': [FDID] });
const SHUT = 'no';
const OPEN = 'yes | internet tcp/443 app';
const UNSURE =
  'unknown: what strangers know of the headers that restriction door asks for; no inventory that is read here tells it';
type Row = readonly [why: string, verdict: string, resources: readonly EstateResource[]];

describe('a site that asks whose Front Door it is', () => {
  it.each<Row>([
    ['its own', OPEN, [...DOOR, site(OWN)]],
    [
      'another one that was described',
      SHUT,
      [
        ...DOOR,
        azure('azure-cdn-profile', armId('Microsoft.Cdn/profiles', 'b'), { frontDoorId: 'b' }),
        azure('azure-front-door-origin', `${armId('Microsoft.Cdn/profiles', 'b')}/originGroups/o/origins/x`, {
          hostName: 'other.example.com',
        }),
        site(tag({ 'x-azure-fdid': ['b'] })),
      ],
    ],
    [
      'one of which nobody told where it leads',
      'unknown: the origins of Front Door fd: az afd origin-group list',
      [profile, endpoint, site(OWN)],
    ],
    [
      'one that nobody described',
      'unknown: the Front Door whose id is 7f1d0000-0000-4000-8000-00000000000a: az afd profile list',
      [site(OWN)],
    ],
    [
      'one that is denied before',
      SHUT,
      [site(tag({ 'x-azure-fdid': [FDID] }, { action: 'Deny', priority: 1 }), OWN)],
    ],
    [
      'a denial of another one, and then anybody',
      'yes | any-azure tcp/443 app',
      [site(tag({ 'x-azure-fdid': ['b'] }, { action: 'Deny', priority: 1 }), tag({}))],
    ],
    [
      'the name of its own',
      OPEN,
      [...DOOR, site(tag({ 'x-azure-fdid': [FDID], 'x-forwarded-host': ['e.azurefd.net'] }))],
    ],
    ['a name alone', UNSURE, [...DOOR.slice(0, 2), site(tag({ 'x-forwarded-host': ['shop.example.com'] }))]],
    [
      'a name of anybody',
      OPEN,
      [site(tag({ 'x-forwarded-host': ['shop.example.com'] }, { ipAddress: 'Any' }))],
    ],
    ['a health probe', SHUT, [site(tag({ 'x-fd-healthprobe': ['1'] }))]],
    [
      'a health probe of anybody',
      OPEN,
      [site(tag({ 'x-fd-healthprobe': ['1'] }, { ipAddress: '0.0.0.0/0' }))],
    ],
    [
      'a denial of a header that nobody has to send',
      OPEN,
      [
        site(
          tag(
            { 'x-forwarded-host': ['shop.example.com'] },
            { ipAddress: 'Any', action: 'Deny', priority: 1 },
          ),
          { ipAddress: 'Any', action: 'Allow', priority: 200 },
        ),
      ],
    ],
    [
      'an address of the chain',
      UNSURE,
      [site(tag({ 'x-forwarded-for': ['20.1.2.3/32'] }, { ipAddress: 'Any' }))],
    ],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('the way of a request through Front Door', () => {
  const domain = azure('azure-front-door-domain', `${PROFILE}/customDomains/d`, {
    hostName: 'shop.example.com',
  });
  const set = azure('azure-front-door-rule', `${PROFILE}/ruleSets/s/rules/r`, {
    actions: [{ parameters: { originGroupOverride: { originGroup: { id: `${PROFILE}/originGroups/O` } } } }],
  });
  const elsewhere = { originGroup: { id: `${PROFILE}/originGroups/other` } };
  const WAF = armId('Microsoft.Network/frontDoorWebApplicationFirewallPolicies', 'waf');
  const office = azure('azure-waf-policy', WAF, {
    policySettings: { state: 'Enabled', mode: 'Prevention' },
    customRules: [
      {
        name: 'office',
        priority: 1,
        action: 'Block',
        conditions: [
          {
            variables: [{ name: 'SocketAddr' }],
            operator: 'IPMatch',
            isNegated: true,
            values: ['20.1.2.0/24'],
          },
        ],
      },
    ],
  });
  const guards = (domains: JsonObject[], patternsToMatch = ['/*']) =>
    azure('azure-front-door-security', `${PROFILE}/securityPolicies/s`, {
      parameters: { wafPolicy: { id: WAF }, associations: [{ domains, patternsToMatch }] },
    });
  const E = { id: `${PROFILE}/afdEndpoints/E` };
  const D = { id: `${PROFILE}/customDomains/d` };
  const linked = (status: string | null) => [
    profile,
    endpoint,
    origin({ sharedPrivateLinkResource: { privateLink: { id: SITE }, status } }),
    route(),
  ];
  const closed = (...states: string[]) =>
    azure('azure-web-app', SITE, {
      state: 'Running',
      publicNetworkAccess: 'Disabled',
      defaultHostName: 'shop.azurewebsites.net',
      privateEndpointConnections: states.map((status) => ({ privateLinkServiceConnectionState: { status } })),
    });

  it.each<Row>([
    [
      'by a rule of a set',
      OPEN,
      [
        profile,
        endpoint,
        origin(),
        set,
        route({ ...elsewhere, ruleSets: [{ id: `${PROFILE}/ruleSets/S` }] }),
        site(OWN),
      ],
    ],
    [
      'by a rule of no set of the route',
      SHUT,
      [profile, endpoint, origin(), set, route(elsewhere), site(OWN)],
    ],
    [
      'to a domain that has a policy for an office',
      'no | partner tcp/443 app',
      [...DOOR, office, guards([E]), site(OWN)],
    ],
    [
      'to a domain whose policy stands before some paths',
      OPEN,
      [...DOOR, office, guards([E], ['/admin/*']), site(OWN)],
    ],
    [
      'to a second domain without a policy',
      OPEN,
      [...DOOR.slice(0, 3), domain, route({ customDomains: [D] }), office, guards([E]), site(OWN)],
    ],
    [
      'to a second domain alone, which has one',
      'no | partner tcp/443 app',
      [
        ...DOOR.slice(0, 3),
        domain,
        route({ customDomains: [D], linkToDefaultDomain: 'Disabled' }),
        office,
        guards([D]),
        site(OWN),
      ],
    ],
    ['over a private link that was let in', OPEN, [...linked('Approved'), closed()]],
    ['over one that was not', SHUT, [...linked('Pending'), closed('Approved')]],
    ['over one of which the site says that it was not', SHUT, [...linked(null), closed('Rejected')]],
    [
      'over one of which nobody says',
      'unknown: whether shop let the private link of e in: az resource show',
      [...linked(null), closed('Approved', 'Rejected')],
    ],
    [
      'over a private link to something else',
      SHUT,
      [
        profile,
        endpoint,
        origin({
          sharedPrivateLinkResource: {
            privateLink: { id: armId('Microsoft.Web/sites', 'b') },
            status: 'Approved',
          },
        }),
        route(),
        closed(),
      ],
    ],
    ['to a site whose own name is closed', SHUT, [...DOOR, closed()]],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a firewall policy in front', () => {
  const ID = (kind: string) => armId(`Microsoft.Network/${kind}`, 'waf');
  const GATEWAY_WAF = ID('applicationGatewayWebApplicationFirewallPolicies');
  const policy = (customRules: JsonObject[], more: JsonObject = {}, id = GATEWAY_WAF) =>
    azure('azure-waf-policy', id, {
      policySettings: { state: 'Enabled', mode: 'Prevention' },
      customRules,
      ...more,
    });
  const on = (
    name: string,
    operator: string,
    isNegated: boolean,
    values: string[] = ['x'],
    selector = 'X',
  ) => ({ variables: [{ name, selector }], operator, isNegated, values });
  const block = (...conditions: JsonObject[]): JsonObject => ({
    name: 'r',
    priority: 10,
    action: 'Block',
    ruleType: 'MatchRule',
    conditions,
  });
  const GATEWAY = armId('Microsoft.Network/applicationGateways', 'gw');
  const IP = azure('azure-public-ip', armId('Microsoft.Network/publicIPAddresses', 'ip'), {
    ipAddress: '20.50.2.14',
    sku: { name: 'Standard' },
  });
  const net = (group: EstateResource) => [
    group,
    azure('azure-vnet', armId('Microsoft.Network/virtualNetworks', 'net'), {
      addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
      subnets: [
        {
          id: WEB_SUBNET,
          addressPrefix: '10.0.1.0/24',
          networkSecurityGroup: { id: group.facts['id'] ?? '' },
        },
      ],
    }),
  ];
  const gateway = azure('azure-app-gateway', GATEWAY, {
    firewallPolicy: { id: GATEWAY_WAF },
    gatewayIPConfigurations: [{ subnet: { id: WEB_SUBNET } }],
    frontendIPConfigurations: [{ id: 'f', publicIPAddress: { id: IP.facts['id'] ?? '' } }],
    frontendPorts: [{ id: 'p', port: 443 }],
    httpListeners: [{ id: 'l', frontendIPConfiguration: { id: 'f' }, frontendPort: { id: 'p' } }],
    requestRoutingRules: [{ httpListener: { id: 'l' } }],
  });
  const all = net(nsg('gw', rule(100, 'Allow', '443', '*')));
  const YES = 'yes | internet tcp/443 app';
  const about = (what: string) => `unknown: ${what}; no inventory that is read here tells it`;
  const SECRET = about(
    'what strangers know of the header or text that rule r of firewall policy waf asks for',
  );
  const OFFICE = ['20.1.2.0/24'];

  it.each<[string, string, JsonObject[], JsonObject?]>([
    ['lets an office in', 'no | partner tcp/443 app', [block(on('RemoteAddr', 'IPMatch', true, OFFICE))]],
    [
      'keeps an office out',
      'yes | internet-wide tcp/443 app',
      [block(on('RemoteAddr', 'IPMatch', false, OFFICE))],
    ],
    ['keeps everybody out', 'no', [block(on('RemoteAddr', 'Any', false))]],
    [
      'lets an office in before everybody is kept out',
      'no | partner tcp/443 app',
      [
        block(on('RequestUri', 'Any', false)),
        { ...block(on('RemoteAddr', 'IPMatch', false, OFFICE)), action: 'Allow', priority: 1 },
      ],
    ],
    [
      'is off',
      YES,
      [block(on('RemoteAddr', 'Any', false))],
      { policySettings: { state: 'Disabled', mode: 'Prevention' } },
    ],
    [
      'detects',
      YES,
      [block(on('RemoteAddr', 'Any', false))],
      { policySettings: { state: 'Enabled', mode: 'Detection' } },
    ],
    ['has a rule that is off', YES, [{ ...block(on('RemoteAddr', 'Any', false)), state: 'Disabled' }]],
    ['limits how often', YES, [{ ...block(on('RemoteAddr', 'Any', false)), ruleType: 'RateLimitRule' }]],
    ['logs', YES, [{ ...block(on('RemoteAddr', 'Any', false)), action: 'Log' }]],
    ['keeps out a path', YES, [block(on('RequestUri', 'BeginsWith', false))]],
    ['keeps out all but a path', YES, [block(on('RequestUri', 'BeginsWith', true))]],
    ['keeps out countries', YES, [block(on('RemoteAddr', 'GeoMatch', true, ['NO']))]],
    ['asks for a header', SECRET, [block(on('RequestHeaders', 'Equal', true))]],
    [
      'lets a header in before everybody is kept out',
      SECRET,
      [
        block(on('RequestUri', 'Any', false)),
        { ...block(on('RequestHeaders', 'Equal', false)), action: 'Allow', priority: 1 },
      ],
    ],
    [
      'lets a path in before everybody is kept out',
      YES,
      [
        block(on('RemoteAddr', 'Any', false)),
        { ...block(on('RequestUri', 'BeginsWith', false)), action: 'Allow', priority: 1 },
      ],
    ],
    ['keeps out a header, which nobody has to send', YES, [block(on('RequestHeaders', 'Equal', false))]],
    [
      'lets in ranges that nobody can read',
      'unknown: readable addresses of rule r of firewall policy waf: az network application-gateway waf-policy list',
      [block(on('RemoteAddr', 'IPMatch', true, ['<office>']))],
    ],
    [
      'was not described',
      'unknown: firewall policy waf: az network application-gateway waf-policy list',
      [],
      { policySettings: null },
    ],
  ])('%s: %s', (_, verdict, rules, more = {}) => {
    expect(verdictOn(IP, ...all, policy(rules, more), gateway)).toBe(verdict);
  });

  it('asks a gateway behind Front Door whose it is', () => {
    const alone = net(nsg('gw', rule(100, 'Allow', '443', 'AzureFrontDoor.Backend')));
    const doors = [profile, endpoint, origin({ hostName: '20.50.2.14' }), route()];
    const asks = (id: string) => policy([block(on('RequestHeaders', 'Equal', true, [id], 'x-azure-fdid'))]);
    expect(verdictOn(IP, ...alone, asks(FDID), ...doors, gateway)).toBe('yes | internet any app');
    expect(verdictOn(IP, ...alone, asks('b'), ...doors, gateway)).toBe('no');
  });

  it('of a path stands before that of its listener, and that before the gateway', () => {
    const shut = policy([block(on('RemoteAddr', 'Any', false))]);
    const OTHER = armId('Microsoft.Network/applicationGatewayWebApplicationFirewallPolicies', 'none');
    const none = policy([], {}, OTHER);
    const listener = { id: 'l', frontendIPConfiguration: { id: 'f' }, frontendPort: { id: 'p' } };
    const with_ = (facts: JsonObject) =>
      verdictOn(IP, ...all, shut, none, azure('azure-app-gateway', GATEWAY, { ...gateway.facts, ...facts }));
    expect(with_({})).toBe('no');
    expect(with_({ httpListeners: [{ ...listener, firewallPolicy: { id: OTHER } }] })).toBe(YES);
    expect(
      with_({
        urlPathMaps: [{ id: 'm', pathRules: [{ firewallPolicy: { id: OTHER } }] }],
        requestRoutingRules: [{ httpListener: { id: 'l' }, urlPathMap: { id: 'm' } }],
      }),
    ).toBe(YES);
  });
});
