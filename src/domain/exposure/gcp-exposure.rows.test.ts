import { expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { compute, gcp, verdictOn } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/**
 * Rows of attack-paths §2.10 for Google Cloud that say what is missing, or why nothing is open, each with all that is told
 * of it (`gcp-exposure.rows.expected.snap`).
 */
const sql = (facts: JsonObject): EstateResource =>
  gcp('gcp-sql-instance', '//cloudsql.googleapis.com/projects/p/instances/db', facts);
const address = (ipConfiguration: JsonObject): JsonObject => ({ settings: { ipConfiguration } });
const gke = (networks: JsonObject): EstateResource =>
  gcp('gcp-gke-cluster', '//container.googleapis.com/projects/p/locations/l/clusters/c', {
    endpoint: '34.1.1.1',
    privateClusterConfig: {},
    masterAuthorizedNetworksConfig: networks,
  });
const called = (facts: JsonObject): EstateResource =>
  gcp('gcp-function', '//cloudfunctions.googleapis.com/projects/p/locations/l/functions/f', facts);

it.each<[title: string, verdict: string, ...resources: EstateResource[]]>([
  [
    'a service account of which nobody told who may act as it',
    'unknown: IAM policies of p: gcloud asset list',
    gcp('gcp-service-account', '//iam.googleapis.com/projects/p/serviceAccounts/1'),
  ],
  ['a database that is off', 'no', sql({ settings: { activationPolicy: 'NEVER' } })],
  ['a database that is suspended', 'no', sql({ state: 'SUSPENDED', ...address({ ipv4Enabled: true }) })],
  ['a database of which nothing is told', 'unknown: the addresses of db: gcloud asset list', sql({})],
  ['a database without an address', 'no', sql(address({ ipv4Enabled: false }))],
  [
    'a database for an unreadable network',
    'unknown: readable authorised networks of db: gcloud asset list',
    sql(address({ ipv4Enabled: true, authorizedNetworks: [{ value: 'office' }] })),
  ],
  [
    'a database for everybody',
    'yes | internet tcp/5432 db-password',
    sql({
      databaseVersion: 'POSTGRES_16',
      ...address({ ipv4Enabled: true, authorizedNetworks: [{ value: ' 0.0.0.0/0 ' }] }),
    }),
  ],
  [
    'an API server for an unreadable network',
    'unknown: readable authorised networks of c: gcloud asset list',
    gke({ enabled: true, cidrBlocks: [{ cidrBlock: 'office' }] }),
  ],
  [
    'an API server for an office',
    'no | partner tcp/443 iam',
    gke({
      enabled: true,
      cidrBlocks: [{ cidrBlock: '8.8.8.0/24' }],
      gcpPublicCidrsAccessEnabled: false,
    }),
  ],
  ['a function for events', 'no', called({ eventTrigger: { eventType: 'x' } })],
  [
    'a function of which nothing is told',
    'unknown: the ingress settings of f: gcloud asset list',
    called({ httpsTrigger: { url: 'https://x' } }),
  ],
  [
    'a forwarding rule of which nothing is told',
    'unknown: the scheme of forwarding rule front: gcloud asset list',
    gcp('gcp-forwarding-rule', compute('forwardingRules', 'front')),
  ],
  [
    'a forwarding rule inside',
    'no',
    gcp('gcp-forwarding-rule', compute('forwardingRules', 'front'), { loadBalancingScheme: 'INTERNAL' }),
  ],
])('%s', (_title, verdict, ...resources) => {
  expect(verdictOn(...resources)).toBe(verdict);
});
