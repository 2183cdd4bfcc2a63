import { asObject, asText, at, type JsonValue } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReadContext } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { accountNumber, parseArn, regionOfZone } from '../reading/aws/aws-names.ts';
import { resourceToday, stateResource } from './state-resource.ts';

/** What a whole state or plan tells, before its resources are read. */
export interface FirstLook {
  /** `terraform:` and the name of the state: its file's, with the folder that it lies in. */
  readonly state: string;
  /** Where the state is described, for what its path says of the environment. */
  readonly path: string;
  /** The one account and region that it names; undefined where it names none or several. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly isPlan: boolean;
  /** Addresses of which something is there today; of a plan only. */
  readonly existing: ReadonlySet<string>;
}

/** Modules may be nested; deeper ones than this are not looked for. */
const MODULES_MAX = 12;

/** Paths of the resources below the values of a state (`values`) or plan (`planned_values`). */
export function resourcePatterns(values: 'values' | 'planned_values'): readonly string[] {
  return Array.from(
    { length: MODULES_MAX },
    (_, depth) => `${values}.root_module.${'child_modules.*.'.repeat(depth)}resources.*`,
  );
}

export async function lookFirst(
  input: ReportInput,
  context: ReadContext,
  isPlan: boolean,
): Promise<FirstLook> {
  const accounts = new Set<string>();
  const regions = new Set<string>();
  const configured = new Set<string | undefined>();
  const existing = new Set<string>();
  const prior = resourcePatterns('values').map((pattern) => `prior_state.${pattern}`);
  const patterns = [
    'configuration.provider_config.*',
    'resource_changes.*',
    ...resourcePatterns('values'),
    ...prior,
  ];
  for await (const event of sliceJson(input.open(), { patterns, skip: SKIP, ignoresRest: true })) {
    if (event.kind !== 'element') continue;
    if (event.pattern === 0) addConfiguredRegion(event.value, configured);
    else if (event.pattern === 1) {
      const today = resourceToday(event.value);
      if (today !== undefined) existing.add(today.address);
      addPlace(asObject(at(event.value, 'change', 'before')), accounts, regions);
    } else addPlaceOfEntry(event.value, accounts, regions);
  }
  // Where one provider takes its region from elsewhere, what is told of the others is not told of what it makes.
  if (!configured.has(undefined)) for (const region of configured) add(regions, region);
  const name = shortName(input.name, context.root);
  return {
    state: `terraform:${name}`,
    path: wholeName(input.name, context.root),
    account: context.account ?? only(accounts),
    region: context.region ?? only(regions),
    isPlan,
    existing,
  };
}

const SKIP = ['configuration.root_module', 'variables', 'output_changes', 'planned_values', 'values.outputs'];

function addPlaceOfEntry(entry: JsonValue, accounts: Set<string>, regions: Set<string>): void {
  const type = asText(asObject(entry)?.['type']);
  const values = asObject(asObject(entry)?.['values']);
  if (type === 'aws_caller_identity') add(accounts, accountNumber(values?.['account_id']));
  if (type === 'aws_region') add(regions, asText(values?.['name']) ?? asText(values?.['id']));
  const resource = stateResource(entry);
  // What a data source describes may be another's, in another account.
  if (resource !== undefined && resource !== 'data' && type?.startsWith('aws_') === true)
    addPlace(values, accounts, regions);
}

function addPlace(values: ReturnType<typeof asObject>, accounts: Set<string>, regions: Set<string>): void {
  const arn = parseArn(asText(values?.['arn']));
  add(accounts, accountNumber(arn?.account) ?? accountNumber(values?.['owner_id']));
  add(regions, arn?.region || regionOfZone(values?.['availability_zone']));
}

function addConfiguredRegion(provider: JsonValue, regions: Set<string | undefined>): void {
  if (asText(asObject(provider)?.['name']) !== 'aws') return;
  regions.add(asText(at(provider, 'expressions', 'region', 'constant_value')));
}

function add(found: Set<string>, value: string | undefined): void {
  if (value !== undefined && value !== '') found.add(value);
}

function only(values: ReadonlySet<string>): string | undefined {
  return values.size === 1 ? [...values][0] : undefined;
}

/** `envs/prod/network.json` is `prod/network`: what lies above differs from machine to machine. */
/** Where it lies in its repository, as far as the name tells; folders of a build change and are left out. */
function wholeName(fileName: string, root: string | null): string {
  const member = fileName.slice(fileName.lastIndexOf('!') + 1);
  const inside = root !== null && member.startsWith(root) ? member.slice(root.length) : member;
  const isAbsolute = inside === member && /^(?:[/\\]|[a-z]:)/i.test(member);
  return isAbsolute ? shortName(fileName, root) : pathOf(inside, 0);
}

function shortName(fileName: string, root: string | null): string {
  return pathOf(root !== null && fileName.startsWith(root) ? fileName.slice(root.length) : fileName, -2);
}

function pathOf(name: string, from: number): string {
  const parts = name.split(/[/\\!]/).filter((part) => part !== '' && part !== '.');
  return parts
    .slice(from)
    .join('/')
    .replace(/(?:[.-](?:tf)?(?:plan|state))?\.(?:json|zip|gz)$/i, '')
    .slice(0, 300);
}
