import { asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import type { CatalogueObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { catalogueEntry } from '../reading/catalogue-entry.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { onCallIds } from '../reading/on-call-id.ts';
import { readCatalogue } from '../reading/read-catalogue.ts';

/** Components of Atlassian Compass (`compass.yml`), and the teams of Atlassian that their owner ids mean. */
export const compass: ReportFormat = {
  id: 'compass',
  title: 'Atlassian Compass (compass.yml, components, teams)',
  command: 'git show HEAD:compass.yml > compass.yml',
  claims,
  read,
};

const PAGES = ['data.compass.searchComponents.nodes', 'entities'];
const CONFIDENCE = 0.85;

function claims(head: ReportHead): boolean {
  const entry = firstEntry(head, PAGES);
  if (entry !== undefined) return isTeam(entry) || isComponent(componentOf(entry));
  return (
    head.shape === 'text' &&
    [/^(?:configVersion|typeId):/m, /^id:[ \t]*["']?ari:cloud:compass:/m].every((mark) =>
      mark.test(head.text),
    )
  );
}

/** A search answers components one level down. */
function componentOf(entry: JsonObject): JsonObject {
  return asObject(entry['component']) ?? entry;
}

function isComponent(entry: JsonObject): boolean {
  return (
    asText(entry['id'])?.startsWith('ari:cloud:compass:') === true && asText(entry['name']) !== undefined
  );
}

function isTeam(entry: JsonObject): boolean {
  return asText(entry['teamId']) !== undefined && asText(entry['displayName']) !== undefined;
}

function read(input: ReportInput): AsyncGenerator<ReportItem> {
  return readCatalogue(input, {
    tool: 'compass',
    pages: PAGES,
    isWritten: true,
    noun: 'a component of Compass',
    known: '"id" and "name"',
    entriesOf: (value) => {
      if (isTeam(value)) return [teamEntry(value)];
      const component = componentOf(value);
      return isComponent(component) ? [entryOf(component)] : null;
    },
  });
}

/** `ari:cloud:identity::team/0a1b…` and the bare id are one team. */
function teamEntity(id: string): string {
  return `team:atlassian/${id.replace(/^.*\//, '')}`;
}

function teamEntry(team: JsonObject): CatalogueObservation {
  return catalogueEntry({
    entity: teamEntity(asText(team['teamId']) ?? ''),
    service: asText(team['displayName']) ?? '',
    isService: false,
    owner: null,
  });
}

const SERVICES = new Set(['SERVICE', 'APPLICATION']);

function entryOf(component: JsonObject): CatalogueObservation {
  const links = asObjects(component['links']).map((link) => ({
    type: asText(link['type'])?.toUpperCase() ?? '',
    url: asText(link['url']) ?? '',
  }));
  const of = (type: string) => links.flatMap((link) => (link.type === type ? [link.url] : []));
  const team = asText(at(component, 'ownerTeam', 'displayName'));
  const ownerId = asText(component['ownerId']);
  const field = (name: string) => {
    const value = at(component, 'fields', name);
    return typeof value === 'number' ? String(value) : (asText(value) ?? null);
  };
  return catalogueEntry({
    entity: `component:${asText(component['id']) ?? ''}`,
    service: asText(component['name']) ?? '',
    isService: SERVICES.has(asText(component['typeId'])?.toUpperCase() ?? 'SERVICE'),
    owner: team ?? null,
    ownedBy: team === undefined && ownerId !== undefined ? teamEntity(ownerId) : undefined,
    tier: field('tier'),
    lifecycle: field('lifecycle'),
    repositories: of('REPOSITORY'),
    links: links.map(({ url }) => url),
    confidence: CONFIDENCE,
    alsoNamed: [asText(component['slug']) ?? ''],
    onCall: of('ON_CALL').flatMap((url) =>
      url.includes('pagerduty') ? onCallIds('pagerduty', url) : onCallIds('opsgenie', url),
    ),
  });
}
