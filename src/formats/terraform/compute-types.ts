import type { JsonObject } from '#base/json-value.ts';
import { added, type Piece, type PiecePlace, part, type ReadValues, resource } from './piece.ts';
import { block, blocks, isTrue, known, number, renamed, text, texts, wrapped } from './values.ts';

/** Types of the AWS provider that run something. */
export const COMPUTE_TYPES: Readonly<Record<string, ReadValues>> = {
  aws_instance: instance,
  aws_network_interface: (values) =>
    resource(
      'network-interface',
      known({
        ...renamed(values, {
          NetworkInterfaceId: 'id',
          OwnerId: 'owner_id',
          InterfaceType: 'interface_type',
          Description: 'description',
          SubnetId: 'subnet_id',
          PrivateIpAddress: 'private_ip',
        }),
        PrivateIpAddresses: wrapped(texts(values, 'private_ips'), 'PrivateIpAddress'),
        Ipv6Addresses: wrapped(texts(values, 'ipv6_addresses'), 'Ipv6Address'),
        Groups: wrapped(texts(values, 'security_groups'), 'GroupId'),
        Attachment: renamed(block(values, 'attachment'), { InstanceId: 'instance' }),
      }),
    ),
  aws_network_interface_attachment: (values) =>
    added('network-interface', text(values, 'network_interface_id'), {
      Attachment: { ...renamed(values, { InstanceId: 'instance_id' }), Status: 'attached' },
    }),
  aws_network_interface_sg_attachment: (values) =>
    added('network-interface', text(values, 'network_interface_id'), {
      Groups: [renamed(values, { GroupId: 'security_group_id' })],
    }),
  aws_autoscaling_group: (values) =>
    resource(
      'auto-scaling-group',
      known({
        ...renamed(values, { AutoScalingGroupARN: 'arn', AutoScalingGroupName: 'name' }),
        VPCZoneIdentifier: texts(values, 'vpc_zone_identifier')?.join(','),
        TargetGroupARNs: texts(values, 'target_group_arns'),
        LoadBalancerNames: texts(values, 'load_balancers'),
        LaunchTemplate: renamed(block(values, 'launch_template'), {
          LaunchTemplateId: 'id',
          Version: 'version',
        }),
        LaunchConfigurationName: text(values, 'launch_configuration'),
        Tags: blocks(values, 'tag').map((tag) => renamed(tag, { Key: 'key', Value: 'value' })),
      }),
    ),
  aws_launch_configuration: (values) =>
    resource(
      'launch-configuration',
      known({
        ...renamed(values, {
          LaunchConfigurationARN: 'arn',
          LaunchConfigurationName: 'name',
          AssociatePublicIpAddress: 'associate_public_ip_address',
          IamInstanceProfile: 'iam_instance_profile',
        }),
        SecurityGroups: texts(values, 'security_groups'),
      }),
    ),
  aws_lambda_function: (values) => {
    const vpc = block(values, 'vpc_config');
    return resource(
      'lambda-function',
      known({
        ...renamed(values, {
          FunctionName: 'function_name',
          FunctionArn: 'arn',
          Role: 'role',
          Runtime: 'runtime',
          PackageType: 'package_type',
          LastModified: 'last_modified',
        }),
        VpcConfig: Array.isArray(values['vpc_config'])
          ? known({
              VpcId: text(vpc, 'vpc_id'),
              SubnetIds: texts(vpc, 'subnet_ids'),
              SecurityGroupIds: texts(vpc, 'security_group_ids'),
            })
          : undefined,
      }),
    );
  },
  aws_lambda_function_url: (values) =>
    part('lambda-function', text(values, 'function_arn') ?? text(values, 'function_name'), 'url', {
      Url: renamed(values, { FunctionUrl: 'function_url', AuthType: 'authorization_type' }),
    }),
  aws_lambda_permission: (values) =>
    // Each is a statement of its own, and other states, other tools and people add theirs.
    added('lambda-function', functionOf(values), {
      Policy: { IsPart: true, Statement: [permissionStatement(values)] },
    }),
  aws_eks_cluster: (values) => {
    const vpc = block(values, 'vpc_config');
    const issuer = text(block(block(values, 'identity'), 'oidc'), 'issuer');
    return resource(
      'eks-cluster',
      known({
        ...renamed(values, {
          name: 'name',
          arn: 'arn',
          version: 'version',
          status: 'status',
          roleArn: 'role_arn',
        }),
        resourcesVpcConfig: known({
          endpointPublicAccess: isTrue(vpc, 'endpoint_public_access'),
          endpointPrivateAccess: isTrue(vpc, 'endpoint_private_access'),
          publicAccessCidrs: texts(vpc, 'public_access_cidrs'),
          clusterSecurityGroupId: text(vpc, 'cluster_security_group_id'),
          vpcId: text(vpc, 'vpc_id'),
        }),
        accessConfig: renamed(block(values, 'access_config'), { authenticationMode: 'authentication_mode' }),
        identity: issuer === undefined ? undefined : { oidc: { issuer } },
      }),
    );
  },
  aws_eks_access_entry: (values) =>
    ofPrincipal('eks-access-entry', values, '', {
      ...renamed(values, { username: 'user_name', type: 'type' }),
      kubernetesGroups: texts(values, 'kubernetes_groups'),
    }),
  aws_eks_access_policy_association: (values) => {
    const policyArn = text(values, 'policy_arn');
    const scope = block(values, 'access_scope');
    const accessScope = known({ type: text(scope, 'type'), namespaces: texts(scope, 'namespaces') });
    return policyArn === undefined
      ? []
      : ofPrincipal('eks-access-policies', values, ` ${policyArn}`, {
          associatedAccessPolicies: [{ policyArn, accessScope }],
          // Each is one of several, and other states and people add theirs.
          IsPart: true,
        });
  },
  aws_ecs_cluster: (values) =>
    resource('ecs-cluster', renamed(values, { clusterArn: 'arn', clusterName: 'name' })),
  aws_ecs_service: (values) =>
    resource('ecs-service', renamed(values, { serviceArn: 'id', serviceName: 'name' })),
  aws_ecs_task_definition: (values) =>
    resource('ecs-task-definition', renamed(values, { taskDefinitionArn: 'arn', family: 'family' })),
  aws_cloudformation_stack: (values) =>
    resource('cloudformation-stack', renamed(values, { StackId: 'id', StackName: 'name' })),
};

