import { asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { CatalogueObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { catalogueEntry } from '../reading/catalogue-entry.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { readCatalogue } from '../reading/read-catalogue.ts';

/** Services of OpsLevel: `opslevel.yml` of a repository, and what its command line and its interface list. */
export const opslevel: ReportFormat = {
  id: 'opslevel',
  title: 'OpsLevel (opslevel.yml, opslevel list service)',
  command: 'opslevel list service -o json > opslevel.json',
  claims,
  read,
};

const PAGES = ['data.account.services.nodes', 'services.nodes', 'nodes'];
const KINDS = ['service', 'component', 'repository'] as const;
const CONFIDENCE = 0.85;
/** `gid://opslevel/`, as OpsLevel writes its ids. */
const ID = 'Z2lkOi8vb3BzbGV2ZWwv';

function claims(head: ReportHead): boolean {
  const entry = firstEntry(head, PAGES);
  if (entry !== undefined) return isListed(entry) || fileOf(entry) !== null;
  return (
    head.shape === 'text' &&
    /^version:[ \t]*["']?1["']?[ \t]*$/m.test(head.text) &&
    /^(?:service|component|repository):[ \t]*$/m.test(head.text) &&
    /^[ \t]+(?:owner|tier|lifecycle|name):/m.test(head.text)
  );
}

function isListed(entry: JsonObject): boolean {
  return asText(entry['id'])?.startsWith(ID) === true && asText(entry['name']) !== undefined;
}

/** What an `opslevel.yml` is about. */
function fileOf(value: JsonObject): JsonObject | null {
  if (String(value['version']) !== '1') return null;
  for (const kind of KINDS) {
    const described = asObject(value[kind]);
    if (described !== undefined) return described;
  }
  return null;
}

function read(input: ReportInput): AsyncGenerator<ReportItem> {
  return readCatalogue(input, {
    tool: 'opslevel',
    pages: PAGES,
    isWritten: true,
    noun: 'a service of OpsLevel',
    known: '"name"',
    entriesOf: (value) => {
      if (isListed(value)) return [fromList(value)];
      const described = fileOf(value);
      return described === null ? null : fromFile(value, described);
    },
  });
}

/** A file about a repository alone names no service; in which repository it lies, nothing tells. */
function fromFile(value: JsonObject, described: JsonObject): readonly CatalogueObservation[] {
  const name = asText(described['name']);
  if (name === undefined) return [];
  const ofRepository = asObject(value['repository']) === described;
  return [
    catalogueEntry({
      entity: `${ofRepository ? 'repository' : 'service'}:${name}`,
      service: name,
      isService: !ofRepository,
      owner: asText(described['owner']) ?? null,
      lifecycle: asText(described['lifecycle']) ?? null,
      tier: asText(described['tier']) ?? null,
      system: asText(described['system']) ?? asText(described['product']) ?? null,
      repositories: asObjects(described['repositories']).flatMap((each) =>
        hostedRepository(asText(each['name']), asText(each['provider']) ?? 'github'),
      ),
      links: asObjects(described['tools']).flatMap((tool) => asText(tool['url']) ?? []),
      confidence: CONFIDENCE,
      alsoNamed: asTexts(described['aliases']),
    }),
  ];
}

function fromList(entry: JsonObject): CatalogueObservation {
  const repositories = [
    asText(at(entry, 'defaultServiceRepository', 'repository', 'defaultAlias')),
    ...asObjects(at(entry, 'repos', 'edges')).map((edge) => asText(at(edge, 'node', 'defaultAlias'))),
  ];
  return catalogueEntry({
    entity: `service:${asText(entry['id']) ?? ''}`,
    service: asText(entry['name']) ?? '',
    isService: true,
    owner: asText(at(entry, 'owner', 'alias')) ?? null,
    lifecycle: asText(at(entry, 'lifecycle', 'alias')) ?? null,
    tier: asText(at(entry, 'tier', 'alias')) ?? null,
    system: asText(at(entry, 'parent', 'name')) ?? asText(entry['product']) ?? null,
    // `github.com:acme/shop`.
    repositories: repositories.flatMap((alias) => alias?.replace(':', '/') ?? []),
    links: [
      ...asTexts([entry['htmlUrl'] ?? null]),
      ...asObjects(at(entry, 'tools', 'nodes')).flatMap((tool) => asText(tool['url']) ?? []),
    ],
    confidence: CONFIDENCE,
    alsoNamed: asTexts(entry['aliases']),
  });
}

/** `acme/shop` in the host that the file names, GitHub where it names none. */
function hostedRepository(name: string | undefined, provider: string): readonly string[] {
  if (name === undefined) return [];
  const hosts: ReadonlyMap<string, string> = new Map([
    ['github', 'github.com'],
    ['gitlab', 'gitlab.com'],
    ['bitbucket', 'bitbucket.org'],
  ]);
  const host = hosts.get(provider.toLowerCase());
  return host === undefined ? [] : [`${host}/${name}`];
}
