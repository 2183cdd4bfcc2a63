import { addToList } from '#base/list-map.ts';
import { DENY_POLICY, type DenyRuleFacts } from '../resource/facts/gcp-facts.ts';
import type { EstateResource } from '../risk/estate.ts';
import { chainOf, type GcpEstate } from './gcp-estate.ts';

interface Denial {
  readonly rule: DenyRuleFacts;
  readonly resource: EstateResource;
}

/**
 * The deny policy that certainly takes a permission from a member of an IAM binding at a place, whatever is granted
 * there; undefined where none does (attack-paths §2.10: a denial wins over every binding). `at` is the asset or policy that the
 * place is told by, for what lies above it. A rule with a condition, or with an exception that the member may be part of, is not certain.
 */
export function deniedBy(
  estate: GcpEstate,
  { of, at }: { readonly of: string; readonly at: EstateResource },
  member: string,
  permission: string,
): EstateResource | undefined {
  const policies = estate.derived(denialsByPlace);
  if (policies.size === 0) return undefined;
  const names = new Set([of, ...chainOf(estate, at)]);
  for (const name of names)
    for (const { rule, resource } of policies.get(name) ?? [])
      if (denies(rule, member, permission)) return resource;
  return undefined;
}

function denialsByPlace(estate: GcpEstate): ReadonlyMap<string, readonly Denial[]> {
  const found = new Map<string, Denial[]>();
  for (const resource of estate.ofType('gcp-deny-policy')) {
    const { of, rules = [] } = estate.facts(DENY_POLICY, resource);
    if (of !== undefined) for (const rule of rules) addToList(found, of, { rule, resource });
  }
  return found;
}

const EVERYBODY = 'principalset://goog/public:all';

function denies(rule: DenyRuleFacts, member: string, permission: string): boolean {
  const { deniedPrincipals = [], exceptionPrincipals = [], deniedPermissions = [], condition } = rule;
  if (condition !== undefined) return false;
  const own = spelled(permission);
  if (!deniedPermissions.some((each) => covers(each, own))) return false;
  if ((rule.exceptionPermissions ?? []).some((each) => covers(each, own))) return false;
  const principal = principalOf(member);
  const isNamed = deniedPrincipals.some((each) => {
    const text = each.toLowerCase();
    return text === EVERYBODY || (principal !== null && text === principal);
  });
  if (!isNamed) return false;
  return exceptionPrincipals.every((each) => {
    const text = each.toLowerCase();
    if (text === EVERYBODY || text === principal) return false;
    // Somebody without a login is in no group; anybody else may be.
    return principal === null || text.startsWith('principal://');
  });
}

/** `storage.objects.get` as deny policies spell it: `storage.googleapis.com/objects.get`. */
function spelled(permission: string): string {
  const dot = permission.indexOf('.');
  const service = permission.slice(0, dot);
  return `${service === 'resourcemanager' ? 'cloudresourcemanager' : service}.googleapis.com/${permission.slice(dot + 1)}`;
}

/** Whole services and kinds are spelled with a star at the end. */
function covers(pattern: string, permission: string): boolean {
  const star = pattern.indexOf('*');
  return star < 0 ? pattern === permission : permission.startsWith(pattern.slice(0, star));
}

/** A member of a binding as deny policies spell it; null for everybody. */
function principalOf(member: string): string | null {
  if (member === 'allUsers' || member === 'allAuthenticatedUsers') return null;
  const colon = member.indexOf(':');
  const name = member.slice(colon + 1).toLowerCase();
  switch (member.slice(0, colon)) {
    case 'user':
      return `principal://goog/subject/${name}`;
    case 'group':
      return `principalset://goog/group/${name}`;
    case 'serviceAccount':
      return `principal://iam.googleapis.com/projects/-/serviceaccounts/${name}`;
    default:
      return member.toLowerCase();
  }
}
