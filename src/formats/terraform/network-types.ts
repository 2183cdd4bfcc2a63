import type { JsonObject } from '#base/json-value.ts';
import { added, type Piece, type ReadValues, resource } from './piece.ts';
import { block, blocks, isTrue, known, number, renamed, text, texts, wrapped } from './values.ts';

/** Types of the AWS provider about networks and what balances load in them. */
export const NETWORK_TYPES: Readonly<Record<string, ReadValues>> = {
  aws_vpc: vpc,
  aws_default_vpc: vpc,
  aws_subnet: subnet,
  aws_default_subnet: subnet,
  aws_internet_gateway: (values) =>
    resource(
      'internet-gateway',
      known({
        InternetGatewayId: text(values, 'id'),
        OwnerId: text(values, 'owner_id'),
        Attachments: attachments(text(values, 'vpc_id')),
      }),
    ),
  aws_internet_gateway_attachment: (values) =>
    added('internet-gateway', text(values, 'internet_gateway_id'), {
      Attachments: attachments(text(values, 'vpc_id')) ?? [],
    }),
  aws_nat_gateway: (values) => resource('nat-gateway', renamed(values, { NatGatewayId: 'id' })),
  aws_eip: (values) => [
    ...resource('elastic-ip', renamed(values, { AllocationId: 'allocation_id', PublicIp: 'public_ip' })),
    ...address(values, text(values, 'instance'), text(values, 'network_interface')),
  ],
  aws_eip_association: (values) =>
    address(values, text(values, 'instance_id'), text(values, 'network_interface_id')),
  aws_vpc_endpoint: (values) =>
    resource('vpc-endpoint', renamed(values, { VpcEndpointId: 'id', VpcId: 'vpc_id' })),
  aws_vpc_peering_connection: (values) =>
    resource(
      'vpc-peering-connection',
      known({
        VpcPeeringConnectionId: text(values, 'id'),
        Status: renamed(values, { Code: 'accept_status' }),
      }),
    ),
  aws_security_group: securityGroup,
  aws_default_security_group: securityGroup,
  aws_security_group_rule: (values) =>
    values['type'] === 'ingress'
      ? added('security-group', text(values, 'security_group_id'), {
          IpPermissions: [permission(values, text(values, 'security_group_id'))],
        })
      : [],
  aws_vpc_security_group_ingress_rule: (values) =>
    added('security-group', text(values, 'security_group_id'), {
      IpPermissions: [
        known({
          IpProtocol: text(values, 'ip_protocol'),
          FromPort: number(values, 'from_port'),
          ToPort: number(values, 'to_port'),
          IpRanges: wrapped(one(values, 'cidr_ipv4'), 'CidrIp'),
          Ipv6Ranges: wrapped(one(values, 'cidr_ipv6'), 'CidrIpv6'),
          PrefixListIds: wrapped(one(values, 'prefix_list_id'), 'PrefixListId'),
          UserIdGroupPairs: wrapped(one(values, 'referenced_security_group_id'), 'GroupId'),
        }),
      ],
    }),
  aws_route_table: (values) => routeTable(values, false),
  aws_default_route_table: (values) => routeTable(values, true),
  aws_route: (values) => added('route-table', text(values, 'route_table_id'), { Routes: [route(values)] }),
  aws_route_table_association: (values) =>
    added('route-table', text(values, 'route_table_id'), {
      Associations: [renamed(values, { SubnetId: 'subnet_id', GatewayId: 'gateway_id' })],
    }),
  aws_main_route_table_association: (values) =>
    added('route-table', text(values, 'route_table_id'), { Associations: [{ Main: true }] }),
  aws_network_acl: (values) => networkAcl(values, false),
  aws_default_network_acl: (values) => networkAcl(values, true),
  aws_network_acl_rule: (values) =>
    added('network-acl', text(values, 'network_acl_id'), {
      Entries: [aclEntry(values, isTrue(values, 'egress') === true, 'rule_number', 'rule_action')],
    }),
  aws_network_acl_association: (values) =>
    added('network-acl', text(values, 'network_acl_id'), {
      Associations: [renamed(values, { SubnetId: 'subnet_id' })],
    }),
  aws_ec2_managed_prefix_list: (values) =>
    resource(
      'prefix-list',
      known({
        ...renamed(values, {
          PrefixListId: 'id',
          PrefixListName: 'name',
          PrefixListArn: 'arn',
          OwnerId: 'owner_id',
        }),
        Cidrs: blocks(values, 'entry').flatMap((entry) => text(entry, 'cidr') ?? []),
      }),
    ),
  aws_lb: loadBalancer,
  aws_alb: loadBalancer,
  aws_elb: (values) =>
    resource(
      'classic-load-balancer',
      known({
        ...renamed(values, { LoadBalancerName: 'name', DNSName: 'dns_name' }),
        Scheme: scheme(values),
        Subnets: texts(values, 'subnets'),
        SecurityGroups: texts(values, 'security_groups'),
        Instances: wrapped(texts(values, 'instances'), 'InstanceId'),
        ListenerDescriptions: blocks(values, 'listener').map((each) => ({
          Listener: known({
            Protocol: text(each, 'lb_protocol')?.toUpperCase(),
            LoadBalancerPort: number(each, 'lb_port'),
            InstancePort: number(each, 'instance_port'),
          }),
        })),
      }),
    ),
  aws_lb_listener: listener,
  aws_alb_listener: listener,
  aws_lb_listener_rule: listenerRule,
  aws_alb_listener_rule: listenerRule,
  aws_lb_target_group: targetGroup,
  aws_alb_target_group: targetGroup,
  aws_lb_target_group_attachment: targetHealth,
  aws_alb_target_group_attachment: targetHealth,
};

