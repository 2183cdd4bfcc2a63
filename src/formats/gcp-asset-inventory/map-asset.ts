import {
  asObject,
  asObjects,
  asText,
  asTexts,
  at,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';
import type { Observation, ResourceObservation } from '#domain/finding/observation.ts';
import { type FactFields, trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { IAM_POLICY, MEMBER, ORG_POLICY } from '#domain/resource/facts/gcp-facts.ts';
import { googleProject, projectFullName } from '#domain/resource/google-project.ts';
import { imageNamed } from '../reading/image-named.ts';
import { gcpKind } from './gcp-kinds.ts';
import { accessContextData } from './map-access-context.ts';
import { respellGcpData } from './respell-gcp-data.ts';

const NAME_MAX = 2_048;

/** One asset: the resource, its IAM policy, its organisation policies, whichever were exported. Null where it has no name. */
export function mapAsset(asset: JsonObject): readonly Observation[] | null {
  const told = asText(asset['name']) ?? asText(asset['resource']);
  const assetType = asText(asset['assetType']) ?? asText(asset['asset_type']);
  if (told === undefined || assetType === undefined || !told.startsWith('//') || told.length > NAME_MAX)
    return null;
  const { type, shape } = gcpKind(assetType);
  const holder = asObject(asset['resource']);
  const data = accessContextData(asset) ?? asObject(holder?.['data']);
  const project = googleProject({ type, facts: respellGcpData(type, data ?? {}) });
  // Asset inventories name projects by number; where one stands under its id it is the same one.
  const name = project === null ? told : projectFullName(project.number);
  const ancestors = ancestorsOf(asset, holder, data);
  const account = project?.id ?? projectOf(name, ancestors);
  const place = { name, account, ancestors };
  const observations: Observation[] = [];
  const listed = asObject(asset['iamPolicy']) ?? asObject(asset['iam_policy']);
  const policy = listed ?? asObject(asset['policy']);
  const constraints = [...asObjects(asset['orgPolicy']), ...asObjects(asset['org_policy'])];
  if (data !== undefined || (policy === undefined && constraints.length === 0))
    observations.push(
      ...describedWithImages(resourceOf(asset, { ...place, type, shape, holder, data }), data),
    );
  if (policy !== undefined)
    observations.push(...policyOf(policy, place, listed === undefined ? { bySearch: true } : {}));
  for (const constraint of constraints) observations.push(...orgPolicyOf(constraint, place));
  if (assetType === 'orgpolicy.googleapis.com/Policy' && data !== undefined)
    observations.push(...orgPolicyOf(data, { ...place, name: holderOf(name) }));
  return observations;
}

/** A service of Cloud Run runs the images of its containers (attack-paths §1.3, `image-of`), in both versions of its API. */
function describedWithImages(
  service: ResourceObservation,
  data: JsonObject | undefined,
): readonly Observation[] {
  if (service.type !== 'gcp-run-service') return [service];
  const containers = [
    ...asObjects(at(data, 'template', 'containers')),
    ...asObjects(at(data, 'spec', 'template', 'spec', 'containers')),
  ];
  const named = new Set(containers.flatMap((each) => asText(each['image']) ?? []));
  return [
    service,
    ...[...named].map(
      (image): Observation => ({
        kind: 'relation',
        relation: 'runs-image',
        from: service.resource,
        to: imageNamed(image, undefined),
      }),
    ),
  ];
}

interface Place {
  readonly name: string;
  readonly account: string | undefined;
  readonly ancestors: readonly string[];
}

/** How sure an address is to mean one thing (attack-paths §1.1). */
const ADDRESS = 0.6;

function resourceOf(
  asset: JsonObject,
  {
    name,
    account,
    ancestors,
    type,
    shape,
    holder,
    data,
  }: Place & {
    readonly type: string;
    readonly shape: FactFields;
    readonly holder: JsonObject | undefined;
    readonly data: JsonObject | undefined;
  },
): ResourceObservation {
  const region = regionOf(
    asText(holder?.['location']) ??
      asText(asset['location']) ??
      asText(data?.['location']) ??
      asText(data?.['zone']) ??
      asText(data?.['region']),
  );
  const labels =
    asObject(data?.['labels']) ??
    asObject(asset['labels']) ??
    asObject(at(data, 'metadata', 'labels')) ??
    asObject(data?.['resourceLabels']) ??
    asObject(at(data, 'settings', 'userLabels'));
  const shown =
    (type === 'gcp-service-account' ? asText(data?.['email']) : undefined) ??
    (type === 'gcp-project' ? asText(data?.['name']) : undefined) ??
    asText(data?.['displayName']) ??
    (type === 'gcp-perimeter' || type === 'gcp-access-level' ? asText(data?.['title']) : undefined) ??
    asText(asset['displayName']) ??
    name.slice(name.lastIndexOf('/') + 1);
  const facts =
    data === undefined
      ? {}
      : trimFacts(shape, { ...respellGcpData(type, data), id: name, ancestors: [...ancestors] });
  const aliases = data === undefined ? [] : aliasesOf(type, name, data);
  return {
    kind: 'resource',
    resource: cloud(name, type, shown, account, region),
    type,
    name: shown,
    account,
    region,
    ...(labels === undefined && data === undefined ? {} : { tags: textsOf(labels) }),
    facts,
    ...(aliases.length === 0 ? {} : { aliases }),
  };
}

/** Other names of an asset: a service account by its unique id and its email, a machine by its number and its addresses. */
function aliasesOf(
  type: string,
  name: string,
  data: JsonObject,
): readonly { readonly text: string; readonly confidence: number }[] {
  switch (type) {
    case 'gcp-service-account': {
      const accounts = name.slice(0, name.lastIndexOf('/') + 1);
      const names = [asText(data['email']), asText(data['uniqueId'])].flatMap((each) => each ?? []);
      return [...names, ...names.map((each) => `${accounts}${each}`).filter((each) => each !== name)].map(
        (text) => ({ text, confidence: 1 }),
      );
    }
    case 'gcp-project': {
      const project = googleProject({ type, facts: respellGcpData(type, data) });
      return project === null ? [] : [{ text: projectFullName(project.id), confidence: 1 }];
    }
    case 'gcp-forwarding-rule':
      return [asText(data['IPAddress'])].flatMap((text) => text ?? []).map(byAddress);
    case 'gcp-instance': {
      const interfaces = asObjects(data['networkInterfaces']);
      const addresses = interfaces.flatMap((each) => [
        asText(each['networkIP']),
        asText(each['ipv6Address']),
        ...asObjects(each['accessConfigs']).map((access) => asText(access['natIP'])),
        ...asObjects(each['ipv6AccessConfigs']).map((access) => asText(access['externalIpv6'])),
      ]);
      const number = asText(data['id']);
      return [
        ...(number === undefined ? [] : [{ text: number, confidence: 1 }]),
        ...[...new Set(addresses.flatMap((text) => text ?? []))].map(byAddress),
      ];
    }
    default:
      return [];
  }
}

function byAddress(text: string): { readonly text: string; readonly confidence: number } {
  return { text, confidence: ADDRESS };
}

/** The answer about one place of Identity-Aware Proxy: `projects/shop/iap_web/compute/services/web`. */
export function proxyPolicyOf(policy: JsonObject, place: string): readonly Observation[] {
  const name = `//iap.googleapis.com/${place}`;
  return policyOf(policy, { name, account: projectOf(name, []), ancestors: [] }, { isAlone: true });
}

function policyOf(
  policy: JsonObject,
  { name, account, ancestors }: Place,
  told: JsonObject,
): readonly ResourceObservation[] {
  const bindings = asObjects(policy['bindings']);
  const members = new Set(bindings.flatMap((binding) => asTexts(binding['members'])));
  return [
    part(name, 'iam-policy', 'gcp-iam-policy', account, {
      ...trimFacts(IAM_POLICY, {
        of: name,
        ancestors: [...ancestors],
        bindings: [...bindings],
        ...told,
      }),
    }),
    ...[...members].flatMap((member) => principal(member) ?? []),
  ];
}

/** People, groups and workloads of clusters exist in policies alone; service accounts are assets of their own. */
function principal(member: string): ResourceObservation | undefined {
  const [, prefix = '', name = ''] = /^(user|group|serviceAccount):(.+)$/.exec(member) ?? [];
  const isWorkload = prefix === 'serviceAccount' && /\.svc\.id\.goog\[/.test(name);
  if (member.length > 300 || (prefix === 'serviceAccount' && !isWorkload) || prefix === '') return undefined;
  const type = isWorkload ? 'gcp-workload-identity' : prefix === 'user' ? 'gcp-user' : 'gcp-group';
  const id = isWorkload ? member : member.toLowerCase();
  return {
    kind: 'resource',
    resource: cloud(id, type, name, undefined, undefined),
    type,
    name,
    facts: trimFacts(MEMBER, { id, member: id }),
  };
}

/** `//orgpolicy.googleapis.com/projects/1/policies/x` is a policy of the project. */
function holderOf(policy: string): string {
  return policy.replace(/\/policies\/[^/]*$/, '').replace(/^\/\/orgpolicy\./, '//cloudresourcemanager.');
}

/** A constraint in the first form (`list_policy`, `boolean_policy`) or the second (`spec.rules`). */
function orgPolicyOf(policy: JsonObject, { name, account }: Place): readonly ResourceObservation[] {
  const spec = asObject(policy['spec']);
  const rules = asObjects(spec?.['rules']);
  const told = asText(policy['constraint']) ?? asText(policy['name'])?.replace(/^.*\/policies\//, '');
  if (told === undefined) return [];
  const constraint = told.replace(/^constraints\//, '');
  const list = asObject(policy['listPolicy']) ?? asObject(policy['list_policy']);
  const boolean = asObject(policy['booleanPolicy']) ?? asObject(policy['boolean_policy']);
  const allowed = [
    ...asTexts(list?.['allowedValues'] ?? list?.['allowed_values']),
    ...rules.flatMap((rule) => asTexts(at(rule, 'values', 'allowedValues'))),
  ];
  const facts: Record<string, JsonValue> = {
    of: name,
    constraint,
    // A rule with a condition does not hold for everything below.
    enforced:
      boolean?.['enforced'] === true ||
      rules.some((rule) => rule['enforce'] === true && rule['condition'] === undefined),
  };
  if (allowed.length > 0) facts['allowedValues'] = allowed;
  return [part(name, `org-policy/${constraint}`, 'gcp-org-policy', account, trimFacts(ORG_POLICY, facts))];
}

function part(
  of: string,
  what: string,
  type: string,
  account: string | undefined,
  facts: JsonObject,
): ResourceObservation {
  const name = `${what} of ${of.slice(of.lastIndexOf('/') + 1)}`;
  return {
    kind: 'resource',
    resource: cloud(`${of}#${what}`, type, name, account, undefined),
    type,
    name,
    account,
    facts,
  };
}

function cloud(
  id: string,
  type: string,
  name: string,
  account: string | undefined,
  region: string | undefined,
): ResourceObservation['resource'] {
  return {
    kind: 'cloud',
    provider: 'gcp',
    id,
    type,
    name,
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
}

/** The chain above an asset, itself included where it is a project, folder or organisation. */
function ancestorsOf(
  asset: JsonObject,
  holder: JsonObject | undefined,
  data: JsonObject | undefined,
): readonly string[] {
  const told = asTexts(asset['ancestors']);
  if (told.length > 0) return told;
  const project = asText(asset['project']);
  if (project !== undefined)
    return [project, ...asTexts(asset['folders']), ...asTexts(asset['organization'])];
  const parent = asText(holder?.['parent'])?.replace(/^\/\/cloudresourcemanager\.googleapis\.com\//, '');
  if (parent !== undefined) return [parent];
  const own = asObject(data?.['parent']);
  const type = asText(own?.['type']);
  return type === undefined ? [] : [`${type}s/${asText(own?.['id']) ?? ''}`];
}

/** The project's id where the name spells it, else its number where the chain tells it. */
function projectOf(name: string, ancestors: readonly string[]): string | undefined {
  if (/^\/\/cloudresourcemanager\.googleapis\.com\/(?:folders|organizations)\//.test(name)) return undefined;
  return (
    /\/projects\/([^/]+)/.exec(name)?.[1] ??
    ancestors.map((each) => /^projects\/(.+)$/.exec(each)?.[1]).find((each) => each !== undefined)
  );
}

function regionOf(location: string | undefined): string | undefined {
  const last = location?.slice(location.lastIndexOf('/') + 1).toLowerCase();
  return last === undefined || last === '' || last === 'global'
    ? undefined
    : last.replace(/^([a-z]+-[a-z]+\d+)-[a-z]$/, '$1');
}

function textsOf(labels: JsonObject | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(labels ?? {}).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])),
  );
}
