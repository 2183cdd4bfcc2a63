import {
  DB_CLUSTER,
  DB_INSTANCE,
  REDSHIFT_CLUSTER,
  REDSHIFT_SUBNET_GROUP,
} from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import { type AwsExposure, combineExposures, exposureUnknown, notExposed } from './aws-exposure-record.ts';
import { exposeOnNetwork } from './aws-network-exposure.ts';

/** Whether a database instance is reached from the internet: its switch, its groups, and any subnet it may move to. */
export function exposeDbInstance(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const facts = estate.facts(DB_INSTANCE, resource);
  if (facts.DBInstanceStatus === 'stopped')
    return notExposed(evidence(`${resource.name} is stopped: dormant.`, resource));
  if (facts.PubliclyAccessible === undefined)
    return exposureUnknown([
      `whether ${resource.name} is publicly accessible: aws rds describe-db-instances`,
    ]);
  if (!facts.PubliclyAccessible)
    return notExposed(
      evidence(`${resource.name} has PubliclyAccessible off, so it has no public address.`, resource),
    );
  return exposeOnNetwork(estate, {
    resource,
    what: resource.name,
    addresses: null,
    groups: (facts.VpcSecurityGroups ?? []).flatMap((group) => group.VpcSecurityGroupId ?? []),
    subnets: (facts.DBSubnetGroup?.Subnets ?? []).flatMap((subnet) => subnet.SubnetIdentifier ?? []),
    vpc: facts.DBSubnetGroup?.VpcId,
    ports: portOf(facts.Endpoint?.Port),
    auth: 'db-password',
  });
}

/** A cluster is reached where one of its instances is. */
export function exposeDbCluster(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const { DBClusterMembers, PubliclyAccessible } = estate.facts(DB_CLUSTER, resource);
  const region = estate.regionOf(resource);
  const members = (DBClusterMembers ?? []).map((member) => {
    const instance = estate.find('rds-instance', member.DBInstanceIdentifier, region);
    return instance === undefined
      ? exposureUnknown([`database instance ${member.DBInstanceIdentifier}: aws rds describe-db-instances`])
      : exposeDbInstance(estate, instance);
  });
  if (members.length > 0) return combineExposures(members);
  if (PubliclyAccessible === false)
    return notExposed(evidence(`${resource.name} has PubliclyAccessible off.`, resource));
  if (DBClusterMembers !== undefined && PubliclyAccessible === undefined)
    return notExposed(evidence(`${resource.name} has no instance with a public address.`, resource));
  return exposureUnknown([`the instances of ${resource.name}: aws rds describe-db-clusters`]);
}

/** Whether a Redshift cluster is reached from the internet. */
export function exposeRedshiftCluster(estate: AwsEstate, resource: EstateResource): AwsExposure {
  const facts = estate.facts(REDSHIFT_CLUSTER, resource);
  if (facts.ClusterStatus === 'paused')
    return notExposed(evidence(`${resource.name} is paused: dormant.`, resource));
  if (facts.PubliclyAccessible === undefined)
    return exposureUnknown([
      `whether ${resource.name} is publicly accessible: aws redshift describe-clusters`,
    ]);
  if (!facts.PubliclyAccessible)
    return notExposed(
      evidence(`${resource.name} has PubliclyAccessible off, so it has no public address.`, resource),
    );
  const group = estate.find('redshift-subnet-group', facts.ClusterSubnetGroupName, estate.regionOf(resource));
  const subnets = group === undefined ? [] : (estate.facts(REDSHIFT_SUBNET_GROUP, group).Subnets ?? []);
  return exposeOnNetwork(estate, {
    resource,
    what: resource.name,
    addresses: null,
    groups: (facts.VpcSecurityGroups ?? []).flatMap((each) => each.VpcSecurityGroupId ?? []),
    subnets: subnets.flatMap((subnet) => subnet.SubnetIdentifier ?? []),
    vpc: facts.VpcId,
    ports: portOf(facts.Endpoint?.Port),
    auth: 'db-password',
  });
}

function portOf(
  port: number | undefined,
): readonly { readonly protocol: 'tcp'; readonly from: number; readonly to: number }[] | null {
  return port === undefined ? null : [{ protocol: 'tcp', from: port, to: port }];
}
