import {
  CLASSIC_LOAD_BALANCER,
  INTERFACE,
  LOAD_BALANCER,
  TARGET_GROUP,
} from '../resource/facts/aws-network-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import { namesBehindFronts, targetsByFront } from './aws-fronts.ts';
import { IMAGES_ALONE } from './aws-shared-exposure.ts';
import { FOLLOWED, isReached, SPREADS } from './aws-spreads.ts';
import { AwsTextHolders, textsOf } from './aws-text-holders.ts';
import { groupsOfBalancers, isOfBalancer, unseenIn } from './aws-unseen-balancer.ts';

/** A resource that is other than before; null where it was not there. */
export interface ChangedResource {
  readonly before: EstateResource | null;
  readonly after: EstateResource;
}

/** So many changes at once are looked at with everything else. */
const CHANGES_MAX = 200;

/** An account of AWS before some changes and after them; `resources` are those after them. */
export interface ChangedEstate {
  readonly resources: readonly EstateResource[];
  readonly now: AwsEstate;
  readonly then: () => AwsEstate;
  readonly changes: readonly ChangedResource[];
}

/** Whether changes are few and all of kinds that are followed, so that it is worth asking what they affect. */
function areFollowed(resources: readonly EstateResource[], changes: readonly ChangedResource[]): boolean {
  return (
    changes.length <= CHANGES_MAX &&
    changes.every(
      ({ before, after }) => FOLLOWED.has(typeOf(after)) && (before === null || isSameThing(before, after)),
    ) &&
    !areFirstOfRegion(resources, changes) &&
    !areFirstBesideImages(resources, changes)
  );
}

/** The type that a description is of; a part's is that of what it describes. */
function typeOf({ type, facts }: EstateResource): string {
  return type === 'resource-part' ? String(facts['OfType']) : type;
}

function isSameThing(before: EstateResource, after: EstateResource): boolean {
  return (
    before.type === after.type &&
    before.region === after.region &&
    before.account === after.account &&
    (before.type !== 'resource-part' ||
      (before.facts['OfType'] === after.facts['OfType'] && before.facts['Of'] === after.facts['Of']))
  );
}

/** A public image is one of ours as soon as anything else of its account was described. */
function areFirstBesideImages(
  resources: readonly EstateResource[],
  changes: readonly ChangedResource[],
): boolean {
  if (!resources.some(({ type }) => type === 'ami')) return false;
  const changed = new Set(changes.map(({ after }) => after.key));
  return resources.every(({ key, type }) => IMAGES_ALONE.includes(type) || changed.has(key));
}

/** A second region takes the only one away, in which everything without a region was taken to be. */
function areFirstOfRegion(
  resources: readonly EstateResource[],
  changes: readonly ChangedResource[],
): boolean {
  const added = new Set(changes.flatMap(({ before, after }) => (before === null ? [after.key] : [])));
  if (added.size === 0) return false;
  const known = new Set(resources.flatMap(({ key, region }) => (added.has(key) ? [] : [region])));
  return changes.some(({ after }) => after.region !== null && !known.has(after.region));
}

/**
 * The keys of the resources of an account of AWS whose ways in may be other ones after these changes; null where it
 * may be any. All others are as they were: that is what makes the cost of a change follow from what it touches.
 */
export function affectedByChanges(estate: ChangedEstate): ReadonlySet<string> | null {
  if (!areFollowed(estate.resources, estate.changes)) return null;
  const walk = new Walk(estate);
  for (const { after } of estate.changes) {
    // A part is a row of its own, with the date on which it may say something else.
    walk.reach(after);
    if (after.type === 'resource-part') for (const owner of walk.holders.ownersOf(after)) walk.reach(owner);
  }
  do walk.follow();
  while (walk.hasMore());
  return walk.isEverything ? null : new Set(walk.reached.keys());
}

/** A resource in one of the two times. */
interface Version {
  readonly resource: EstateResource;
  readonly estate: AwsEstate;
}

/** What was reached from changes, as `SPREADS` tells. */
class Walk {
  readonly holders: AwsTextHolders;
  readonly reached = new Map<string, EstateResource>();
  readonly #estate: ChangedEstate;
  readonly #before: ReadonlyMap<string, EstateResource | null>;
  readonly #hasParts: boolean;
  readonly #open: EstateResource[] = [];
  readonly #networks = new Set<string>();
  readonly #fronts = new Set<string>();
  /** Something that concerns the whole account is other than before. */
  isEverything = false;

  constructor(estate: ChangedEstate) {
    this.#estate = estate;
    this.holders = new AwsTextHolders(estate.resources);
    this.#before = new Map(estate.changes.map(({ before, after }) => [after.key, before]));
    this.#hasParts = estate.changes.some(({ after }) => after.type === 'resource-part');
  }

  reach(resource: EstateResource): void {
    if (this.reached.has(resource.key)) return;
    this.reached.set(resource.key, resource);
    this.#open.push(resource);
  }

