import type { FactFields, Facts } from './fact-shape.ts';

/**
 * The facts of networks, load balancers and APIs of AWS, by resource type: what evaluation needs, under the names of the AWS
 * API (`describe` shape), whatever inventory they came from. Read them with
 * `readFacts(SHAPE, resource.facts)`. An absent member was not described; an empty list or a policy
 * without statements is known to be empty.
 */

const ADDRESSES = { PublicIp: 'text', CarrierIp: 'text', IpOwnerId: 'text' } as const satisfies FactFields;

/** `network-interface`. */
export const INTERFACE = {
  NetworkInterfaceId: 'text',
  InterfaceType: 'text',
  RequesterId: 'text',
  Description: 'text',
  SubnetId: 'text',
  VpcId: 'text',
  PrivateIpAddress: 'text',
  PrivateIpAddresses: [{ PrivateIpAddress: 'text', Association: ADDRESSES }],
  Association: ADDRESSES,
  Ipv6Addresses: [{ Ipv6Address: 'text' }],
  Groups: [{ GroupId: 'text' }],
  Attachment: { InstanceId: 'text', Status: 'text' },
} as const satisfies FactFields;
export type InterfaceFacts = Facts<typeof INTERFACE>;

/** `ec2-instance`. */
export const INSTANCE = {
  InstanceId: 'text',
  State: { Name: 'text' },
  SubnetId: 'text',
  VpcId: 'text',
  ImageId: 'text',
  KeyName: 'text',
  LaunchTime: 'text',
  PlatformDetails: 'text',
  PrivateIpAddress: 'text',
  PublicIpAddress: 'text',
  Ipv6Address: 'text',
  SecurityGroups: [{ GroupId: 'text' }],
  NetworkInterfaces: [INTERFACE],
  IamInstanceProfile: { Arn: 'text' },
  MetadataOptions: { HttpTokens: 'text', HttpEndpoint: 'text', HttpPutResponseHopLimit: 'number' },
} as const satisfies FactFields;
export type InstanceFacts = Facts<typeof INSTANCE>;

const PERMISSION = {
  IpProtocol: 'text',
  FromPort: 'number',
  ToPort: 'number',
  IpRanges: [{ CidrIp: 'text' }],
  Ipv6Ranges: [{ CidrIpv6: 'text' }],
  PrefixListIds: [{ PrefixListId: 'text' }],
  UserIdGroupPairs: [{ GroupId: 'text', UserId: 'text' }],
} as const satisfies FactFields;

/** `security-group`. */
export const SECURITY_GROUP = {
  GroupId: 'text',
  GroupName: 'text',
  VpcId: 'text',
  IpPermissions: [PERMISSION],
} as const satisfies FactFields;
export type SecurityGroupFacts = Facts<typeof SECURITY_GROUP>;
export type PermissionFacts = Facts<typeof PERMISSION>;

/** `security-group-rule`: one source of a permission, with the id by which it is changed. */
export const SECURITY_GROUP_RULE = {
  SecurityGroupRuleId: 'text',
  GroupId: 'text',
  IsEgress: 'boolean',
  IpProtocol: 'text',
  FromPort: 'number',
  ToPort: 'number',
  CidrIpv4: 'text',
  CidrIpv6: 'text',
  PrefixListId: 'text',
} as const satisfies FactFields;

/** `prefix-list`; those of customers have their entries in `prefix-list-entry`. */
export const PREFIX_LIST = {
  PrefixListId: 'text',
  PrefixListName: 'text',
  OwnerId: 'text',
  Cidrs: 'texts',
} as const satisfies FactFields;
export type PrefixListFacts = Facts<typeof PREFIX_LIST>;

/** `prefix-list-entry`. */
export const PREFIX_LIST_ENTRY = { PrefixListId: 'text', Cidr: 'text' } as const satisfies FactFields;

