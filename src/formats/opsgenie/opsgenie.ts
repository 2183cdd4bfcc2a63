import { asText, at, type JsonObject } from '#base/json-value.ts';
import type { CatalogueObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { catalogueEntry } from '../reading/catalogue-entry.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { onCallIds } from '../reading/on-call-id.ts';
import { readCatalogue } from '../reading/read-catalogue.ts';

/** Services of Opsgenie and its teams: who is called when a service breaks. */
export const opsgenie: ReportFormat = {
  id: 'opsgenie',
  title: 'Opsgenie (services, teams)',
  command:
    'curl -H "Authorization: GenieKey $OPSGENIE_KEY" "https://api.opsgenie.com/v1/services?limit=100" > opsgenie-services.json',
  claims,
  read,
};

const PAGES = ['data'];
const CONFIDENCE = 0.8;

function claims(head: ReportHead): boolean {
  const entry = firstEntry(head, PAGES);
  return entry !== undefined && (isService(entry) || isTeam(entry));
}

function isService(entry: JsonObject): boolean {
  return ['id', 'name', 'teamId'].every((member) => asText(entry[member]) !== undefined);
}

/** Nothing but its links tells that a list is one of teams of Opsgenie. */
function isTeam(entry: JsonObject): boolean {
  const links = [at(entry, 'links', 'web'), at(entry, 'links', 'api')].map((link) => asText(link) ?? '');
  return (
    asText(entry['id']) !== undefined &&
    asText(entry['name']) !== undefined &&
    links.some((link) => /^https:\/\/[^/]*opsgenie\.com\/.*\bteams?\b/.test(link))
  );
}

function read(input: ReportInput): AsyncGenerator<ReportItem> {
  return readCatalogue(input, {
    tool: 'opsgenie',
    pages: PAGES,
    isWritten: false,
    noun: 'a service or a team of Opsgenie',
    known: '"id", "name" and "teamId"',
    entriesOf: (value) => {
      if (isService(value)) return [serviceEntry(value)];
      return isTeam(value) ? [teamEntry(value)] : null;
    },
  });
}

function serviceEntry(service: JsonObject): CatalogueObservation {
  const id = asText(service['id']) ?? '';
  return catalogueEntry({
    entity: `opsgenie:${id}`,
    service: asText(service['name']) ?? '',
    isService: true,
    owner: null,
    ownedBy: `team:opsgenie/${asText(service['teamId'])}`,
    links: [asText(at(service, 'links', 'web')) ?? ''],
    confidence: CONFIDENCE,
    onCall: onCallIds('opsgenie', id),
  });
}

function teamEntry(team: JsonObject): CatalogueObservation {
  return catalogueEntry({
    entity: `team:opsgenie/${asText(team['id'])}`,
    service: asText(team['name']) ?? '',
    isService: false,
    owner: null,
  });
}
