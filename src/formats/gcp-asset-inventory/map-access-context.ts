import {
  asObject,
  asObjects,
  asText,
  asTexts,
  at,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { DENY_POLICY, GCP_ROLE, MEMBERSHIP } from '#domain/resource/facts/gcp-facts.ts';
import { percentDecoded } from '../reading/percent-text.ts';

const MAX = 2_048;

/**
 * A perimeter or an access level, with its members as the API spells them; exports of access policies spell them as
 * protocol buffers do.
 */
export function accessContextData(asset: JsonObject): JsonObject | undefined {
  const raw = asObject(asset['servicePerimeter']) ?? asObject(asset['service_perimeter']);
  if (raw !== undefined) return camelCase(raw, 0) as JsonObject;
  const level = asObject(asset['accessLevel']) ?? asObject(asset['access_level']);
  return level === undefined ? undefined : levelData(camelCase(level, 0) as JsonObject);
}

/** What a condition asks of a device, of other levels, of regions or of a network is told as one fact. */
function levelData(level: JsonObject): JsonObject {
  const basic = asObject(level['basic']);
  if (basic === undefined) return level;
  const conditions = asObjects(basic['conditions']).map((condition) => ({
    ...condition,
    asksMore: Object.keys(condition).some((member) => !ASKED.has(member)),
  }));
  return { ...level, basic: { ...basic, conditions } };
}

const ASKED = new Set(['ipSubnetworks', 'members', 'negate']);

function camelCase(value: JsonValue | undefined, depth: number): JsonValue {
  if (depth > 12) return null;
  if (Array.isArray(value)) return value.map((each) => camelCase(each, depth + 1));
  const object = asObject(value);
  if (object === undefined) return value ?? null;
  return Object.fromEntries(
    Object.entries(object).map(([key, member]) => [
      key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camelCase(member, depth + 1),
    ]),
  );
}

/** Whether an object is a deny policy of IAM, as `gcloud iam policies get` prints it. */
export function isDenyPolicy(object: JsonObject | undefined): boolean {
  return (
    asText(object?.['kind']) === 'DenyPolicy' && asText(object?.['name'])?.startsWith('policies/') === true
  );
}

/** A deny policy, by the place to which it is attached; null for anything else, and without its rules. */
export function mapDenyPolicy(object: JsonObject): readonly Observation[] | null {
  const name = asText(object['name']) ?? '';
  const place = /^policies\/([^/]{1,500})\/denypolicies\/[^/]+$/.exec(name)?.[1];
  if (!isDenyPolicy(object) || place === undefined || name.length > MAX) return null;
  const of = `//${place.replaceAll(/%2f/gi, '/')}`;
  const project = /\/projects\/([^/]+)$/.exec(of)?.[1];
  const rules = asObjects(object['rules']).map((rule): JsonObject => {
    const denied = asObject(rule['denyRule']) ?? {};
    const expression = asText(at(denied, 'denialCondition', 'expression'));
    return {
      deniedPrincipals: [...asTexts(denied['deniedPrincipals'])],
      exceptionPrincipals: [...asTexts(denied['exceptionPrincipals'])],
      deniedPermissions: [...asTexts(denied['deniedPermissions'])],
      exceptionPermissions: [...asTexts(denied['exceptionPermissions'])],
      ...(expression === undefined ? {} : { condition: expression }),
    };
  });
  const shown = asText(object['displayName']) ?? name.slice(name.lastIndexOf('/') + 1);
  const id = `//iam.googleapis.com/${name}`;
  return [
    {
      kind: 'resource',
      resource: {
        kind: 'cloud',
        provider: 'gcp',
        id,
        type: 'gcp-deny-policy',
        name: shown,
        ...(project === undefined ? {} : { account: project }),
      },
      type: 'gcp-deny-policy',
      name: shown,
      account: project,
      facts: trimFacts(DENY_POLICY, { id, of, rules }),
    },
  ];
}

/** Whether an object is a role of IAM, as `gcloud iam roles describe` prints it. */
export function isRole(object: JsonObject | undefined): boolean {
  return (
    /^(?:(?:projects|organizations)\/[^/]+\/)?roles\/[^/]+$/.test(asText(object?.['name']) ?? '') &&
    Array.isArray(object?.['includedPermissions'])
  );
}

/** A role, by the name by which bindings call it; null for anything else. */
export function mapRole(object: JsonObject): readonly Observation[] | null {
  const name = asText(object['name']) ?? '';
  if (!isRole(object) || name.length > MAX) return null;
  const id = `//iam.googleapis.com/${name}`;
  const project = /^projects\/([^/]+)\//.exec(name)?.[1];
  const shown = asText(object['title']) ?? name;
  return [
    {
      kind: 'resource',
      resource: {
        kind: 'cloud',
        provider: 'gcp',
        id,
        type: 'gcp-role',
        name: shown,
        ...(project === undefined ? {} : { account: project }),
      },
      type: 'gcp-role',
      name: shown,
      account: project,
      facts: trimFacts(GCP_ROLE, { ...object, id }),
    },
  ];
}

/** Whether an object is a membership of a Google group. */
export function isMembership(object: JsonObject | undefined): boolean {
  return (
    /^groups\/[^/]+\/memberships\//.test(asText(object?.['name']) ?? '') && memberOf(object) !== undefined
  );
}

/**
 * `gcloud iap web get-iam-policy` does not say what its answer is about; the file is called after that, as IAM spells it and with
 * slashes percent-encoded: `iap-web-get-iam-policy-projects%2Fshop%2Fiap_web%2Fcompute%2Fservices%2Fweb.json`.
 */
export function proxyPlaceOfFile(fileName: string): string | undefined {
  const [, encoded = ''] =
    /(?:^|[/\\!_-])iap-web-get-iam-policy-([^/\\!]{1,600}?)(?:\.json|\.gz)*$/i.exec(fileName) ?? [];
  const place = percentDecoded(encoded);
  return PROXY_PLACE.test(place) ? place : undefined;
}

const PROXY_PLACE =
  /^(?:(?:organizations|folders)\/\d+\/iap_web|projects\/[^/]+\/iap_web(?:\/(?:compute|cloud_run|appengine)(?:-[^/]+)?(?:\/services\/[^/]+)?)?)$/;

/** Whether an object is a policy of IAM alone; one that binds nobody holds an etag. */
export function isPolicyAlone(object: JsonObject | undefined): object is JsonObject {
  if (object === undefined) return false;
  return (
    asText(object['etag']) !== undefined &&
    (object['bindings'] === undefined || Array.isArray(object['bindings'])) &&
    Object.keys(object).every((member) => POLICY_MEMBERS.has(member))
  );
}

const POLICY_MEMBERS = new Set(['bindings', 'etag', 'version', 'auditConfigs']);

/** `gcloud identity groups memberships list` names its group nowhere; the file may be called after its address. */
export function groupOfFile(fileName: string): string | undefined {
  return /memberships-([^\s/\\!]{1,200}@[^\s/\\!]{1,200}?)(?:\.json|\.gz)*$/i
    .exec(fileName)?.[1]
    ?.toLowerCase();
}

/** A member of the group that the file is called after; null for anything else. */
export function mapMembership(object: JsonObject, group: string | undefined): readonly Observation[] | null {
  const name = memberOf(object);
  if (!isMembership(object) || name === undefined) return null;
  if (group === undefined) return [];
  const kind = name.endsWith('.gserviceaccount.com')
    ? 'serviceAccount'
    : asText(object['type'])?.toUpperCase() === 'GROUP'
      ? 'group'
      : 'user';
  const member = `${kind}:${name}`;
  const id = `group:${group}/member/${member}`;
  const shown = `${name} in ${group}`;
  return [
    {
      kind: 'resource',
      resource: { kind: 'cloud', provider: 'gcp', id, type: 'gcp-membership', name: shown },
      type: 'gcp-membership',
      name: shown,
      // Its place among all memberships, which lie in no project: the list of a group tells who left it.
      region: group,
      facts: trimFacts(MEMBERSHIP, { id, group: `group:${group}`, member }),
    },
  ];
}

function memberOf(object: JsonObject | undefined): string | undefined {
  const name = asText(at(object, 'preferredMemberKey', 'id')) ?? asText(at(object, 'memberKey', 'id'));
  return name === undefined || name.length > 300 ? undefined : name.toLowerCase();
}
