import { type AddressSet, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { awsCall } from '../resource/aws-call.ts';
import { called, calledFirst } from '../resource/called.ts';
import { EKS_CLUSTER } from '../resource/facts/aws-container-facts.ts';
import {
  APP_RUNNER_SERVICE,
  APPSYNC_API,
  GLUE_DEV_ENDPOINT,
  KAFKA_CLUSTER,
  LIGHTSAIL_INSTANCE,
  NOTEBOOK,
  OPENSEARCH_COLLECTION_POLICY,
  OPENSEARCH_DOMAIN,
  TRAIL,
} from '../resource/facts/aws-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import { audienceOfSources, INTERNET, isPublic } from './audience.ts';
import { contentOf } from './aws-bucket-exposure.ts';
import type { AwsEstate } from './aws-estate.ts';
import { groupsOrUnknown, securityGroups } from './aws-layers.ts';
import { exposeOnNetwork } from './aws-network-exposure.ts';
import { openingsOf } from './aws-policy-exposure.ts';
import { policyQuestion } from './aws-policy-question.ts';
import { closedWay, dormant, openWay, unsettledWay } from './aws-way-in.ts';
import type { Authentication, ExposureRecord } from './exposure-record.ts';
import { audiencePorts, everyPort, intersectSurfaces, portsText, type Surface } from './surface.ts';

/** Who reaches the API server of a cluster. It asks everybody for an identity, and is public all the same (attack-paths §2.7). */
export function exposeEksCluster(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const config = estate.facts(EKS_CLUSTER, resource).resourcesVpcConfig;
  const missing = `the endpoint of ${resource.name}: ${awsCall('eks describe-cluster', [['--name', resource.name]])}`;
  if (config?.endpointPublicAccess === undefined) return [unsettledWay([missing])];
  if (!config.endpointPublicAccess)
    return [
      closedWay([evidence(`The API server of ${called(resource)} has no public endpoint.`, resource)], {
        surface: 'tcp/443',
        auth: 'iam',
        gates: ['endpointPublicAccess'],
      }),
    ];
  const cidrs = config.publicAccessCidrs ?? [];
  const ranges = cidrs.map(parseAddresses);
  if (ranges.length === 0 || ranges.includes(null)) return [unsettledWay([missing])];
  const audience = audienceOfSources(unionAddresses(...(ranges as AddressSet[])), estate.corporate);
  const who = isPublic(audience)
    ? audience === 'internet'
      ? 'the whole internet'
      : 'a large part of the internet'
    : `only ${cidrs.slice(0, 4).join(', ')}`;
  return [
    openWay(
      {
        surface: 'tcp/443',
        audience,
        auth: 'iam',
        via: ['public endpoint'],
        gates: cidrs.slice(0, 20).map((cidr) => `publicAccessCidrs ${cidr}`),
      },
      evidence(
        `The API server of ${called(resource)} answers ${who} and asks for an AWS identity.`,
        resource,
      ),
    ),
  ];
}

const SEARCH_ACTIONS = ['Get', 'Post', 'Put', 'Delete'].map((verb) => `es:ESHttp${verb}`);

/** Who reaches a domain of OpenSearch: its endpoint, its access policy, and a login of its own (attack-paths §2.5). */
export function exposeOpenSearchDomain(
  estate: AwsEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  const facts = estate.facts(OPENSEARCH_DOMAIN, resource);
  if (facts.VPCOptions?.VPCId !== undefined || facts.Endpoints?.vpc !== undefined)
    return [
      closedWay(
        [
          evidence(
            `The endpoint of ${called(resource)} is in ${facts.VPCOptions?.VPCId ?? 'a VPC'}.`,
            resource,
          ),
        ],
        {
          gates: ['VPC endpoint'],
        },
      ),
    ];
  if (facts.Endpoint === undefined && facts.EndpointV2 === undefined && facts.AccessPolicies === undefined)
    return [unsettledWay([`the endpoint and policy of ${resource.name}: ${domainCall(resource)}`])];
  if (facts.AccessPolicies === undefined)
    return [unsettledWay([`the access policy of ${resource.name}: ${domainCall(resource)}`])];
  const isLogin = facts.AdvancedSecurityOptions?.Enabled === true;
  const { openings, undecided, denials } = openingsOf(
    facts.AccessPolicies,
    SEARCH_ACTIONS,
    true,
    policyQuestion(estate, resource),
  );
  const via = [facts.Endpoint ?? facts.EndpointV2 ?? 'public endpoint'];
  const records = openings.map(({ action, audience, gates }) =>
    openWay(
      {
        surface: action,
        audience,
        auth: isLogin ? 'app' : audience === 'any-aws-account' ? 'iam' : 'none',
        via,
        gates,
      },
      evidence(
        `${calledFirst(resource)} has a public endpoint whose policy admits ${audience}${isLogin ? ', and asks for a login of its own' : ''}.`,
        resource,
      ),
    ),
  );
  // What nobody can judge may still open it to everybody.
  if (undecided.length > 0 && !openings.some(({ audience }) => isPublic(audience)))
    return [...records, unsettledWay(undecided)];
  if (records.length > 0) return records;
  return [
    closedWay(
      [
        evidence(
          `${calledFirst(resource)} has a public endpoint, but its policy gives nothing to everybody.`,
          resource,
        ),
      ],
      { via, gates: denials },
    ),
  ];
}

function domainCall({ name }: EstateResource): string {
  return awsCall('opensearch describe-domain', [['--domain-name', name]]);
}

/** A collection of OpenSearch Serverless is public where a network policy says so. */
export function exposeCollection(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const policies = estate
    .ofType('opensearch-network-policy')
    .map((each) => estate.facts(OPENSEARCH_COLLECTION_POLICY, each));
  const missing = `network policies: aws opensearchserverless list-security-policies --type network, and of each aws opensearchserverless get-security-policy --type network --name NAME`;
  const own = policies.filter(({ Resources = [] }) =>
    Resources.some((pattern) => {
      const name = pattern.replace(/^(?:collection|dashboard)\//, '');
      return name === resource.name || (name.endsWith('*') && resource.name.startsWith(name.slice(0, -1)));
    }),
  );
  if (own.some(({ AllowFromPublic }) => AllowFromPublic === true))
    return [
      openWay(
        { surface: 'tcp/443', audience: 'internet', auth: 'iam', gates: ['AllowFromPublic'] },
        evidence(
          `A network policy opens ${called(resource)} to the internet; data access asks for an AWS identity.`,
          resource,
        ),
      ),
    ];
  return own.length === 0
    ? [unsettledWay([missing])]
    : [closedWay([evidence(`No network policy opens ${called(resource)} to the internet.`, resource)])];
}

/** Brokers of MSK are public where they have addresses and their groups admit somebody. */
export function exposeKafkaCluster(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const nodes = estate.facts(KAFKA_CLUSTER, resource).BrokerNodeGroupInfo;
  const type = nodes?.ConnectivityInfo?.PublicAccess?.Type;
  if (nodes === undefined)
    return [unsettledWay([`the brokers of ${resource.name}: aws kafka list-clusters`])];
  if (type !== 'SERVICE_PROVIDED_EIPS')
    return [
      closedWay([evidence(`Public access of ${called(resource)} is off.`, resource)], {
        gates: ['PublicAccess'],
      }),
    ];
  return byGroups(
    estate,
    resource,
    groupsOrUnknown(nodes.SecurityGroups, resource.name, 'aws kafka list-clusters'),
    [{ protocol: 'tcp', from: 9092, to: 9198 }],
    'iam',
  );
}

/** Only security groups stand between the internet and it. */
function byGroups(
  estate: AwsEstate,
  resource: EstateResource,
  groups: readonly string[],
  ports: readonly Omit<Surface, 'sources'>[] | null,
  auth: Authentication,
): readonly ExposureRecord[] {
  const passage = securityGroups(estate, groups, estate.regionOf(resource));
  const asked = ports === null ? everyPort(INTERNET) : ports.map((port) => ({ ...port, sources: INTERNET }));
  const open = audiencePorts(intersectSurfaces(asked, passage.certain), estate.audienceOf);
  const records = open.map((each) =>
    openWay(
      {
        surface: portsText(each),
        audience: each.audience,
        auth,
        via: groups,
        gates: each.gates.slice(0, 20),
      },
      evidence(
        `${calledFirst(resource)} has public addresses, and its security groups admit ${each.audience}.`,
        resource,
      ),
    ),
  );
  if (records.some(({ audience }) => isPublic(audience))) return records;
  return passage.missing.length > 0
    ? [...records, unsettledWay(passage.missing)]
    : [
        ...records,
        closedWay(
          [evidence(`The security groups of ${called(resource)} let nobody on the internet in.`, resource)],
          { gates: groups },
        ),
      ];
}

/** A service of App Runner. */
export function exposeAppRunner(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(APP_RUNNER_SERVICE, resource);
  const isOpen = facts.NetworkConfiguration?.IngressConfiguration?.IsPubliclyAccessible;
  if (isOpen === undefined)
    return [
      unsettledWay([
        `the network of ${resource.name}: ${awsCall('apprunner describe-service', [['--service-arn', resource.key.slice('aws:'.length)]])}`,
      ]),
    ];
  const records = isOpen
    ? [
        openWay(
          {
            surface: 'tcp/443',
            audience: 'internet',
            auth: 'app',
            via: [facts.ServiceUrl ?? 'service address'],
            gates: ['IsPubliclyAccessible'],
          },
          evidence(`${calledFirst(resource)} answers the whole internet.`, resource),
        ),
      ]
    : [
        closedWay([evidence(`${calledFirst(resource)} answers its VPC only.`, resource)], {
          gates: ['IsPubliclyAccessible'],
        }),
      ];
  return facts.Status === 'PAUSED'
    ? dormant(
        records,
        evidence(`${calledFirst(resource)} is paused: dormant, exposed when resumed.`, resource),
      )
    : records;
}

/** An instance of Lightsail, by its own firewall. */
export function exposeLightsail(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { publicIpAddress, state, networking } = estate.facts(LIGHTSAIL_INSTANCE, resource);
  if (networking?.ports === undefined)
    return [unsettledWay([`the ports of ${resource.name}: aws lightsail get-instances`])];
  const surfaces = networking.ports.flatMap((port): Surface[] => {
    const protocols =
      port.protocol === 'all'
        ? (['tcp', 'udp'] as const)
        : port.protocol === 'tcp' || port.protocol === 'udp'
          ? ([port.protocol] as const)
          : [];
    const cidrs = [...(port.cidrs ?? []), ...(port.ipv6Cidrs ?? [])];
    const sources = cidrs.length === 0 ? [] : cidrs.flatMap((cidr) => parseAddresses(cidr) ?? []);
    if (sources.length === 0) return [];
    const range = { from: port.fromPort ?? 0, to: port.toPort ?? 65_535 };
    return protocols.map((protocol) => ({
      protocol,
      ...range,
      sources: unionAddresses(...sources),
      gates: [`${resource.name} firewall ${portsText({ protocol, ...range })}`],
    }));
  });
  const open = audiencePorts(intersectSurfaces(everyPort(INTERNET), surfaces), estate.audienceOf);
  const records = open.map((each) =>
    openWay(
      {
        surface: portsText(each),
        audience: each.audience,
        auth: 'app',
        via: [publicIpAddress ?? 'public address'],
        gates: each.gates,
      },
      evidence(`${calledFirst(resource)} lets ${each.audience} in on ${portsText(each)}.`, resource),
    ),
  );
  if (records.length === 0)
    return [
      closedWay([evidence(`The firewall of ${called(resource)} lets nobody on the internet in.`, resource)]),
    ];
  return state?.name === 'stopped'
    ? dormant(
        records,
        evidence(`${calledFirst(resource)} is stopped: dormant, exposed when started.`, resource),
      )
    : records;
}

/** A notebook of SageMaker: its address is presigned for identities of the account. */
export function exposeNotebook(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { DirectInternetAccess } = estate.facts(NOTEBOOK, resource);
  if (DirectInternetAccess === undefined)
    return [
      unsettledWay([
        `the network of ${resource.name}: ${awsCall('sagemaker describe-notebook-instance', [['--notebook-instance-name', resource.name]])}`,
      ]),
    ];
  return [
    closedWay(
      [
        evidence(
          `The address of ${called(resource)} is presigned for identities of its account: reachable behind iam${DirectInternetAccess === 'Enabled' ? '; it reaches the internet directly itself' : ''}.`,
          resource,
        ),
      ],
      { surface: 'tcp/443', auth: 'iam' },
    ),
  ];
}

/** A development endpoint of Glue takes SSH at its public address; outside of a network of ours nothing filters it. */
export function exposeDevEndpoint(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(GLUE_DEV_ENDPOINT, resource);
  const { PublicAddress, SubnetId, VpcId } = facts;
  const call = 'aws glue get-dev-endpoints';
  if (PublicAddress === undefined && SubnetId === undefined)
    return [unsettledWay([`the address of ${resource.name}: ${call}`])];
  if (SubnetId === undefined)
    return [
      openWay(
        { surface: 'tcp/22', audience: 'internet', auth: 'app', via: ['public address'] },
        evidence(`${calledFirst(resource)} takes SSH from the whole internet.`, resource),
      ),
    ];
  return exposeOnNetwork(estate, {
    resource,
    what: called(resource),
    addresses: PublicAddress === undefined ? [] : null,
    groups: groupsOrUnknown(facts.SecurityGroupIds, resource.name, call),
    subnets: [SubnetId],
    vpc: VpcId,
    ports: [{ protocol: 'tcp', from: 22, to: 22 }],
    auth: 'app',
  });
}

/** Services that run something at the call of an identity of the account and have no address. */
export function calledByIdentities(_estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  return [
    closedWay(
      [
        evidence(
          `${calledFirst(resource)} has no address; identities of its account call it: reachable behind iam.`,
          resource,
        ),
      ],
      { auth: 'iam' },
    ),
  ];
}

/** An API of AppSync; a key in the page of an application is no login. */
export function exposeAppSync(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const facts = estate.facts(APPSYNC_API, resource);
  if (facts.visibility === 'PRIVATE')
    return [
      closedWay([evidence(`${calledFirst(resource)} is private.`, resource)], {
        gates: ['visibility PRIVATE'],
      }),
    ];
  if (facts.authenticationType === undefined)
    return [unsettledWay([`how ${resource.name} asks who calls: aws appsync list-graphql-apis`])];
  const kinds = [
    facts.authenticationType,
    ...(facts.additionalAuthenticationProviders ?? []).flatMap((each) => each.authenticationType ?? []),
  ];
  return kinds.map((kind) =>
    kind === 'API_KEY'
      ? openWay(
          {
            surface: 'GraphQL',
            audience: 'internet',
            auth: 'api-key',
            via: ['AppSync endpoint'],
            gates: ['authenticationType API_KEY'],
          },
          evidence(
            `${calledFirst(resource)} answers everybody who has its API key, which is no login.`,
            resource,
          ),
        )
      : closedWay(
          [
            evidence(
              `${calledFirst(resource)} asks for an identity (${kind}): reachable behind ${kind === 'AWS_IAM' ? 'iam' : 'oidc'}.`,
              resource,
            ),
          ],
          { surface: 'GraphQL', auth: kind === 'AWS_IAM' ? 'iam' : 'oidc' },
        ),
  );
}

/** A trail is as public as the bucket that holds its logs. */
export function exposeTrail(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { S3BucketName } = estate.facts(TRAIL, resource);
  const bucket = estate.find('s3-bucket', S3BucketName);
  if (S3BucketName === undefined)
    return [unsettledWay([`the bucket of ${resource.name}: aws cloudtrail describe-trails`])];
  if (bucket === undefined)
    return [
      unsettledWay([`the bucket ${S3BucketName} of ${resource.name}: aws s3api list-buckets of its account`]),
    ];
  return contentOf(estate, S3BucketName, resource);
}

/** A repository of ECR Public. */
export function exposePublicRepository(
  _estate: AwsEstate,
  resource: EstateResource,
): readonly ExposureRecord[] {
  return [
    openWay(
      { surface: 'pull', audience: 'internet', auth: 'none', via: ['ECR Public'] },
      evidence(
        `${calledFirst(resource)} is a repository of ECR Public, which is public by definition.`,
        resource,
      ),
    ),
  ];
}

/** Caches and proxies of databases never have an address on the internet. */
export function neverOnInternet(_estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  return [
    closedWay([
      evidence(
        `AWS gives ${called(resource)} no address on the internet; only its VPC reaches it.`,
        resource,
      ),
    ]),
  ];
}
