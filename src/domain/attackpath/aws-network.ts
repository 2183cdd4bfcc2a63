import {
  type AddressSet,
  coversAddresses,
  hasAddresses,
  intersectAddresses,
  parseAddresses,
} from '#base/address-set.ts';
import { tasksOfService } from '../exposure/aws-composite-exposure.ts';
import type { AwsEstate } from '../exposure/aws-estate.ts';
import { routeTableOf } from '../exposure/aws-internet-route.ts';
import { letsGroupIn, networkAcl, securityGroups } from '../exposure/aws-layers.ts';
import { hopTo, passesBothWays } from '../exposure/aws-peering.ts';
import type { Surface } from '../exposure/surface.ts';
import { ECS_TASK } from '../resource/facts/aws-container-facts.ts';
import { DB_CLUSTER, DB_INSTANCE, FUNCTION } from '../resource/facts/aws-facts.ts';
import {
  INSTANCE,
  INTERFACE,
  ROUTE_TABLE,
  SUBNET,
  VPC_PEERING,
} from '../resource/facts/aws-network-facts.ts';
import type { Evidence } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { Gate } from './attack-step.ts';
import { configuredGate } from './gate.ts';
import { shownName } from './step-text.ts';

/** Where a resource stands in a network of AWS. */
interface Standing {
  readonly groups: readonly string[];
  /** Private addresses that it has, or blocks somewhere in which it has one, as far as they were told. */
  readonly addresses: readonly AddressSet[];
  readonly subnets: readonly string[];
  readonly vpc: string | undefined;
}

/** That one resource may open a connection to another. */
export interface Connection {
  /** Whether it leads from one network into another. */
  readonly isPeered: boolean;
  readonly gate: Gate;
  readonly evidence: Evidence;
  readonly assumptions: readonly string[];
}

/**
 * Whether one resource may open a TCP connection to another over private networks: by the security groups of the other,
 * by its network ACLs where they were described, and over a peering connection or a transit gateway where they are in two
 * networks (attack-paths §1.3, `reaches`). Null where it may not, or where nobody told.
 */
export function connectionBetween(
  estate: AwsEstate,
  from: EstateResource,
  to: EstateResource,
  port: number | null,
): Connection | null {
  const here = standingOf(estate, from);
  const there = standingOf(estate, to);
  if (here === null || there === null || here.vpc === undefined || there.vpc === undefined) return null;
  const region = estate.regionOf(to);
  // A network of another region is another one, whatever it is called.
  if (here.vpc === there.vpc && !estate.mayBeIn(from, region)) return null;
  const over = here.vpc === there.vpc ? null : linkBetween(estate, here, there, region);
  if (over === undefined) return null;
  // Whether a transit gateway tells groups of one network in another is a setting of its own, and no list tells it.
  const sender = over !== null && isGateway(over) ? { ...here, groups: [] } : here;
  const group = there.groups.find((id) => letsIn(estate, id, sender, port, region));
  if (group === undefined) return null;
  const passage = throughAcls(estate, here, there, port, region);
  if (passage === 'no') return null;
  const [fromName, toName] = [shownName(from.name), shownName(to.name)];
  return {
    isPeered: over !== null,
    gate: configuredGate(
      'network_rule',
      `${to.account} ${group} from ${here.groups.join(' ')} ${port ?? 'any'}`,
      `close ${port === null ? 'the ports' : `tcp/${port}`} of ${toName} to ${fromName} (${group})`,
    ),
    evidence: evidence(
      `${group} of ${to.name} lets ${from.name} in${over === null ? '' : `, over ${over}`}.`,
      to,
    ),
    assumptions:
      passage === 'yes' ? [] : ['The network ACLs between them, of which too little is known, let it pass.'],
  };
}

/** The TCP port on which a database is asked. */
export function portOf(estate: AwsEstate, database: EstateResource): number | null {
  return database.type === 'rds-cluster'
    ? (estate.facts(DB_CLUSTER, database).Port ?? null)
    : (estate.facts(DB_INSTANCE, database).Endpoint?.Port ?? null);
}

