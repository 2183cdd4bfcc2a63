import { type AddressSet, NO_ADDRESSES, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { called, calledFirst } from '../resource/called.ts';
import { GKE_CLUSTER, SQL_INSTANCE } from '../resource/facts/gcp-facts.ts';
import { assetCall, projectPlace } from '../resource/gcp-call.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { audienceOfSources, isPublic } from './audience.ts';
import { type ExposureRecord, isOpenToPublic } from './exposure-record.ts';
import type { GcpEstate } from './gcp-estate.ts';
import { closedWay, dormantWay, openWay, unsureWay } from './way-in.ts';

const SQL_PORTS: readonly (readonly [engine: string, port: number])[] = [
  ['MYSQL', 3306],
  ['POSTGRES', 5432],
  ['SQLSERVER', 1433],
];

/** Whether an instance of Cloud SQL answers the internet: a public address, and the networks that may come. */
export function exposeSqlInstance(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { settings, databaseVersion = '', state } = estate.facts(SQL_INSTANCE, resource);
  const { name } = resource;
  const configuration = settings?.ipConfiguration;
  if (settings?.activationPolicy === 'NEVER' || state === 'SUSPENDED')
    return [dormantWay({ evidence: [evidence(`${calledFirst(resource)} is stopped: dormant.`, resource)] })];
  if (configuration?.ipv4Enabled === undefined && configuration?.authorizedNetworks === undefined)
    return [
      unsureWay([
        `the addresses of ${name}: ${assetCall(projectPlace(resource.account), 'resource', 'sqladmin.googleapis.com/Instance')}`,
      ]),
    ];
  if (configuration.ipv4Enabled === false)
    return [closedWay({ evidence: [evidence(`${calledFirst(resource)} has no public address.`, resource)] })];
  const networks = configuration.authorizedNetworks ?? [];
  const ranges = networks.map(({ value = '' }) => parseAddresses(value.trim()));
  if (ranges.includes(null))
    return [
      unsureWay([
        `readable authorised networks of ${name}: ${assetCall(projectPlace(resource.account), 'resource', 'sqladmin.googleapis.com/Instance')}`,
      ]),
    ];
  const audience = audienceOfSources(union(ranges as readonly AddressSet[]), estate.corporate);
  const port = SQL_PORTS.find(([engine]) => databaseVersion.startsWith(engine))?.[1];
  const way = { surface: port === undefined ? 'any' : `tcp/${port}`, gates: [resource.key] };
  if (!isPublic(audience) && audience !== 'partner' && audience !== 'cdn-only')
    return [
      closedWay({
        ...way,
        auth: 'iam',
        evidence: [
          evidence(
            `${calledFirst(resource)} lets no address in by itself, only connectors with an identity; reachable: behind iam.`,
            resource,
          ),
        ],
      }),
    ];
  const sentence = `${calledFirst(resource)} has a public address and lets in ${networks
    .map(({ value }) => value)
    .slice(0, 3)
    .join(', ')}.`;
  // Before there was a mode, asking for encryption asked for a certificate too.
  const { sslMode, requireSsl } = configuration;
  const asksCertificate =
    sslMode === undefined ? requireSsl === true : sslMode === 'TRUSTED_CLIENT_CERTIFICATE_REQUIRED';
  const auth = asksCertificate ? 'mtls' : 'db-password';
  return [openWay(audience, { ...way, auth, evidence: [evidence(sentence, resource)] })];
}

/** Whether the control plane of a cluster answers the internet (attack-paths §2.7.1). */
export function exposeGkeCluster(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(GKE_CLUSTER, resource);
  const { name } = resource;
  const way = { surface: 'tcp/443', auth: 'iam' as const, gates: [resource.key] };
  const endpoints = facts.controlPlaneEndpointsConfig;
  const ways: ExposureRecord[] = [];
  const dns = endpoints?.dnsEndpointConfig;
  if (dns?.allowExternalTraffic === true) {
    const sentence = `The DNS endpoint of ${called(resource)} takes requests from everywhere.`;
    const opened = openWay('internet', {
      ...way,
      via: ['DNS endpoint'],
      evidence: [evidence(sentence, resource)],
    });
    // IAM looks at who asks before the API server does, unless credentials of the cluster itself are taken too.
    const takesOwn = dns.enableK8sTokensViaDns === true || dns.enableK8sCertsViaDns === true;
    ways.push(takesOwn ? opened : { ...opened, behind: { lets: 'nobody' } });
  }
  const isPrivate =
    facts.privateClusterConfig?.enablePrivateEndpoint === true ||
    endpoints?.ipEndpointsConfig?.enabled === false ||
    endpoints?.ipEndpointsConfig?.enablePublicEndpoint === false;
  if (isPrivate) {
    if (ways.length > 0) return ways;
    return [
      closedWay({
        ...way,
        evidence: [evidence(`${calledFirst(resource)} has no public endpoint.`, resource)],
      }),
    ];
  }
  const authorized =
    endpoints?.ipEndpointsConfig?.authorizedNetworksConfig ?? facts.masterAuthorizedNetworksConfig;
  if (facts.endpoint === undefined && authorized === undefined && facts.status === undefined)
    return [
      ...ways,
      unsureWay(
        [
          `the endpoints of ${name}: ${assetCall(projectPlace(resource.account), 'resource', 'container.googleapis.com/Cluster')}`,
        ],
        way,
      ),
    ];
  const { enabled, cidrBlocks = [], gcpPublicCidrsAccessEnabled } = authorized ?? {};
  if (enabled !== true) {
    const sentence = `The public endpoint of ${called(resource)} has no authorised networks.`;
    return [...ways, openWay('internet', { ...way, evidence: [evidence(sentence, resource)] })];
  }
  const ranges = cidrBlocks.map(({ cidrBlock = '' }) => parseAddresses(cidrBlock));
  if (ranges.includes(null))
    return [
      ...ways,
      unsureWay(
        [
          `readable authorised networks of ${name}: ${assetCall(projectPlace(resource.account), 'resource', 'container.googleapis.com/Cluster')}`,
        ],
        way,
      ),
    ];
  const audience = audienceOfSources(union(ranges as readonly AddressSet[]), estate.corporate);
  const listed = cidrBlocks
    .map(({ cidrBlock }) => cidrBlock)
    .slice(0, 3)
    .join(', ');
  if (isPublic(audience) || audience === 'partner' || audience === 'cdn-only')
    ways.push(
      openWay(audience, {
        ...way,
        evidence: [evidence(`${calledFirst(resource)} lets in ${listed}.`, resource)],
      }),
    );
  if (gcpPublicCidrsAccessEnabled === true && !isPublic(audience))
    ways.push(
      openWay('any-google-account', {
        ...way,
        evidence: [
          evidence(`${calledFirst(resource)} lets in the public addresses of all of Google Cloud.`, resource),
        ],
      }),
    );
  // Authorised networks let in machines of all of Google Cloud too unless that was turned off, or nodes are private.
  const isPublicCluster = facts.privateClusterConfig?.enablePrivateNodes !== true;
  if (gcpPublicCidrsAccessEnabled === undefined && isPublicCluster && !ways.some(isOpenToPublic))
    ways.push({
      ...unsureWay(
        [
          `whether ${name} lets in the public addresses of all of Google Cloud (gcpPublicCidrsAccessEnabled): ${assetCall(projectPlace(resource.account), 'resource', 'container.googleapis.com/Cluster')}`,
        ],
        way,
      ),
      audience: 'any-google-account',
    });
  if (ways.length > 0) return ways;
  return [
    closedWay({
      ...way,
      evidence: [evidence(`${calledFirst(resource)} lets no address of the internet in.`, resource)],
    }),
  ];
}

function union(sets: readonly AddressSet[]): AddressSet {
  return sets.length === 0 ? NO_ADDRESSES : unionAddresses(...sets);
}
