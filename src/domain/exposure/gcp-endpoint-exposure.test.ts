import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { gcp, verdictOn, waysInto } from '../../../test/support/gcp-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/** Databases and control planes, by their addresses and whom they let in (attack-paths §2.7, 1 and §2.10). */
type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

describe('Cloud SQL and GKE', () => {
  const sql = (ipConfiguration: JsonObject, more: JsonObject = {}) =>
    gcp('gcp-sql-instance', '//cloudsql.googleapis.com/projects/p/instances/db', {
      databaseVersion: 'POSTGRES_15',
      settings: { ipConfiguration, ...more },
    });
  const engine = (databaseVersion: string, ipConfiguration: JsonObject) => {
    const each = sql(ipConfiguration);
    return { ...each, facts: { ...each.facts, databaseVersion } };
  };
  const gke = (facts: JsonObject) =>
    gcp('gcp-gke-cluster', '//container.googleapis.com/projects/p/locations/l/clusters/c', {
      endpoint: '34.1.1.1',
      ...facts,
    });
  const networks = (...values: string[]) => ({
    ipv4Enabled: true,
    authorizedNetworks: values.map((value) => ({ value })),
  });
  const authorized = (more: JsonObject, ...blocks: string[]) => ({
    masterAuthorizedNetworksConfig: {
      enabled: true,
      cidrBlocks: blocks.map((cidrBlock) => ({ cidrBlock })),
      gcpPublicCidrsAccessEnabled: false,
      ...more,
    },
  });
  const GOOGLE_UNTOLD =
    'unknown: whether c lets in the public addresses of all of Google Cloud (gcpPublicCidrsAccessEnabled): gcloud asset list';
  it.each<Case>([
    ['a database for everybody', 'yes | internet tcp/5432 db-password', [sql(networks('0.0.0.0/0'))]],
    [
      'a database for the two halves of the internet',
      'yes | internet tcp/5432 db-password',
      [sql(networks('0.0.0.0/1', '128.0.0.0/1'))],
    ],
    ...(
      [
        ['MYSQL_8_0', 'tcp/3306'],
        ['SQLSERVER_2019_STANDARD', 'tcp/1433'],
        ['ORACLE_1', 'any'],
      ] as const
    ).map(
      ([databaseVersion, surface]): Case => [
        `a database of ${databaseVersion}`,
        `yes | internet ${surface} db-password`,
        [engine(databaseVersion, networks('0.0.0.0/0'))],
      ],
    ),
    ['a database for Cloudflare', 'no | cdn-only tcp/5432 db-password', [sql(networks('104.16.0.0/13'))]],
    ['a database for an office', 'no | partner tcp/5432 db-password', [sql(networks('20.1.2.3'))]],
    ['a database for connectors', 'no', [sql({ ipv4Enabled: true })]],
    ['a database without a public address', 'no', [sql({ ipv4Enabled: false })]],
    [
      'a database without one, whatever networks it names',
      'no',
      [sql({ ...networks('0.0.0.0/0'), ipv4Enabled: false })],
    ],
    ['a stopped database', 'no', [sql(networks('0.0.0.0/0'), { activationPolicy: 'NEVER' })]],
    ['a database that was not described', 'unknown: the addresses of db: gcloud asset list', [sql({})]],
    ['a cluster without authorised networks', 'yes | internet tcp/443 iam', [gke({})]],
    ['a cluster with them off', 'yes | internet tcp/443 iam', [gke({ masterAuthorizedNetworksConfig: {} })]],
    ['a cluster for Cloudflare', 'no | cdn-only tcp/443 iam', [gke(authorized({}, '104.16.0.0/13'))]],
    ['a cluster for an office', 'no | partner tcp/443 iam', [gke(authorized({}, '20.1.2.0/24'))]],
    ['a cluster for wide ranges', 'yes | internet tcp/443 iam', [gke(authorized({}, '0.0.0.0/0'))]],
    ['a cluster for nobody outside', 'no', [gke(authorized({}))]],
    [
      'a cluster for an office, and perhaps for all of Google Cloud',
      GOOGLE_UNTOLD,
      [gke(authorized({ gcpPublicCidrsAccessEnabled: null }, '20.1.2.0/24'))],
    ],
    [
      'a cluster for nobody else, and perhaps for all of Google Cloud',
      GOOGLE_UNTOLD,
      [gke(authorized({ gcpPublicCidrsAccessEnabled: null }))],
    ],
    [
      'a cluster for wide ranges, whatever else',
      'yes | internet tcp/443 iam',
      [gke(authorized({ gcpPublicCidrsAccessEnabled: null }, '0.0.0.0/0'))],
    ],
    [
      'a cluster with private nodes, which lets in none of Google Cloud by default',
      'no | partner tcp/443 iam',
      [
        gke({
          ...authorized({ gcpPublicCidrsAccessEnabled: null }, '20.1.2.0/24'),
          privateClusterConfig: { enablePrivateNodes: true },
        }),
      ],
    ],
    [
      'a cluster that names its networks at the new place alone',
      'no | partner tcp/443 iam',
      [
        gke({
          endpoint: null,
          controlPlaneEndpointsConfig: {
            ipEndpointsConfig: {
              enablePublicEndpoint: true,
              authorizedNetworksConfig: authorized({}, '20.1.2.0/24').masterAuthorizedNetworksConfig,
            },
          },
        }),
      ],
    ],
    [
      'a cluster for all of Google Cloud',
      'yes | any-google-account tcp/443 iam',
      [gke(authorized({ gcpPublicCidrsAccessEnabled: true }))],
    ],
    [
      'a cluster with a private endpoint',
      'no',
      [gke({ privateClusterConfig: { enablePrivateEndpoint: true } })],
    ],
    ...[{ enabled: false }, { enablePublicEndpoint: false }].map(
      (ipEndpointsConfig): [string, string, readonly EstateResource[]] => [
        `a cluster whose endpoints say ${JSON.stringify(ipEndpointsConfig)}`,
        'no',
        [gke({ masterAuthorizedNetworksConfig: {}, controlPlaneEndpointsConfig: { ipEndpointsConfig } })],
      ],
    ),
    [
      'a cluster with an open DNS endpoint beside it',
      'yes | internet tcp/443 iam',
      [
        gke({
          privateClusterConfig: { enablePrivateEndpoint: true },
          controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: true } },
        }),
      ],
    ],
    [
      'a cluster that was not described',
      'unknown: the endpoints of c: gcloud asset list',
      [gke({ endpoint: null })],
    ],
  ])('%s', (_, verdict, resources) => {
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

it.each<[settings: JsonObject, lets: string | undefined]>([
  [{}, 'nobody'],
  [{ enableK8sTokensViaDns: true }, undefined],
  [{ enableK8sCertsViaDns: true }, undefined],
])('a DNS endpoint with %j asks IAM first: %s', (settings, lets) => {
  const [way] = waysInto(
    gcp('gcp-gke-cluster', '//container.googleapis.com/projects/p/locations/l/clusters/c', {
      status: 'RUNNING',
      privateClusterConfig: { enablePrivateEndpoint: true },
      controlPlaneEndpointsConfig: { dnsEndpointConfig: { allowExternalTraffic: true, ...settings } },
    }),
  );
  expect(way?.behind?.lets).toBe(lets);
});
