import { describe, expect, it } from 'vitest';
import {
  armId,
  azure,
  network,
  nic,
  nsg,
  publicIp,
  rule,
  verdictOn,
  vm,
} from '../../../test/support/azure-world.ts';
import type { EstateResource } from '../risk/estate.ts';

/**
 * Every row of the reference product's own table (reference-behaviour §3.2, Azure), and rows 21 and 23 of its edge cases
 * (§14); *differs* on purpose, see the table of defaults.
 */
describe('the reference product’s table for Azure', () => {
  const account = (facts: object) =>
    azure('azure-storage-account', armId('Microsoft.Storage/storageAccounts', 'a'), {
      publicNetworkAccess: 'Enabled',
      networkAcls: { defaultAction: 'Allow' },
      ...facts,
    });
  const container = (publicAccess: string) =>
    azure(
      'azure-blob-container',
      `${armId('Microsoft.Storage/storageAccounts', 'a')}/blobServices/default/containers/c`,
      { publicAccess },
    );
  const aks = (apiServerAccessProfile: object) =>
    azure('azure-aks-cluster', armId('Microsoft.ContainerService/managedClusters', 'k'), {
      apiServerAccessProfile: apiServerAccessProfile as never,
    });
  const from = (source: string) => nsg('g', rule(100, 'Allow', '22', source));
  const over = (protocol: string) => nsg('g', rule(100, 'Allow', '22', '*', { protocol }));
  it.each<[string, 'yes' | 'no' | 'unknown', readonly EstateResource[]]>([
    ['a security group that allows *', 'yes', [from('*')]],
    ['a security group that allows 0.0.0.0/0', 'yes', [from('0.0.0.0/0')]],
    ['a security group that allows ::/0', 'yes', [from('::/0')]],
    ['a security group that allows internet', 'yes', [from('internet')]],
    ['a security group that allows any', 'yes', [from('any')]],
    ['differs: a single address 0.0.0.0 lets nobody in', 'no', [from('0.0.0.0')]],
    ['differs: /0 of no address cannot be read', 'unknown', [from('/0')]],
    ['a security group that allows TCP', 'yes', [over('Tcp')]],
    ['a security group that allows UDP', 'yes', [over('Udp')]],
    ['a security group that allows every protocol', 'yes', [over('*')]],
    ['a security group that allows pings', 'no', [over('Icmp')]],
    [
      'a security group whose denial of higher priority leaves no port',
      'no',
      [nsg('g', rule(90, 'Deny', '*', '*'), rule(100, 'Allow', '22', '*'))],
    ],
    [
      'a security group whose denial leaves a port',
      'yes',
      [nsg('g', rule(90, 'Deny', '22', '*'), rule(100, 'Allow', '22-23', '*'))],
    ],
    [
      'a machine with a public address and a group that allows',
      'yes',
      [network(), publicIp('Standard'), from('*'), nic('g'), vm()],
    ],
    ['a machine with a Basic address and no group', 'yes', [network(), publicIp('Basic'), nic(null), vm()]],
    [
      'a machine with a Standard address and no group',
      'no',
      [network(), publicIp('Standard'), nic(null), vm()],
    ],
    ['a machine without an address', 'no', [network(), from('*'), nic('g', { publicIPAddress: null }), vm()]],
    ['a container for blobs, allowed', 'yes', [account({ allowBlobPublicAccess: true }), container('Blob')]],
    ['a container, not allowed', 'no', [account({ allowBlobPublicAccess: false }), container('Container')]],
    ['a private container', 'no', [account({ allowBlobPublicAccess: true }), container('None')]],
    ['differs: a container while the switch is absent', 'unknown', [account({}), container('Container')]],
    ['a cluster without ranges', 'yes', [aks({ enablePrivateCluster: false })]],
    ['a cluster for everybody', 'yes', [aks({ authorizedIpRanges: ['0.0.0.0/0'] })]],
    ['a cluster for an office', 'no', [aks({ authorizedIpRanges: ['20.1.2.3/32'] })]],
    ['a private cluster', 'no', [aks({ enablePrivateCluster: true })]],
  ])('%s', (_, state, resources) => {
    expect(verdictOn(...resources).split(/[ :]/)[0]).toBe(state);
  });
});