function standingOf(estate: AwsEstate, resource: EstateResource): Standing | null {
  switch (resource.type) {
    case 'ec2-instance': {
      const { NetworkInterfaces = [], SecurityGroups = [], ...facts } = estate.facts(INSTANCE, resource);
      const groups = [...NetworkInterfaces.flatMap(({ Groups }) => Groups ?? []), ...SecurityGroups];
      return {
        groups: distinct(groups.flatMap(({ GroupId }) => GroupId ?? [])),
        addresses: addressesOf(
          distinct([
            ...NetworkInterfaces.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? []),
            ...(facts.PrivateIpAddress === undefined ? [] : [facts.PrivateIpAddress]),
          ]),
        ),
        subnets: distinct([
          ...NetworkInterfaces.flatMap(({ SubnetId }) => SubnetId ?? []),
          ...(facts.SubnetId === undefined ? [] : [facts.SubnetId]),
        ]),
        vpc: facts.VpcId ?? NetworkInterfaces[0]?.VpcId,
      };
    }
    case 'lambda-function': {
      const { VpcConfig } = estate.facts(FUNCTION, resource);
      const subnets = VpcConfig?.SubnetIds ?? [];
      return {
        groups: VpcConfig?.SecurityGroupIds ?? [],
        addresses: addressesOf(subnets.flatMap((id) => blockOf(estate, id, estate.regionOf(resource)) ?? [])),
        subnets,
        vpc: VpcConfig?.VpcId,
      };
    }
    case 'ecs-task':
      return standingOfTask(estate, resource);
    case 'ecs-service': {
      const standings = tasksOfService(estate, resource).flatMap(
        (task) => standingOfTask(estate, task) ?? [],
      );
      const [first] = standings;
      if (first === undefined) return null;
      // Tasks of one service stand in one network, behind the same groups.
      return {
        ...first,
        addresses: standings.flatMap(({ addresses }) => addresses),
        subnets: distinct(standings.flatMap(({ subnets }) => subnets)),
      };
    }
    case 'rds-instance': {
      const { VpcSecurityGroups = [], DBSubnetGroup } = estate.facts(DB_INSTANCE, resource);
      return {
        groups: VpcSecurityGroups.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
        addresses: [],
        subnets: (DBSubnetGroup?.Subnets ?? []).flatMap(({ SubnetIdentifier }) => SubnetIdentifier ?? []),
        vpc: DBSubnetGroup?.VpcId,
      };
    }
    case 'rds-cluster': {
      const { VpcSecurityGroups = [], DBClusterMembers = [] } = estate.facts(DB_CLUSTER, resource);
      const region = estate.regionOf(resource);
      // All members of a cluster are in its subnets, which only they name.
      const member = DBClusterMembers.flatMap(
        ({ DBInstanceIdentifier: id }) => estate.find('rds-instance', id, region) ?? [],
      )[0];
      const standing = member === undefined ? null : standingOf(estate, member);
      return (
        standing && {
          ...standing,
          groups: VpcSecurityGroups.flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []),
        }
      );
    }
    default:
      return null;
  }
}

