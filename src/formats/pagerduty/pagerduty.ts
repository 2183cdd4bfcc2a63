import { asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import type { CatalogueObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { catalogueEntry } from '../reading/catalogue-entry.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { onCallIds } from '../reading/on-call-id.ts';
import { readCatalogue } from '../reading/read-catalogue.ts';

/** Services of PagerDuty: which team is called when one breaks. */
export const pagerduty: ReportFormat = {
  id: 'pagerduty',
  title: 'PagerDuty (services with their teams)',
  command:
    'curl -H "Authorization: Token token=$PAGERDUTY_TOKEN" "https://api.pagerduty.com/services?limit=100&include[]=teams&include[]=escalation_policies" > pagerduty.json',
  claims,
  read,
};

const PAGES = ['services'];
const CONFIDENCE = 0.8;

function claims(head: ReportHead): boolean {
  const entry = firstEntry(head, PAGES);
  return entry !== undefined && isService(entry) && asObject(entry['escalation_policy']) !== undefined;
}

function isService(entry: JsonObject): boolean {
  return nameOf(entry) !== undefined && /^service(?:_reference)?$/.test(asText(entry['type']) ?? '');
}

function nameOf(entry: JsonObject): string | undefined {
  return asText(entry['name']) ?? asText(entry['summary']);
}

function read(input: ReportInput): AsyncGenerator<ReportItem> {
  return readCatalogue(input, {
    tool: 'pagerduty',
    pages: PAGES,
    isWritten: false,
    noun: 'a service of PagerDuty',
    known: '"type" and "name"',
    entriesOf: (value) => (isService(value) ? [entryOf(value)] : null),
  });
}

/** The teams of the service, else those of the policy by which it escalates, else what that policy is called. */
function entryOf(service: JsonObject): CatalogueObservation {
  const policy = asObject(service['escalation_policy']) ?? {};
  const teams = [service, policy].map((each) =>
    asObjects(each['teams']).flatMap((team) => nameOf(team) ?? []),
  );
  const named = teams.find((each) => each.length > 0) ?? [nameOf(policy) ?? ''].filter((name) => name !== '');
  const [owner = null, ...moreOwners] = named;
  const id = asText(service['id']);
  return catalogueEntry({
    entity: `pagerduty:${id ?? nameOf(service)}`,
    service: nameOf(service) ?? '',
    isService: true,
    owner,
    links: [asText(at(service, 'html_url')) ?? ''],
    confidence: CONFIDENCE,
    moreOwners,
    onCall: onCallIds('pagerduty', id),
  });
}
