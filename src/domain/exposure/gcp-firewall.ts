import {
  type AddressSet,
  NO_ADDRESSES,
  parseAddresses,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import {
  FIREWALL,
  FIREWALL_POLICY,
  type FirewallFacts,
  NETWORK,
  type PolicyRuleFacts,
} from '../resource/facts/gcp-facts.ts';
import { assetCall, projectPlace } from '../resource/gcp-call.ts';
import type { EstateResource } from '../risk/estate.ts';
import { INTERNET } from './audience.ts';
import { chainOf, type GcpEstate } from './gcp-estate.ts';
import { applyRules, type OrderedRule, type Packets } from './ordered-rules.ts';
import { EVERYWHERE, type Passage } from './passage.ts';
import { everyPort, intersectSurfaces, limitSources, type Surface } from './surface.ts';
import { noInventoryTells } from './untold.ts';

/** What a rule may be aimed at: an instance by its network, tags and service accounts. */
export interface GcpTarget {
  readonly resource: EstateResource;
  /** Full name of the network. */
  readonly network: string;
  readonly tags: readonly string[];
  readonly accounts: readonly string[];
}

/**
 * What the firewall of Google Cloud lets through to a target: the policies of organisation and folders, then the
 * rules of the network and its own policies in the order that the network sets, then nothing.
 */
export function throughFirewall(estate: GcpEstate, target: GcpTarget): Passage {
  const above = chainOf(estate, target.resource)
    .filter((name) => /\/(?:folders|organizations)\//.test(name))
    .reverse();
  // Machines of one kind are many, and rules tell them apart by these alone.
  const named = estate.derived(namedTargets);
  const about = JSON.stringify([
    target.network,
    target.tags.filter((tag) => named.has(tag)),
    target.accounts.filter((account) => named.has(account)),
    above,
  ]);
  const known = estate.derived(passages);
  const passage = known.get(about) ?? passageOf(estate, target, above);
  known.set(about, passage);
  return passage;
}

const passages = (): Map<string, Passage> => new Map();

/** Tags and service accounts that some rule is for. */
function namedTargets(estate: GcpEstate): ReadonlySet<string> {
  const rules = [
    ...estate.ofType('gcp-firewall').map((each) => estate.facts(FIREWALL, each)),
    ...estate
      .ofType('gcp-firewall-policy')
      .flatMap((each) => estate.facts(FIREWALL_POLICY, each).rules ?? [])
      .map(({ targetServiceAccounts }) => ({ targetServiceAccounts, targetTags: [] })),
  ];
  return new Set(
    rules.flatMap((rule) => [...(rule.targetTags ?? []), ...(rule.targetServiceAccounts ?? [])]),
  );
}

function passageOf(estate: GcpEstate, target: GcpTarget, above: readonly string[]): Passage {
  const everything = everyPort(EVERYWHERE);
  const missing: string[] = [];
  const rests: EstateResource[] = [];
  const allowed = { certain: [] as Surface[], possible: [] as Surface[] };
  let asked: Packets = { certain: everything, possible: everything };
  const pass = (rules: readonly OrderedRule[], resources: readonly EstateResource[]): void => {
    if (rules.length === 0) return;
    const outcome = applyRules(rules, asked);
    allowed.certain.push(...outcome.allowed.certain);
    allowed.possible.push(...outcome.allowed.possible);
    asked = outcome.passed;
    rests.push(...resources);
  };
  for (const place of above)
    for (const policy of policiesOn(estate, (to) => place.endsWith(`/${to}`)))
      pass(policyRules(estate, policy, target, missing), [policy]);
  const network = estate.find(target.network);
  const { networkFirewallPolicyEnforcementOrder: order } =
    network === undefined ? {} : estate.facts(NETWORK, network);
  const own = policiesOn(estate, (to) => estate.spell(to) === target.network);
  const classic = firewallsOf(estate, target.network);
  const rulesOfNetwork = (): void => {
    const rules = classic
      .map((each) => ({ each, facts: estate.facts(FIREWALL, each) }))
      .filter(({ facts }) => facts.disabled !== true && (facts.direction ?? 'INGRESS') === 'INGRESS')
      // The smaller number first, and of equal ones the denial.
      .sort(
        (a, b) =>
          priorityOf(a.facts) - priorityOf(b.facts) || Number(isAllow(a.facts)) - Number(isAllow(b.facts)),
      )
      .filter(({ facts }) => isFor(facts, target));
    pass(
      rules.map(({ facts }) => firewallRule(facts)),
      rules.map(({ each }) => each),
    );
  };
  const policiesOfNetwork = (): void => {
    for (const policy of own) pass(policyRules(estate, policy, target, missing), [policy]);
  };
  if (order === 'BEFORE_CLASSIC_FIREWALL') {
    policiesOfNetwork();
    rulesOfNetwork();
  } else {
    rulesOfNetwork();
    policiesOfNetwork();
  }
  if (classic.length === 0 && own.length === 0) {
    missing.push(
      `firewall rules of network ${lastOf(target.network)}: ${assetCall(projectPlace(projectOf(target.network)), 'resource', 'compute.googleapis.com/Firewall')}`,
    );
    allowed.possible.push(...asked.possible);
  }
  return {
    certain: allowed.certain,
    possible: allowed.possible,
    missing,
    rests: lettingIn(rests, allowed.certain, estate),
  };
}

function priorityOf({ priority }: FirewallFacts): number {
  return priority ?? 1_000;
}

function isAllow({ allowed = [] }: FirewallFacts): boolean {
  return allowed.length > 0;
}

/** The project in the full name of a network. */
function projectOf(network: string): string | null {
  return /\/projects\/([^/]+)\//.exec(network)?.[1] ?? null;
}

/** Rules that are for everything in a network, and those for one of its tags or service accounts. */
function isFor({ targetTags, targetServiceAccounts }: FirewallFacts, { tags, accounts }: GcpTarget): boolean {
  const hasTags = (targetTags ?? []).length > 0;
  const hasAccounts = (targetServiceAccounts ?? []).length > 0;
  if (!hasTags && !hasAccounts) return true;
  return (
    (targetTags ?? []).some((tag) => tags.includes(tag)) ||
    (targetServiceAccounts ?? []).some((account) => accounts.includes(account))
  );
}

/** What one rule of a network matches; tags and service accounts as sources are machines of the network. */
export function firewallRule(facts: FirewallFacts): OrderedRule {
  const { sourceRanges = [], sourceTags = [], sourceServiceAccounts = [] } = facts;
  const isFromAnywhere =
    sourceRanges.length === 0 && sourceTags.length === 0 && sourceServiceAccounts.length === 0;
  const sources = isFromAnywhere ? EVERYWHERE : rangesOf(sourceRanges);
  const action = isAllow(facts) ? 'allow' : 'deny';
  const protocols = action === 'allow' ? facts.allowed : facts.denied;
  const matched = (protocols ?? []).flatMap((each) => portsOf(each.IPProtocol, each.ports, sources));
  return { action, matches: { certain: matched, possible: matched } };
}

function policyRules(
  estate: GcpEstate,
  policy: EstateResource,
  target: GcpTarget,
  missing: string[],
): readonly OrderedRule[] {
  return [...(estate.facts(FIREWALL_POLICY, policy).rules ?? [])]
    .filter((rule) => rule.disabled !== true && (rule.direction ?? 'INGRESS') === 'INGRESS')
    .sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0))
    .flatMap((rule) => policyRule(rule, policy, target, estate, missing) ?? []);
}