/** `network-acl`. */
export const NETWORK_ACL = {
  NetworkAclId: 'text',
  VpcId: 'text',
  IsDefault: 'boolean',
  Associations: [{ SubnetId: 'text' }],
  Entries: [
    {
      RuleNumber: 'number',
      Protocol: 'text',
      RuleAction: 'text',
      Egress: 'boolean',
      CidrBlock: 'text',
      Ipv6CidrBlock: 'text',
      PortRange: { From: 'number', To: 'number' },
    },
  ],
} as const satisfies FactFields;
export type NetworkAclFacts = Facts<typeof NETWORK_ACL>;

/** `route-table`. */
export const ROUTE_TABLE = {
  RouteTableId: 'text',
  VpcId: 'text',
  Associations: [{ SubnetId: 'text', Main: 'boolean', GatewayId: 'text' }],
  Routes: [
    {
      DestinationCidrBlock: 'text',
      DestinationIpv6CidrBlock: 'text',
      DestinationPrefixListId: 'text',
      GatewayId: 'text',
      CarrierGatewayId: 'text',
      VpcEndpointId: 'text',
      EgressOnlyInternetGatewayId: 'text',
      NatGatewayId: 'text',
      TransitGatewayId: 'text',
      VpcPeeringConnectionId: 'text',
      NetworkInterfaceId: 'text',
      InstanceId: 'text',
      State: 'text',
    },
  ],
} as const satisfies FactFields;
export type RouteFacts = NonNullable<Facts<typeof ROUTE_TABLE>['Routes']>[number];

const BLOCKED = { InternetGatewayBlockMode: 'text' } as const satisfies FactFields;

/** `subnet`. */
export const SUBNET = {
  SubnetId: 'text',
  VpcId: 'text',
  CidrBlock: 'text',
  Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: 'text' }],
  MapPublicIpOnLaunch: 'boolean',
  AssignIpv6AddressOnCreation: 'boolean',
  BlockPublicAccessStates: BLOCKED,
} as const satisfies FactFields;
export type SubnetFacts = Facts<typeof SUBNET>;

/** `vpc`. */
export const VPC = {
  VpcId: 'text',
  CidrBlock: 'text',
  CidrBlockAssociationSet: [{ CidrBlock: 'text' }],
  Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: 'text' }],
  IsDefault: 'boolean',
  BlockPublicAccessStates: BLOCKED,
} as const satisfies FactFields;
export type VpcFacts = Facts<typeof VPC>;

/** `internet-gateway`. */
export const INTERNET_GATEWAY = {
  InternetGatewayId: 'text',
  Attachments: [{ VpcId: 'text', State: 'text' }],
} as const satisfies FactFields;

/** `vpc-peering-connection`. */
export const VPC_PEERING = {
  VpcPeeringConnectionId: 'text',
  Status: { Code: 'text' },
} as const satisfies FactFields;

/** `transit-gateway-attachment`: what is attached to a transit gateway, and the table that routes what comes from there. */
export const TRANSIT_GATEWAY_ATTACHMENT = {
  TransitGatewayAttachmentId: 'text',
  TransitGatewayId: 'text',
  ResourceId: 'text',
  Association: { TransitGatewayRouteTableId: 'text', State: 'text' },
} as const satisfies FactFields;

/** `transit-gateway-route`: one route of a table of a transit gateway. */
export const TRANSIT_GATEWAY_ROUTE = {
  Table: 'text',
  DestinationCidrBlock: 'text',
  State: 'text',
  ResourceIds: 'texts',
} as const satisfies FactFields;

/** `network-firewall`: its endpoints, and the policy that it follows. */
export const NETWORK_FIREWALL = {
  FirewallArn: 'text',
  FirewallPolicyArn: 'text',
  EndpointIds: 'texts',
} as const satisfies FactFields;

/** `network-firewall-policy`: what it does with what no rule of it is about, and how many groups of rules it has. */
export const NETWORK_FIREWALL_POLICY = {
  FirewallPolicyArn: 'text',
  StatelessDefaultActions: 'texts',
  StatefulDefaultActions: 'texts',
  RuleGroups: 'number',
} as const satisfies FactFields;

/** `vpc-block-public-access`: the option of one region. */
export const BLOCK_PUBLIC_ACCESS = {
  InternetGatewayBlockMode: 'text',
  ExclusionsAllowed: 'text',
  State: 'text',
} as const satisfies FactFields;

