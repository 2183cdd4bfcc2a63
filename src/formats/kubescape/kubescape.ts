import { parseInstant } from '#base/instant.ts';
import { asArray, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { sourceFiles } from '../reading/source-file.ts';
import { type ControlContext, mapControl, outcomeOf } from './map-control.ts';

/** JSON reports of Kubescape 2 and 3: what runs in a cluster, or what manifests ask for. */
export const kubescape: ReportFormat = {
  id: 'kubescape',
  title: 'Kubescape',
  command: 'kubescape scan --format json --output kubescape.json',
  claims,
  read,
};

const NOUN = 'a control on a resource';
const RESULT = 'a result';
const RESOURCES_MAX = 1_000_000;

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  if (report === undefined) return false;
  // A long list of resources or results may fill the head; any two of these are its own.
  const first = asObject(asArray(report.results)[0]) ?? asObject(asArray(report.resources)[0]);
  return (
    'clusterAPIServerInfo' in report ||
    asObject(at(report, 'summaryDetails', 'controls')) !== undefined ||
    (asText(first?.resourceID) !== undefined && ('controls' in (first ?? {}) || 'object' in (first ?? {})))
  );
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, ['results', 'resources'], ['attributes']);
  const pathOf = sourceFiles(context);
  const paths = await readPaths(input, pathOf);
  const cluster =
    context.cluster ??
    asText(at(root, 'metadata', 'targetMetadata', 'clusterContextMetadata', 'contextName')) ??
    (asText(root.clusterName) || null);
  const isOfFiles = paths.size > 0;
  const how: ControlContext = {
    paths,
    cluster,
    controls: asObject(at(root, 'summaryDetails', 'controls')) ?? {},
  };
  yield {
    kind: 'scan',
    scan: {
      tool: 'kubescape',
      time: parseInstant(root.generationTime),
      scope: isOfFiles ? { is: 'code', repository: null } : { is: 'cluster', cluster },
      // Each control that ran on a resource is told, passed or not.
      coverage: 'listed-if-passes',
    },
  };
  for await (const event of sliceJson(input.open(), {
    patterns: ['results.*'],
    skip: ['resources', 'attributes'],
  })) {
    if (event.kind === 'bad') yield unreadable(event.path, RESULT, event.message);
    if (event.kind !== 'element') continue;
    const result = asObject(event.value);
    if (result === undefined) yield noObject(event.path, RESULT);
    else yield* readResult(result, event.path, how);
  }
}

function* readResult(result: JsonObject, path: string, how: ControlContext): Generator<ReportItem> {
  for (const [index, entry] of asArray(result.controls).entries()) {
    const place = `${path}.controls[${index}]`;
    const control = asObject(entry);
    if (control === undefined) {
      yield noObject(place, NOUN);
      continue;
    }
    const outcome = outcomeOf(control);
    if (outcome === 'failed') yield toItem(place, NOUN, mapControl(control, asText(result.resourceID), how));
    else if (outcome === 'passed') {
      const reading = mapControl(control, asText(result.resourceID), how);
      if (typeof reading !== 'string') yield { kind: 'beside', observations: reading };
    }
  }
}

/** The files that resources were read from, by their id; empty where a cluster was scanned. */
async function readPaths(
  input: ReportInput,
  pathOf: (path: string | undefined) => string,
): Promise<ReadonlyMap<string, string>> {
  const paths = new Map<string, string>();
  for await (const event of sliceJson(input.open(), {
    patterns: ['resources.*'],
    ignoresRest: true,
    skip: ['results', 'summaryDetails', 'attributes'],
  })) {
    if (event.kind !== 'element' || paths.size >= RESOURCES_MAX) continue;
    const id = asText(asObject(event.value)?.resourceID);
    const path =
      asText(at(event.value, 'source', 'relativePath')) ?? asText(at(event.value, 'object', 'sourcePath'));
    if (id !== undefined && path !== undefined) paths.set(id, pathOf(path));
  }
  return paths;
}
