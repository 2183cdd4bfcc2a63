import { asObject, asObjects, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { Observation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { armId, type TemplateWorld, templateText, templateValue } from './arm-expression.ts';
import { mapAzureObject } from './map-azure-object.ts';

/** A template of Azure Resource Manager: what `az group export` writes. */
export function isTemplate({ json }: Pick<ReportHead, 'json'>): boolean {
  return /\/deploymentTemplate\.json#?$/i.test(asText(asObject(json)?.['$schema']) ?? '');
}

/**
 * The resources of a template. It names neither its subscription nor its group, and of its parameters only default
 * values are known: what rests on others is unknown. A description at second hand, because it may be older than what
 * runs, or never deployed.
 */
export async function* readTemplate(
  input: ReportInput,
  { account }: ReadContext,
): AsyncGenerator<ReportItem> {
  const world = await worldOf(input, account);
  for await (const event of sliceJson(input.open(), { patterns: ['resources.*'] })) {
    if (event.kind === 'close') continue;
    if (event.kind === 'bad') {
      yield {
        kind: 'reject',
        at: event.path,
        code: 'not_json',
        message: `Expected a resource: ${event.message}.`,
      };
      continue;
    }
    yield readResource(event.value, event.path, world);
  }
}

/** The file is named after the group, as the request was: `group-export-{group}.json`. */
const GROUP = /group-export-([^/\\!]+?)(?:\.json)?$/i;

async function worldOf(input: ReportInput, account: string | null): Promise<TemplateWorld | null> {
  let template: JsonObject = {};
  // Parameters may stand behind the resources.
  for await (const event of sliceJson(input.open(), { patterns: ['resources.*'] }))
    if (event.kind === 'close' && event.depth === 0) template = event.value;
  const group = GROUP.exec(input.name)?.[1];
  if (account === null || group === undefined) return null;
  return {
    subscription: account.toLowerCase(),
    group,
    parameters: asObject(template['parameters']) ?? {},
    variables: asObject(template['variables']) ?? {},
  };
}

function readResource(value: JsonValue, at: string, world: TemplateWorld | null): ReportItem {
  const object = asObject(value);
  const type = asText(object?.['type']);
  if (object === undefined || type === undefined)
    return {
      kind: 'reject',
      at,
      code: 'missing_field',
      message: 'Expected a resource with its "type", found none.',
    };
  if (world === null)
    return {
      kind: 'reject',
      at,
      code: 'missing_field',
      message:
        'A template names neither subscription nor group: give --account SUBSCRIPTION and name the file group-export-GROUP.json.',
    };
  const observations = describe(object, type, [], world, 0);
  return observations === null
    ? {
        kind: 'reject',
        at,
        code: 'missing_field',
        message: 'Expected the "name" of a resource; it rests on what only a deployment knows.',
      }
    : { kind: 'record', at, observations };
}

const NESTED_MAX = 8;

/** A resource and those inside it; null where it has no name that can be told. */
function describe(
  raw: JsonObject,
  type: string,
  above: readonly string[],
  world: TemplateWorld,
  depth: number,
): readonly Observation[] | null {
  if (/^microsoft\.resources\/deployments$/i.test(type) || raw['condition'] === false) return [];
  const name = asText(templateText(asText(raw['name']) ?? '', world));
  const id = name === undefined || name === '' ? undefined : armId(type, [...above, name], world);
  if (id === undefined || name === undefined) return null;
  const { resources, ...own } = raw;
  const known = asObject(templateValue(own, world)) ?? {};
  const last = name.slice(name.lastIndexOf('/') + 1);
  const described = (mapAzureObject({ ...known, id, type, name: last }) ?? []).map((each) =>
    each.kind === 'resource' ? { ...each, isSecondHand: true } : each,
  );
  const inside =
    depth >= NESTED_MAX
      ? []
      : asObjects(resources).flatMap((child) => {
          const own = asText(child['type']) ?? '';
          const full = own.includes('.') ? own : `${type}/${own}`;
          return describe(child, full, [...above, name], world, depth + 1) ?? [];
        });
  return [...described, ...inside];
}