/** `vpc-block-public-access-exclusion`. */
export const BLOCK_PUBLIC_ACCESS_EXCLUSION = {
  ExclusionId: 'text',
  InternetGatewayExclusionMode: 'text',
  ResourceArn: 'text',
  State: 'text',
} as const satisfies FactFields;

/** `load-balancer`: application, network and gateway load balancers. */
export const LOAD_BALANCER = {
  LoadBalancerArn: 'text',
  LoadBalancerName: 'text',
  DNSName: 'text',
  Type: 'text',
  Scheme: 'text',
  IpAddressType: 'text',
  VpcId: 'text',
  State: { Code: 'text' },
  SecurityGroups: 'texts',
  AvailabilityZones: [{ SubnetId: 'text' }],
} as const satisfies FactFields;
export type LoadBalancerFacts = Facts<typeof LOAD_BALANCER>;

/** `classic-load-balancer`. */
export const CLASSIC_LOAD_BALANCER = {
  LoadBalancerName: 'text',
  DNSName: 'text',
  Scheme: 'text',
  VPCId: 'text',
  Subnets: 'texts',
  SecurityGroups: 'texts',
  Instances: [{ InstanceId: 'text' }],
  ListenerDescriptions: [
    { Listener: { Protocol: 'text', LoadBalancerPort: 'number', InstancePort: 'number' } },
  ],
} as const satisfies FactFields;
export type ClassicLoadBalancerFacts = Facts<typeof CLASSIC_LOAD_BALANCER>;

const CONDITION = {
  Field: 'text',
  Values: 'texts',
  HostHeaderConfig: { Values: 'texts' },
  PathPatternConfig: { Values: 'texts' },
  /** For `source-ip`: ranges, of which the client's address has to be in one. */
  SourceIpConfig: { Values: 'texts' },
} as const satisfies FactFields;
export type ListenerConditionFacts = Facts<typeof CONDITION>;

/** `allow` passes on whoever has no login, too. */
const LOGIN_CONFIG = { OnUnauthenticatedRequest: 'text' } as const satisfies FactFields;
const LISTENER_ACTION = {
  Type: 'text',
  Order: 'number',
  TargetGroupArn: 'text',
  ForwardConfig: { TargetGroups: [{ TargetGroupArn: 'text', Weight: 'number' }] },
  AuthenticateOidcConfig: LOGIN_CONFIG,
  AuthenticateCognitoConfig: LOGIN_CONFIG,
} as const satisfies FactFields;
export type ListenerActionFacts = Facts<typeof LISTENER_ACTION>;

/** `listener`. */
export const LISTENER = {
  ListenerArn: 'text',
  LoadBalancerArn: 'text',
  Port: 'number',
  Protocol: 'text',
  MutualAuthentication: { Mode: 'text' },
  DefaultActions: [LISTENER_ACTION],
} as const satisfies FactFields;
export type ListenerFacts = Facts<typeof LISTENER>;

/** `listener-rule`. */
export const LISTENER_RULE = {
  RuleArn: 'text',
  IsDefault: 'boolean',
  /** A number, smaller ones first; `default`. */
  Priority: 'text',
  Conditions: [CONDITION],
  Actions: [LISTENER_ACTION],
} as const satisfies FactFields;
export type ListenerRuleFacts = Facts<typeof LISTENER_RULE>;

/** `target-group`. */
export const TARGET_GROUP = {
  TargetGroupArn: 'text',
  TargetGroupName: 'text',
  TargetType: 'text',
  Protocol: 'text',
  Port: 'number',
  VpcId: 'text',
  LoadBalancerArns: 'texts',
  /** Where its targets are asked whether they are well: a port, or `traffic-port` for that of the target. */
  HealthCheckPort: 'text',
  /** `true` or `false`, where its attributes were described. */
  PreserveClientIp: 'text',
} as const satisfies FactFields;
export type TargetGroupFacts = Facts<typeof TARGET_GROUP>;

