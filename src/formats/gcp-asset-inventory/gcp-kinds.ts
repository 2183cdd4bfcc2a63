import type { FactFields } from '#domain/resource/facts/fact-shape.ts';
import {
  ACCESS_LEVEL,
  ANY_ASSET,
  BACKEND,
  BACKEND_GROUP,
  DATASET,
  DOMAIN_MAPPING,
  FIREWALL,
  FIREWALL_POLICY,
  FORWARDING_RULE,
  GCP_BUCKET,
  GCP_FUNCTION,
  GCP_INSTANCE,
  GCP_ROLE,
  GKE_CLUSTER,
  IDENTITY_POOL,
  IDENTITY_PROVIDER,
  NETWORK,
  PERIMETER,
  PROJECT,
  RUN_SERVICE,
  SECURITY_POLICY,
  SERVICE_ACCOUNT,
  SQL_INSTANCE,
  TARGET,
  URL_MAP,
} from '#domain/resource/facts/gcp-facts.ts';

export interface GcpKind {
  /** As this product spells it. */
  readonly type: string;
  readonly shape: FactFields;
}

function kind(type: string, shape: FactFields = ANY_ASSET): GcpKind {
  return { type, shape };
}

const FORWARDING = kind('gcp-forwarding-rule', FORWARDING_RULE);
const PROXY = kind('gcp-target-proxy', TARGET);
const BACKEND_SERVICE = kind('gcp-backend-service', BACKEND);
const SERVERLESS = kind('gcp-function', GCP_FUNCTION);
const SQL = kind('gcp-sql-instance', SQL_INSTANCE);

/** Asset types, with the type and the facts that are kept of each. */
export const GCP_KINDS: Readonly<Record<string, GcpKind>> = {
  'cloudresourcemanager.googleapis.com/Organization': kind('gcp-organization'),
  'cloudresourcemanager.googleapis.com/Folder': kind('gcp-folder'),
  'cloudresourcemanager.googleapis.com/Project': kind('gcp-project', PROJECT),
  'compute.googleapis.com/Instance': kind('gcp-instance', GCP_INSTANCE),
  'compute.googleapis.com/Firewall': kind('gcp-firewall', FIREWALL),
  'compute.googleapis.com/FirewallPolicy': kind('gcp-firewall-policy', FIREWALL_POLICY),
  'compute.googleapis.com/NetworkFirewallPolicy': kind('gcp-firewall-policy', FIREWALL_POLICY),
  'compute.googleapis.com/Network': kind('gcp-network', NETWORK),
  'compute.googleapis.com/ForwardingRule': FORWARDING,
  'compute.googleapis.com/GlobalForwardingRule': FORWARDING,
  'compute.googleapis.com/TargetHttpProxy': PROXY,
  'compute.googleapis.com/TargetHttpsProxy': PROXY,
  'compute.googleapis.com/TargetSslProxy': PROXY,
  'compute.googleapis.com/TargetTcpProxy': PROXY,
  'compute.googleapis.com/TargetPool': kind('gcp-target-pool', TARGET),
  'compute.googleapis.com/UrlMap': kind('gcp-url-map', URL_MAP),
  'compute.googleapis.com/BackendService': BACKEND_SERVICE,
  'compute.googleapis.com/RegionBackendService': BACKEND_SERVICE,
  'compute.googleapis.com/BackendBucket': kind('gcp-backend-bucket', BACKEND),
  'compute.googleapis.com/InstanceGroup': kind('gcp-instance-group', BACKEND_GROUP),
  'compute.googleapis.com/InstanceGroupManager': kind('gcp-instance-group-manager', BACKEND_GROUP),
  'compute.googleapis.com/NetworkEndpointGroup': kind('gcp-endpoint-group', BACKEND_GROUP),
  'compute.googleapis.com/SecurityPolicy': kind('gcp-security-policy', SECURITY_POLICY),
  'container.googleapis.com/Cluster': kind('gcp-gke-cluster', GKE_CLUSTER),
  'run.googleapis.com/Service': kind('gcp-run-service', RUN_SERVICE),
  'run.googleapis.com/DomainMapping': kind('gcp-domain-mapping', DOMAIN_MAPPING),
  'cloudfunctions.googleapis.com/CloudFunction': SERVERLESS,
  'cloudfunctions.googleapis.com/Function': SERVERLESS,
  'storage.googleapis.com/Bucket': kind('gcp-bucket', GCP_BUCKET),
  'bigquery.googleapis.com/Dataset': kind('gcp-dataset', DATASET),
  'pubsub.googleapis.com/Topic': kind('gcp-topic'),
  'pubsub.googleapis.com/Subscription': kind('gcp-subscription'),
  'cloudkms.googleapis.com/CryptoKey': kind('gcp-kms-key'),
  'cloudkms.googleapis.com/KeyRing': kind('gcp-key-ring'),
  'secretmanager.googleapis.com/Secret': kind('gcp-secret'),
  'artifactregistry.googleapis.com/Repository': kind('gcp-artifact-repository'),
  'sqladmin.googleapis.com/Instance': SQL,
  'iam.googleapis.com/ServiceAccount': kind('gcp-service-account', SERVICE_ACCOUNT),
  'iam.googleapis.com/WorkloadIdentityPool': kind('gcp-identity-pool', IDENTITY_POOL),
  'iam.googleapis.com/WorkloadIdentityPoolProvider': kind('gcp-identity-provider', IDENTITY_PROVIDER),
  'iam.googleapis.com/Role': kind('gcp-role', GCP_ROLE),
  'accesscontextmanager.googleapis.com/AccessLevel': kind('gcp-access-level', ACCESS_LEVEL),
  'accesscontextmanager.googleapis.com/ServicePerimeter': kind('gcp-perimeter', PERIMETER),
};

/** A kind by its asset type; one that is not in the table keeps that type, and where it is. */
export function gcpKind(assetType: string): GcpKind {
  return Object.hasOwn(GCP_KINDS, assetType) ? (GCP_KINDS[assetType] as GcpKind) : kind(assetType);
}
