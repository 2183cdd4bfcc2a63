import type { AddressSet } from '#base/address-set.ts';
import type { Instant } from '#base/instant.ts';
import { asObject, asText, type JsonObject } from '#base/json-value.ts';
import { addToList } from '#base/list-map.ts';
import { nameInArn } from '../resource/aws-call.ts';
import { LISTING, RESOURCE_PART } from '../resource/facts/aws-facts.ts';
import { type FactFields, type Facts, readFacts } from '../resource/facts/fact-shape.ts';
import type { EstateResource, Surroundings } from '../risk/estate.ts';
import { type Audience, audienceOfSources } from './audience.ts';
import { addressesOfNetworks, type CorporateNetwork } from './corporate-network.ts';
import type { TargetElsewhere } from './target-elsewhere.ts';

/** Members by which other descriptions name a resource of a type: bare ids, names, ARNs. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'security-group': ['GroupId'],
  'network-interface': ['NetworkInterfaceId'],
  'network-firewall-policy': ['FirewallPolicyArn'],
  'ecs-container-instance': ['containerInstanceArn'],
  'ecs-task-definition': ['taskDefinitionArn'],
  'vpc-peering-connection': ['VpcPeeringConnectionId'],
  'classic-load-balancer': ['LoadBalancerName'],
  'kms-key': ['KeyId', 'KeyArn'],
  subnet: ['SubnetId'],
  vpc: ['VpcId'],
  'prefix-list': ['PrefixListId'],
  'ec2-instance': ['InstanceId'],
  'rds-instance': ['DBInstanceIdentifier', 'DBInstanceArn'],
  'rds-cluster': ['DBClusterIdentifier'],
  'redshift-subnet-group': ['ClusterSubnetGroupName'],
  'launch-configuration': ['LaunchConfigurationName'],
  'load-balancer': ['LoadBalancerArn', 'LoadBalancerName'],
  's3-access-point': ['AccessPointArn', 'Name'],
  's3-bucket': ['Name'],
  'lambda-function': ['FunctionArn', 'FunctionName'],
  'iam-user': ['Arn', 'UserName'],
  'iam-role': ['Arn', 'RoleName'],
  'iam-group': ['Arn', 'GroupName'],
  'iam-policy': ['Arn'],
  'instance-profile': ['Arn', 'InstanceProfileName'],
  'ecr-repository': ['Arn', 'Name'],
  'cognito-identity-pool': ['IdentityPoolId'],
  'vpc-endpoint-service': ['ServiceId'],
};

/** Types whose descriptions carry no region although they lie in one, or that lie in none. */
const REGIONLESS = new Set([
  's3-bucket',
  'iam-user',
  'iam-role',
  'iam-group',
  'iam-policy',
  'instance-profile',
  'saml-provider',
  'oidc-provider',
  'global-accelerator',
  'accelerator-listener',
  'accelerator-endpoint-group',
  'cloudfront-distribution',
  'cloudfront-vpc-origin',
  'ecr-public-repository',
]);

/** What one answer said of a resource, when, and the region that it was about. */
interface Part {
  readonly region: string | null;
  readonly facts: JsonObject;
  readonly at: Instant;
  readonly isSecondHand: boolean;
}

/**
 * The resources of one AWS account, so that they can be looked up as their descriptions name each
 * other. What is not found was not described; only a listing says that it is not there.
 */
export class AwsEstate {
  readonly #byType = new Map<string, EstateResource[]>();
  /** For each type that was looked for by name. */
  readonly #byName = new Map<string, ReadonlyMap<string, readonly EstateResource[]>>();
  readonly #parts = new Map<string, Part[]>();
  readonly #facts = new Map<FactFields, Map<EstateResource, unknown>>();
  readonly #derived = new Map<(estate: AwsEstate) => unknown, unknown>();
  readonly #listings = new Set<string>();
  /** The one region that is known, which then is also that of descriptions without one. */
  readonly #onlyRegion: string | null;
  readonly #regions: ReadonlySet<string>;

  readonly now: Instant;
  readonly networks: readonly CorporateNetwork[];
  readonly corporate: AddressSet;
  /** Who a set of senders is to this organisation. */
  readonly audienceOf = (sources: AddressSet): Audience => audienceOfSources(sources, this.corporate);

  /** What load balancers of other accounts have as targets, by its address. */
  readonly targetsElsewhere: ReadonlyMap<string, readonly TargetElsewhere[]>;

