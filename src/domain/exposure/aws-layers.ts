import { type AddressSet, parseAddresses, unionAddresses } from '#base/address-set.ts';
import { addToList } from '#base/list-map.ts';
import { calledFirst } from '../resource/called.ts';
import {
  BLOCK_PUBLIC_ACCESS,
  BLOCK_PUBLIC_ACCESS_EXCLUSION,
  type InterfaceFacts,
  NETWORK_ACL,
  type NetworkAclFacts,
  type PermissionFacts,
  SECURITY_GROUP,
  SECURITY_GROUP_RULE,
  SUBNET,
  VPC,
} from '../resource/facts/aws-network-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import { prefixListBlocks, prefixListMissing } from './aws-prefix-list.ts';
import { applyRules, type OrderedRule, type Packets } from './ordered-rules.ts';
import { EVERYWHERE, type Passage, settled, throughEither, unsettled } from './passage.ts';
import { everyPort, limitSources, portsText, type Surface, sourcesOf } from './surface.ts';

/** Answers that are asked for again and again, by what they are about. */
const groupPassages = (): Map<string, Passage> => new Map();
const aclPassages = (): Map<string, Passage> => new Map();

function once(known: Map<string, Passage>, about: string, make: () => Passage): Passage {
  const passage = known.get(about) ?? make();
  known.set(about, passage);
  return passage;
}

/** The groups of an interface; where nobody told them, one that was not described. */
export function groupsOfInterface({ Groups, NetworkInterfaceId }: InterfaceFacts): readonly string[] {
  return groupsOrUnknown(
    Groups?.flatMap((group) => group.GroupId ?? []),
    NetworkInterfaceId ?? 'its interface',
    'aws ec2 describe-network-interfaces',
  );
}

const NOT_TOLD = 'of ';

/** The groups around a thing; where nobody told them, one that was not described. `call` supplies them. */
export function groupsOrUnknown(
  groups: readonly string[] | undefined,
  of: string,
  call: string,
): readonly string[] {
  return groups ?? [`${NOT_TOLD}${of}: ${call}`];
}

/** What security groups let in, all of them together; they answer by themselves, so only ingress counts. */
export function securityGroups(estate: AwsEstate, ids: readonly string[], region: string | null): Passage {
  const known = estate.derived(groupPassages);
  const [only] = ids;
  if (only !== undefined && ids.length === 1)
    return once(known, `${region} ${only}`, () => securityGroup(estate, only, region));
  return once(known, `${region} ${ids.join(' ')}`, () =>
    throughEither(ids.map((id) => once(known, `${region} ${id}`, () => securityGroup(estate, id, region)))),
  );
}

function securityGroup(estate: AwsEstate, id: string, region: string | null): Passage {
  const group = estate.find('security-group', id, region);
  const permissions = group === undefined ? undefined : estate.facts(SECURITY_GROUP, group).IpPermissions;
  if (group === undefined || permissions === undefined)
    return unsettled(
      everyPort(EVERYWHERE),
      id.startsWith(NOT_TOLD)
        ? `the security groups ${id}`
        : `security group ${id}: aws ec2 describe-security-groups`,
    );
  return {
    ...throughEither(permissions.map((permission) => permissionPassage(estate, permission, id, region))),
    rests: [group],
    via: [id],
  };
}

const ruleIds = (estate: AwsEstate): ReadonlyMap<string, string> =>
  new Map(
    estate.ofType('security-group-rule').flatMap((each): [string, string][] => {
      const facts = estate.facts(SECURITY_GROUP_RULE, each);
      const { SecurityGroupRuleId: id, GroupId = '', IsEgress } = facts;
      const source = facts.CidrIpv4 ?? facts.CidrIpv6 ?? facts.PrefixListId;
      return id === undefined || IsEgress === true || source === undefined
        ? []
        : [[ruleKey(GroupId, facts, source), id]];
    }),
  );

