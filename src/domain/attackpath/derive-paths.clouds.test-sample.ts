import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import {
  armId,
  azure,
  network,
  nic,
  nsg,
  publicIp,
  rule,
  SUBSCRIPTION,
  vm,
} from '../../../test/support/azure-world.ts';
import { firewall, gcp, iamPolicy, instance, NET, PROJECT_NAME } from '../../../test/support/gcp-world.ts';
import { unknownResource } from '../risk/deployment.ts';
import type { EstateResource } from '../risk/estate.ts';
import { evaluateAzureEstate } from '../risk/evaluate-azure-estate.ts';
import { evaluateGcpEstate } from '../risk/evaluate-gcp-estate.ts';
import { passwordPorts } from './asked-password.ts';
import type { Credential, PathAsset, PathFacts, PipelineFlaw } from './path-facts.ts';
import { flaw } from './path-world.labs.test-sample.ts';
import { stepsOfWorld } from './path-world.ts';

/** An estate of Azure or of Google Cloud, in which `flawed` has a flaw and `sensitive` hold data. */
export interface Estate {
  readonly resources: readonly EstateResource[];
  readonly flawed: EstateResource;
  /** Whether it has no flaw at all. */
  readonly isSound?: boolean;
  readonly sensitive?: readonly EstateResource[];
  readonly credentials?: readonly Credential[];
  readonly pipelines?: readonly PipelineFlaw[];
  /** When paths are looked for; by default when everything was described. */
  readonly now?: Instant;
}

const cloudOf = ({ key }: EstateResource): 'azure' | 'gcp' => (key.startsWith('azure:') ? 'azure' : 'gcp');

export function factsOf(estate: Estate): PathFacts {
  return foundOf(estate).facts;
}

/** The same with what the rules left out. */
export function foundOf({
  resources,
  flawed,
  isSound = false,
  sensitive = [],
  credentials = [],
  pipelines = [],
  now = flawed.seenAt,
}: Estate): { readonly facts: PathFacts; readonly notes: readonly string[] } {
  const cloud = cloudOf(flawed);
  const risks = (cloud === 'azure' ? evaluateAzureEstate : evaluateGcpEstate)(resources);
  const assets = new Map(
    resources.map((each): [string, PathAsset] => {
      const found = risks.get(each.key);
      return [
        each.key,
        {
          context: unknownResource(each.key, 'cloud', each.name),
          type: each.type,
          estate: `${cloud}:${each.account}`,
          exposure: found?.exposure ?? [],
          privilege: found?.privilege ?? { level: 'none', reasons: [] },
          asksPassword: passwordPorts(each.type, each.facts),
          data: sensitive.includes(each)
            ? {
                dataClass: 'restricted',
                types: ['pii'],
                clues: [{ dataClass: 'restricted', types: ['pii'], confidence: 0.95, reason: 'a tag' }],
              }
            : null,
          described: { provenance: each.provenance, at: each.seenAt },
        },
      ];
    }),
  );
  const account = `${cloud}:${flawed.account}`;
  const estates = new Map([[account, { production: 'unknown' as const, evidence: [], name: account }]]);
  const { steps, notes } = stepsOfWorld({
    lens: 'outside',
    assets,
    estates,
    weaknesses: isSound ? [] : [flaw('exec', flawed)],
    credentials,
    pipelines,
    builds: new Map(),
    clusters: [],
    aws: null,
    azure: cloud === 'azure' ? resources : [],
    gcp: cloud === 'gcp' ? { resources, now } : null,
    runners: new Map(),
  });
  return { facts: { assets, estates, steps }, notes };
}

const ROLES = {
  Owner: '8e3af657-a8ff-443c-a75c-2fe8c4bcb635',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  'Virtual Machine Contributor': '9980e02c-c2be-4d73-94e8-173b1dc7cf3c',
  Contributor: 'b24988ac-6180-42a0-ab88-20f7382dd24c',
  'User Access Administrator': '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9',
  'Managed Identity Operator': 'f1a07417-d97a-45cb-824c-7a7467783830',
  Reader: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
};

export const assign = (principalId: string, role: keyof typeof ROLES, scope: string) =>
  azure(
    'azure-role-assignment',
    `${scope}/providers/Microsoft.Authorization/roleAssignments/${principalId}-${role}`,
    {
      principalId,
      roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role]}`,
      scope,
    },
  );

export const machine = vm({ identity: { type: 'SystemAssigned', principalId: 'mi' } });
export const AZURE: readonly EstateResource[] = [
  network(),
  nsg('open', rule(100, 'Allow', '443', 'Internet')),
  publicIp('Standard'),
  nic('open'),
  machine,
];
export const account = azure('azure-storage-account', armId('Microsoft.Storage/storageAccounts', 'exports'), {
  publicNetworkAccess: 'Disabled',
});
export const inner = azure('azure-vm', armId('Microsoft.Compute/virtualMachines', 'inner'), {
  identity: { type: 'SystemAssigned', principalId: 'inner-mi' },
});

export const entra = (type: string, id: string, facts: JsonObject, name = id): EstateResource => ({
  ...azure(type, `entra:${id}`, { id, ...facts }),
  name,
  account: null,
});

export const SA = 'sa@p.iam.gserviceaccount.com';
export const DEPLOYER = 'deployer@p.iam.gserviceaccount.com';
const FULL = ['https://www.googleapis.com/auth/cloud-platform'];
export const web = instance({ serviceAccounts: [{ email: SA, scopes: FULL }] });
export const own = gcp('gcp-service-account', '//iam.googleapis.com/projects/p/serviceAccounts/1', {
  email: SA,
});
export const other = gcp('gcp-service-account', '//iam.googleapis.com/projects/p/serviceAccounts/2', {
  email: DEPLOYER,
});
export const bucket = gcp('gcp-bucket', '//storage.googleapis.com/exports', {});
export const GCP_NETWORK: readonly EstateResource[] = [NET, firewall('open')];
export const GCP: readonly EstateResource[] = [...GCP_NETWORK, web, own, other, bucket];
export const DEFAULT = '1-compute@developer.gserviceaccount.com';
export const byDefault = instance({ serviceAccounts: [{ email: DEFAULT, scopes: FULL }] });
export const onProject = (...bindings: Parameters<typeof iamPolicy>[1][]) =>
  iamPolicy(PROJECT_NAME, ...bindings);
export const asSa = `serviceAccount:${SA}`;
