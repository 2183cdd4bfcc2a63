import { calledFirst } from '../resource/called.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { exposeByBinding, exposeDataset, exposeGcpBucket } from './gcp-data-exposure.ts';
import { exposeGkeCluster, exposeSqlInstance } from './gcp-endpoint-exposure.ts';
import type { GcpEstate } from './gcp-estate.ts';
import { exposeIdentityProvider, exposeServiceAccount } from './gcp-identity-exposure.ts';
import { exposeFirewall, exposeGcpInstance } from './gcp-instance-exposure.ts';
import { exposeForwardingRule } from './gcp-load-balancer-exposure.ts';
import { withinPerimeter } from './gcp-perimeter.ts';
import { exposeGcpFunction, exposeRunService } from './gcp-serverless-exposure.ts';
import { closedWay } from './way-in.ts';

type Expose = (estate: GcpEstate, resource: EstateResource) => readonly ExposureRecord[];

/** Every type whose exposure is evaluated (design: attack paths, GCP decision rules). */
const EXPOSE: Readonly<Record<string, Expose>> = {
  'gcp-instance': exposeGcpInstance,
  'gcp-firewall': exposeFirewall,
  'gcp-forwarding-rule': exposeForwardingRule,
  'gcp-run-service': exposeRunService,
  'gcp-function': exposeGcpFunction,
  'gcp-bucket': exposeGcpBucket,
  'gcp-dataset': exposeDataset,
  'gcp-topic': exposeByPolicy,
  'gcp-subscription': exposeByPolicy,
  'gcp-kms-key': exposeByPolicy,
  'gcp-secret': exposeByPolicy,
  'gcp-artifact-repository': exposeByPolicy,
  'gcp-sql-instance': exposeSqlInstance,
  'gcp-gke-cluster': exposeGkeCluster,
  'gcp-service-account': exposeServiceAccount,
  'gcp-user': withoutNetwork,
  'gcp-group': withoutNetwork,
  'gcp-workload-identity': withoutNetwork,
  'gcp-identity-provider': exposeIdentityProvider,
};

/** The ways in to an asset; undefined for types about which nothing is said. */
export function gcpExposure(
  estate: GcpEstate,
  resource: EstateResource,
): readonly ExposureRecord[] | undefined {
  const records = Object.hasOwn(EXPOSE, resource.type)
    ? EXPOSE[resource.type]?.(estate, resource)
    : undefined;
  return records && withinPerimeter(estate, resource, records);
}

function exposeByPolicy(estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  return exposeByBinding(estate, resource);
}

function withoutNetwork(_estate: GcpEstate, resource: EstateResource): readonly ExposureRecord[] {
  return [
    closedWay({
      evidence: [evidence(`${calledFirst(resource)} is reached with its own credentials only.`, resource)],
    }),
  ];
}