function one(values: JsonObject, key: string): readonly string[] {
  const value = text(values, key);
  return value === undefined ? [] : [value];
}

function vpc(values: JsonObject): readonly Piece[] {
  return resource(
    'vpc',
    known({
      ...renamed(values, { VpcId: 'id', OwnerId: 'owner_id', CidrBlock: 'cidr_block' }),
      CidrBlockAssociationSet: wrapped(one(values, 'cidr_block'), 'CidrBlock'),
      Ipv6CidrBlockAssociationSet: wrapped(one(values, 'ipv6_cidr_block'), 'Ipv6CidrBlock'),
    }),
  );
}

function subnet(values: JsonObject): readonly Piece[] {
  return resource(
    'subnet',
    known({
      ...renamed(values, {
        SubnetId: 'id',
        SubnetArn: 'arn',
        OwnerId: 'owner_id',
        VpcId: 'vpc_id',
        CidrBlock: 'cidr_block',
        AvailabilityZone: 'availability_zone',
        MapPublicIpOnLaunch: 'map_public_ip_on_launch',
        AssignIpv6AddressOnCreation: 'assign_ipv6_address_on_creation',
      }),
      Ipv6CidrBlockAssociationSet: wrapped(one(values, 'ipv6_cidr_block'), 'Ipv6CidrBlock'),
    }),
  );
}

function attachments(vpcId: string | undefined): JsonObject[] | undefined {
  return vpcId === undefined ? undefined : [{ VpcId: vpcId, State: 'available' }];
}

/** An address that is given to an instance or an interface after it was made. */
function address(
  values: JsonObject,
  instance: string | undefined,
  networkInterface: string | undefined,
): readonly Piece[] {
  const publicIp = text(values, 'public_ip');
  if (publicIp === undefined) return [];
  const addresses = { PrivateIpAddresses: [{ Association: { PublicIp: publicIp } }] };
  return [
    ...added('network-interface', networkInterface, addresses),
    ...added('ec2-instance', instance, { NetworkInterfaces: [addresses] }),
  ];
}

function securityGroup(values: JsonObject): readonly Piece[] {
  const id = text(values, 'id');
  return resource(
    'security-group',
    known({
      ...renamed(values, {
        GroupId: 'id',
        GroupName: 'name',
        SecurityGroupArn: 'arn',
        OwnerId: 'owner_id',
        VpcId: 'vpc_id',
      }),
      IpPermissions: Array.isArray(values['ingress'])
        ? blocks(values, 'ingress').map((rule) => permission(rule, id))
        : undefined,
    }),
  );
}

