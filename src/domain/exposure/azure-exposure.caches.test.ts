import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import {
  armId,
  azure,
  network,
  nsg,
  nsgId,
  rule,
  verdictOn,
  WEB_SUBNET,
} from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Stores of data whose own settings, firewall or subnet say who reaches them (attack-paths §2.10). */
type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

const CACHE = armId('Microsoft.Cache/redis', 'sessions');
const cache = (facts: JsonObject = {}) =>
  azure('azure-redis', CACHE, { publicNetworkAccess: 'Enabled', ...facts });
const range = (name: string, startIpAddress: string, endIpAddress: string) =>
  azure('azure-database-firewall-rule', `${CACHE}/firewallRules/${name}`, { startIpAddress, endIpAddress });
const NO_RULES = azure('azure-empty-list', armId('x/y', 'empty'), {
  call: 'redis-firewall-rules-list',
  of: CACHE,
});
const OFFICE = range('office', '20.1.2.3', '20.1.2.9');

describe('a cache of Redis', () => {
  it.each<Case>([
    ['without rules lets everybody in', 'yes | internet tcp/6380 iam', [NO_RULES, cache()]],
    [
      'also without TLS, where it may be asked so',
      'yes | internet tcp/6379, tcp/6380 iam',
      [NO_RULES, cache({ enableNonSslPort: true })],
    ],
    [
      'of which nobody told the rules',
      'unknown: the firewall rules of sessions: az redis firewall-rules list',
      [cache()],
    ],
    ['for an office', 'no | partner tcp/6380 iam', [OFFICE, cache()]],
    ['for private ranges', 'no', [range('vpn', '10.0.0.0', '10.0.0.9'), cache()]],
    [
      'for everybody by a rule',
      'yes | internet tcp/6380 iam',
      [OFFICE, range('all', '0.0.0.0', '255.255.255.255'), cache()],
    ],
    [
      'with a range that nobody can read',
      'unknown: readable firewall rules of sessions: az redis firewall-rules list',
      [OFFICE, range('x', '9.9.9.9', '1.1.1.1'), cache()],
    ],
    [
      'for everybody, whatever a range says that nobody can read',
      'yes | internet tcp/6380 iam',
      [range('all', '0.0.0.0', '255.255.255.255'), range('x', '9.9.9.9', '1.1.1.1'), cache()],
    ],
    ['with public access turned off', 'no', [NO_RULES, cache({ publicNetworkAccess: 'Disabled' })]],
    ['in a network', 'no', [NO_RULES, cache({ subnetId: WEB_SUBNET })]],
    [
      'that does not say whether it is public',
      'unknown: whether sessions has public network access: az resource show',
      [NO_RULES, cache({ publicNetworkAccess: null })],
    ],
    [
      'that does not say, for an office',
      'unknown: whether sessions has public network access: az resource show',
      [OFFICE, cache({ publicNetworkAccess: null })],
    ],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe('a managed cache of Redis', () => {
  const managed = (facts: JsonObject = {}) =>
    azure('azure-managed-redis', armId('Microsoft.Cache/redisEnterprise', 'sessions'), {
      publicNetworkAccess: 'Enabled',
      ...facts,
    });
  it.each<[title: string, verdict: string, facts: JsonObject]>([
    ['is open', 'yes | internet tcp/10000 iam', {}],
    ['is open without rules', 'yes | internet tcp/10000 iam', { firewallRules: [] }],
    [
      'is open to an office',
      'no | partner tcp/10000 iam',
      { firewallRules: [{ name: 'o', startIP: '20.1.2.3', endIP: '20.1.2.9' }] },
    ],
    [
      'is unknown with a rule that nobody can read',
      'unknown: readable firewall rules of sessions: az resource show',
      { firewallRules: [{ startIP: 'office' }] },
    ],
    ['is closed', 'no', { publicNetworkAccess: 'Disabled' }],
    [
      'does not say',
      'unknown: whether sessions has public network access: az resource show',
      { publicNetworkAccess: null },
    ],
  ])('%s: %s', (_, verdict, facts) => {
    expect(verdictOn(managed(facts))).toBe(verdict);
  });
});

describe('a store of App Configuration', () => {
  const store = (facts: JsonObject) =>
    azure('azure-app-configuration', armId('Microsoft.AppConfiguration/configurationStores', 'shop'), facts);
  const LINK = { privateEndpointConnections: [{ id: '/x' }] };
  it.each<[title: string, verdict: string, facts: JsonObject]>([
    ['is open', 'yes | internet tcp/443 iam', { publicNetworkAccess: 'Enabled' }],
    [
      'is open beside a private endpoint',
      'yes | internet tcp/443 iam',
      { publicNetworkAccess: 'Enabled', ...LINK },
    ],
    ['is closed', 'no', { publicNetworkAccess: 'Disabled' }],
    ['is closed by its first private endpoint', 'no', LINK],
    ['is open until it has one', 'yes | internet tcp/443 iam', { privateEndpointConnections: [] }],
    [
      'is unknown where it tells neither',
      'unknown: whether shop has public network access: az resource show',
      {},
    ],
    [
      'is secured by a perimeter that nobody described',
      'unknown: the network security perimeter of shop: az network perimeter list, and of each az network perimeter association list',
      { publicNetworkAccess: 'SecuredByPerimeter', ...LINK },
    ],
  ])('%s: %s', (_, verdict, facts) => {
    expect(verdictOn(store(facts))).toBe(verdict);
  });
});

describe('a managed instance of SQL', () => {
  const instance = (facts: JsonObject = {}) =>
    azure('azure-sql-managed-instance', armId('Microsoft.Sql/managedInstances', 'ledger'), {
      publicDataEndpointEnabled: true,
      subnetId: WEB_SUBNET,
      state: 'Ready',
      ...facts,
    });
  const behind = (...rules: readonly JsonObject[]): readonly EstateResource[] => [
    network({ networkSecurityGroup: { id: nsgId('mi') } }),
    nsg('mi', ...rules),
  ];
  it.each<Case>([
    [
      'is open where its subnet lets its port in',
      'yes | internet tcp/3342 db-password',
      [...behind(rule(100, 'Allow', '3342', 'Internet')), instance()],
    ],
    [
      'is closed where it lets in another',
      'no',
      [...behind(rule(100, 'Allow', '1433', 'Internet')), instance()],
    ],
    [
      'has no public endpoint',
      'no',
      [...behind(rule(100, 'Allow', '3342', 'Internet')), instance({ publicDataEndpointEnabled: false })],
    ],
    ['is stopped', 'no', [...behind(rule(100, 'Allow', '3342', 'Internet')), instance({ state: 'Stopped' })]],
    [
      'does not say',
      'unknown: whether ledger has a public endpoint: az resource show',
      [instance({ publicDataEndpointEnabled: null })],
    ],
    [
      'is in no subnet that is told',
      'unknown: the subnet of ledger: az resource show',
      [instance({ subnetId: null })],
    ],
  ])('%s: %s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });

  it('is unknown in a subnet that nobody described', () => {
    expect(verdictOn(instance())).toMatch(/^unknown: /);
  });
});