  follow(): void {
    for (let one = this.#open.pop(); one !== undefined; one = this.#open.pop())
      for (const { resource, estate } of this.#versions(one))
        for (const spread of SPREADS[resource.type] ?? [])
          for (const other of this.#restingOn(spread, resource, estate))
            if (isReached(spread, other.type)) this.reach(other);
  }

  #restingOn(
    { texts }: (typeof SPREADS)[string][number],
    resource: EstateResource,
    estate: AwsEstate,
  ): readonly EstateResource[] {
    if (texts !== null)
      return texts({ resource, facts: estate.described(resource) }).flatMap((text) =>
        this.holders.holding(text),
      );
    const region = estate.regionOf(resource);
    return this.#estate.resources.filter((other) => {
      const theirs = estate.regionOf(other);
      return region === null || theirs === null || theirs === region;
    });
  }

  /** What stands behind a front that answers otherwise now, or that named something else before. */
  #reachBehindFronts(): void {
    const fronts = [...this.reached.keys()].filter((key) => !this.#fronts.has(key) && this.#isFront(key));
    if (fronts.length === 0) return;
    for (const key of fronts) this.#fronts.add(key);
    const { now, then } = this.#estate;
    const targets = new Set(
      [now, then()].flatMap((estate) =>
        fronts.flatMap((key) => estate.derived(targetsByFront).get(key) ?? []),
      ),
    );
    if (targets.size === 0) return;
    for (const other of this.#estate.resources)
      if (namesBehindFronts(now, other).some((name) => targets.has(name))) this.reach(other);
  }

  #isFront(key: string): boolean {
    return FRONTS.has(this.reached.get(key)?.type ?? '');
  }

  /** It before the changes and after them; once where nothing tells the two apart but what others say. */
  #versions(resource: EstateResource): readonly Version[] {
    const { now, then } = this.#estate;
    const old = this.#before.get(resource.key);
    const later = { resource, estate: now };
    if (old === null) return [later];
    if (old === undefined && !this.#hasParts) return [later];
    return [later, { resource: old ?? resource, estate: this.#hasParts ? then() : now }];
  }

  /**
   * What may stand behind a load balancer unseen rests on all load balancers of its network. Where they mean the same
   * as before, nothing else in the network is judged otherwise.
   */
  hasMore(): boolean {
    this.#reachBehindFronts();
    const { now, then } = this.#estate;
    for (const { region, vpcId } of [...this.reached.values()].flatMap((each) => this.#networksOf(each))) {
      const about = `${region} ${vpcId}`;
      if (this.#networks.has(about)) continue;
      this.#networks.add(about);
      if (unseenIn(now, region, undefined) !== unseenIn(then(), region, undefined)) this.isEverything = true;
      if (vpcId === undefined || unseenIn(now, region, vpcId) === unseenIn(then(), region, vpcId)) continue;
      for (const other of this.holders.holding(vpcId))
        if (other.type === 'ec2-instance' || other.type === 'network-interface') this.reach(other);
    }
    if (this.#networks.size > 0) this.#reachWhatNamesSenders();
    return this.#open.length > 0 && !this.isEverything;
  }

  /** Groups that let in a group in which a load balancer stands now, or no longer. */
  #reachWhatNamesSenders(): void {
    const now = this.#estate.now.derived(groupsOfBalancers);
    const then = this.#estate.then().derived(groupsOfBalancers);
    for (const group of [...now, ...then])
      if (now.has(group) !== then.has(group))
        for (const other of this.holders.holding(group))
          if (other.type === 'security-group') this.reach(other);
  }

  /** The networks whose load balancers a resource is, or belongs to. */
  #networksOf(resource: EstateResource): readonly { region: string | null; vpcId: string | undefined }[] {
    const old = this.#before.get(resource.key);
    const versions: Version[] = [{ resource, estate: this.#estate.now }];
    if (old !== null && BALANCING.has(resource.type))
      versions.push({ resource: old ?? resource, estate: this.#estate.then() });
    return versions.flatMap((version) => {
      const region = version.estate.regionOf(version.resource);
      return this.#vpcsOf(version).map((vpcId) => ({ region, vpcId }));
    });
  }

  #vpcsOf({ resource, estate }: Version): readonly (string | undefined)[] {
    switch (resource.type) {
      case 'load-balancer':
        return [estate.facts(LOAD_BALANCER, resource).VpcId];
      case 'classic-load-balancer':
        return [estate.facts(CLASSIC_LOAD_BALANCER, resource).VPCId];
      case 'network-interface': {
        const facts = estate.facts(INTERFACE, resource);
        return isOfBalancer(facts) ? [facts.VpcId] : [];
      }
      case 'target-group':
        return (estate.facts(TARGET_GROUP, resource).LoadBalancerArns ?? []).flatMap((arn) => {
          const balancer = estate.find('load-balancer', arn);
          return balancer === undefined ? [] : [estate.facts(LOAD_BALANCER, balancer).VpcId];
        });
      case 'target-health':
      case 'auto-scaling-group':
        return [resource.facts['TargetGroup'], resource.facts['TargetGroupARNs']]
          .flatMap(textsOf)
          .flatMap((name) => this.holders.holding(name))
          .flatMap((group) =>
            group.type === 'target-group' ? this.#vpcsOf({ resource: group, estate }) : [],
          );
      default:
        return [];
    }
  }
}

const FRONTS: ReadonlySet<string> = new Set([
  'global-accelerator',
  'cloudfront-distribution',
  'rest-api',
  'http-api',
]);

const BALANCING: ReadonlySet<string> = new Set([
  'load-balancer',
  'classic-load-balancer',
  'network-interface',
  'target-group',
  'target-health',
  'auto-scaling-group',
]);
