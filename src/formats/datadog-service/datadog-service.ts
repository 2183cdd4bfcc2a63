import { asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { CatalogueObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { catalogueEntry } from '../reading/catalogue-entry.ts';
import { onCallIds } from '../reading/on-call-id.ts';
import { readYamlDocuments } from '../reading/yaml-documents.ts';

/** Service definitions and entities of Datadog: whose a service is, and where its code lies. */
export const datadogService: ReportFormat = {
  id: 'datadog-service',
  title: 'Datadog service definitions (service.datadog.yaml, entity.datadog.yaml)',
  command: 'git show HEAD:service.datadog.yaml > service.datadog.yaml',
  claims,
  read,
};

const DEFINITION = [/^schema-version:[ \t]*["']?v2/m, /^dd-service:/m];
const ENTITY = [
  /^apiVersion:[ \t]*["']?v3/m,
  /^kind:[ \t]*["']?(?:service|datastore|queue|system|api|library|frontend)\b/m,
];

function claims(head: ReportHead): boolean {
  const json = asObject(head.json);
  if (json !== undefined) return isDefinition(json) || isEntity(json);
  return (
    head.shape === 'text' && [DEFINITION, ENTITY].some((marks) => marks.every((mark) => mark.test(head.text)))
  );
}

function isDefinition(value: JsonObject): boolean {
  return (
    asText(value['schema-version'])?.startsWith('v2') === true && asText(value['dd-service']) !== undefined
  );
}

function isEntity(value: JsonObject): boolean {
  return (
    asText(value['apiVersion'])?.startsWith('v3') === true &&
    asText(at(value, 'metadata', 'name')) !== undefined
  );
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield {
    kind: 'scan',
    scan: { tool: 'datadog-service', time: null, scope: { is: 'catalogue' }, coverage: 'listed' },
  };
  let number = 0;
  for (const document of await readYamlDocuments(input)) {
    const place = `document ${++number}`;
    if ('fault' in document) {
      yield {
        kind: 'reject',
        at: place,
        code: 'wrong_type',
        message: `A service was expected, found a document that is ${document.fault}.`,
      };
      continue;
    }
    const { value } = document;
    if (isDefinition(value)) yield { kind: 'record', at: place, observations: [fromDefinition(value)] };
    else if (isEntity(value)) yield { kind: 'record', at: place, observations: [fromEntity(value)] };
    else
      yield {
        kind: 'reject',
        at: place,
        code: 'missing_field',
        message: 'A service was expected with "dd-service" or "metadata.name", found none.',
      };
  }
}

function fromDefinition(value: JsonObject): CatalogueObservation {
  return catalogueEntry({
    entity: `service:${asText(value['dd-service']) ?? ''}`,
    service: asText(value['dd-service']) ?? '',
    isService: true,
    owner: asText(value['team']) ?? asText(value['dd-team']) ?? null,
    lifecycle: asText(value['lifecycle']) ?? null,
    tier: asText(value['tier']) ?? null,
    system: asText(value['application']) ?? null,
    repositories: [
      ...asObjects(value['repos']).flatMap((repo) => asText(repo['url']) ?? []),
      // Before 2.1 repositories stood among the links.
      ...asObjects(value['links']).flatMap((link) =>
        link['type'] === 'repo' ? (asText(link['url']) ?? []) : [],
      ),
    ],
    links: asObjects(value['links']).flatMap((link) => asText(link['url']) ?? []),
    onCall: calledBy(value['integrations']),
  });
}

function fromEntity(value: JsonObject): CatalogueObservation {
  const metadata = asObject(value['metadata']) ?? {};
  const spec = asObject(value['spec']) ?? {};
  const links = asObjects(metadata['links']);
  const code = asObjects(at(value, 'datadog', 'codeLocations')).flatMap((each) => {
    const repository = asText(each['repositoryURL']);
    return repository === undefined ? [] : [{ repository, paths: asTexts(each['paths']) }];
  });
  return catalogueEntry({
    entity: `${asText(value['kind']) ?? ''}:${asText(metadata['name']) ?? ''}`,
    service: asText(metadata['name']) ?? '',
    isService: value['kind'] === 'service',
    owner: asText(metadata['owner']) ?? null,
    lifecycle: asText(spec['lifecycle']) ?? null,
    tier: asText(spec['tier']) ?? null,
    system: asTexts(spec['componentOf'])[0]?.split(':').at(-1) ?? null,
    repositories: [
      ...code.map(({ repository }) => repository),
      ...links.flatMap((link) => (link['type'] === 'repo' ? (asText(link['url']) ?? []) : [])),
    ],
    codeLocations: code,
    links: links.flatMap((link) => asText(link['url']) ?? []),
    moreOwners: asObjects(metadata['additionalOwners']).flatMap((each) => asText(each['name']) ?? []),
    onCall: calledBy(value['integrations']),
  });
}

/** Who is called at night: of 2.2 with hyphens, of 3 without. */
function calledBy(integrations: unknown): readonly string[] {
  return (['pagerduty', 'opsgenie'] as const).flatMap((tool) =>
    onCallIds(
      tool,
      asText(at(integrations, tool, 'service-url')) ?? asText(at(integrations, tool, 'serviceURL')),
    ),
  );
}
