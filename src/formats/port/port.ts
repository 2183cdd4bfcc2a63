import { asObject, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import type { CatalogueObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { catalogueEntry } from '../reading/catalogue-entry.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { onCallIds } from '../reading/on-call-id.ts';
import { readCatalogue } from '../reading/read-catalogue.ts';

/** Entities of Port: what a blueprint's entities are called and which team they belong to. */
export const port: ReportFormat = {
  id: 'port',
  title: 'Port (entities of a blueprint, port.yml)',
  command:
    'curl -H "Authorization: Bearer $PORT_TOKEN" https://api.getport.io/v1/blueprints/service/entities > port.json',
  claims,
  read,
};

const PAGES = ['entities'];
const CONFIDENCE = 0.85;
const SERVICES = /^(?:micro)?services?$|^components?$/i;
/** Names that people give to the property that holds a repository's address. */
const REPOSITORY =
  /^(?:url|link|code_?url|(?:git_?|github_?|gitlab_?)?repo(?:sitory)?(?:_?(?:url|link|name))?)$/i;
const HOSTED = /^(?:https?:\/\/|git@|[\w.-]*(?:github|gitlab|bitbucket)[\w.-]*\/)/i;

function claims(head: ReportHead): boolean {
  const entry = firstEntry(head, PAGES);
  if (entry !== undefined) return isEntity(entry);
  return (
    head.shape === 'text' &&
    [/^identifier:/m, /^blueprint:/m, /^(?:properties|relations|team):/m].every((mark) =>
      mark.test(head.text),
    )
  );
}

function isEntity(entry: JsonObject): boolean {
  return (
    asText(entry['identifier']) !== undefined &&
    asText(entry['blueprint']) !== undefined &&
    (asObject(entry['properties']) ?? asObject(entry['relations'])) !== undefined
  );
}

function read(input: ReportInput): AsyncGenerator<ReportItem> {
  return readCatalogue(input, {
    tool: 'port',
    pages: PAGES,
    isWritten: false,
    noun: 'an entity of Port',
    known: '"identifier" and "blueprint"',
    entriesOf: (value) => {
      const identifier = asText(value['identifier']);
      const blueprint = asText(value['blueprint']);
      return identifier === undefined || blueprint === undefined
        ? null
        : [entryOf(value, identifier, blueprint)];
    },
  });
}

function entryOf(entity: JsonObject, identifier: string, blueprint: string): CatalogueObservation {
  const properties = Object.entries(asObject(entity['properties']) ?? {}).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  const named = (pattern: RegExp) =>
    properties.flatMap(([name, value]) => (pattern.test(name) ? [value] : []));
  const related = asObject(entity['relations']) ?? {};
  const teams = [entity['team'], entity['$team'], related['team'], related['owning_team']].flatMap((team) =>
    typeof team === 'string' ? [team] : asTexts(team),
  );
  const [owner = null, ...moreOwners] = [...new Set([...teams, ...named(/^(?:owner|team)$/i)])];
  return catalogueEntry({
    entity: `${blueprint}:${identifier}`,
    service: identifier,
    isService: SERVICES.test(blueprint),
    owner,
    lifecycle: named(/^lifecycle$/i)[0] ?? null,
    tier: named(/^tier$/i)[0] ?? null,
    system: asText(related['system']) ?? asText(related['domain']) ?? null,
    repositories: named(REPOSITORY).filter((value) => HOSTED.test(value)),
    resources: properties.flatMap(([, value]) => (value.startsWith('arn:') ? [value] : [])),
    links: named(/(?:^|_)(?:url|link)$/i).filter((value) => value.startsWith('http')),
    confidence: CONFIDENCE,
    moreOwners,
    alsoNamed: [asText(entity['title']) ?? ''],
    onCall: [
      ...named(/^pager_?duty/i).flatMap((value) => onCallIds('pagerduty', value)),
      ...named(/^opsgenie/i).flatMap((value) => onCallIds('opsgenie', value)),
    ],
  });
}
