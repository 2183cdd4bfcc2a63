import {
  type AddressSet,
  coversAddresses,
  intersectAddresses,
  NO_ADDRESSES,
  subtractAddresses,
  unionAddresses,
} from '#base/address-set.ts';
import { WAF_POLICY, type WafPolicyFacts } from '../resource/facts/azure-edge-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import { type Admitted, admitted, pastRules, perhapsAdmitted, type SenderRule } from './azure-admitted.ts';
import type { AzureEstate } from './azure-estate.ts';
import { lastOf } from './azure-network.ts';
import { sendersOf } from './azure-senders.ts';
import { EVERYWHERE } from './passage.ts';
import { noInventoryTells } from './untold.ts';

/** What a firewall policy makes of requests. */
export interface PastPolicy extends Admitted {
  /** It looks at what they ask for as well, and blocks some. */
  readonly filters: boolean;
  readonly policy: EstateResource | undefined;
}

/**
 * Whose requests a firewall policy lets through: by its own rules about addresses while it blocks. What else its rules
 * look at a stranger can avoid (a path, a method), or has to know (a header), which nobody can tell.
 */
export function pastPolicy(
  estate: AzureEstate,
  id: string,
  asked: AddressSet,
  frontDoorId?: string,
): PastPolicy {
  const policy = estate.find(id);
  const isFrontDoors = /\/frontdoorwebapplicationfirewallpolicies\//i.test(id);
  const command = `az network ${isFrontDoors ? 'front-door' : 'application-gateway'} waf-policy list`;
  const facts = policy === undefined ? {} : estate.facts(WAF_POLICY, policy);
  if (policy === undefined || facts.policySettings === undefined)
    return {
      ...perhapsAdmitted(asked, [`firewall policy ${lastOf(id)}: ${command}`]),
      filters: false,
      policy,
    };
  const { state, mode } = facts.policySettings;
  if (isOff(state) || mode?.toLowerCase() === 'detection')
    return { ...admitted(asked), filters: false, policy };
  const missing: string[] = [];
  let filters = (facts.managedRules?.managedRuleSets ?? []).length > 0;
  const rules: SenderRule[] = [];
  const ordered = [...(facts.customRules ?? [])].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  for (const rule of ordered) {
    const action = ACTIONS[rule.action?.toLowerCase() ?? ''];
    if (action === undefined || isOff(rule.state) || /ratelimit/i.test(rule.ruleType ?? '')) continue;
    const held = (rule.conditions ?? []).map((condition) => heldBy(condition, isFrontDoors, frontDoorId));
    if (action === 'deny' && held.some(({ isAvoidable }) => isAvoidable)) {
      filters = true;
      continue;
    }
    const possible = held.reduce((all, { senders }) => intersectAddresses(all, senders), EVERYWHERE);
    const doubts = held.flatMap(({ doubt }) => doubt ?? []);
    if (action === 'allow')
      doubts.push(...held.flatMap(({ isSecret }) => (isSecret ? ['secret' as const] : [])));
    for (const doubt of doubts)
      missing.push(DOUBTS[doubt](`rule ${rule.name} of firewall policy ${policy.name}`, command));
    rules.push({ action, certain: doubts.length === 0 ? possible : NO_ADDRESSES, possible });
  }
  return { ...pastRules(rules, asked, true), missing, filters, policy };
}

const ACTIONS: Readonly<Partial<Record<string, SenderRule['action']>>> = {
  allow: 'allow',
  block: 'deny',
  redirect: 'deny',
};

function isOff(state: string | undefined): boolean {
  return state?.toLowerCase() === 'disabled';
}

type Doubt = 'secret' | 'claimed' | 'unread';

const DOUBTS: Readonly<Record<Doubt, (rule: string, command: string) => string>> = {
  secret: (rule) => noInventoryTells(`what strangers know of the header or text that ${rule} asks for`),
  claimed: (rule) =>
    noInventoryTells(
      `whether strangers know an address that ${rule} lets in, which is what clients say of themselves (RemoteAddr)`,
    ),
  unread: (rule, command) => `readable addresses of ${rule}: ${command}`,
};

/** Whom a condition holds for. */
interface Held {
  readonly senders: AddressSet;
  /** Some stranger can see to it that it does not hold. */
  readonly isAvoidable: boolean;
  /** A stranger has to know something for it to hold. */
  readonly isSecret: boolean;
  /** Why it is not certain for whom it holds. */
  readonly doubt?: Doubt;
}

type Condition = NonNullable<NonNullable<WafPolicyFacts['customRules']>[number]['conditions']>[number];

function heldBy(condition: Condition, isFrontDoors: boolean, frontDoorId: string | undefined): Held {
  const { variables = [], operator = '', values = [] } = condition;
  const isNegated = condition.isNegated === true;
  const sure = (senders: AddressSet): Held => ({
    senders: isNegated ? subtractAddresses(EVERYWHERE, senders) : senders,
    isAvoidable: false,
    isSecret: false,
  });
  if (operator.toLowerCase() === 'any') return sure(EVERYWHERE);
  const names = variables.map(({ name }) => name?.toLowerCase() ?? '');
  if (names.length > 0 && names.every((name) => ADDRESSES.has(name))) {
    // Strangers elsewhere than in a country, and in it.
    if (!/^(?:ipmatch|servicetagmatch)$/i.test(operator))
      return { senders: EVERYWHERE, isAvoidable: true, isSecret: true };
    const sets = values.map((text) => sendersOf(text, NO_ADDRESSES));
    if (sets.includes(null))
      return { senders: EVERYWHERE, isAvoidable: false, isSecret: false, doubt: 'unread' };
    const held = sure(sets.length === 0 ? NO_ADDRESSES : unionAddresses(...(sets as AddressSet[])));
    const isClaimed = isFrontDoors && names.includes('remoteaddr');
    return isClaimed && !coversAddresses(held.senders, EVERYWHERE) ? { ...held, doubt: 'claimed' } : held;
  }
  const isFrontDoorId =
    names.every((name) => name.startsWith('requestheader')) &&
    variables.every(({ selector }) => selector?.toLowerCase() === 'x-azure-fdid');
  if (isFrontDoorId && frontDoorId !== undefined)
    return sure(values.some((value) => value.toLowerCase() === frontDoorId) ? EVERYWHERE : NO_ADDRESSES);
  if (names.every((name) => CHOSEN.has(name)))
    return { senders: EVERYWHERE, isAvoidable: true, isSecret: false };
  return isNegated
    ? { senders: EVERYWHERE, isAvoidable: false, isSecret: false, doubt: 'secret' }
    : { senders: EVERYWHERE, isAvoidable: true, isSecret: true };
}

const ADDRESSES: ReadonlySet<string> = new Set(['remoteaddr', 'socketaddr', 'clientaddr']);

/** What of a request everybody chooses, and nobody keeps secret. */
const CHOSEN: ReadonlySet<string> = new Set(['requesturi', 'requestmethod']);
