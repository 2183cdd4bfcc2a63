import { type AddressSet, NO_ADDRESSES, parseAddresses, unionAddresses } from '#base/address-set.ts';
import type { NetworkAclsFacts, RestrictionFacts } from '../resource/facts/azure-facts.ts';
import type { Audience } from './audience.ts';
import type { AzureEstate } from './azure-estate.ts';
import { audienceOfSenders, SENDERS_V4, SENDERS_V6, sendersOf } from './azure-senders.ts';
import { applyRules, type OrderedRule } from './ordered-rules.ts';
import { type Surface, sourcesOf } from './surface.ts';

/** Everybody who could send to a service of Azure's own, whatever the family of their address. */
const EVERYBODY = unionAddresses(SENDERS_V4, SENDERS_V6);

function everyRequest(sources: AddressSet): readonly Surface[] {
  return [{ protocol: 'tcp', from: 443, to: 443, sources }];
}

/** Who gets past access restrictions, the first match by priority; null where one cannot be read. */
export function sendersPast(
  restrictions: readonly RestrictionFacts[],
  defaultAction: string | undefined,
): AddressSet | null {
  const rules: OrderedRule[] = [];
  for (const each of [...restrictions].sort((a, b) => (a.priority ?? 0) - (b.priority ?? 0))) {
    const prefix = each.ipAddress ?? each.ipAddressRange;
    // A rule for a subnet is for nobody outside of it.
    if (prefix === undefined && each.vnetSubnetResourceId !== undefined) continue;
    const ranges = (prefix ?? '').split(',').map((text) => sendersOf(text, NO_ADDRESSES));
    if (ranges.includes(null)) return null;
    const matched = everyRequest(unionAddresses(...(ranges as AddressSet[])));
    rules.push({
      action: each.action?.toLowerCase() === 'deny' ? 'deny' : 'allow',
      matches: { certain: matched, possible: matched },
    });
  }
  const asked = everyRequest(EVERYBODY);
  const { allowed, passed } = applyRules(rules, { certain: asked, possible: asked });
  // With rules and no word about the rest, the rest is refused.
  const isOpenElse = defaultAction === undefined ? restrictions.length === 0 : defaultAction === 'Allow';
  return sourcesOf([...allowed.certain, ...(isOpenElse ? passed.certain : [])]);
}

/** Who gets past the network rules of a storage account or vault; null where one cannot be read. */
export function audienceOfAcls(
  estate: AzureEstate,
  { defaultAction, ipRules = [] }: NetworkAclsFacts,
): Audience | null {
  if (defaultAction !== 'Deny') return 'internet';
  return audienceOfRanges(
    estate,
    ipRules.map((rule) => rule.value ?? ''),
  );
}

/** Who has an address in one of these ranges; null where one cannot be read. */
export function audienceOfRanges({ corporate }: AzureEstate, texts: readonly string[]): Audience | null {
  const ranges: AddressSet[] = [];
  for (const text of texts) {
    const range = parseAddresses(text.trim());
    if (range === null) return null;
    ranges.push(range);
  }
  return audienceOfSenders(ranges.length === 0 ? NO_ADDRESSES : unionAddresses(...ranges), corporate);
}
