import { expect, it } from 'vitest';
import { machineName } from './node-machine.ts';

it.each([
  ['aws:///eu-west-1a/i-0123456789abcdef0', 'alias', 'i-0123456789abcdef0'],
  [
    'gce://shop-prod/europe-west1-b/gke-shop-1',
    'key',
    'gcp://compute.googleapis.com/projects/shop-prod/zones/europe-west1-b/instances/gke-shop-1',
  ],
  [
    'azure:///subscriptions/S1/resourceGroups/MC_shop/providers/Microsoft.Compute/virtualMachines/aks-0',
    'key',
    'azure:/subscriptions/s1/resourcegroups/mc_shop/providers/microsoft.compute/virtualmachines/aks-0',
  ],
  [
    'azure:///subscriptions/s1/resourceGroups/MC_shop/providers/Microsoft.Compute/virtualMachineScaleSets/aks-vmss/virtualMachines/3',
    'key',
    'azure:/subscriptions/s1/resourcegroups/mc_shop/providers/microsoft.compute/virtualmachinescalesets/aks-vmss',
  ],
])('%s is known by its %s', (providerId, by, text) => {
  expect(machineName(providerId)).toEqual({ by, text });
});

it.each([
  'kind://docker/kind/kind-control-plane',
  'digitalocean://123',
  'aws:///eu-west-1a/fargate-ip-10-0-0-1',
  '',
  `gce://p/z/${'x'.repeat(2_000)}`,
])('%s is the machine of no inventory', (providerId) => {
  expect(machineName(providerId)).toBeNull();
});