/** A task stands where its own interface does; one without, on the network of its machine, is told by nobody. */
function standingOfTask(estate: AwsEstate, task: EstateResource): Standing | null {
  const { attachments = [], lastStatus } = estate.facts(ECS_TASK, task);
  if (lastStatus === 'STOPPED') return null;
  const interfaces = attachments
    .flatMap(({ details = [] }) => details)
    .flatMap(({ name, value }) => {
      const found =
        name === 'networkInterfaceId'
          ? estate.find('network-interface', value, estate.regionOf(task))
          : undefined;
      return found === undefined ? [] : [estate.facts(INTERFACE, found)];
    });
  const [first] = interfaces;
  if (first === undefined) return null;
  return {
    groups: distinct(interfaces.flatMap(({ Groups = [] }) => Groups.flatMap(({ GroupId }) => GroupId ?? []))),
    addresses: addressesOf(interfaces.flatMap(({ PrivateIpAddress }) => PrivateIpAddress ?? [])),
    subnets: distinct(interfaces.flatMap(({ SubnetId }) => SubnetId ?? [])),
    vpc: first.VpcId,
  };
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

function letsIn(
  estate: AwsEstate,
  group: string,
  { groups, addresses }: Standing,
  port: number | null,
  region: string | null,
): boolean {
  return (
    letsGroupIn(estate, group, port, new Set(groups), region, ['tcp']) ||
    securityGroups(estate, [group], region).certain.some((way) => isFor(way, addresses, port))
  );
}

/** One subnet of several whose ACL lets it pass is enough; an ACL that nobody described may let everything pass. */
function throughAcls(
  estate: AwsEstate,
  here: Standing,
  there: Standing,
  port: number | null,
  region: string | null,
): 'yes' | 'unknown' | 'no' {
  if (there.subnets.length === 0) return 'unknown';
  let isPossible = false;
  for (const subnet of there.subnets) {
    // Network ACLs stand between subnets, not inside one.
    if (here.vpc === there.vpc && here.subnets.includes(subnet)) return 'yes';
    const { certain, possible } = networkAcl(estate, subnet, there.vpc, region);
    if (certain.some((way) => isFor(way, here.addresses, port))) return 'yes';
    isPossible ||= possible.some(
      (way) =>
        isAt(way, port) &&
        (here.addresses.length === 0 ||
          here.addresses.some((sender) => hasAddresses(intersectAddresses(way.sources, sender)))),
    );
  }
  return isPossible ? 'unknown' : 'no';
}

/** Whether it lets any one of the senders through, wherever in its block that one is. */
function isFor(way: Surface, senders: readonly AddressSet[], port: number | null): boolean {
  return isAt(way, port) && senders.some((sender) => coversAddresses(way.sources, sender));
}

function isAt({ protocol, from, to }: Surface, port: number | null): boolean {
  return protocol === 'tcp' && (port === null || (from <= port && port <= to));
}

function addressesOf(texts: readonly string[]): readonly AddressSet[] {
  return texts.flatMap((text) => parseAddresses(text) ?? []);
}

function blockOf(estate: AwsEstate, subnet: string, region: string | null): string | undefined {
  const found = estate.find('subnet', subnet, region);
  return found === undefined ? undefined : estate.facts(SUBNET, found).CidrBlock;
}

/** The peering connection or transit gateway that routes of both sides go over; undefined where there is none. */
function linkBetween(
  estate: AwsEstate,
  here: Standing,
  there: Standing,
  region: string | null,
): string | undefined {
  const away = hopsFrom(estate, here, there, region);
  const back = hopsFrom(estate, there, here, region);
  return away.find((hop) => back.includes(hop) && isOpen(estate, hop, here, there, region));
}

function isGateway(hop: string): boolean {
  return hop.startsWith('tgw-');
}

function isOpen(
  estate: AwsEstate,
  hop: string,
  here: Standing,
  there: Standing,
  region: string | null,
): boolean {
  if (isGateway(hop)) {
    const ends = (standing: Standing) =>
      firstAddresses(estate, standing, region).map((each) => [standing.vpc as string, each] as const);
    return ends(here).some((from) => ends(there).some((to) => passesBothWays(estate, hop, from, to)));
  }
  const peering = estate.find('vpc-peering-connection', hop, region);
  const status = peering === undefined ? undefined : estate.facts(VPC_PEERING, peering).Status?.Code;
  return status === undefined || status === 'active';
}

/** Of each of its subnets the first address. */
function firstAddresses(estate: AwsEstate, { subnets }: Standing, region: string | null): readonly string[] {
  return subnets.flatMap((subnet) => blockOf(estate, subnet, region)?.replace(/\/.*$/, '') ?? []);
}

function hopsFrom(estate: AwsEstate, from: Standing, to: Standing, region: string | null): readonly string[] {
  const addresses = firstAddresses(estate, to, region);
  return from.subnets.flatMap((subnet) => {
    const table = routeTableOf(estate, subnet, from.vpc, region);
    const routes = table === undefined ? [] : (estate.facts(ROUTE_TABLE, table).Routes ?? []);
    return addresses.flatMap((address) => hopTo(routes, address) ?? []);
  });
}