/** Rules of all protocols have no ports, or the port -1. */
function ruleKey(
  group: string,
  { IpProtocol, FromPort, ToPort }: Pick<PermissionFacts, 'IpProtocol' | 'FromPort' | 'ToPort'>,
  source: string,
): string {
  const ports = IpProtocol === '-1' ? '' : `${FromPort ?? ''}-${ToPort ?? ''}`;
  return `${group} ${IpProtocol?.toLowerCase()} ${ports} ${source}`;
}

function permissionPassage(
  estate: AwsEstate,
  permission: PermissionFacts,
  group: string,
  region: string | null,
): Passage {
  const ports = portsOf(permission);
  if (ports.length === 0) return settled([]);
  const missing: string[] = [];
  const certain: Surface[] = [];
  const ruleId = (source: string): string => {
    const id = estate.derived(ruleIds).get(ruleKey(group, permission, source));
    return id === undefined ? '' : ` (${id})`;
  };
  const admit = (sources: AddressSet, source: string, isCdn = false): void => {
    for (const port of ports)
      certain.push({
        ...port,
        sources,
        gates: [`${group} ingress ${portsText(port)} ${source}${ruleId(source)}`],
        ...(isCdn ? { origin: 'cdn' } : {}),
      });
  };
  for (const text of [
    ...(permission.IpRanges ?? []).map((range) => range.CidrIp),
    ...(permission.Ipv6Ranges ?? []).map((range) => range.CidrIpv6),
  ]) {
    const range = text === undefined ? null : parseAddresses(text);
    if (range === null)
      missing.push(
        `a readable source in security group ${group} (found ${String(text).slice(0, 60)}): aws ec2 describe-security-groups`,
      );
    else admit(range, text as string);
  }
  for (const { PrefixListId } of permission.PrefixListIds ?? []) {
    const blocks = PrefixListId === undefined ? null : prefixListBlocks(estate, PrefixListId, region);
    if (blocks === null) missing.push(prefixListMissing(PrefixListId ?? 'ID'));
    else
      for (const isCdn of [false, true]) {
        const own = blocks.filter((block) => block.isCdn === isCdn).map((block) => block.addresses);
        if (own.length > 0) admit(unionAddresses(...own), PrefixListId as string, isCdn);
      }
  }
  return {
    certain,
    possible: missing.length === 0 ? certain : ports.map((port) => ({ ...port, sources: EVERYWHERE })),
    missing,
    rests: [],
  };
}

/** TCP and UDP only: an answer to a ping is no surface. */
function portsOf({ IpProtocol, FromPort, ToPort }: PermissionFacts): readonly Omit<Surface, 'sources'>[] {
  const protocols = protocolsOf(IpProtocol);
  const all = FromPort === undefined || FromPort < 0 || IpProtocol === '-1';
  return protocols.map((protocol) => ({
    protocol,
    from: all ? 0 : FromPort,
    to: all ? 65_535 : (ToPort ?? FromPort),
  }));
}

function protocolsOf(protocol: string | undefined): readonly ('tcp' | 'udp')[] {
  switch (protocol?.toLowerCase()) {
    case '-1':
    case 'all':
      return ['tcp', 'udp'];
    case 'tcp':
    case '6':
      return ['tcp'];
    case 'udp':
    case '17':
      return ['udp'];
    default:
      return [];
  }
}

/** Whether a rule of a security group names one of `senders` (any group where null) on a port (any where null) of these protocols. */
export function letsGroupIn(
  estate: AwsEstate,
  groupId: string,
  port: number | null,
  senders: ReadonlySet<string> | null,
  region: string | null,
  protocols: readonly ('tcp' | 'udp')[] = ['tcp', 'udp'],
): boolean {
  const group = estate.find('security-group', groupId, region);
  if (group === undefined) return false;
  return (estate.facts(SECURITY_GROUP, group).IpPermissions ?? []).some((permission) => {
    const named = (permission.UserIdGroupPairs ?? []).some(
      (pair) => pair.GroupId !== undefined && (senders === null || senders.has(pair.GroupId)),
    );
    const all =
      permission.IpProtocol === '-1' || permission.FromPort === undefined || permission.FromPort < 0;
    return (
      named &&
      protocolsOf(permission.IpProtocol).some((each) => protocols.includes(each)) &&
      (port === null ||
        all ||
        ((permission.FromPort ?? 0) <= port && port <= (permission.ToPort ?? permission.FromPort ?? 0)))
    );
  });
}

