import {
  type AddressSet,
  hasAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import {
  BLOCK_PUBLIC_ACCESS,
  BLOCK_PUBLIC_ACCESS_EXCLUSION,
  NETWORK_ACL,
  type NetworkAclFacts,
  type PermissionFacts,
  PREFIX_LIST,
  PREFIX_LIST_ENTRY,
  ROUTE_TABLE,
  SECURITY_GROUP,
  SUBNET,
  VPC,
} from '../resource/facts/aws-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import { applyRules, type OrderedRule } from './ordered-rules.ts';
import { EVERYWHERE, type Passage, settled, throughEither, unsettled } from './passage.ts';
import { everyPort, limitSources, type Surface, sourcesOf } from './surface.ts';

/** AWS keeps CloudFront's addresses in a list of this name; who comes from there came through CloudFront. */
const CLOUDFRONT = 'cloudfront.origin-facing';

/** Answers that are asked for again and again, by what they are about. */
const groupPassages = (): Map<string, Passage> => new Map();
const routePassages = (): Map<string, Passage> => new Map();
const aclPassages = (): Map<string, Passage> => new Map();

function once(known: Map<string, Passage>, about: string, make: () => Passage): Passage {
  const passage = known.get(about) ?? make();
  known.set(about, passage);
  return passage;
}

/** What security groups let in, all of them together; they answer by themselves, so only ingress counts. */
export function securityGroups(estate: AwsEstate, ids: readonly string[], region: string | null): Passage {
  const known = estate.derived(groupPassages);
  return throughEither(
    ids.map((id) => once(known, `${region} ${id}`, () => securityGroup(estate, id, region))),
  );
}

function securityGroup(estate: AwsEstate, id: string, region: string | null): Passage {
  const group = estate.find('security-group', id, region);
  const permissions = group === undefined ? undefined : estate.facts(SECURITY_GROUP, group).IpPermissions;
  if (group === undefined || permissions === undefined)
    return unsettled(everyPort(EVERYWHERE), `security group ${id}: aws ec2 describe-security-groups`);
  return {
    ...throughEither(permissions.map((permission) => permissionPassage(estate, permission, id, region))),
    rests: [group],
  };
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
  const sources: AddressSet[] = [];
  for (const text of [
    ...(permission.IpRanges ?? []).map((range) => range.CidrIp),
    ...(permission.Ipv6Ranges ?? []).map((range) => range.CidrIpv6),
  ]) {
    const range = text === undefined ? null : parseAddresses(text);
    if (range === null)
      missing.push(`a readable source in security group ${group} (found ${String(text).slice(0, 60)})`);
    else sources.push(range);
  }
  for (const { PrefixListId } of permission.PrefixListIds ?? []) {
    const resolved = PrefixListId === undefined ? null : prefixList(estate, PrefixListId, region);
    if (resolved === null)
      missing.push(`the entries of prefix list ${PrefixListId}: aws ec2 get-managed-prefix-list-entries`);
    else sources.push(resolved);
  }
  const certain = withSources(ports, sources.length === 0 ? NO_ADDRESSES : unionAddresses(...sources));
  return {
    certain,
    possible: missing.length === 0 ? certain : withSources(ports, EVERYWHERE),
    missing,
    rests: [],
  };
}

function withSources(ports: readonly Omit<Surface, 'sources'>[], sources: AddressSet): readonly Surface[] {
  return hasAddresses(sources) ? ports.map((port) => ({ ...port, sources })) : [];
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

/** The addresses of a prefix list; none for CloudFront's, through which nobody comes directly; null when not known. */
function prefixList(estate: AwsEstate, id: string, region: string | null): AddressSet | null {
  const list = estate.find('prefix-list', id, region);
  const facts = list === undefined ? {} : estate.facts(PREFIX_LIST, list);
  if (facts.PrefixListName?.endsWith(CLOUDFRONT) === true) return NO_ADDRESSES;
  const entries = estate
    .ofType('prefix-list-entry')
    .map((entry) => estate.facts(PREFIX_LIST_ENTRY, entry))
    .filter((entry) => entry.PrefixListId === id)
    .flatMap((entry) => entry.Cidr ?? []);
  const cidrs = [...(facts.Cidrs ?? []), ...entries].map(parseAddresses);
  if (cidrs.length === 0 || cidrs.includes(null)) return null;
  return unionAddresses(...(cidrs as AddressSet[]));
}

/** Whether a rule of a security group names one of `senders` (any group where null) on a port (any where null). */
export function letsGroupIn(
  estate: AwsEstate,
  groupId: string,
  port: number | null,
  senders: readonly string[] | null,
  region: string | null,
): boolean {
  const group = estate.find('security-group', groupId, region);
  if (group === undefined) return false;
  return (estate.facts(SECURITY_GROUP, group).IpPermissions ?? []).some((permission) => {
    const named = (permission.UserIdGroupPairs ?? []).some(
      (pair) => pair.GroupId !== undefined && (senders === null || senders.includes(pair.GroupId)),
    );
    const all =
      permission.IpProtocol === '-1' || permission.FromPort === undefined || permission.FromPort < 0;
    return (
      named &&
      (port === null ||
        all ||
        ((permission.FromPort ?? 0) <= port && port <= (permission.ToPort ?? permission.FromPort ?? 0)))
    );
  });
}

/** Sources whose packets find a way to a subnet and back through an internet gateway. */
export function internetRoute(
  estate: AwsEstate,
  subnetId: string,
  vpcId: string | undefined,
  region: string | null,
): Passage {
  return once(estate.derived(routePassages), `${region} ${subnetId} ${vpcId}`, () =>
    routeOf(estate, subnetId, vpcId, region),
  );
}

function routeOf(
  estate: AwsEstate,
  subnetId: string,
  vpcId: string | undefined,
  region: string | null,
): Passage {
  const table = routeTableOf(estate, subnetId, vpcId, region);
  if (table === undefined)
    return unsettled(
      everyPort(EVERYWHERE),
      `route tables of ${vpcId ?? subnetId}: aws ec2 describe-route-tables`,
    );
  const missing: string[] = [];
  const open: AddressSet[] = [];
  const routes = (estate.facts(ROUTE_TABLE, table).Routes ?? []).flatMap((route) => {
    const isOpen = route.GatewayId?.startsWith('igw-') === true && route.State !== 'blackhole';
    const cidr = route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock;
    if (cidr === undefined && isOpen && route.DestinationPrefixListId !== undefined) {
      const list = prefixList(estate, route.DestinationPrefixListId, region);
      if (list === null)
        missing.push(
          `the entries of prefix list ${route.DestinationPrefixListId}: aws ec2 get-managed-prefix-list-entries`,
        );
      else open.push(list);
    }
    const destination = parseAddresses(cidr ?? '');
    return cidr === undefined || destination === null
      ? []
      : [{ isOpen, destination, length: prefixLength(cidr) }];
  });
  let undecided: AddressSet = EVERYWHERE;
  for (const { isOpen, destination } of routes.sort((a, b) => b.length - a.length)) {
    if (isOpen) open.push(intersectAddresses(undecided, destination));
    undecided = subtractAddresses(undecided, destination);
  }
  const certain = withSources(
    everyPort(NO_ADDRESSES),
    open.length === 0 ? NO_ADDRESSES : unionAddresses(...open),
  );
  return {
    certain,
    possible: missing.length === 0 ? certain : everyPort(EVERYWHERE),
    missing,
    rests: [table],
  };
}

/** The table that holds the subnet, else its VPC's main one. */
function routeTableOf(
  estate: AwsEstate,
  subnetId: string,
  vpcId: string | undefined,
  region: string | null,
): EstateResource | undefined {
  const tables = estate.ofType('route-table');
  const explicit = tables.find(
    (table) =>
      estate
        .facts(ROUTE_TABLE, table)
        .Associations?.some((association) => association.SubnetId === subnetId) === true,
  );
  // Without the whole list, a table that is not there could hold the subnet instead of the main one.
  if (explicit !== undefined || vpcId === undefined || !estate.isListed('route-table', region))
    return explicit;
  return tables.find((table) => {
    const { VpcId, Associations = [] } = estate.facts(ROUTE_TABLE, table);
    return VpcId === vpcId && Associations.some((association) => association.Main === true);
  });
}

function prefixLength(cidr: string): number {
  return Number(cidr.slice(cidr.indexOf('/') + 1));
}

/** Where clients have their port; an answer must be let out to it. */
const EPHEMERAL_FROM = 1_024;

/** What the network ACL of a subnet lets in whose answer it also lets out: it does not remember connections. */
export function networkAcl(estate: AwsEstate, subnetId: string, vpcId: string | undefined): Passage {
  return once(estate.derived(aclPassages), `${subnetId} ${vpcId}`, () => aclOf(estate, subnetId, vpcId));
}

function aclOf(estate: AwsEstate, subnetId: string, vpcId: string | undefined): Passage {
  const acls = estate.ofType('network-acl').map((acl) => ({ acl, facts: estate.facts(NETWORK_ACL, acl) }));
  const found = acls.find(
    ({ facts }) => facts.Associations?.some((association) => association.SubnetId === subnetId) === true,
  );
  if (found === undefined || found.facts.Entries === undefined) {
    return unsettled(
      everyPort(EVERYWHERE),
      `network ACLs of ${vpcId ?? subnetId}: aws ec2 describe-network-acls`,
    );
  }
  const inbound = allowedBy(found.facts, false, everyPort(EVERYWHERE));
  const outbound = allowedBy(
    found.facts,
    true,
    everyPort(EVERYWHERE).map((surface) => ({ ...surface, from: EPHEMERAL_FROM })),
  );
  const answered = (['tcp', 'udp'] as const).flatMap((protocol) =>
    limitSources(
      inbound.filter((surface) => surface.protocol === protocol),
      sourcesOf(outbound.filter((surface) => surface.protocol === protocol)),
    ),
  );
  return settled(answered, found.acl);
}

/** The first entry by number that matches decides; what none matches is denied. */
function allowedBy(
  { Entries = [] }: NetworkAclFacts,
  egress: boolean,
  asked: readonly Surface[],
): readonly Surface[] {
  const entries = Entries.filter((entry) => entry.Egress === egress).sort(
    (a, b) => (a.RuleNumber ?? 0) - (b.RuleNumber ?? 0),
  );
  const rules = entries.flatMap((entry): OrderedRule[] => {
    const sources = parseAddresses(entry.CidrBlock ?? entry.Ipv6CidrBlock ?? '');
    if (sources === null) return [];
    const whole = entry.Protocol === '-1' || entry.PortRange?.From === undefined;
    const matched = protocolsOf(entry.Protocol).map(
      (protocol): Surface => ({
        protocol,
        from: whole ? 0 : (entry.PortRange?.From ?? 0),
        to: whole ? 65_535 : (entry.PortRange?.To ?? 65_535),
        sources,
      }),
    );
    return [
      {
        action: entry.RuleAction?.toLowerCase() === 'allow' ? 'allow' : 'deny',
        matches: { certain: matched, possible: matched },
      },
    ];
  });
  return applyRules(rules, { certain: asked, possible: asked }).allowed.certain;
}

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
    const blocked = state?.InternetGatewayBlockMode?.startsWith('block-') === true;
    return blocked ? settled([], (subnet ?? vpc) as EstateResource) : settled(open);
  }
  if (!InternetGatewayBlockMode.startsWith('block-')) return settled(open, option);
  if (ExclusionsAllowed === 'not-allowed') return settled([], option);
  const exclusions = estate
    .ofType('vpc-block-public-access-exclusion')
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
