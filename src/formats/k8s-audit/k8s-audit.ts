import { asObject, asText, type JsonObject } from '#base/json-value.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { readLooseEntries } from '../reading/read-entries.ts';
import { mapEvent } from './map-event.ts';

/** The audit log of a Kubernetes API server: requests that a table of attackers' techniques knows, as signals. */
export const k8sAudit: ReportFormat = {
  id: 'k8s-audit',
  title: 'Kubernetes audit log',
  command: 'cp /var/log/kubernetes/audit/audit.log .',
  claims,
  read,
};

/** `EventList` is what the API server posts to a webhook. */
const PAGES = ['items'];

function claims(head: ReportHead): boolean {
  const event = firstEntry(head, PAGES);
  const root = asObject(head.json);
  const version = asText(event?.apiVersion) ?? asText(root?.apiVersion);
  return version?.startsWith('audit.k8s.io/') === true && isEvent(event);
}

function isEvent(event: JsonObject | undefined): boolean {
  return asText(event?.auditID) !== undefined && asText(event?.verb) !== undefined;
}

async function* read(input: ReportInput, { cluster }: ReadContext): AsyncGenerator<ReportItem> {
  yield { kind: 'scan', scan: { tool: 'k8s-audit', time: null, scope: { is: 'events' }, coverage: 'none' } };
  yield* readLooseEntries(input, PAGES, 'an event', (event) => mapEvent(event, cluster), 'silent');
}