function permission(rule: JsonObject, own: string | undefined): JsonObject {
  const groups = [
    ...(texts(rule, 'security_groups') ?? []),
    ...one(rule, 'source_security_group_id'),
    ...(isTrue(rule, 'self') === true && own !== undefined ? [own] : []),
  ];
  return known({
    IpProtocol: text(rule, 'protocol'),
    FromPort: number(rule, 'from_port'),
    ToPort: number(rule, 'to_port'),
    IpRanges: wrapped(texts(rule, 'cidr_blocks'), 'CidrIp'),
    Ipv6Ranges: wrapped(texts(rule, 'ipv6_cidr_blocks'), 'CidrIpv6'),
    PrefixListIds: wrapped(texts(rule, 'prefix_list_ids'), 'PrefixListId'),
    UserIdGroupPairs: wrapped(groups, 'GroupId'),
  });
}

function routeTable(values: JsonObject, isMain: boolean): readonly Piece[] {
  return resource(
    'route-table',
    known({
      ...renamed(values, { RouteTableId: 'id', OwnerId: 'owner_id', VpcId: 'vpc_id' }),
      Routes: Array.isArray(values['route']) ? blocks(values, 'route').map(route) : undefined,
      Associations: isMain ? [{ Main: true }] : [],
    }),
  );
}

/** Blocks and resources of their own name the destination otherwise. */
function route(values: JsonObject): JsonObject {
  return {
    State: 'active',
    ...renamed(values, {
      DestinationCidrBlock:
        text(values, 'cidr_block') === undefined ? 'destination_cidr_block' : 'cidr_block',
      DestinationIpv6CidrBlock:
        text(values, 'ipv6_cidr_block') === undefined ? 'destination_ipv6_cidr_block' : 'ipv6_cidr_block',
      DestinationPrefixListId: 'destination_prefix_list_id',
      GatewayId: 'gateway_id',
      CarrierGatewayId: 'carrier_gateway_id',
      EgressOnlyInternetGatewayId: 'egress_only_gateway_id',
      NatGatewayId: 'nat_gateway_id',
      TransitGatewayId: 'transit_gateway_id',
      VpcEndpointId: 'vpc_endpoint_id',
      VpcPeeringConnectionId: 'vpc_peering_connection_id',
      NetworkInterfaceId: 'network_interface_id',
      InstanceId: 'instance_id',
    }),
  };
}

function networkAcl(values: JsonObject, isDefault: boolean): readonly Piece[] {
  return resource(
    'network-acl',
    known({
      ...renamed(values, { NetworkAclId: 'id', OwnerId: 'owner_id', VpcId: 'vpc_id' }),
      IsDefault: isDefault,
      Associations: wrapped(texts(values, 'subnet_ids'), 'SubnetId'),
      Entries:
        Array.isArray(values['ingress']) && Array.isArray(values['egress'])
          ? [
              ...blocks(values, 'ingress').map((rule) => aclEntry(rule, false, 'rule_no', 'action')),
              ...blocks(values, 'egress').map((rule) => aclEntry(rule, true, 'rule_no', 'action')),
            ]
          : undefined,
    }),
  );
}

const PROTOCOLS: Readonly<Record<string, string>> = { all: '-1', tcp: '6', udp: '17', icmp: '1' };

function aclEntry(rule: JsonObject, isEgress: boolean, ruleNumber: string, action: string): JsonObject {
  const protocol = text(rule, 'protocol');
  return known({
    RuleNumber: number(rule, ruleNumber),
    Protocol: protocol === undefined ? undefined : (PROTOCOLS[protocol] ?? protocol),
    RuleAction: text(rule, action),
    Egress: isEgress,
    CidrBlock: text(rule, 'cidr_block'),
    Ipv6CidrBlock: text(rule, 'ipv6_cidr_block'),
    PortRange: known({ From: number(rule, 'from_port'), To: number(rule, 'to_port') }),
  });
}

