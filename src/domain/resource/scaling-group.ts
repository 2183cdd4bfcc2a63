import { asObject, asObjects, asText } from '#base/json-value.ts';
import type { ResourceObservation } from '../finding/observation.ts';
import type { CloudObjectDescription, ResourceDescription } from './resource-description.ts';

/** A machine that a scaling group made and will replace. */
export interface Membership {
  readonly member: ResourceDescription;
  readonly group: CloudObjectDescription;
}

/** The tag by which AWS itself says which group made an instance. */
const GROUP_TAG = 'aws:autoscaling:groupName';
const EC2_INSTANCE = /^arn:([a-z-]+):ec2:([a-z0-9-]+):(\d{12}):instance\/i-[0-9a-f]+$/i;
const AWS_GROUP = /^arn:([a-z-]+):autoscaling:([a-z0-9-]+):(\d{12}):autoScalingGroup:/i;
const GCP_INSTANCE = /^\/\/compute\.googleapis\.com\/projects\/[^/]+\//;
const GCP_MANAGER = /\/((?:zones|regions)\/[^/]+\/instanceGroupManagers\/[^/]+)$/;
const AZURE_SET =
  /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.compute\/virtualmachinescalesets\/[^/]+$/i;

/**
 * Which machines are members of which scaling group, as far as one description tells (design: identity, everyday
 * situations): an instance by its tag or its maker, a group by the members that it lists. Nothing where account or
 * region is not known: a group of one name is there in each of them.
 */
export function membershipsOf(observed: ResourceObservation): readonly Membership[] {
  const { resource, type, facts, tags } = observed;
  if (resource.kind !== 'cloud') return [];
  switch (type) {
    case 'ec2-instance': {
      const [, partition = '', region = '', account = ''] = EC2_INSTANCE.exec(resource.id) ?? [];
      const name = tags?.[GROUP_TAG];
      if (account === '' || name === undefined || name === '') return [];
      return [{ member: resource, group: awsGroup(partition, region, account, name) }];
    }
    case 'auto-scaling-group': {
      const [, partition = '', region = '', account = ''] = AWS_GROUP.exec(resource.id) ?? [];
      if (account === '') return [];
      return asObjects(facts['Instances']).flatMap((instance) => {
        const id = asText(instance['InstanceId']) ?? '';
        if (!/^i-[0-9a-f]+$/.test(id)) return [];
        const arn = `arn:${partition}:ec2:${region}:${account}:instance/${id}`;
        const member = { kind: 'cloud', provider: 'aws', id: arn, type: 'ec2-instance', name: id } as const;
        return [{ member, group: resource }];
      });
    }
    case 'gcp-instance': {
      const project = GCP_INSTANCE.exec(resource.id)?.[0];
      const place = GCP_MANAGER.exec(asText(facts['createdBy']) ?? '')?.[1];
      if (project === undefined || place === undefined) return [];
      return [{ member: resource, group: group('gcp', `${project}${place}`, 'gcp-instance-group-manager') }];
    }
    case 'azure-vm': {
      const set = asText(asObject(facts['virtualMachineScaleSet'])?.['id']) ?? '';
      return AZURE_SET.test(set) ? [{ member: resource, group: group('azure', set, 'azure-vmss') }] : [];
    }
    default:
      return [];
  }
}

function awsGroup(partition: string, region: string, account: string, name: string): CloudObjectDescription {
  const id = `arn:${partition}:autoscaling:${region}:${account}:autoScalingGroup::autoScalingGroupName/${name}`;
  return { ...group('aws', id, 'auto-scaling-group'), name, account, region };
}

function group(
  provider: CloudObjectDescription['provider'],
  id: string,
  type: string,
): CloudObjectDescription {
  return { kind: 'cloud', provider, id, type, name: id.slice(id.lastIndexOf('/') + 1) };
}

const GROUP_KEY =
  /^(?:aws:arn:[a-z-]+:autoscaling:|gcp:.*\/instanceGroupManagers\/|azure:.*\/virtualmachinescalesets\/[^/]+$)/;

/** Whether a resource of this key may be a group whose members are machines. */
export function mayHaveMembers(key: string): boolean {
  return GROUP_KEY.test(key);
}
