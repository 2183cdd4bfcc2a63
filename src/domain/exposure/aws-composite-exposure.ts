import { capital } from '#base/text.ts';
import { awsCall, nameInArn } from '../resource/aws-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import {
  CONTAINER_INSTANCE,
  ECS_SERVICE,
  ECS_TASK,
  TASK_DEFINITION,
} from '../resource/facts/aws-container-facts.ts';
import { BEANSTALK_ENVIRONMENT, EMR_CLUSTER } from '../resource/facts/aws-facts.ts';
import {
  AUTO_SCALING_GROUP,
  INTERFACE,
  LAUNCH_CONFIGURATION,
  type LaunchTemplateVersionFacts,
  SECURITY_GROUP,
  SUBNET,
} from '../resource/facts/aws-network-facts.ts';
import type { Facts } from '../resource/facts/fact-shape.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { exposeThroughLoadBalancers } from './aws-balanced-target.ts';
import type { AwsEstate } from './aws-estate.ts';
import { exposeInstance, exposeInterfaceOf } from './aws-instance-exposure.ts';
import { launchTemplateOf, versionOf } from './aws-launch-template.ts';
import { groupsOrUnknown } from './aws-layers.ts';
import { exposeClassicLoadBalancer, exposeLoadBalancer } from './aws-load-balancer-exposure.ts';
import { exposeOnNetwork } from './aws-network-exposure.ts';
import { closedWay, dormant, throughWay, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { servesPort } from './surface.ts';

/** A task of ECS is reached over its own interface, whatever its service says (attack-paths §2.9, 49). */
export function exposeTask(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(ECS_TASK, resource);
  if (facts.lastStatus === 'STOPPED')
    return [closedWay([evidence(`${calledFirst(resource)} has stopped.`, resource)])];
  const ids = (facts.attachments ?? [])
    .flatMap((attachment) => attachment.details ?? [])
    .flatMap(({ name, value }) => (name === 'networkInterfaceId' ? (value ?? []) : []));
  if (ids.length === 0) return exposeOnMachine(estate, resource, facts);
  return ids.flatMap((id) => {
    const found = estate.find('network-interface', id, estate.regionOf(resource));
    if (found === undefined)
      return [unsettledWay([`interface ${id} of ${resource.name}: aws ec2 describe-network-interfaces`])];
    const own = estate.facts(INTERFACE, found);
    return [
      ...exposeInterfaceOf(estate, resource, own, undefined, false),
      ...exposeThroughLoadBalancers(estate, resource, undefined, [own], own.VpcId),
    ];
  });
}

/** A task without an interface of its own takes ports of the machine that it runs on. */
function exposeOnMachine(
  estate: AwsEstate,
  resource: EstateResource,
  { clusterArn, containerInstanceArn, containers, taskDefinitionArn }: Facts<typeof ECS_TASK>,
): readonly ExposureRecord[] {
  const region = estate.regionOf(resource);
  const holder = estate.find('ecs-container-instance', containerInstanceArn, region);
  const id = holder === undefined ? undefined : estate.facts(CONTAINER_INSTANCE, holder).ec2InstanceId;
  if (id === undefined)
    return [
      unsettledWay([
        `the machine that runs ${resource.name}: ${awsCall('ecs describe-container-instances', [
          ['--cluster', clusterArn ?? 'CLUSTER'],
          ['--container-instances', containerInstanceArn ?? 'ID'],
        ])}`,
      ]),
    ];
  const machine = estate.find('ec2-instance', id, region);
  if (machine === undefined)
    return [unsettledWay([`${id}, which runs ${resource.name}: aws ec2 describe-instances`])];
  if (containers === undefined)
    return [
      unsettledWay([
        `the ports that ${resource.name} takes: ${tasksCall(clusterArn, nameInArn(resource.key.replace(/^aws:/, '')))}`,
      ]),
    ];
  const definition = estate.find('ecs-task-definition', taskDefinitionArn, region);
  const network =
    definition === undefined ? undefined : estate.facts(TASK_DEFINITION, definition).networkMode;
  const ports = containers.flatMap(({ networkBindings = [] }) => networkBindings);
  // On the network of its machine it may listen anywhere.
  if (ports.length === 0 && network === undefined)
    return [
      unsettledWay([
        `the network of ${resource.name}: ${awsCall('ecs describe-task-definition', [['--task-definition', taskDefinitionArn ?? 'NAME']])}`,
      ]),
    ];
  const ways = exposeInstance(estate, machine).filter(
    ({ surface }) =>
      network === 'host' ||
      ports.some(({ hostPort, protocol = 'tcp' }) => servesPort(surface, protocol, hostPort ?? 0)),
  );
  const runs = evidence(`${calledFirst(resource)} runs on ${called(machine)}.`, resource);
  return ways.length === 0
    ? [closedWay([runs, evidence(`No way into ${called(machine)} leads to a port of it.`, machine)])]
    : ways.map((way) => throughWay(way, { via: [machine.name], evidence: [runs] }));
}

function tasksCall(cluster: string | undefined, tasks: string): string {
  return awsCall('ecs describe-tasks', [
    ['--cluster', cluster ?? 'CLUSTER'],
    ['--tasks', tasks],
  ]);
}

function clusterCall({ key }: EstateResource): string {
  return awsCall('emr describe-cluster', [['--cluster-id', nameInArn(key.replace(/^aws:/, ''))]]);
}

function templateCall(id: string | undefined): string {
  return awsCall('ec2 describe-launch-template-versions', [['--launch-template-id', id ?? 'ID']]);
}

const tasksByGroup = (estate: AwsEstate) =>
  Map.groupBy(estate.ofType('ecs-task'), (task) => estate.facts(ECS_TASK, task).group);

/** The tasks of a service of ECS; those of another cluster may have a service of the same name. */
export function tasksOfService(estate: AwsEstate, service: EstateResource): readonly EstateResource[] {
  const { clusterArn, serviceName = service.name } = estate.facts(ECS_SERVICE, service);
  const region = estate.regionOf(service);
  return (estate.derived(tasksByGroup).get(`service:${serviceName}`) ?? []).filter((task) => {
    const other = estate.facts(ECS_TASK, task).clusterArn;
    return (
      estate.mayBeIn(task, region) &&
      (clusterArn === undefined || other === undefined || clusterArn === other)
    );
  });
}

/** A service of ECS is what its tasks are. */
export function exposeService(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { clusterArn, desiredCount, runningCount } = estate.facts(ECS_SERVICE, resource);
  const tasks = tasksOfService(estate, resource);
  if (tasks.length === 0 && desiredCount === 0 && runningCount === 0)
    return [
      {
        ...closedWay([
          evidence(
            `${calledFirst(resource)} wants no task and runs none: dormant, exposed by what it starts.`,
            resource,
          ),
        ]),
        isDormant: true,
      },
    ];
  return tasks.length === 0
    ? [unsettledWay([`the tasks of ${resource.name}: ${tasksCall(clusterArn, 'IDS')}`])]
    : tasks.flatMap((task) => exposeTask(estate, task).map((way) => throughWay(way, { evidence: [] })));
}

const tasksByDefinition = (estate: AwsEstate) =>
  Map.groupBy(estate.ofType('ecs-task'), (task) => estate.facts(ECS_TASK, task).taskDefinitionArn);

/** A task definition has no address; it is what the tasks are that run it. */
export function exposeTaskDefinition(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { taskDefinitionArn } = estate.facts(TASK_DEFINITION, resource);
  const tasks = estate.derived(tasksByDefinition).get(taskDefinitionArn) ?? [];
  if (tasks.length === 0 || taskDefinitionArn === undefined)
    return [unsettledWay([`the tasks that run ${resource.name}: ${tasksCall(undefined, 'IDS')}`])];
  return tasks.flatMap((task) =>
    exposeTask(estate, task).map((way) =>
      throughWay(way, { evidence: [evidence(`${calledFirst(task)} runs ${called(resource)}.`, task)] }),
    ),
  );
}

/** An environment of Elastic Beanstalk is what its load balancers and instances are. */
export function exposeBeanstalk(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { LoadBalancers, Instances } = estate.facts(BEANSTALK_ENVIRONMENT, resource);
  const served = [
    ...(LoadBalancers ?? []).flatMap(({ Name }) => Name ?? []),
    ...(Instances ?? []).flatMap(({ Id }) => Id ?? []),
  ];
  if (LoadBalancers?.length === 0 && Instances?.length === 0)
    return [
      {
        ...closedWay([
          evidence(
            `${calledFirst(resource)} has no load balancer and no instance: dormant, exposed by what it starts.`,
            resource,
          ),
        ]),
        isDormant: true,
      },
    ];
  if (served.length === 0)
    return [
      unsettledWay([
        `what serves ${resource.name}: ${awsCall('elasticbeanstalk describe-environment-resources', [['--environment-name', resource.name]])}`,
      ]),
    ];
  const region = estate.regionOf(resource);
  return served.flatMap((name) => {
    const balancer = estate.find('load-balancer', name, region);
    const classic = estate.find('classic-load-balancer', name, region);
    const instance = estate.find('ec2-instance', name, region);
    const known = balancer ?? classic ?? instance;
    const server = known === undefined ? name : called(known);
    const ways =
      balancer !== undefined
        ? exposeLoadBalancer(estate, balancer)
        : classic !== undefined
          ? exposeClassicLoadBalancer(estate, classic)
          : instance !== undefined
            ? exposeInstance(estate, instance)
            : [
                unsettledWay([
                  `${name}, which serves ${resource.name}: aws elbv2 describe-load-balancers, aws ec2 describe-instances`,
                ]),
              ];
    return ways.map((way) =>
      throughWay(way, {
        via: [name],
        evidence: [evidence(`${capital(server)} serves ${called(resource)}.`, resource)],
      }),
    );
  });
}

/** The master of an EMR cluster, where its name is a public one. */
export function exposeEmrCluster(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { Status, MasterPublicDnsName, Ec2InstanceAttributes: at } = estate.facts(EMR_CLUSTER, resource);
  if (Status?.State?.startsWith('TERMINAT') === true)
    return [closedWay([evidence(`${calledFirst(resource)} is terminated.`, resource)])];
  if (MasterPublicDnsName === undefined || at === undefined)
    return [unsettledWay([`the master of ${resource.name}: ${clusterCall(resource)}`])];
  return exposeOnNetwork(estate, {
    resource,
    what: `the master of ${called(resource)}`,
    addresses: /^ec2-.*\.compute(?:-1)?\.amazonaws\.com/.test(MasterPublicDnsName) ? null : [],
    groups: [
      ...groupsOrUnknown(
        at.EmrManagedMasterSecurityGroup === undefined ? undefined : [at.EmrManagedMasterSecurityGroup],
        resource.name,
        clusterCall(resource),
      ),
      ...(at.AdditionalMasterSecurityGroups ?? []),
    ],
    subnets: at.Ec2SubnetId === undefined ? [] : [at.Ec2SubnetId],
    vpc: undefined,
    ports: null,
    auth: 'app',
  });
}

/** A subnet is public where packets of the internet find a way into it and back. */
export function exposeSubnet(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { SubnetId, VpcId, Ipv6CidrBlockAssociationSet: blocks = [] } = estate.facts(SUBNET, resource);
  return exposeOnNetwork(estate, {
    resource,
    what: called(resource),
    addresses: null,
    families: blocks.length > 0 ? 'both' : 'v4',
    groups: null,
    subnets: [SubnetId ?? resource.name],
    vpc: VpcId,
    ports: null,
    auth: 'app',
  });
}

/** An auto scaling group exposes what it starts, by its template; dormant while it has no instance. */
export function exposeScalingGroup(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(AUTO_SCALING_GROUP, resource);
  const launched = launchedBy(estate, resource, facts);
  if ('missing' in launched) return [unsettledWay([launched.missing])];
  const { first, data, call } = launched;
  const subnets = (facts.VPCZoneIdentifier ?? '')
    .split(',')
    .flatMap((id) => (id.trim() === '' ? [] : [id.trim()]));
  const region = estate.regionOf(resource);
  const described = subnets.flatMap((id) => {
    const subnet = estate.find('subnet', id, region);
    return subnet === undefined ? [] : [estate.facts(SUBNET, subnet)];
  });
  const areKnown = described.length === subnets.length;
  const hasV4 =
    first?.AssociatePublicIpAddress ??
    (described.some((subnet) => subnet.MapPublicIpOnLaunch === true) || (areKnown ? false : undefined));
  const hasV6 =
    (first?.Ipv6AddressCount ?? first?.Ipv6Addresses?.length ?? 0) > 0 ||
    described.some((subnet) => subnet.AssignIpv6AddressOnCreation === true);
  if (hasV4 === undefined && !hasV6)
    return [
      unsettledWay([
        `whether the subnets of ${resource.name} give what it starts a public address: aws ec2 describe-subnets`,
      ]),
    ];
  const records = exposeOnNetwork(estate, {
    resource,
    what: `what ${called(resource)} starts`,
    addresses: hasV4 === true || hasV6 ? null : [],
    families: hasV6 ? (hasV4 === true ? 'both' : 'v6') : 'v4',
    groups: groupsOrUnknown(
      first?.Groups ?? data.SecurityGroupIds ?? defaultGroups(estate, described[0]?.VpcId, region),
      resource.name,
      call,
    ),
    subnets,
    vpc: described[0]?.VpcId,
    ports: null,
    auth: 'app',
  });
  return (facts.Instances ?? []).length > 0
    ? records
    : dormant(
        records,
        evidence(`${calledFirst(resource)} has no instance: dormant, exposed by its template.`, resource),
      );
}

type LaunchData = NonNullable<LaunchTemplateVersionFacts['LaunchTemplateData']>;

/** What a group starts, by its template or by the launch configuration of older groups. */
function launchedBy(
  estate: AwsEstate,
  { name, ...resource }: EstateResource,
  facts: Facts<typeof AUTO_SCALING_GROUP>,
):
  | {
      readonly data: LaunchData;
      readonly first: NonNullable<LaunchData['NetworkInterfaces']>[number] | undefined;
      readonly call: string;
    }
  | { readonly missing: string } {
  const used = launchTemplateOf(facts);
  if (used !== undefined) {
    const call = templateCall(used.LaunchTemplateId);
    const template = versionOf(estate, used);
    if (template === undefined)
      return { missing: `launch template ${used.LaunchTemplateId} of ${name}: ${call}` };
    const data = template.LaunchTemplateData ?? {};
    return { data, first: data.NetworkInterfaces?.[0], call };
  }
  const older = facts.LaunchConfigurationName;
  if (older === undefined)
    return { missing: `the launch template of ${name}: aws autoscaling describe-auto-scaling-groups` };
  const call = awsCall('autoscaling describe-launch-configurations', [
    ['--launch-configuration-names', older],
  ]);
  const known = estate.find('launch-configuration', older, estate.regionOf({ name, ...resource }));
  if (known === undefined) return { missing: `launch configuration ${older} of ${name}: ${call}` };
  const { AssociatePublicIpAddress, SecurityGroups } = estate.facts(LAUNCH_CONFIGURATION, known);
  return { data: { SecurityGroupIds: SecurityGroups }, first: { AssociatePublicIpAddress }, call };
}

/** A template that names no group starts in the default one of its network; undefined where that was not described. */
function defaultGroups(
  estate: AwsEstate,
  vpcId: string | undefined,
  region: string | null,
): readonly string[] | undefined {
  if (vpcId === undefined) return undefined;
  for (const group of estate.ofType('security-group')) {
    const { GroupId, GroupName, VpcId } = estate.facts(SECURITY_GROUP, group);
    if (GroupName === 'default' && VpcId === vpcId && GroupId !== undefined && estate.mayBeIn(group, region))
      return [GroupId];
  }
  return undefined;
}
