import { expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { armId, azure, verdictOn } from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';

const VAULT = azure('azure-key-vault', armId('Microsoft.KeyVault/vaults', 'svc'), {
  publicNetworkAccess: 'SecuredByPerimeter',
});
const PERIMETER = armId('Microsoft.Network/networkSecurityPerimeters', 'edge');
const PROFILE = azure('x', `${PERIMETER}/profiles/main`).facts['id'] as string;
const inside = (of: string, profile: JsonObject | null = { id: PROFILE }) =>
  azure('azure-perimeter-association', `${PERIMETER}/resourceAssociations/a`, {
    privateLinkResource: { id: of },
    profile,
  });
const IN = inside(String(VAULT.facts['id']).toUpperCase());
const rule = (facts: JsonObject, profile = 'main') =>
  azure(
    'azure-perimeter-rule',
    `${PERIMETER}/profiles/${profile}/accessRules/r${JSON.stringify(facts).length}`,
    {
      direction: 'Inbound',
      ...facts,
    },
  );
const NOT_DESCRIBED =
  'unknown: the network security perimeter of svc: az network perimeter list, and of each az network perimeter association list';
const NO_RULES = 'unknown: the inbound rules of profile main: az network perimeter profile access-rule list';

it.each<readonly [title: string, verdict: string, ...others: EstateResource[]]>([
  ['that was not described', NOT_DESCRIBED],
  ['that another vault is in', NOT_DESCRIBED, inside('/other'), rule({ addressPrefixes: ['0.0.0.0/0'] })],
  ['without a profile', NOT_DESCRIBED, inside(String(VAULT.facts['id']), null)],
  ['whose rules were not described', NO_RULES, IN],
  [
    'that has no rules',
    'no',
    IN,
    azure('azure-empty-list', 'empty', {
      call: 'network-perimeter-profile-access-rule-list',
      of: PROFILE,
    }),
  ],
  ['with rules of another profile', NO_RULES, IN, rule({ addressPrefixes: ['0.0.0.0/0'] }, 'other')],
  [
    'with rules for what goes out alone',
    'no',
    IN,
    rule({ direction: 'Outbound', addressPrefixes: ['0.0.0.0/0'] }),
  ],
  ['open to everybody', 'yes | internet tcp/443 iam', IN, rule({ addressPrefixes: ['0.0.0.0/0'] })],
  [
    'open to both halves of the internet',
    'yes | internet tcp/443 iam',
    IN,
    rule({ addressPrefixes: ['0.0.0.0/1'] }),
    rule({ addressPrefixes: ['128.0.0.0/1', '52.1.0.0/16'] }),
  ],
  ['open to an office', 'no | partner tcp/443 iam', IN, rule({ addressPrefixes: ['52.1.0.0/16'] })],
  ['open to private networks', 'no', IN, rule({ addressPrefixes: ['10.0.0.0/8'] })],
  ['open to a subscription', 'no', IN, rule({ subscriptions: [{ id: '/subscriptions/1' }] })],
  ['open to all of Azure', 'yes | any-azure tcp/443 iam', IN, rule({ serviceTags: ['AzureCloud'] })],
  [
    'open to a range that nobody can read',
    'unknown: readable inbound rules of profile main: az network perimeter profile access-rule list',
    IN,
    rule({ addressPrefixes: ['1.2.3.4.5'] }),
  ],
])('a vault in a network security perimeter %s', (_title, verdict, ...others) => {
  expect(verdictOn(...(others as EstateResource[]), VAULT)).toBe(verdict);
});