/** Where clients have their port; an answer must be let out to it. */
const EPHEMERAL_FROM = 1_024;

/** What the network ACL of a subnet lets in whose answer it also lets out: it does not remember connections. */
export function networkAcl(
  estate: AwsEstate,
  subnetId: string,
  vpcId: string | undefined,
  region: string | null,
): Passage {
  return once(estate.derived(aclPassages), `${region} ${subnetId} ${vpcId}`, () =>
    aclOf(estate, subnetId, vpcId, region),
  );
}

const aclsBySubnet = (estate: AwsEstate): ReadonlyMap<string, readonly EstateResource[]> => {
  const acls = new Map<string, EstateResource[]>();
  for (const acl of estate.ofType('network-acl'))
    for (const { SubnetId } of estate.facts(NETWORK_ACL, acl).Associations ?? [])
      if (SubnetId !== undefined) addToList(acls, SubnetId, acl);
  return acls;
};

function aclOf(
  estate: AwsEstate,
  subnetId: string,
  vpcId: string | undefined,
  region: string | null,
): Passage {
  const acl = estate.inRegion(estate.derived(aclsBySubnet).get(subnetId) ?? [], region);
  const facts = acl === undefined ? {} : estate.facts(NETWORK_ACL, acl);
  if (acl === undefined || facts.Entries === undefined) {
    return unsettled(
      everyPort(EVERYWHERE),
      `network ACLs of ${vpcId ?? subnetId}: aws ec2 describe-network-acls`,
    );
  }
  const incoming = allowedBy(facts, acl.name, false, everyPort(EVERYWHERE));
  const ephemeral = everyPort(EVERYWHERE).map((surface) => ({ ...surface, from: EPHEMERAL_FROM }));
  const outgoing = allowedBy(facts, acl.name, true, ephemeral);
  const outbound = outgoing.certain;
  const isReadable = (facts.Entries ?? []).every((entry) => sourcesOfEntry(entry) !== null);
  // A gap may hide in many entries; only the plain case is worth a sentence.
  const isPartial =
    outbound.length > 0 &&
    !outbound.some((surface) => surface.from <= EPHEMERAL_FROM && surface.to === 65_535);
  return {
    certain: answered(incoming.certain, outbound),
    possible: answered(incoming.possible, outgoing.possible),
    missing: isReadable ? [] : [`readable entries of network ACL ${acl.name}: aws ec2 describe-network-acls`],
    rests: [acl],
    via: [acl.name],
    notes: isPartial
      ? [
          `${calledFirst(acl)} lets answers out to some ports of clients only; clients choose among 32768-60999 or 49152-65535.`,
        ]
      : [],
  };
}

/** What comes in and whose answer goes out, protocol by protocol. */
function answered(inbound: readonly Surface[], outbound: readonly Surface[]): readonly Surface[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) =>
    limitSources(
      inbound.filter((surface) => surface.protocol === protocol),
      sourcesOf(outbound.filter((surface) => surface.protocol === protocol)),
    ),
  );
}

/** Null where nobody can read whom an entry is about. */
function sourcesOfEntry({
  CidrBlock,
  Ipv6CidrBlock,
}: NonNullable<NetworkAclFacts['Entries']>[number]): AddressSet | null {
  return parseAddresses(CidrBlock ?? Ipv6CidrBlock ?? '');
}

