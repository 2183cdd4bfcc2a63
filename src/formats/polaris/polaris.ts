import { parseInstant } from '#base/instant.ts';
import { asArray, asObject, asText, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import { type FindingObservation, type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { Severity } from '#domain/severity/severity.ts';
import { iacFinding } from '../reading/code-finding.ts';
import { apiGroupOfKind, isIdentityKind } from '../reading/kubernetes-kinds.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { sourceFiles } from '../reading/source-file.ts';

/** JSON reports of Polaris: what runs in a cluster, or what manifests ask for. */
export const polaris: ReportFormat = {
  id: 'polaris',
  title: 'Polaris',
  command: 'polaris audit --format json > polaris.json',
  claims,
  read,
};

const NOUN = 'a check';
const OBJECT = 'an audited object';
const SEVERITIES: ReadonlyMap<unknown, Severity> = new Map<unknown, Severity>([
  ['danger', 'high'],
  ['warning', 'medium'],
  ['ignore', 'info'],
]);

function claims(head: ReportHead): boolean {
  return asText(asObject(head.json)?.PolarisOutputVersion) !== undefined;
}

/** What checks are read with: the file of a manifest, or the cluster. */
type Where = { readonly path: string } | { readonly cluster: string | null };

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, ['Results']);
  const isPath = root.SourceType === 'Path';
  const cluster = context.cluster ?? asText(root.DisplayName) ?? asText(root.SourceName) ?? null;
  const where: Where = isPath ? { path: sourceFiles(context)(asText(root.SourceName)) } : { cluster };
  yield {
    kind: 'scan',
    scan: {
      tool: 'polaris',
      time: parseInstant(root.AuditTime),
      scope: isPath ? { is: 'code', repository: null } : { is: 'cluster', cluster },
      // Each check that ran on an object is told, passed or not.
      coverage: 'listed-if-passes',
    },
  };
  for await (const event of sliceJson(input.open(), { patterns: ['Results.*'] })) {
    if (event.kind === 'bad') yield unreadable(event.path, OBJECT, event.message);
    if (event.kind !== 'element') continue;
    const object = asObject(event.value);
    if (object === undefined) yield noObject(event.path, OBJECT);
    else yield* readObject(object, event.path, where);
  }
}

/** Checks stand on the object, on its pod and on each container of it. */
function* readObject(object: JsonObject, path: string, where: Where): Generator<ReportItem> {
  yield* readChecks(object.Results, `${path}.Results`, object, where);
  const pod = asObject(object.PodResult);
  yield* readChecks(pod?.Results, `${path}.PodResult.Results`, object, where);
  for (const [index, each] of asArray(pod?.ContainerResults).entries())
    yield* readChecks(
      asObject(each)?.Results,
      `${path}.PodResult.ContainerResults[${index}].Results`,
      object,
      where,
    );
}

function* readChecks(
  results: unknown,
  path: string,
  object: JsonObject,
  where: Where,
): Generator<ReportItem> {
  for (const [key, value] of Object.entries(asObject(results) ?? {})) {
    const at = `${path}.${key}`;
    const check = asObject(value);
    if (check === undefined) yield noObject(at, NOUN);
    else if (check.Success !== true) yield toItem(at, NOUN, mapCheck(check, key, object, where));
    else {
      const reading = mapCheck(check, key, object, where);
      if (typeof reading !== 'string') yield { kind: 'beside', observations: reading };
    }
  }
}

function mapCheck(
  result: JsonObject,
  key: string,
  object: JsonObject,
  where: Where,
): readonly FindingObservation[] | string {
  const kind = asText(object.Kind);
  const name = asText(object.Name);
  if (kind === undefined || name === undefined) return 'a Kind and a Name of its object were expected';
  const check = asText(result.ID) ?? key;
  const namespace = asText(object.Namespace) ?? '';
  const state: ObservedState = result.Success === true ? { is: 'ended', why: 'passed', passed: true } : OPEN;
  const message = asText(result.Message);
  const about =
    asText(result.Category) === 'Security' || result.Category === undefined ? 'security' : 'other';
  const finding = iacFinding({
    tool: 'polaris',
    check,
    path: 'path' in where ? where.path : '',
    line: undefined,
    severity: SEVERITIES.get(result.Severity) ?? null,
    title: message ?? check,
    address: [kind, namespace, name].filter((part) => part !== '').join('/'),
    resourceKind: kind,
    about,
    state,
  });
  const cover = `${check}@${kind}/${namespace}`;
  if ('path' in where) return [{ ...finding, cover: `${cover}/${where.path}` }];
  return [
    {
      ...finding,
      type: isIdentityKind(kind) ? 'identity_risk' : 'misconfiguration',
      resource: {
        kind: 'kubernetes',
        cluster: where.cluster,
        group: apiGroupOfKind(kind),
        objectKind: kind,
        namespace,
        name,
      },
      place: { is: 'none' },
      cover,
    },
  ];
}
