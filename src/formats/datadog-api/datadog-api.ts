import { asArray, asObject, asObjects, at, type JsonObject } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from '../reading/describe-head.ts';
import { readEntries } from '../reading/read-entries.ts';
import { mapFinding } from './map-finding.ts';
import { mapPosture } from './map-posture.ts';
import { mapSignal } from './map-signal.ts';

/** Findings and signals that Datadog's API gives out, the findings in their old shape and their new one. */
export const datadogApi: ReportFormat = {
  id: 'datadog-api',
  title: 'Datadog security findings and signals (API)',
  command:
    'curl -H "DD-API-KEY: KEY" -H "DD-APPLICATION-KEY: KEY" https://api.datadoghq.com/api/v2/security/findings',
  claims,
  read,
};

type Kind = 'posture' | 'finding' | 'signal';

const READERS = { posture: mapPosture, finding: mapFinding, signal: mapSignal } as const;

function claims(head: ReportHead): boolean {
  const [first] = asObjects(asArray(asObject(head.json)?.data).slice(0, 1));
  return first !== undefined && kindOf(first) !== null;
}

function kindOf(entry: JsonObject): Kind | null {
  const attributes = asObject(entry.attributes);
  if (asObject(at(attributes, 'attributes', 'custom')) !== undefined) return 'finding';
  if (entry.type === 'finding' || entry.type === 'detailed_finding')
    return attributes?.evaluation === undefined ? null : 'posture';
  if (entry.type !== 'signal') return null;
  return at(attributes, 'attributes', 'workflow') === undefined && attributes?.timestamp === undefined
    ? null
    : 'signal';
}

/** One page of many, so only what carries its own end closes. */
async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const [first] = asObjects(asObject((await readHead(input)).json)?.data);
  const isSignals = first?.type === 'signal';
  yield {
    kind: 'scan',
    scan: { tool: 'datadog', time: null, scope: { is: isSignals ? 'events' : 'feed' }, coverage: 'none' },
  };
  yield* readEntries(input, { patterns: ['data.*'] }, isSignals ? 'a signal' : 'a finding', (entry) => {
    const kind = kindOf(entry);
    if (kind === null) return 'an evaluation or attributes.custom was expected';
    // A signal in a page of findings would be no event of the scan that is open.
    return (kind === 'signal') === isSignals
      ? READERS[kind](entry)
      : 'an entry of the kind of the first was expected';
  });
}