/** The first entry by number that matches decides; what none matches is denied. */
function allowedBy(
  { Entries = [] }: NetworkAclFacts,
  acl: string,
  egress: boolean,
  asked: readonly Surface[],
): Packets {
  const entries = Entries.filter((entry) => entry.Egress === egress).sort(
    (a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0),
  );
  const rules = entries.flatMap((entry): OrderedRule[] => {
    const sources = sourcesOfEntry(entry);
    const whole = entry.Protocol === '-1' || entry.PortRange?.From === undefined;
    const matched = protocolsOf(entry.Protocol).map(
      (protocol): Surface => ({
        protocol,
        from: whole ? 0 : (entry.PortRange?.From ?? 0),
        to: whole ? 65_535 : (entry.PortRange?.To ?? 65_535),
        sources: sources ?? EVERYWHERE,
        gates: [`${acl} ${egress ? 'egress' : 'ingress'} entry ${entry.RuleNumber}`],
      }),
    );
    return [
      {
        action: entry.RuleAction?.toLowerCase() === 'allow' ? 'allow' : 'deny',
        matches: { certain: sources === null ? [] : matched, possible: matched },
      },
    ];
  });
  return applyRules(rules, { certain: asked, possible: asked }).allowed;
}

const OPTION = 'aws ec2 describe-vpc-block-public-access-options';

/** Whether VPC Block Public Access lets traffic from internet gateways into a subnet. Off where nothing says that it is on. */
export function blockPublicAccess(
  estate: AwsEstate,
  subnetId: string,
  vpcId: string | undefined,
  region: string | null,
): Passage {
  const open = everyPort(EVERYWHERE);
  const option = estate.ofType('vpc-block-public-access').find((each) => estate.regionOf(each) === region);
  const subnet = estate.find('subnet', subnetId, region);
  const vpc = estate.find('vpc', vpcId, region);
  const { InternetGatewayBlockMode, ExclusionsAllowed } =
    option === undefined ? {} : estate.facts(BLOCK_PUBLIC_ACCESS, option);
  if (option === undefined || InternetGatewayBlockMode === undefined) {
    const state =
      (subnet && estate.facts(SUBNET, subnet).BlockPublicAccessStates) ??
      (vpc && estate.facts(VPC, vpc).BlockPublicAccessStates);
    if (state?.InternetGatewayBlockMode?.startsWith('block-') === true) {
      const says = subnet !== undefined && estate.facts(SUBNET, subnet).BlockPublicAccessStates === state;
      // A network does not say which of its subnets are excluded.
      return says
        ? settled([], subnet)
        : unsettled(open, `Block Public Access of ${subnetId}: aws ec2 describe-subnets`);
    }
    // An inventory may be too old to tell; its default is off.
    return state === undefined
      ? { ...settled(open), notes: [`Assumed: VPC Block Public Access is off; ${OPTION} was not supplied.`] }
      : settled(open);
  }
  if (!InternetGatewayBlockMode.startsWith('block-')) return settled(open, option);
  if (ExclusionsAllowed === 'not-allowed') return settled([], option);
  const exclusions = estate
    .ofType('vpc-block-public-access-exclusion')
    .filter((each) => estate.mayBeIn(each, region))
    .map((each) => ({ each, facts: estate.facts(BLOCK_PUBLIC_ACCESS_EXCLUSION, each) }));
  const excluded = exclusions.find(({ facts }) => {
    const arn = facts.ResourceArn ?? '';
    const isOurs = arn.endsWith(`/${subnetId}`) || (vpcId !== undefined && arn.endsWith(`/${vpcId}`));
    return (
      isOurs &&
      facts.InternetGatewayExclusionMode === 'allow-bidirectional' &&
      facts.State?.startsWith('delete') !== true
    );
  });
  if (excluded !== undefined) return settled(open, option, excluded.each);
  if (estate.isListed('vpc-block-public-access-exclusion', region)) return settled([], option);
  return unsettled(
    open,
    'exclusions from VPC Block Public Access: aws ec2 describe-vpc-block-public-access-exclusions',
  );
}