/** What is told of somebody whom a cluster of EKS lets in; nothing where who it is, or where, is not known yet. */
function ofPrincipal(
  type: string,
  values: JsonObject,
  more: string,
  facts: Parameters<typeof known>[0],
): readonly Piece[] {
  const clusterName = text(values, 'cluster_name');
  const principalArn = text(values, 'principal_arn');
  if (clusterName === undefined || principalArn === undefined) return [];
  const name = `${clusterName}/${principalArn}${more}`;
  return [{ is: 'link', type, name, facts: known({ clusterName, principalArn, ...facts }) }];
}

/** Terraform knows one address of an instance beside it, and its first interface only. */
function instance(values: JsonObject, { account, partition }: PiecePlace): readonly Piece[] {
  const profile = text(values, 'iam_instance_profile');
  const publicIp = text(values, 'public_ip');
  const options = block(values, 'metadata_options');
  const groups = texts(values, 'vpc_security_group_ids') ?? texts(values, 'security_groups');
  return resource(
    'ec2-instance',
    known({
      ...renamed(values, {
        InstanceId: 'id',
        SubnetId: 'subnet_id',
        ImageId: 'ami',
        KeyName: 'key_name',
        PrivateIpAddress: 'private_ip',
        PublicIpAddress: 'public_ip',
        PublicDnsName: 'public_dns',
        PrivateDnsName: 'private_dns',
        AvailabilityZone: 'availability_zone',
      }),
      State: renamed(values, { Name: 'instance_state' }),
      SecurityGroups: wrapped(groups, 'GroupId'),
      NetworkInterfaces: [
        known({
          ...renamed(values, {
            NetworkInterfaceId: 'primary_network_interface_id',
            SubnetId: 'subnet_id',
            PrivateIpAddress: 'private_ip',
          }),
          Association: publicIp === undefined ? undefined : { PublicIp: publicIp },
          Ipv6Addresses: wrapped(texts(values, 'ipv6_addresses'), 'Ipv6Address'),
          Groups: wrapped(groups, 'GroupId'),
        }),
      ],
      IamInstanceProfile:
        profile === undefined
          ? undefined
          : {
              Arn:
                account === undefined
                  ? profile
                  : `arn:${partition}:iam::${account}:instance-profile/${profile}`,
            },
      MetadataOptions: known({
        HttpTokens: text(options, 'http_tokens'),
        HttpEndpoint: text(options, 'http_endpoint'),
        HttpPutResponseHopLimit: number(options, 'http_put_response_hop_limit'),
      }),
    }),
  );
}

/** A permission may name a version of the function behind its name or ARN. */
function functionOf(values: JsonObject): string | undefined {
  const name = text(values, 'function_name');
  return name?.startsWith('arn:') === true ? name.split(':').slice(0, 7).join(':') : name?.split(':', 1)[0];
}

function permissionStatement(values: JsonObject): JsonObject {
  const principal = text(values, 'principal');
  const source = text(values, 'source_arn');
  const account = text(values, 'source_account');
  const url = text(values, 'function_url_auth_type');
  const organisation = text(values, 'principal_org_id');
  const equals = known({
    'aws:SourceAccount': account,
    'lambda:FunctionUrlAuthType': url,
    'aws:PrincipalOrgID': organisation,
  });
  const condition = known({
    StringEquals: Object.keys(equals).length === 0 ? undefined : equals,
    Bool:
      isTrue(values, 'invoked_via_function_url') === true
        ? { 'lambda:InvokedViaFunctionUrl': 'true' }
        : undefined,
    ArnLike: source === undefined ? undefined : { 'aws:SourceArn': source },
  });
  return known({
    Sid: text(values, 'statement_id'),
    Effect: 'Allow',
    Principal:
      principal === undefined || principal === '*'
        ? '*'
        : principal.includes('.') && !principal.startsWith('arn:')
          ? { Service: principal }
          : { AWS: principal },
    Action: text(values, 'action'),
    Resource: '*',
    Condition: Object.keys(condition).length === 0 ? undefined : condition,
  });
}