function scheme(values: JsonObject): string | undefined {
  const isInternal = isTrue(values, 'internal');
  return isInternal === undefined ? undefined : isInternal ? 'internal' : 'internet-facing';
}

function loadBalancer(values: JsonObject): readonly Piece[] {
  return resource(
    'load-balancer',
    known({
      ...renamed(values, {
        LoadBalancerArn: 'arn',
        LoadBalancerName: 'name',
        DNSName: 'dns_name',
        Type: 'load_balancer_type',
        IpAddressType: 'ip_address_type',
        VpcId: 'vpc_id',
      }),
      Scheme: scheme(values),
      SecurityGroups: texts(values, 'security_groups'),
      AvailabilityZones: wrapped(texts(values, 'subnets'), 'SubnetId'),
    }),
  );
}

function listener(values: JsonObject): readonly Piece[] {
  const mode = text(block(values, 'mutual_authentication'), 'mode');
  return resource(
    'listener',
    known({
      ...renamed(values, {
        ListenerArn: 'arn',
        LoadBalancerArn: 'load_balancer_arn',
        Port: 'port',
        Protocol: 'protocol',
      }),
      MutualAuthentication: mode === undefined ? undefined : { Mode: mode },
      DefaultActions: blocks(values, 'default_action').map(action),
    }),
  );
}

function action(values: JsonObject): JsonObject {
  const groups = blocks(block(values, 'forward'), 'target_group').map((group) =>
    known({ TargetGroupArn: text(group, 'arn'), Weight: number(group, 'weight') }),
  );
  return known({
    Type: text(values, 'type'),
    Order: number(values, 'order'),
    TargetGroupArn: text(values, 'target_group_arn'),
    ForwardConfig: groups.length === 0 ? undefined : { TargetGroups: groups },
    AuthenticateOidcConfig: loginConfig(block(values, 'authenticate_oidc')),
    AuthenticateCognitoConfig: loginConfig(block(values, 'authenticate_cognito')),
  });
}

function loginConfig(values: JsonObject): JsonObject | undefined {
  const asked = text(values, 'on_unauthenticated_request');
  return asked === undefined ? undefined : { OnUnauthenticatedRequest: asked };
}

function listenerRule(values: JsonObject): readonly Piece[] {
  return resource(
    'listener-rule',
    known({
      RuleArn: text(values, 'arn'),
      IsDefault: false,
      Conditions: blocks(values, 'condition').flatMap((condition) => [
        ...conditionOf('host-header', 'HostHeaderConfig', block(condition, 'host_header')),
        ...conditionOf('path-pattern', 'PathPatternConfig', block(condition, 'path_pattern')),
        ...conditionOf('source-ip', 'SourceIpConfig', block(condition, 'source_ip')),
      ]),
      Actions: blocks(values, 'action').map(action),
    }),
  );
}

function conditionOf(field: string, member: string, values: JsonObject): JsonObject[] {
  const found = texts(values, 'values');
  return found === undefined ? [] : [{ Field: field, [member]: { Values: found } }];
}

function targetGroup(values: JsonObject): readonly Piece[] {
  return resource(
    'target-group',
    known({
      ...renamed(values, {
        TargetGroupArn: 'arn',
        TargetGroupName: 'name',
        TargetType: 'target_type',
        Protocol: 'protocol',
        Port: 'port',
        VpcId: 'vpc_id',
        PreserveClientIp: 'preserve_client_ip',
      }),
      LoadBalancerArns: texts(values, 'load_balancer_arns'),
      HealthCheckPort: text(block(values, 'health_check'), 'port'),
    }),
  );
}

function targetHealth(values: JsonObject): readonly Piece[] {
  const group = text(values, 'target_group_arn');
  const id = text(values, 'target_id');
  if (group === undefined || id === undefined) return [];
  const port = number(values, 'port');
  return [
    {
      is: 'link',
      type: 'target-health',
      name: `${group}/${id}/${port ?? ''}`,
      facts: known({
        TargetGroup: group,
        Id: id,
        Port: port,
        AvailabilityZone: text(values, 'availability_zone'),
      }),
    },
  ];
}