function policyRule(
  rule: PolicyRuleFacts,
  policy: EstateResource,
  target: GcpTarget,
  estate: GcpEstate,
  missing: string[],
): OrderedRule | null {
  const { targetResources = [], targetServiceAccounts = [], targetSecureTags = [], match = {} } = rule;
  if (targetResources.length > 0 && !targetResources.some((each) => estate.spell(each) === target.network))
    return null;
  if (
    targetServiceAccounts.length > 0 &&
    !targetServiceAccounts.some((each) => target.accounts.includes(each))
  )
    return null;
  const others = [match.srcRegionCodes, match.srcThreatIntelligences, match.srcFqdns, match.srcAddressGroups];
  const isByName = others.some((each) => (each ?? []).length > 0);
  const ranges = match.srcIpRanges ?? [];
  const isFromAnywhere = ranges.length === 0 && !isByName && (match.srcSecureTags ?? []).length === 0;
  const scope = match.srcNetworkType ?? match.srcNetworkScope;
  const outside = (sources: AddressSet): AddressSet =>
    scope === 'NON_INTERNET' ? subtractAddresses(sources, INTERNET) : sources;
  const sources = outside(isFromAnywhere ? EVERYWHERE : rangesOf(ranges));
  const matched = (from: AddressSet): readonly Surface[] =>
    (match.layer4Configs ?? []).flatMap((each) => portsOf(each.ipProtocol, each.ports, from));
  const action = rule.action === 'goto_next' ? 'next' : rule.action === 'deny' ? 'deny' : 'allow';
  // A profile group inspects what it lets through.
  const isSure = targetSecureTags.length === 0 && (action !== 'allow' || rule.action === 'allow');
  if (!isSure || isByName)
    missing.push(
      noInventoryTells(
        `what rule ${rule.priority ?? '?'} of firewall policy ${nameOf(policy, estate)} matches (tags, names or regions)`,
      ),
    );
  const possible = matched(isByName ? outside(EVERYWHERE) : sources);
  return { action, matches: { certain: isSure ? matched(sources) : [], possible } };
}

