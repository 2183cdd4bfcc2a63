import { type AddressSet, coversAddresses, parseAddresses } from '#base/address-set.ts';
import { LOAD_BALANCER, TARGET_GROUP, TARGET_HEALTH, VPC } from '../resource/facts/aws-network-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import { AwsEstate } from './aws-estate.ts';
import { namesOfGroup, registered } from './aws-target-group.ts';
import type { TargetElsewhere } from './target-elsewhere.ts';

/** Types that tell which addresses load balancers of an account have as targets. */
export const TARGET_TYPES: readonly string[] = ['target-health', 'target-group', 'load-balancer', 'vpc'];

/** One that is no longer registered is told too: it moves what it was. */
export interface ToldTarget extends TargetElsewhere {
  readonly isRegistered: boolean;
}

/**
 * Targets of one account that are registered by an address in none of its networks: machines of another account, or on
 * premises (attack-paths §2.3). Behind a load balancer that is internal nobody gets there from the internet.
 */
export function targetsElsewhere(resources: readonly EstateResource[]): readonly ToldTarget[] {
  const estate = new AwsEstate(resources);
  const own = estate.ofType('vpc').flatMap((each) => rangesOfNetwork(estate, each));
  const isOwn = (address: AddressSet): boolean => own.some((block) => coversAddresses(block, address));
  const groups = new Map(
    estate.ofType('target-group').flatMap((group) => {
      return [...namesOfGroup(estate, group)].map((name) => [name, group] as const);
    }),
  );
  const told = new Set(
    estate.ofType('target-health').map((each) => estate.facts(TARGET_HEALTH, each).TargetGroup ?? ''),
  );
  const standing = new Set(
    [...told].flatMap((name) => {
      const group = groups.get(name);
      return registered(estate, group === undefined ? new Set([name]) : namesOfGroup(estate, group));
    }),
  );
  return estate.ofType('target-health').flatMap((each): readonly ToldTarget[] => {
    const { Id = '', TargetGroup } = estate.facts(TARGET_HEALTH, each);
    const address = parseAddresses(Id);
    if (address === null || isOwn(address)) return [];
    const group = groups.get(TargetGroup ?? '');
    const arns = group === undefined ? [] : (estate.facts(TARGET_GROUP, group).LoadBalancerArns ?? []);
    const balancers = arns.map((arn) => estate.find('load-balancer', arn));
    const facing = balancers.filter(
      (balancer) => balancer === undefined || estate.facts(LOAD_BALANCER, balancer).Scheme !== 'internal',
    );
    if (arns.length > 0 && facing.length === 0) return [];
    const named = facing.find((balancer) => balancer !== undefined) ?? group;
    return [
      {
        address: Id,
        account: each.account,
        by: named?.name ?? TargetGroup ?? 'a target group',
        isRegistered: standing.has(each),
      },
    ];
  });
}

/** The ranges of addresses of a VPC. */
export function rangesOfNetwork(estate: AwsEstate, vpc: EstateResource): readonly AddressSet[] {
  const { CidrBlock, CidrBlockAssociationSet = [] } = estate.facts(VPC, vpc);
  return [CidrBlock, ...CidrBlockAssociationSet.map((block) => block.CidrBlock)].flatMap(
    (cidr) => parseAddresses(cidr ?? '') ?? [],
  );
}
