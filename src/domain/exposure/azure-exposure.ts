import { calledFirst } from '../resource/called.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { exposeApiManagement } from './azure-api-management-exposure.ts';
import { exposeCache } from './azure-cache-exposure.ts';
import { exposeAksCluster } from './azure-cluster-exposure.ts';
import { exposeContainerApp, exposeContainerInstance } from './azure-container-exposure.ts';
import { exposeAppConfiguration, exposeDataService } from './azure-data-service-exposure.ts';
import { exposeDatabaseServer, exposeManagedInstance } from './azure-database-exposure.ts';
import type { AzureEstate } from './azure-estate.ts';
import { exposeAppGateway, exposeFrontDoor } from './azure-gateway-exposure.ts';
import { exposeSecurityGroup } from './azure-group-exposure.ts';
import { exposeAzureLoadBalancer } from './azure-load-balancer-exposure.ts';
import { exposeInterface, exposeMachine, exposeScaleSet } from './azure-machine-exposure.ts';
import { exposeMessageNamespace } from './azure-message-exposure.ts';
import { exposeSite } from './azure-site-exposure.ts';
import { exposeContainer, exposeStorageAccount } from './azure-storage-exposure.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { closedWay } from './way-in.ts';

type Expose = (estate: AzureEstate, resource: EstateResource) => readonly ExposureRecord[];

/** Every type whose exposure is evaluated (design: attack paths, Azure decision rules). */
const EXPOSE: Readonly<Record<string, Expose>> = {
  'azure-vm': exposeMachine,
  'azure-vmss': exposeScaleSet,
  'azure-nic': exposeInterface,
  'azure-nsg': exposeSecurityGroup,
  'azure-load-balancer': exposeAzureLoadBalancer,
  'azure-app-gateway': exposeAppGateway,
  'azure-front-door': exposeFrontDoor,
  'azure-front-door-endpoint': exposeFrontDoor,
  'azure-web-app': exposeSite,
  'azure-function-app': exposeSite,
  'azure-storage-account': exposeStorageAccount,
  'azure-blob-container': exposeContainer,
  'azure-sql-server': exposeDatabaseServer,
  'azure-postgresql-server': exposeDatabaseServer,
  'azure-mysql-server': exposeDatabaseServer,
  'azure-mariadb-server': exposeDatabaseServer,
  'azure-sql-managed-instance': exposeManagedInstance,
  'azure-redis': exposeCache,
  'azure-managed-redis': exposeCache,
  'azure-app-configuration': exposeAppConfiguration,
  'azure-key-vault': exposeDataService,
  'azure-cosmos-account': exposeDataService,
  'azure-container-registry': exposeDataService,
  'azure-search-service': exposeDataService,
  'azure-cognitive-account': exposeDataService,
  'azure-service-bus': exposeMessageNamespace,
  'azure-event-hubs': exposeMessageNamespace,
  'azure-api-management': exposeApiManagement,
  'azure-aks-cluster': exposeAksCluster,
  'azure-container-instance': exposeContainerInstance,
  'azure-container-app': exposeContainerApp,
  'azure-managed-identity': withoutNetwork,
  'entra-user': withoutNetwork,
  'entra-group': withoutNetwork,
  'entra-service-principal': withoutNetwork,
};

/** The ways in to a resource; undefined for types about which nothing is said. */
export function azureExposure(
  estate: AzureEstate,
  resource: EstateResource,
): readonly ExposureRecord[] | undefined {
  return Object.hasOwn(EXPOSE, resource.type) ? EXPOSE[resource.type]?.(estate, resource) : undefined;
}

function withoutNetwork(_estate: AzureEstate, resource: EstateResource): readonly ExposureRecord[] {
  return [
    closedWay({
      evidence: [evidence(`${calledFirst(resource)} is reached with its own credentials only.`, resource)],
    }),
  ];
}
