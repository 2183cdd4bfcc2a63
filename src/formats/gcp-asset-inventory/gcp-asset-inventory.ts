import { asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { Observation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from '../reading/describe-head.ts';
import { assetListing, memberListing } from './asset-listing.ts';
import {
  groupOfFile,
  isDenyPolicy,
  isMembership,
  isPolicyAlone,
  isRole,
  mapDenyPolicy,
  mapMembership,
  mapRole,
  proxyPlaceOfFile,
} from './map-access-context.ts';
import { mapAsset, proxyPolicyOf } from './map-asset.ts';

/** Assets of Google Cloud: exports (lines), lists and searches, with resources, IAM policies or organisation policies. */
export const gcpAssetInventory: ReportFormat = {
  id: 'gcp-asset-inventory',
  title: 'Google Cloud Asset Inventory',
  command:
    'gcloud asset export --organization=ORG --content-type=resource --output-path=gs://BUCKET/resources.json (again with iam-policy, org-policy)',
  claims,
  read,
};

const LISTS = ['assets', 'results'] as const;

function claims(head: ReportHead): boolean {
  const json = head.json;
  if (Array.isArray(json))
    return json.length === 0 ? groupOfFile(head.name) !== undefined : isAsset(asObject(json[0]));
  const report = asObject(json);
  if (report === undefined) return false;
  const list = listOf(report);
  if (isPolicyAlone(report) && proxyPlaceOfFile(head.name) !== undefined) return true;
  return isAsset(list === undefined ? report : asObject((report[list] as JsonValue[])[0]));
}

function listOf(report: JsonObject | undefined): (typeof LISTS)[number] | undefined {
  return LISTS.find((key) => Array.isArray(report?.[key]));
}

function isAsset(object: JsonObject | undefined): boolean {
  const type = asText(object?.['assetType']) ?? asText(object?.['asset_type']);
  const name = asText(object?.['name']) ?? asText(object?.['resource']);
  if (type?.includes('/') === true && name?.startsWith('//') === true) return true;
  return isDenyPolicy(object) || isRole(object) || isMembership(object);
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const { json, shape } = await readHead(input);
  yield {
    kind: 'scan',
    scan: { tool: 'gcp-asset-inventory', time: null, scope: { is: 'inventory' }, coverage: 'listed' },
  };
  const list = Array.isArray(json) ? '' : listOf(asObject(json));
  const pattern = list === undefined ? '' : list === '' ? '*' : `${list}.*`;
  const group = groupOfFile(input.name);
  const accounts = new Set<string>();
  const types = new Set<string>();
  let morePages = false;
  for await (const event of sliceJson(input.open(), {
    patterns: [pattern],
    documents: shape === 'json-lines',
  })) {
    if (event.kind === 'bad') {
      yield {
        kind: 'reject',
        at: event.path,
        code: 'not_json',
        message: `Expected an asset: ${event.message}.`,
      };
      continue;
    }
    if (event.kind === 'close') {
      if (event.depth === 0) morePages = asText(event.value['nextPageToken']) !== undefined;
      continue;
    }
    const item = readAsset(event.value, event.path, group, proxyPlaceOfFile(input.name));
    if (item.kind === 'record') remember(item.observations, accounts, types);
    yield item;
  }
  if (list === '' && group !== undefined) {
    yield { kind: 'beside', observations: memberListing(group) };
    return;
  }
  // One asset alone may be anything that somebody asked for.
  if (morePages || (list === undefined && shape !== 'json-lines')) return;
  const observations = [...accounts].flatMap((account) =>
    [...types].sort().map((type) => assetListing(account, type, shape === 'json-lines')),
  );
  if (observations.length > 0) yield { kind: 'beside', observations };
}

function readAsset(
  value: JsonValue,
  at: string,
  group: string | undefined,
  proxyPlace: string | undefined,
): ReportItem & { readonly kind: 'record' | 'reject' } {
  const asset = asObject(value);
  if (asset === undefined)
    return {
      kind: 'reject',
      at,
      code: 'wrong_type',
      message: 'Expected an asset, found another JSON value.',
    };
  const observations =
    (proxyPlace !== undefined && isPolicyAlone(asset) ? proxyPolicyOf(asset, proxyPlace) : null) ??
    mapDenyPolicy(asset) ??
    mapRole(asset) ??
    mapMembership(asset, group) ??
    mapAsset(asset);
  return observations === null
    ? {
        kind: 'reject',
        at,
        code: 'missing_field',
        message: 'Expected an asset with "name" (//service/…) and "asset_type", found none.',
      }
    : { kind: 'record', at, observations };
}

function remember(observations: readonly Observation[], accounts: Set<string>, types: Set<string>): void {
  for (const observation of observations) {
    if (observation.kind !== 'resource' || observation.account === undefined) continue;
    accounts.add(observation.account);
    types.add(observation.type);
  }
}
