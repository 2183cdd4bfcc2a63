import { asObject, asText } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from '../reading/describe-head.ts';
import { describeJoined, describePlanned, describeRoutes, readResource } from './describe-resource.ts';
import { lookFirst, resourcePatterns } from './first-look.ts';
import { JoinedPieces } from './join-pieces.ts';
import { resourceToday, stateResource } from './state-resource.ts';

/** What Terraform and OpenTofu know: the resources of a state, or what a plan would make of them. */
export const terraform: ReportFormat = {
  id: 'terraform',
  title: 'Terraform and OpenTofu (state or plan)',
  command: 'terraform show -json > envs/prod/network.json   (of a plan: terraform show -json plan.out)',
  claims,
  read,
};

const PARTS = ['terraform_version', 'planned_values', 'resource_changes', 'prior_state', 'values'];

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  if (report === undefined || asText(report['format_version']) === undefined) return false;
  const isOfTerraform = PARTS.some((part) => report[part] !== undefined);
  // An empty state has its version and nothing else.
  return isOfTerraform || Object.keys(report).length === 1;
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const head = asObject((await readHead(input)).json) ?? {};
  yield {
    kind: 'scan',
    scan: { tool: 'terraform', time: null, scope: { is: 'inventory' }, coverage: 'none' },
  };
  const isPlan = ['planned_values', 'resource_changes'].some((member) => head[member] !== undefined);
  const look = await lookFirst(input, context, isPlan);
  const pieces = new JoinedPieces();
  const values = resourcePatterns(isPlan ? 'planned_values' : 'values');
  const patterns = [...values, ...(isPlan ? ['resource_changes.*'] : [])];
  for await (const event of sliceJson(input.open(), { patterns, skip: SKIP })) {
    if (event.kind === 'close') continue;
    const isOfToday = event.pattern >= values.length;
    if (event.kind === 'bad') {
      if (!isOfToday)
        yield {
          kind: 'reject',
          at: event.path,
          code: 'not_json',
          message: `A resource was expected, found a value that is ${event.message}.`,
        };
      continue;
    }
    if (isOfToday) {
      const today = resourceToday(event.value);
      const observations = today === undefined ? [] : readResource(today, look, pieces);
      if (observations.length > 0) yield { kind: 'beside', observations };
      continue;
    }
    const resource = stateResource(event.value);
    if (resource === undefined)
      yield {
        kind: 'reject',
        at: event.path,
        code: 'missing_field',
        message: 'A resource was expected with "address" and "type", found none.',
      };
    else if (resource === 'data') yield { kind: 'record', at: event.path, observations: [] };
    else if (!isPlan)
      yield { kind: 'record', at: event.path, observations: readResource(resource, look, pieces) };
    else
      yield {
        kind: 'record',
        at: event.path,
        observations: look.existing.has(resource.address) ? [] : describePlanned(resource, look),
      };
  }
  const observations = [
    ...pieces.all().flatMap((joined) => describeJoined(joined, look)),
    ...describeRoutes(pieces),
  ];
  if (observations.length > 0) yield { kind: 'beside', observations };
}

const SKIP = ['configuration', 'prior_state', 'variables', 'output_changes', 'values.outputs'];
