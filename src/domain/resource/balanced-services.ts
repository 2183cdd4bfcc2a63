import { addToList } from '#base/list-map.ts';
import { AwsEstate } from '../exposure/aws-estate.ts';
import { targetsOf } from '../exposure/aws-target-group.ts';
import { balancerParts, ownerId } from '../exposure/azure-balancers.ts';
import { AzureEstate } from '../exposure/azure-estate.ts';
import { gatewayPools } from '../exposure/azure-gateway-exposure.ts';
import { GcpEstate } from '../exposure/gcp-estate.ts';
import { frontsOf, frontsOfServerless } from '../exposure/gcp-load-balancer-exposure.ts';
import type { EstateResource } from '../risk/estate.ts';
import { ECS_SERVICE, ECS_TASK } from './facts/aws-container-facts.ts';
import { AUTO_SCALING_GROUP, INSTANCE, SUBNET, TARGET_GROUP } from './facts/aws-network-facts.ts';
import { NIC, VM, VMSS } from './facts/azure-facts.ts';
import { GCP_INSTANCE } from './facts/gcp-facts.ts';

/** Load balancers of clouds, which are a part of what the machines and functions behind them are. */
export const BALANCER_TYPES: readonly string[] = [
  'load-balancer',
  'azure-load-balancer',
  'azure-app-gateway',
  'gcp-forwarding-rule',
];

/** What stands behind them. */
export const BALANCED_TYPES: readonly string[] = [
  'ec2-instance',
  'auto-scaling-group',
  'ecs-service',
  'ecs-task',
  'lambda-function',
  'azure-vm',
  'azure-vmss',
  'gcp-instance',
  'gcp-run-service',
  'gcp-function',
];

/** Whose descriptions say what stands behind which; of machines and functions what they are called is enough. */
export const BALANCING_TYPES: readonly string[] = [
  ...BALANCER_TYPES,
  'target-group',
  'target-health',
  'auto-scaling-group',
  'subnet',
  'azure-nic',
  'azure-vmss',
  'gcp-backend-service',
  'gcp-endpoint-group',
  'gcp-instance-group-manager',
  'gcp-target-pool',
  'gcp-target-proxy',
  'gcp-url-map',
];

/** Keys of what stands behind each load balancer, by its key, as far as the descriptions of one estate tell (attack-paths §7.4). */
export function behindBalancers(
  resources: readonly EstateResource[],
): ReadonlyMap<string, readonly string[]> {
  const behind = new Map<string, string[]>();
  for (const [front, member] of [...ofAws(resources), ...ofAzure(resources), ...ofGoogle(resources)])
    addToList(behind, front, member);
  return behind;
}

type Pair = readonly [front: string, member: string];

const has = (resources: readonly EstateResource[], ...types: readonly string[]) =>
  resources.some(({ type }) => types.includes(type));

/** Targets by their ids and by their addresses, and the scaling groups and services of ECS that register what they make. */
function ofAws(resources: readonly EstateResource[]): readonly Pair[] {
  if (!has(resources, 'target-group')) return [];
  const estate = new AwsEstate(resources);
  return estate.ofType('target-group').flatMap((group) => {
    const { TargetGroupArn, VpcId, LoadBalancerArns = [] } = estate.facts(TARGET_GROUP, group);
    const targets = targetsOf(estate, group).flatMap(
      ({ Id = '' }) =>
        (
          estate.find('ec2-instance', Id) ??
          estate.find('lambda-function', Id) ??
          estate.derived(membersByAddress).get(`${estate.regionOf(group)} ${VpcId} ${Id}`)
        )?.key ?? [],
    );
    const registering = estate
      .ofType('ecs-service')
      .filter((each) =>
        (estate.facts(ECS_SERVICE, each).loadBalancers ?? []).some(
          ({ targetGroupArn }) => targetGroupArn !== undefined && targetGroupArn === TargetGroupArn,
        ),
      );
    const groups = estate
      .ofType('auto-scaling-group')
      .filter((each) =>
        (estate.facts(AUTO_SCALING_GROUP, each).TargetGroupARNs ?? []).includes(TargetGroupArn ?? ''),
      );
    const members = [...new Set([...targets, ...[...registering, ...groups].map(({ key }) => key)])];
    return LoadBalancerArns.flatMap((arn) => members.map((member): Pair => [`aws:${arn}`, member]));
  });
}

