import { asObject, asText, type JsonObject, parseJson } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { describeNamedResource } from '../reading/aws/named-resource.ts';

const TAGS_MAX = 100;

/** A resource as a row names it. */
export interface NamedByWiz {
  /** Ids, best first: an ARN, an id of Azure, an address of Google Cloud, or one that only Wiz knows. */
  readonly ids: readonly (string | undefined)[];
  readonly type: string | undefined;
  readonly name: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
}

/** The resource by the id that its cloud gave it, else by Wiz's own; null where the row has none. */
export function describeResource({
  ids,
  type,
  name,
  account,
  region,
}: NamedByWiz): ResourceDescription | null {
  const known = ids.flatMap((id) => id ?? []);
  const arn = known.find((id) => id.startsWith('arn:aws'));
  if (arn !== undefined) return describeNamedResource({ id: arn, type: undefined, name, account, region });
  const azure = known.find((id) => /^\/subscriptions\//i.test(id));
  const described = { kind: 'cloud', type, name, account, region } as const;
  if (azure !== undefined) return { ...described, provider: 'azure', id: azure };
  const google = known.flatMap((id) => googleName(id) ?? [])[0];
  if (google !== undefined) return { ...described, provider: 'gcp', id: google };
  const [own] = known;
  return own === undefined ? null : { ...described, provider: 'other', id: own };
}

/** `https://www.googleapis.com/compute/v1/projects/shop/…` as the asset inventory spells it. */
function googleName(id: string): string | undefined {
  const path =
    /^https:\/\/(?:www\.googleapis\.com\/compute|compute\.googleapis\.com\/compute)\/v1\/(projects\/.{1,900})$/.exec(
      id,
    )?.[1];
  return path === undefined ? undefined : `//compute.googleapis.com/${path}`;
}

/** A JSON object in a cell; empty for anything else. */
export function jsonCell(cell: string | undefined): JsonObject {
  try {
    return asObject(parseJson(cell ?? '')) ?? {};
  } catch {
    return {};
  }
}

/** What its tags tell of a resource. */
export function toldOf(resource: ResourceDescription, tags: JsonObject): readonly Observation[] {
  const pairs = Object.entries(tags)
    .flatMap(([key, value]): [string, string][] => (typeof value === 'string' ? [[key, value]] : []))
    .slice(0, TAGS_MAX);
  if (resource.kind !== 'cloud' || resource.provider === 'other' || pairs.length === 0) return [];
  return [
    {
      kind: 'resource',
      resource,
      type: resource.type ?? 'Other',
      name: resource.name ?? resource.id,
      account: resource.account,
      region: resource.region,
      tags: Object.fromEntries(pairs),
      facts: {},
      isSecondHand: true,
    },
  ];
}

/** The id in the cloud's own description of a resource. */
export function idIn(json: JsonObject): string | undefined {
  return asText(json.arn) ?? asText(json.Arn) ?? asText(json.id) ?? asText(json.selfLink);
}
