import { describe, expect, it } from 'vitest';
import { type AddressSet, parseAddresses } from '#base/address-set.ts';
import type { JsonObject } from '#base/json-value.ts';
import {
  armId,
  azure,
  LB,
  network,
  nic,
  nsg,
  publicIp,
  rule,
  verdictOn,
  waysInto,
} from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';
import { AzureEstate } from './azure-estate.ts';
import { azureExposure } from './azure-exposure.ts';
import { publicAccessibility } from './exposure-record.ts';

/** An estate, and the verdict on the last of it. */
type Case = [title: string, verdict: string, resources: readonly EstateResource[]];

const guarded = (...rules: JsonObject[]) => [network(), publicIp('Standard'), nsg('g', ...rules), nic('g')];

describe('what is open to some, and perhaps to all', () => {
  it.each<Case>([
    [
      'by a tag that nobody here knows',
      'unknown: security group g, what the service tag NoSuchTag stands for in rule r200; no inventory that is read here tells it',
      guarded(rule(100, 'Allow', '22', '20.1.2.0/24'), rule(200, 'Allow', '22', 'NoSuchTag')),
    ],
    [
      'by a load balancer that was not described',
      'unknown: load balancer other: az network lb list',
      [
        network(),
        publicIp('Standard'),
        nsg('g', rule(100, 'Allow', '22', '20.1.2.0/24')),
        nic('g', {
          loadBalancerBackendAddressPools: [{ id: `${LB.replace(/lb$/, 'other')}/backendAddressPools/p` }],
        }),
      ],
    ],
  ])('%s', (_, verdict, resources) => {
    const ways = waysInto(...resources);
    expect(ways.some((way) => way.verdict === 'yes' && way.audience === 'partner')).toBe(true);
    expect(verdictOn(...resources)).toBe(verdict);
  });
});

describe("the organisation's own ranges are no strangers", () => {
  const networks = [{ addresses: parseAddresses('20.1.2.0/24') as AddressSet, label: 'office' }];
  const stateOf = (...resources: readonly EstateResource[]) =>
    publicAccessibility(
      azureExposure(new AzureEstate(resources, { networks }), resources.at(-1) as EstateResource) ?? [],
    );
  const only = { ipAddress: '20.1.2.0/24', action: 'Allow', priority: 1 };
  const onlyAcls = {
    publicNetworkAccess: 'Enabled',
    networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '20.1.2.3' }] },
  };
  const ACCOUNT = armId('Microsoft.Storage/storageAccounts', 'files');
  it.each<[string, readonly EstateResource[]]>([
    ['an interface', guarded(rule(100, 'Allow', '22', '20.1.2.0/24'))],
    [
      'a site',
      [
        azure('azure-web-app', armId('Microsoft.Web/sites', 's'), {
          siteConfig: { ipSecurityRestrictions: [only] },
        }),
      ],
    ],
    ['a vault', [azure('azure-key-vault', armId('Microsoft.KeyVault/vaults', 'v'), onlyAcls)]],
    [
      'a storage account',
      [
        azure('azure-blob-container', `${ACCOUNT}/blobServices/default/containers/c`, {
          publicAccess: 'Blob',
        }),
        azure('azure-storage-account', ACCOUNT, { allowBlobPublicAccess: true, ...onlyAcls }),
      ],
    ],
    [
      'a cluster',
      [
        azure('azure-aks-cluster', armId('Microsoft.ContainerService/managedClusters', 'k'), {
          apiServerAccessProfile: { authorizedIpRanges: ['20.1.2.0/24'] },
        }),
      ],
    ],
  ])('%s', (_, resources) => {
    const { state, evidence } = stateOf(...resources);
    expect(state).toBe('no');
    expect(evidence.every(({ sentence }) => !sentence.includes('some addresses of the internet'))).toBe(true);
    const strangers = publicAccessibility(
      azureExposure(new AzureEstate(resources), resources.at(-1) as EstateResource) ?? [],
    );
    expect(strangers.evidence).not.toEqual(evidence);
  });
});