/** `auto-scaling-group`; `VPCZoneIdentifier` lists subnets with commas. */
export const AUTO_SCALING_GROUP = {
  AutoScalingGroupName: 'text',
  AutoScalingGroupARN: 'text',
  VPCZoneIdentifier: 'text',
  TargetGroupARNs: 'texts',
  LoadBalancerNames: 'texts',
  Instances: [{ InstanceId: 'text' }],
  LaunchTemplate: { LaunchTemplateId: 'text', Version: 'text' },
  LaunchConfigurationName: 'text',
  MixedInstancesPolicy: {
    LaunchTemplate: { LaunchTemplateSpecification: { LaunchTemplateId: 'text', Version: 'text' } },
  },
} as const satisfies FactFields;

/** `launch-configuration`, the older kin of a template; the profile is a name or an ARN. */
export const LAUNCH_CONFIGURATION = {
  LaunchConfigurationName: 'text',
  LaunchConfigurationARN: 'text',
  AssociatePublicIpAddress: 'boolean',
  SecurityGroups: 'texts',
  IamInstanceProfile: 'text',
} as const satisfies FactFields;

/** `launch-template-version`. */
export const LAUNCH_TEMPLATE_VERSION = {
  LaunchTemplateId: 'text',
  LaunchTemplateName: 'text',
  VersionNumber: 'number',
  DefaultVersion: 'boolean',
  LaunchTemplateData: {
    NetworkInterfaces: [
      {
        DeviceIndex: 'number',
        AssociatePublicIpAddress: 'boolean',
        Groups: 'texts',
        SubnetId: 'text',
        Ipv6AddressCount: 'number',
        Ipv6Addresses: [{ Ipv6Address: 'text' }],
      },
    ],
    SecurityGroupIds: 'texts',
    IamInstanceProfile: { Arn: 'text', Name: 'text' },
  },
} as const satisfies FactFields;
export type LaunchTemplateVersionFacts = Facts<typeof LAUNCH_TEMPLATE_VERSION>;

/**
 * `target-health`: one target of a target group, which is named as the request named it: by name or ARN. Without an `Id` it
 * is the answer itself, which lists all targets of the group.
 */
export const TARGET_HEALTH = {
  TargetGroup: 'text',
  Id: 'text',
  Port: 'number',
  /** `all` for an address outside of the network of the group, which AWS asks for there. */
  AvailabilityZone: 'text',
  State: 'text',
  /** `Target.NotRegistered`: asked for by its name, it is none. */
  Reason: 'text',
  /** True of an answer that is known to be about some targets only. */
  IsSelection: 'boolean',
} as const satisfies FactFields;
export type TargetHealthFacts = Facts<typeof TARGET_HEALTH>;

/**
 * `outside-machine`: what load balancers have as a target at a private address that no inventory has. It is told by those
 * targets and described by nobody (`exposure/aws-outside-machines.ts`).
 */
export const OUTSIDE_MACHINE = {
  Address: 'text',
  /** The network from which it is seen at that address: the id of a VPC. */
  Network: 'text',
} as const satisfies FactFields;

/** `global-accelerator`. */
export const ACCELERATOR = {
  AcceleratorArn: 'text',
  Name: 'text',
  DnsName: 'text',
  Enabled: 'boolean',
} as const satisfies FactFields;

/** `accelerator-listener`; its ARN begins with the accelerator's. */
export const ACCELERATOR_LISTENER = {
  ListenerArn: 'text',
  Protocol: 'text',
  PortRanges: [{ FromPort: 'number', ToPort: 'number' }],
} as const satisfies FactFields;

/** `accelerator-endpoint-group`; its ARN begins with the listener's. */
export const ACCELERATOR_ENDPOINT_GROUP = {
  EndpointGroupArn: 'text',
  EndpointDescriptions: [{ EndpointId: 'text', ClientIPPreservationEnabled: 'boolean' }],
} as const satisfies FactFields;

const SIGNERS = { Enabled: 'boolean' } as const satisfies FactFields;
const BEHAVIOUR = {
  PathPattern: 'text',
  TargetOriginId: 'text',
  TrustedSigners: SIGNERS,
  TrustedKeyGroups: SIGNERS,
} as const satisfies FactFields;