function nameOf(policy: EstateResource, estate: GcpEstate): string {
  const { displayName, shortName } = estate.facts(FIREWALL_POLICY, policy);
  return shortName ?? displayName ?? policy.name;
}

function policiesOn(estate: GcpEstate, isAttachedTo: (target: string) => boolean): readonly EstateResource[] {
  return estate
    .ofType('gcp-firewall-policy')
    .filter((policy) =>
      (estate.facts(FIREWALL_POLICY, policy).associations ?? []).some(
        ({ attachmentTarget }) => attachmentTarget !== undefined && isAttachedTo(attachmentTarget),
      ),
    );
}

const firewallsByNetwork = (estate: GcpEstate): ReadonlyMap<string, readonly EstateResource[]> =>
  Map.groupBy(estate.ofType('gcp-firewall'), (each) =>
    estate.spell(estate.facts(FIREWALL, each).network ?? ''),
  );

function firewallsOf(estate: GcpEstate, network: string): readonly EstateResource[] {
  return estate.derived(firewallsByNetwork).get(network) ?? [];
}

/** Of the rules and policies that were asked, those that are rules for something that gets in. */
function lettingIn(
  rests: readonly EstateResource[],
  allowed: readonly Surface[],
  estate: GcpEstate,
): readonly EstateResource[] {
  const fromOutside = limitSources(allowed, INTERNET);
  return rests.filter((each) => {
    if (each.type !== 'gcp-firewall') return true;
    const rule = firewallRule(estate.facts(FIREWALL, each));
    return rule.action === 'allow' && intersectSurfaces(rule.matches.certain, fromOutside).length > 0;
  });
}

function rangesOf(texts: readonly string[]): AddressSet {
  const sets = texts.flatMap((text) => parseAddresses(text) ?? []);
  return sets.length === 0 ? NO_ADDRESSES : unionAddresses(...sets);
}

function portsOf(
  protocol: string | undefined,
  ports: readonly string[] | undefined,
  sources: AddressSet,
): readonly Surface[] {
  const word = protocol?.toLowerCase();
  const protocols = (['tcp', 'udp'] as const).filter(
    (each) => word === 'all' || word === each || word === (each === 'tcp' ? '6' : '17'),
  );
  if (sources.v4.length === 0 && sources.v6.length === 0) return [];
  const ranges = ports === undefined || ports.length === 0 ? ['0-65535'] : ports;
  return ranges.flatMap((text) => {
    const [, from, to] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text.trim()) ?? [];
    if (from === undefined) return [];
    return protocols.map(
      (each): Surface => ({ protocol: each, from: Number(from), to: Number(to ?? from), sources }),
    );
  });
}

export function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}
