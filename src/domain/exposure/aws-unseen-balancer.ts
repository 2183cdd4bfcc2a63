import { type AddressSet, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { awsCall } from '../resource/aws-call.ts';
import { called } from '../resource/called.ts';
import {
  CLASSIC_LOAD_BALANCER,
  INTERFACE,
  type InterfaceFacts,
  LOAD_BALANCER,
  TARGET_GROUP,
  VPC,
} from '../resource/facts/aws-network-facts.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import { groupsOfInterface, letsGroupIn, securityGroups } from './aws-layers.ts';
import { exposeLoadBalancer } from './aws-load-balancer-exposure.ts';
import { overlaps } from './aws-network-exposure.ts';
import { addressesOf, type BalancedTarget, targetsOf } from './aws-target-group.ts';
import { closedWay, stateOfWays, unsettledWay } from './aws-way-in.ts';
import type { ExposureRecord } from './exposure-record.ts';
import { publicPorts, sourcesOf } from './surface.ts';
import { noInventoryTells } from './untold.ts';

/** Load balancers that may have the instance as a target although no description says so. */
export function exposeThroughUnseen(target: BalancedTarget): readonly ExposureRecord[] {
  const { estate, instance, region } = target;
  if (!couldAdmitSomething(target))
    return [
      closedWay([evidence(`The security groups of ${called(instance)} let no load balancer in.`, instance)]),
    ];
  const elsewhere = addressesOf(target).flatMap((address) => estate.targetsElsewhere.get(address) ?? []);
  if (elsewhere.length > 0)
    return [
      unsettledWay(
        elsewhere.map(({ address, account, by }) =>
          noInventoryTells(
            `whether ${by} of account ${account ?? '(not told)'}, which has ${address} as a target, means ${instance.name}`,
          ),
        ),
      ),
    ];
  if (estate.isListed('network-interface', region) && !hasBalancer(estate, target.vpcId)) {
    return [
      closedWay([
        evidence(
          `No load balancer has an interface in ${target.vpcId ?? `the network of ${called(instance)}`}.`,
          instance,
        ),
      ]),
    ];
  }
  const missing = missingLists(estate, region, target.vpcId);
  return missing.length > 0
    ? [unsettledWay(missing)]
    : [
        closedWay([
          evidence(
            `No load balancer that the internet reaches has ${called(instance)} as a target.`,
            instance,
          ),
        ]),
      ];
}

const missingByVpc = (): Map<string, readonly string[]> => new Map();

/** The lists that would tell which instances of a VPC stand behind a load balancer that the internet reaches. */
function missingLists(
  estate: AwsEstate,
  region: string | null,
  vpcId: string | undefined,
): readonly string[] {
  const known = estate.derived(missingByVpc);
  const place = `${region} ${vpcId}`;
  const missing = known.get(place) ?? findMissingLists(estate, region, vpcId);
  known.set(place, missing);
  return missing;
}

function findMissingLists(
  estate: AwsEstate,
  region: string | null,
  vpcId: string | undefined,
): readonly string[] {
  const missing: string[] = [];
  if (!estate.isListed('classic-load-balancer', region))
    missing.push('classic load balancers: aws elb describe-load-balancers');
  if (!estate.isListed('load-balancer', region))
    missing.push('load balancers: aws elbv2 describe-load-balancers');
  const facing = estate.ofType('load-balancer').filter((balancer) => {
    const { VpcId } = estate.facts(LOAD_BALANCER, balancer);
    return (
      (VpcId === undefined || VpcId === vpcId) &&
      estate.mayBeIn(balancer, region) &&
      stateOfWays(exposeLoadBalancer(estate, balancer)) !== 'no'
    );
  });
  if (facing.length === 0) return missing;
  if (!estate.isListed('target-group', region))
    missing.push('target groups: aws elbv2 describe-target-groups');
  const arns = new Set(facing.map((balancer) => estate.facts(LOAD_BALANCER, balancer).LoadBalancerArn));
  for (const group of estate.ofType('target-group')) {
    const serves = (estate.facts(TARGET_GROUP, group).LoadBalancerArns ?? []).some((arn) => arns.has(arn));
    if (serves && targetsOf(estate, group).length === 0) missing.push(targetsMissing(estate, group));
  }
  return missing;
}

function targetsMissing(estate: AwsEstate, group: EstateResource): string {
  const { TargetGroupArn = 'ARN' } = estate.facts(TARGET_GROUP, group);
  return `targets of ${group.name}: ${awsCall('elbv2 describe-target-health', [['--target-group-arn', TargetGroupArn]], group.name)}`;
}

/** Whether a rule of the instance's groups would let in a group, an address of its VPC, or the internet. */
function couldAdmitSomething({ estate, interfaces, region, vpcId }: BalancedTarget): boolean {
  const known = estate.derived(admittingGroups);
  return interfaces.some((each) =>
    groupsOfInterface(each).some((id) => {
      const about = `${region} ${vpcId} ${id}`;
      const answer = known.get(about) ?? groupCouldAdmit(estate, id, region, vpcId);
      known.set(about, answer);
      return answer;
    }),
  );
}

const admittingGroups = (): Map<string, boolean> => new Map();

function groupCouldAdmit(
  estate: AwsEstate,
  id: string,
  region: string | null,
  vpcId: string | undefined,
): boolean {
  if (
    estate.find('security-group', id, region) === undefined ||
    letsGroupIn(estate, id, null, knownSenders(estate, region), region)
  )
    return true;
  const passage = securityGroups(estate, [id], region);
  if (publicPorts(passage.possible).length > 0) return true;
  const vpc = estate.find('vpc', vpcId, region);
  const facts = vpc === undefined ? {} : estate.facts(VPC, vpc);
  const ranges = [
    facts.CidrBlock,
    ...(facts.CidrBlockAssociationSet ?? []).map((each) => each.CidrBlock),
  ].flatMap((cidr) => parseAddresses(cidr ?? '') ?? []);
  const sources = sourcesOf(passage.possible);
  // Without the VPC's ranges any rule for private addresses could mean a load balancer's subnet.
  return ranges.length === 0
    ? passage.possible.length > 0 && !onlyOutside(sources)
    : overlaps(sources, unionAddresses(...ranges));
}

/** Every address of the set is on the internet, so none is in a VPC. */
function onlyOutside(sources: AddressSet): boolean {
  return !overlaps(sources, PRIVATE);
}

/** Ranges of private networks, by which load balancers reach what is outside of their own. */
export const PRIVATE: AddressSet = unionAddresses(
  ...['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].flatMap(
    (cidr) => parseAddresses(cidr) ?? [],
  ),
);

/** Security groups in which load balancers stand. */
export const groupsOfBalancers = (estate: AwsEstate): ReadonlySet<string> =>
  new Set([
    ...estate
      .ofType('load-balancer')
      .flatMap((balancer) => estate.facts(LOAD_BALANCER, balancer).SecurityGroups ?? []),
    ...estate
      .ofType('classic-load-balancer')
      .flatMap((balancer) => estate.facts(CLASSIC_LOAD_BALANCER, balancer).SecurityGroups ?? []),
  ]);

/** Groups of load balancers; null, for any group, while not all load balancers are known. */
function knownSenders(estate: AwsEstate, region: string | null): ReadonlySet<string> | null {
  const areKnown =
    estate.isListed('load-balancer', region) && estate.isListed('classic-load-balancer', region);
  return areKnown ? estate.derived(groupsOfBalancers) : null;
}

/** VPCs in which a load balancer or one of its interfaces is described; undefined among them for one that names none. */
const vpcsWithBalancer = (estate: AwsEstate): ReadonlySet<string | undefined> =>
  new Set([
    ...estate.ofType('load-balancer').map((balancer) => estate.facts(LOAD_BALANCER, balancer).VpcId),
    ...estate
      .ofType('classic-load-balancer')
      .map((balancer) => estate.facts(CLASSIC_LOAD_BALANCER, balancer).VPCId),
    ...estate
      .ofType('network-interface')
      .map((each) => estate.facts(INTERFACE, each))
      .filter(isOfBalancer)
      .map((facts) => facts.VpcId),
  ]);

/** Whether a network interface is one of a load balancer. */
export function isOfBalancer({ RequesterId, Description, InterfaceType }: InterfaceFacts): boolean {
  return (
    RequesterId === 'amazon-elb' ||
    Description?.startsWith('ELB ') === true ||
    InterfaceType?.includes('load_balancer') === true
  );
}

/** What load balancers mean for everything in a network that is no known target of theirs; equal texts mean the same. */
export function unseenIn(estate: AwsEstate, region: string | null, vpcId: string | undefined): string {
  return [hasBalancer(estate, vpcId), ...missingLists(estate, region, vpcId)].join('\n');
}

function hasBalancer(estate: AwsEstate, vpcId: string | undefined): boolean {
  const vpcs = estate.derived(vpcsWithBalancer);
  return vpcId === undefined ? vpcs.size > 0 : vpcs.has(vpcId) || vpcs.has(undefined);
}