/** `cloudfront-distribution`. */
export const DISTRIBUTION = {
  Id: 'text',
  ARN: 'text',
  DomainName: 'text',
  /** The web ACL in front of it: an ARN, or the id of an old one. */
  WebACLId: 'text',
  Enabled: 'boolean',
  Aliases: { Items: 'texts' },
  Origins: {
    Items: [
      {
        Id: 'text',
        DomainName: 'text',
        OriginAccessControlId: 'text',
        S3OriginConfig: { OriginAccessIdentity: 'text' },
        VpcOriginConfig: { VpcOriginId: 'text' },
      },
    ],
  },
  /** What a behaviour may name in place of an origin: the first of the members that answers well serves. */
  OriginGroups: { Items: [{ Id: 'text', Members: { Items: [{ OriginId: 'text' }] } }] },
  DefaultCacheBehavior: BEHAVIOUR,
  CacheBehaviors: { Items: [BEHAVIOUR] },
} as const satisfies FactFields;
export type DistributionFacts = Facts<typeof DISTRIBUTION>;

/** `vpc-endpoint-service`: load balancers to which other accounts connect over PrivateLink. */
export const ENDPOINT_SERVICE = {
  ServiceId: 'text',
  AcceptanceRequired: 'boolean',
  NetworkLoadBalancerArns: 'texts',
  /** ARNs of whom it may be connected to by, beside its own account; `*` for everybody. */
  AllowedPrincipals: 'texts',
} as const satisfies FactFields;

/** `cloudfront-vpc-origin`. */
export const VPC_ORIGIN = {
  Id: 'text',
  Arn: 'text',
  OriginEndpointArn: 'text',
} as const satisfies FactFields;

/** `rest-api` of API Gateway. */
export const REST_API = {
  id: 'text',
  name: 'text',
  policy: 'policy',
  disableExecuteApiEndpoint: 'boolean',
  endpointConfiguration: { types: 'texts' },
} as const satisfies FactFields;

/** `http-api`: HTTP and WebSocket APIs. */
export const HTTP_API = {
  ApiId: 'text',
  Name: 'text',
  ProtocolType: 'text',
  ApiEndpoint: 'text',
  DisableExecuteApiEndpoint: 'boolean',
} as const satisfies FactFields;

const INTEGRATION = {
  type: 'text',
  uri: 'text',
  connectionType: 'text',
  connectionId: 'text',
  integrationTarget: 'text',
} as const satisfies FactFields;

/** `api-integration`: where routes of an HTTP API lead to. */
export const API_INTEGRATION = {
  Api: 'text',
  IntegrationId: 'text',
  Integration: INTEGRATION,
} as const satisfies FactFields;

/** `api-route`: one method or route of an API; without `Route` it says that the API's were listed. */
export const API_ROUTE = {
  Api: 'text',
  Route: 'text',
  AuthorizationType: 'text',
  ApiKeyRequired: 'boolean',
  IntegrationId: 'text',
  Integration: INTEGRATION,
  /** Told by itself: the API may have others. */
  IsAlone: 'boolean',
} as const satisfies FactFields;
export type ApiRouteFacts = Facts<typeof API_ROUTE>;

/** `api-stage`; without `Stage` it says that the API's were listed. */
export const API_STAGE = { Api: 'text', Stage: 'text', webAclArn: 'text' } as const satisfies FactFields;

/** `web-acl-association`: what a web ACL of WAF stands in front of. */
export const WEB_ACL_ASSOCIATION = { WebAcl: 'text', ResourceArn: 'text' } as const satisfies FactFields;

/** `api-domain`: a domain of its own, in the spelling of either version of the service. */
export const API_DOMAIN = {
  DomainName: 'text',
  mutualTlsAuthentication: { truststoreUri: 'text' },
  MutualTlsAuthentication: { TruststoreUri: 'text' },
} as const satisfies FactFields;

/** `api-mapping`: which API a domain leads to. */
export const API_MAPPING = { Api: 'text', DomainName: 'text' } as const satisfies FactFields;

/** `vpc-link` of API Gateway. */
export const VPC_LINK = { id: 'text', name: 'text', targetArns: 'texts' } as const satisfies FactFields;
