import type { RiskState } from '../risk/detected-risk.ts';
import { allows, allowsOnData } from './azure-role-operations.ts';
import type { AzureRole } from './azure-roles.ts';

const CLUSTERS = 'Microsoft.ContainerService/managedClusters';
const RUN_PODS = `${CLUSTERS}/pods/write`;
const ADMIN_CREDENTIAL = `${CLUSTERS}/listClusterAdminCredential/action`;

/** Give what administers a cluster that keeps its own accounts, and ask for a login of Entra at one that does not. */
const USER_CREDENTIALS: readonly string[] = [
  `${CLUSTERS}/listClusterUserCredential/action`,
  `${CLUSTERS}/runCommand/action`,
];

/** What a cluster of AKS says of its accounts; undefined where nobody described it. */
interface ClusterAccounts {
  /** Whether people come in with a login of Entra. */
  readonly usesEntra?: boolean | undefined;
  readonly disableLocalAccounts?: boolean | undefined;
}

/** Whether a role lets its holder run pods in a cluster of AKS, by rights inside it or by a credential of its own. */
export function runsCodeInCluster(
  role: AzureRole,
  { usesEntra, disableLocalAccounts }: ClusterAccounts,
): RiskState {
  if (allowsOnData(role, RUN_PODS)) return 'yes';
  if (disableLocalAccounts === true) return 'no';
  if (allows(role, ADMIN_CREDENTIAL)) return 'yes';
  if (!USER_CREDENTIALS.some((operation) => allows(role, operation))) return 'no';
  return usesEntra === undefined ? 'unknown' : usesEntra ? 'no' : 'yes';
}

/** The same for a cluster that lets in whoever can be let in. */
export function mayRunCodeInClusters(role: AzureRole): boolean {
  return runsCodeInCluster(role, { usesEntra: false }) === 'yes';
}