/** Instances and tasks by region, network and private address. */
function membersByAddress(estate: AwsEstate): ReadonlyMap<string, EstateResource> {
  const members = new Map<string, EstateResource>();
  const add = (member: EstateResource, network: string | undefined, address: string | undefined): void => {
    if (network !== undefined && address !== undefined)
      members.set(`${estate.regionOf(member)} ${network} ${address}`, member);
  };
  for (const instance of estate.ofType('ec2-instance')) {
    const { VpcId, PrivateIpAddress, NetworkInterfaces = [] } = estate.facts(INSTANCE, instance);
    add(instance, VpcId, PrivateIpAddress);
    for (const each of NetworkInterfaces)
      for (const address of [each, ...(each.PrivateIpAddresses ?? [])])
        add(instance, each.VpcId ?? VpcId, address.PrivateIpAddress);
  }
  for (const task of estate.ofType('ecs-task')) {
    const { attachments = [], lastStatus } = estate.facts(ECS_TASK, task);
    if (lastStatus === 'STOPPED') continue;
    for (const { details = [] } of attachments) {
      const told = new Map(details.map(({ name, value }) => [name, value]));
      const subnet = estate.find('subnet', told.get('subnetId'), estate.regionOf(task));
      if (subnet !== undefined) add(task, estate.facts(SUBNET, subnet).VpcId, told.get('privateIPv4Address'));
    }
  }
  return members;
}

/** Machines by their interfaces, scale sets by their profile. */
function ofAzure(resources: readonly EstateResource[]): readonly Pair[] {
  if (!has(resources, 'azure-load-balancer', 'azure-app-gateway')) return [];
  const estate = new AzureEstate(resources);
  const machines = new Map(
    estate
      .ofType('azure-vm')
      .flatMap((machine) =>
        (estate.facts(VM, machine).networkProfile?.networkInterfaces ?? []).flatMap(({ id }) =>
          id === undefined ? [] : [[id.toLowerCase(), machine] as const],
        ),
      ),
  );
  const interfaces = estate.ofType('azure-nic').flatMap((nic) => {
    const { id = '', virtualMachine, ipConfigurations = [] } = estate.facts(NIC, nic);
    const machine = estate.find(virtualMachine?.id) ?? machines.get(id.toLowerCase());
    return machine === undefined ? [] : ipConfigurations.map((each) => [machine, each] as const);
  });
  const sets = estate
    .ofType('azure-vmss')
    .flatMap((set) =>
      (
        estate.facts(VMSS, set).virtualMachineProfile?.networkProfile?.networkInterfaceConfigurations ?? []
      ).flatMap(({ ipConfigurations = [] }) => ipConfigurations.map((each) => [set, each] as const)),
    );
  return [...interfaces, ...sets].flatMap(([member, configuration]) =>
    [...balancerParts(estate, configuration), ...gatewayPools(estate, configuration)].map(
      (part): Pair => [`azure:${ownerId(part)}`, member.key],
    ),
  );
}

/** Instances by the manager of their group or a pool that names them, what runs serverless by its endpoint group. */
function ofGoogle(resources: readonly EstateResource[]): readonly Pair[] {
  if (!has(resources, 'gcp-forwarding-rule')) return [];
  const estate = new GcpEstate(resources);
  const pairs = (member: EstateResource, fronts: readonly { readonly resource: EstateResource }[]) =>
    fronts.map(({ resource }): Pair => [resource.key, member.key]);
  return [
    ...estate
      .ofType('gcp-instance')
      .flatMap((member) => pairs(member, frontsOf(estate, member, estate.facts(GCP_INSTANCE, member)))),
    ...estate
      .ofType('gcp-run-service', 'gcp-function')
      .flatMap((member) => pairs(member, frontsOfServerless(estate, member))),
  ];
}