  constructor(
    resources: readonly EstateResource[],
    { now, networks = [], targetsElsewhere = [] }: Surroundings = {},
  ) {
    this.targetsElsewhere = Map.groupBy(targetsElsewhere, ({ address }) => address);
    this.now = now ?? resources.reduce((newest, { seenAt }) => Math.max(newest, seenAt), 0);
    this.networks = networks;
    this.corporate = addressesOfNetworks(networks);
    const regions = new Set<string>();
    for (const { region, type } of resources)
      if (region !== null && !REGIONLESS.has(type) && !type.startsWith('organization')) regions.add(region);
    this.#regions = regions;
    this.#onlyRegion = regions.size === 1 ? ([...regions][0] as string) : null;
    for (const resource of resources) {
      addToList(this.#byType, resource.type, resource);
      if (resource.type === 'resource-part') this.#addPart(resource);
      if (resource.type === 'inventory-listing') {
        const of = readFacts(LISTING, resource.facts).Of;
        if (of !== undefined)
          this.#listings.add(`${of} ${REGIONLESS.has(of) ? null : this.regionOf(resource)}`);
      }
    }
  }

  ofType(type: string): readonly EstateResource[] {
    return this.#byType.get(type) ?? [];
  }

  /** Whether nothing of other types was described. */
  holdsOnly(...types: readonly string[]): boolean {
    return [...this.#byType.keys()].every((type) => types.includes(type) || type.startsWith('organization'));
  }

  /** The resource of a type by an id or name; of equal names in two regions, the one in `region`. */
  find(type: string, name: string | undefined, region: string | null = null): EstateResource | undefined {
    if (name === undefined) return undefined;
    const byName = this.#byName.get(type) ?? namedOnes(this.ofType(type));
    this.#byName.set(type, byName);
    return this.inRegion(byName.get(name) ?? [], region);
  }

  /** The first of some that may stand in a region: equal ids of two regions are two things. */
  inRegion(candidates: readonly EstateResource[], region: string | null): EstateResource | undefined {
    return candidates.find((each) => this.mayBeIn(each, region));
  }

  /** False where it is known to stand in another region. */
  mayBeIn(resource: EstateResource, region: string | null): boolean {
    const own = this.regionOf(resource);
    return region === null || own === null || own === region;
  }

  /**
   * Whether an inventory listed all resources of a type in a region (of an account, for types without one). A list of
   * one region says nothing of another, nor does one of an unknown region where several are known.
   */
  isListed(type: string, region: string | null): boolean {
    if (REGIONLESS.has(type)) return this.#listings.has(`${type} null`);
    const place = region ?? this.#onlyRegion;
    return (place !== null || this.#regions.size === 0) && this.#listings.has(`${type} ${place}`);
  }

  /** Whether an inventory listed all of a type in every region of which anything was described. */
  isListedEverywhere(type: string): boolean {
    return REGIONLESS.has(type) || this.#regions.size === 0
      ? this.isListed(type, null)
      : [...this.#regions].every((region) => this.isListed(type, region));
  }

  regionOf(resource: EstateResource): string | null {
    return resource.region ?? (REGIONLESS.has(resource.type) ? null : this.#onlyRegion);
  }

  /** All that is known of a resource: its description, and what answers of their own said about it. */
  facts<S extends FactFields>(shape: S, resource: EstateResource): Facts<S> {
    const read = this.#facts.get(shape) ?? new Map<EstateResource, unknown>();
    this.#facts.set(shape, read);
    let facts = read.get(resource) as Facts<S> | undefined;
    if (facts === undefined) {
      facts = readFacts(shape, this.described(resource));
      read.set(resource, facts);
    }
    return facts;
  }

  /** The same, as it was told. */
  described(resource: EstateResource): JsonObject {
    const parts = this.#partsOf(resource);
    if (parts.length === 0) return resource.facts;
    const { facts, isSecondHand = false } = resource;
    const words = [...parts, { facts, at: timeOf(resource), isSecondHand }];
    // What an inventory said wins over what another tool knew, then the newer over the older: of the same time the description.
    words.sort((a, b) => Number(b.isSecondHand) - Number(a.isSecondHand) || a.at - b.at);
    return Object.assign({}, ...words.map((word) => word.facts));
  }

  /** What a function makes of the estate, made once. */
  derived<T>(derive: (estate: AwsEstate) => T): T {
    if (!this.#derived.has(derive)) this.#derived.set(derive, derive(this));
    return this.#derived.get(derive) as T;
  }

  #addPart(resource: EstateResource): void {
    const { OfType, Of, SecondHand } = readFacts(RESOURCE_PART, resource.facts);
    const facts = asObject(resource.facts['Facts']);
    if (OfType === undefined || Of === undefined || facts === undefined) return;
    const { region } = resource;
    addToList(this.#parts, `${OfType} ${Of}`, {
      region,
      facts,
      at: timeOf(resource),
      isSecondHand: SecondHand === true,
    });
  }

  #partsOf(resource: EstateResource): readonly Part[] {
    if (this.#parts.size === 0) return [];
    const place = REGIONLESS.has(resource.type) ? null : this.regionOf(resource);
    return [...new Set([resource.name, ...namesOf(resource)])].flatMap((name) =>
      (this.#parts.get(`${resource.type} ${name}`) ?? []).filter(
        // A name may be taken in each region.
        ({ region }) => region === null || place === null || region === place,
      ),
    );
  }
}

function timeOf({ describedAt, seenAt }: EstateResource): Instant {
  return describedAt ?? seenAt;
}

function namedOnes(resources: readonly EstateResource[]): ReadonlyMap<string, readonly EstateResource[]> {
  const byName = new Map<string, EstateResource[]>();
  for (const resource of resources) for (const name of namesOf(resource)) addToList(byName, name, resource);
  return byName;
}

/** Types that answers name by the id in the ARN, whatever people call them. */
const NAMED_BY_ID = new Set(['snapshot', 'efs-file-system', 'kms-key']);

/** What other descriptions call a resource, each name once. */
export function namesOf({ type, key, facts }: EstateResource): readonly string[] {
  const arn = key.startsWith('aws:arn:') ? key.slice('aws:'.length) : key;
  const names = NAMED_BY_ID.has(type) ? [arn, nameInArn(arn)] : [arn];
  for (const member of NAMES[type] ?? []) {
    const name = asText(facts[member]);
    if (name !== undefined && !names.includes(name)) names.push(name);
  }
  return names;
}
