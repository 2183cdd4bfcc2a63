import { asText, asTexts } from '#base/json-value.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { Surrounding } from './environment.ts';

/** Tags by which AWS itself says what made an instance, with the type and the word for it. */
const MAKERS = [
  { tag: 'aws:autoscaling:groupName', type: 'auto-scaling-group', what: 'scaling group' },
  { tag: 'eks:nodegroup-name', type: 'eks-nodegroup', what: 'node group' },
  { tag: 'aws:cloudformation:stack-name', type: 'cloudformation-stack', what: 'stack' },
] as const;

/** Types of what a resource can be in or was made from. */
export const SURROUNDING_TYPES: readonly string[] = [
  ...MAKERS.map(({ type }) => type),
  'launch-template-version',
  'namespace',
  'vpc',
  'account-alias',
  'azure-resource-group',
  'azure-storage-account',
  'azure-sql-server',
  'azure-postgresql-server',
  'azure-mysql-server',
  'azure-mariadb-server',
  'azure-subscription',
  'gcp-project',
  'gcp-folder',
];

/** Types that say how the accounts of an organisation of AWS are called, and in which units they stand; they hold for all its accounts. */
export const ORGANISATION_NAME_TYPES: readonly string[] = [
  'organization-name',
  'organization-tags',
  'organization-parent',
];

const UNITS_MAX = 8;

/** What the resources of one estate are in or were made from (attack-paths §7.1), looked up by the names that descriptions use. */
export class Surroundings {
  readonly #byTypeAndName = new Map<string, EstateResource>();
  readonly #byKey = new Map<string, EstateResource>();
  readonly #cluster: Surrounding | null;
  readonly #account: readonly Surrounding[];

  /** `estate` is the key of the account or cluster that they belong to; null where there is none. */
  constructor(resources: readonly EstateResource[], estate: string | null) {
    const cluster = clusterName(estate);
    this.#cluster = cluster === null ? null : { what: 'cluster', name: cluster, tags: {} };
    for (const resource of resources) {
      this.#byKey.set(resource.key, resource);
      const vpc = resource.type === 'vpc' ? asText(resource.facts['VpcId']) : undefined;
      this.#byTypeAndName.set(`${resource.type} ${vpc ?? resource.name}`, resource);
    }
    this.#account =
      estate?.startsWith('aws:') === true ? aroundAccount(estate.slice('aws:'.length), resources) : [];
  }

  /** The nearest first. */
  of(resource: EstateResource): readonly Surrounding[] {
    // It is in none of the networks and accounts that see it.
    if (resource.type === 'outside-machine') return [];
    const found: Surrounding[] = [];
    const add = (what: string, around: EstateResource | undefined, name: string | null): void => {
      if (around !== undefined ? around.key !== resource.key : name !== null)
        found.push({ what, name: name ?? givenName(around), tags: around?.tags ?? {} });
    };
    for (const { tag, type, what } of MAKERS) {
      const name = resource.tags[tag];
      if (name !== undefined) add(what, this.#byTypeAndName.get(`${type} ${name}`), name);
    }
    const template = this.#byTypeAndName.get(
      `launch-template-version ${resource.tags['aws:ec2launchtemplate:id']}/${resource.tags['aws:ec2launchtemplate:version']}`,
    );
    add('launch template', template, asText(template?.facts['LaunchTemplateName']) ?? null);
    const namespace = asText(resource.facts['namespace']) ?? '';
    if (namespace !== '' && resource.key.startsWith('k8s:'))
      add('namespace', this.#byTypeAndName.get(`namespace ${namespace}`), namespace);
    const vpc = asText(resource.facts['VpcId']);
    if (vpc !== undefined) add('VPC', this.#byTypeAndName.get(`vpc ${vpc}`), null);
    for (const { what, key } of [...containersOf(resource.key), ...ancestorsOf(resource)])
      add(what, this.#byKey.get(key), null);
    found.push(...this.#account);
    if (this.#cluster !== null) found.push(this.#cluster);
    return found;
  }
}

/** An account of AWS and the units above it, as far as anybody tells how they are called or what their tags are. */
function aroundAccount(account: string, resources: readonly EstateResource[]): readonly Surrounding[] {
  const ofType = (type: string) => resources.filter((each) => each.type === type);
  const idOf = ({ facts }: EstateResource) => asText(facts['Id']) ?? '';
  const names = new Map(
    [...ofType('account-alias'), ...ofType('organization-name')].map((each) => [
      idOf(each),
      asText(each.facts['Name']),
    ]),
  );
  const tags = new Map(ofType('organization-tags').map((each) => [idOf(each), each.tags]));
  const parents = new Map(
    ofType('organization-parent').map(({ facts }) => [asText(facts['Child']), asText(facts['Parent'])]),
  );
  const found: Surrounding[] = [];
  let node: string | undefined = account;
  for (let level = 0; node !== undefined && level < UNITS_MAX; level++) {
    const name = names.get(node) ?? null;
    if (name !== null || tags.has(node))
      found.push({ what: level === 0 ? 'account' : 'organisational unit', name, tags: tags.get(node) ?? {} });
    node = parents.get(node);
  }
  return found;
}

/** The name under which people know a cluster; null for other estates, and where only an id is known. */
function clusterName(estate: string | null): string | null {
  if (estate === null || !estate.startsWith('k8s:')) return null;
  const name = estate.slice('k8s:'.length).replace(/^@[^:]*:?/, '');
  const last = name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf(':')) + 1);
  return last === '' || /^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(last) ? null : last;
}

/** Ids of Azure hold those of what a resource is in. */
function containersOf(key: string): readonly { readonly what: string; readonly key: string }[] {
  const [, subscription, group] =
    /^(azure:\/subscriptions\/[^/]+)(\/resourcegroups\/[^/]+)?\/./.exec(key) ?? [];
  if (subscription === undefined) return [];
  const [account] = /^azure:.*\/storageaccounts\/[^/]+(?=\/.)/.exec(key) ?? [];
  const [server] =
    /^azure:.*\/providers\/microsoft\.(?:sql|dbfor[a-z]+)\/(?:flexible)?servers\/[^/]+(?=\/.)/.exec(key) ??
    [];
  return [
    ...(account === undefined ? [] : [{ what: 'storage account', key: account }]),
    ...(server === undefined ? [] : [{ what: 'database server', key: server }]),
    ...(group === undefined ? [] : [{ what: 'resource group', key: `${subscription}${group}` }]),
    { what: 'subscription', key: subscription },
  ];
}

/** Descriptions of Google Cloud tell the project and folders above them. */
function ancestorsOf({
  key,
  facts,
}: EstateResource): readonly { readonly what: string; readonly key: string }[] {
  if (!key.startsWith('gcp:')) return [];
  return asTexts(facts['ancestors']).flatMap((each) => {
    const what = /^(project|folder)s\//.exec(each)?.[1];
    return what === undefined ? [] : [{ what, key: `gcp://cloudresourcemanager.googleapis.com/${each}` }];
  });
}

/** A name that people gave: not the bare number or id of the thing. */
function givenName(around: EstateResource | undefined): string | null {
  if (around === undefined) return null;
  const name = around.tags['Name'] ?? around.name;
  return /^(?:[\d-]+|(?:vpc|subnet)-[0-9a-f]+)$/.test(name) ? null : name;
}
