import { called, calledFirst } from '../resource/called.ts';
import {
  DB_CLUSTER,
  DB_INSTANCE,
  type DbInstanceFacts,
  REDSHIFT_CLUSTER,
  REDSHIFT_SUBNET_GROUP,
  REDSHIFT_WORKGROUP,
} from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { isPublic } from './audience.ts';
import type { AwsEstate } from './aws-estate.ts';
import { groupsOrUnknown } from './aws-layers.ts';
import { exposeOnNetwork } from './aws-network-exposure.ts';
import type { NetworkPlace } from './aws-network-place.ts';
import { closedWay, dormant, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';

type Place = Pick<NetworkPlace, 'groups' | 'subnets' | 'vpc' | 'ports'>;

/** How a database instance is reached: its switch, its groups, and any subnet it may move to (attack-paths §2.5). */
export function exposeDbInstance(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(DB_INSTANCE, resource);
  const records = bySwitch(estate, resource, facts.PubliclyAccessible, 'aws rds describe-db-instances', {
    groups: groupsOrUnknown(
      (facts.VpcSecurityGroups ?? groupsOfCluster(estate, resource, facts.DBClusterIdentifier))?.flatMap(
        (group) => group.VpcSecurityGroupId ?? [],
      ),
      resource.name,
      'aws rds describe-db-instances',
    ),
    subnets: (facts.DBSubnetGroup?.Subnets ?? []).flatMap((subnet) => subnet.SubnetIdentifier ?? []),
    vpc: facts.DBSubnetGroup?.VpcId,
    ports: portOf(facts.Endpoint?.Port),
  });
  return facts.DBInstanceStatus === 'stopped'
    ? dormant(
        records,
        evidence(`${calledFirst(resource)} is stopped: dormant, exposed when started.`, resource),
      )
    : records;
}

/** An instance stands in the groups of its cluster; undefined where nobody told those. */
function groupsOfCluster(
  estate: AwsEstate,
  resource: EstateResource,
  name: string | undefined,
): DbInstanceFacts['VpcSecurityGroups'] {
  const cluster = estate.find('rds-cluster', name, estate.regionOf(resource));
  return cluster === undefined ? undefined : estate.facts(DB_CLUSTER, cluster).VpcSecurityGroups;
}

/** A cluster is reached where one of its instances is. */
export function exposeDbCluster(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { DBClusterMembers, PubliclyAccessible, HttpEndpointEnabled } = estate.facts(DB_CLUSTER, resource);
  const region = estate.regionOf(resource);
  const members = (DBClusterMembers ?? []).flatMap((member) => {
    const instance = estate.find('rds-instance', member.DBInstanceIdentifier, region);
    return instance === undefined
      ? [unsettledWay([`database instance ${member.DBInstanceIdentifier}: aws rds describe-db-instances`])]
      : exposeDbInstance(estate, instance);
  });
  if (HttpEndpointEnabled === true)
    members.push(
      closedWay(
        [
          evidence(
            `The Data API of ${called(resource)} takes signed requests of its own account: reachable behind iam.`,
            resource,
          ),
        ],
        { surface: 'Data API', auth: 'iam' },
      ),
    );
  if ((DBClusterMembers ?? []).length > 0) return members;
  if (PubliclyAccessible === false)
    return [
      closedWay([evidence(`${calledFirst(resource)} has PubliclyAccessible off.`, resource)]),
      ...members,
    ];
  if (DBClusterMembers !== undefined && PubliclyAccessible === undefined)
    return [
      closedWay([evidence(`${calledFirst(resource)} has no instance with a public address.`, resource)]),
      ...members,
    ];
  return [unsettledWay([`the instances of ${resource.name}: aws rds describe-db-clusters`])];
}

/** How a Redshift cluster is reached. */
export function exposeRedshiftCluster(
  estate: AwsEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const facts = estate.facts(REDSHIFT_CLUSTER, resource);
  const group = estate.find('redshift-subnet-group', facts.ClusterSubnetGroupName, estate.regionOf(resource));
  const subnets = group === undefined ? [] : (estate.facts(REDSHIFT_SUBNET_GROUP, group).Subnets ?? []);
  const records = bySwitch(estate, resource, facts.PubliclyAccessible, 'aws redshift describe-clusters', {
    groups: groupsOrUnknown(
      facts.VpcSecurityGroups?.flatMap((each) => each.VpcSecurityGroupId ?? []),
      resource.name,
      'aws redshift describe-clusters',
    ),
    subnets: subnets.flatMap((subnet) => subnet.SubnetIdentifier ?? []),
    vpc: facts.VpcId,
    ports: portOf(facts.Endpoint?.Port),
  });
  return facts.ClusterStatus === 'paused'
    ? dormant(
        records,
        evidence(`${calledFirst(resource)} is paused: dormant, exposed when resumed.`, resource),
      )
    : records;
}

/** How a workgroup of Redshift Serverless is reached. */
export function exposeRedshiftWorkgroup(
  estate: AwsEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const facts = estate.facts(REDSHIFT_WORKGROUP, resource);
  return bySwitch(estate, resource, facts.publiclyAccessible, 'aws redshift-serverless list-workgroups', {
    groups: groupsOrUnknown(facts.securityGroupIds, resource.name, 'aws redshift-serverless list-workgroups'),
    subnets: facts.subnetIds ?? [],
    vpc: undefined,
    ports: portOf(facts.endpoint?.port ?? facts.port),
  });
}

function bySwitch(
  estate: AwsEstate,
  resource: EstateResource,
  isOn: boolean | undefined,
  call: string,
  place: Place,
): readonly ExposureRecord[] {
  if (isOn === undefined) return [unsettledWay([`whether ${resource.name} is publicly accessible: ${call}`])];
  const ways = exposeOnNetwork(estate, {
    ...place,
    ports: isOn ? (place.ports ?? SOME_PORT) : place.ports,
    resource,
    what: called(resource),
    addresses: isOn ? null : [],
    auth: 'db-password',
  });
  return isOn
    ? place.ports === null
      ? ways.map((way) => onSomePort(resource, way, call))
      : ways
    : ways.map((way) =>
        way.verdict === 'no'
          ? closedWay(
              [
                evidence(
                  `${calledFirst(resource)} has PubliclyAccessible off, so it has no public address.`,
                  resource,
                ),
              ],
              { ...way, gates: ['PubliclyAccessible'] },
            )
          : way,
      );
}

const SOME_PORT: NetworkPlace['ports'] = [{ protocol: 'tcp', from: 0, to: 65_535 }];

/** Where nobody told its port, what opens some ports may open others than that one. */
function onSomePort({ name }: EstateResource, way: ExposureRecord, call: string): ExposureRecord {
  const isSure = way.verdict !== 'yes' || !isPublic(way.audience) || way.surface === 'every tcp port';
  return isSure ? way : unsettledWay([`the port of ${name}: ${call}`], way.evidence, way);
}

function portOf(
  port: number | undefined,
): readonly { readonly protocol: 'tcp'; readonly from: number; readonly to: number }[] | null {
  return port === undefined ? null : [{ protocol: 'tcp', from: port, to: port }];
}
