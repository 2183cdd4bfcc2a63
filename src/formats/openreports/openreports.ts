import { asArray, asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from '../reading/describe-head.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { mapResult } from './map-result.ts';

/** Policy reports of a cluster, under their old group and their new one: Kyverno's, Falco's, those of image scanners. */
export const openreports: ReportFormat = {
  id: 'openreports',
  title: 'OpenReports and PolicyReports (Kyverno and others)',
  command: 'kubectl get policyreports,clusterpolicyreports -A -o json > reports.json',
  claims,
  read,
};

const GROUPS = /^(?:openreports\.io|wgpolicyk8s\.io|reports\.x-k8s\.io)\//;
const NOUN = 'a report';

function claims(head: ReportHead): boolean {
  const root = asObject(head.json);
  return [root, asObjects(root?.items)[0], asObjects(head.json)[0]].some((each) =>
    GROUPS.test(asText(each?.apiVersion) ?? ''),
  );
}

async function* read(input: ReportInput, { cluster }: ReadContext): AsyncGenerator<ReportItem> {
  const { json } = await readHead(input);
  const root = asObject(json);
  yield {
    kind: 'scan',
    scan: { tool: 'openreports', time: null, scope: { is: 'cluster', cluster }, coverage: 'listed' },
  };
  const pattern = root === undefined ? '*' : Array.isArray(root.items) ? 'items.*' : '';
  for await (const event of sliceJson(input.open(), { patterns: [pattern] })) {
    if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    if (event.kind !== 'element') continue;
    const report = asObject(event.value);
    if (report === undefined) yield noObject(event.path, NOUN);
    else yield* readReport(report, event.path === '' ? '' : `${event.path}.`, cluster);
  }
}

function* readReport(report: JsonObject, path: string, cluster: string | null): Generator<ReportItem> {
  for (const [index, each] of asArray(report.results).entries()) {
    const at = `${path}results[${index}]`;
    const result = asObject(each);
    yield result === undefined
      ? noObject(at, 'a result')
      : toItem(at, 'a result', mapResult(result, report, cluster));
  }
}
