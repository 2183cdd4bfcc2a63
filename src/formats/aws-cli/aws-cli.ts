import { asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { Observation, ResourceObservation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ScanDescription } from '#domain/scan/scan-description.ts';
import type { AwsKindName } from '../reading/aws/aws-kinds.ts';
import { awsListing, awsPage } from '../reading/aws/aws-listing.ts';
import { type AwsPlace, describeAwsResource } from '../reading/aws/describe-aws-resource.ts';
import { imagesOfTask } from '../reading/aws/running-images.ts';
import { readHead } from '../reading/describe-head.ts';
import { readAbsence, saysAbsence } from './absences.ts';
import type { Asked } from './asked.ts';
import { ACCOUNT_DETAILS, LIST_CALLS } from './calls.ts';
import type { ListCall } from './list-call.ts';
import { objectCallOf } from './objects.ts';

/** What the AWS CLI or an SDK answers to `describe`, `list` and `get` calls, saved as JSON. */
export const awsCli: ReportFormat = {
  id: 'aws-cli',
  title: 'AWS CLI output',
  command: 'aws ec2 describe-instances --output json > ec2-describe-instances.json',
  claims,
  read,
};

const SCAN: ScanDescription = { tool: 'aws-cli', time: null, scope: { is: 'inventory' }, coverage: 'listed' };

/** Members that stand beside a list: pages, owners, request ids. An empty list is believed among these only. */
const BESIDE_A_LIST = new Set([
  'NextToken',
  'nextToken',
  'NextMarker',
  'Marker',
  'IsTruncated',
  'Truncated',
  'Owner',
  'ResponseMetadata',
  '$metadata',
  'Prefix',
  'ContinuationToken',
  'HasMoreResults',
]);
const NEXT_PAGE = [
  'NextToken',
  'nextToken',
  'NextMarker',
  'Marker',
  'ContinuationToken',
  'LastEvaluatedTableName',
];

function claims(head: ReportHead): boolean {
  if (head.shape === 'text') return saysAbsence(head.text);
  const answer = asObject(head.json);
  if (answer === undefined) return false;
  return listKeysOf(answer).length > 0 || (head.shape === 'json' && objectCallOf(answer) !== undefined);
}

/** So many elements are looked at for the one that proves what a list is. */
const PROOFS = 20;

/** Keys of the lists in an answer, by what their elements hold. */
function listKeysOf(answer: JsonObject): readonly string[] {
  const keys = Object.keys(answer);
  const known = keys.filter(
    (key) => Array.isArray(answer[key]) && LIST_CALLS.some((call) => call.key === key),
  );
  const lists = known.filter((key) => {
    const elements = (answer[key] as JsonValue[]).slice(0, PROOFS);
    const isShared = LIST_CALLS.some((call) => call.key === key && call.isShared === true);
    const isAlone = keys.every((other) => known.includes(other) || BESIDE_A_LIST.has(other));
    if (elements.length === 0) return !isShared && isAlone;
    return (!isShared || isAlone) && elements.some((element) => lineOf(key, element) !== undefined);
  });
  return lists.some((key) => key !== 'Policies' && ACCOUNT_DETAILS.includes(key)) ? ACCOUNT_DETAILS : lists;
}

function lineOf(key: string, element: JsonValue): ListCall | undefined {
  const members = asObject(element);
  return LIST_CALLS.find(
    (call) =>
      call.key === key &&
      (call.proof === null
        ? typeof element === 'string'
        : call.proof.every((member) => members?.[member] !== undefined)),
  );
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const head = await readHead(input);
  const place: AwsPlace = { account: context.account ?? undefined, region: context.region ?? undefined };
  const asked: Asked = { place, fileName: input.name };
  yield { kind: 'scan', scan: SCAN };
  if (head.shape === 'text' && saysAbsence(head.text)) {
    yield { kind: 'beside', observations: readAbsence(head.text, input.name, place) };
    return;
  }
  const keys = listKeysOf(asObject(head.json) ?? {});
  if (keys.length === 0) yield* readObjects(input, asked);
  else yield* readLists(keys, input, head.shape === 'json-lines', asked);
}

async function* readObjects(input: ReportInput, asked: Asked): AsyncGenerator<ReportItem> {
  for await (const event of sliceJson(input.open(), { patterns: [''] })) {
    const answer = event.kind === 'element' ? asObject(event.value) : undefined;
    const observations = (answer && objectCallOf(answer)?.read(answer, asked)) ?? [];
    if (observations.length > 0) yield { kind: 'beside', observations };
  }
}

async function* readLists(
  keys: readonly string[],
  input: ReportInput,
  documents: boolean,
  asked: Asked,
): AsyncGenerator<ReportItem> {
  const listings = new Listings(asked);
  let morePages = false;
  for await (const event of sliceJson(input.open(), { patterns: keys.map((key) => `${key}.*`), documents })) {
    if (event.kind === 'element') {
      yield* readElement(keys[event.pattern] as string, event.value, event.path, asked, listings);
    } else if (event.kind === 'bad') {
      yield { kind: 'reject', at: event.path, code: 'not_json', message: event.message };
    } else if (event.depth === 0) {
      // The last page alone names no next one.
      morePages = NEXT_PAGE.some((member) => typeof event.value[member] === 'string');
      if (asText(event.value['Prefix']) !== undefined && event.value['Prefix'] !== '')
        listings.isFiltered = true;
    }
  }
  for (const key of keys) {
    if (morePages) {
      const observations = listings.pageOf(key);
      if (observations.length > 0) yield { kind: 'beside', observations };
      continue;
    }
    const observations = [
      ...listings.of(key, keys),
      ...LIST_CALLS.filter((call) => call.key === key).flatMap((call) => call.whole?.(asked) ?? []),
    ];
    if (observations.length > 0) yield { kind: 'beside', observations };
  }
}

function* readElement(
  key: string,
  element: JsonValue,
  at: string,
  asked: Asked,
  listings: Listings,
): Generator<ReportItem> {
  const call = lineOf(key, element);
  if (call === undefined) {
    const expected = LIST_CALLS.filter((each) => each.key === key).map((each) =>
      each.proof === null ? 'a text' : `an object with "${each.proof.join('" and "')}"`,
    );
    yield {
      kind: 'reject',
      at,
      code: 'wrong_type',
      message: `Expected ${expected.join(' or ')}, found something else.`,
    };
    return;
  }
  if (call.type === null) {
    // What else the list holds is another service's.
    listings.doubt(key);
    yield {
      kind: 'record',
      at,
      observations: call.describe?.(call.respelled?.(element) ?? asObject(element) ?? {}, asked) ?? [],
    };
    return;
  }
  if (call.inner === undefined) {
    yield readDescription(call, call.respelled?.(element) ?? (element as JsonObject), at, asked, listings);
    return;
  }
  const outer = element as JsonObject;
  const entries = outer[call.inner];
  if (!Array.isArray(entries)) {
    yield {
      kind: 'reject',
      at,
      code: 'wrong_type',
      message: `Expected a list in "${call.inner}", found none.`,
    };
    return;
  }
  for (const [index, entry] of entries.entries()) {
    const description = asObject(entry) ?? {};
    const owned =
      'OwnerId' in description || outer['OwnerId'] === undefined
        ? description
        : { ...description, OwnerId: outer['OwnerId'] };
    yield readDescription(call, owned, `${at}.${call.inner}[${index}]`, asked, listings);
  }
}

function readDescription(
  call: ListCall,
  description: JsonObject,
  at: string,
  asked: Asked,
  listings: Listings,
): ReportItem {
  const type = call.type as AwsKindName;
  const observation = describeAwsResource(type, description, asked.place);
  if (observation === undefined)
    return {
      kind: 'reject',
      at,
      code: 'missing_field',
      message: `Expected a description with its id (${type}), found none.`,
    };
  listings.saw(call, observation.account, observation.region);
  // Users of other services stand under the same key, without an ARN of IAM.
  if (call.key === 'Users' && asText(description['Arn']) === undefined) listings.doubt(call.key);
  const observations = [
    observation,
    ...sharedWith(asked.place.account, observation),
    ...(type === 'ecs-task' ? imagesOfTask(observation, description) : []),
  ];
  return call.unit === 'record' ? { kind: 'record', at, observations } : { kind: 'beside', observations };
}

/** Parts of a network that another account owns and shares (Resource Access Manager): they decide who reaches what stands in it. */
const SHARED_PARTS: ReadonlySet<string> = new Set([
  'network-acl',
  'prefix-list',
  'route-table',
  'security-group',
  'subnet',
  'vpc',
]);

/** The same part as the account sees it that was asked: it is judged with that account too, under a key of its own. */
function sharedWith(
  account: string | undefined,
  { aliases: _, resource, ...rest }: ResourceObservation,
): readonly ResourceObservation[] {
  if (account === undefined || account === rest.account || !SHARED_PARTS.has(rest.type)) return [];
  if (resource.kind !== 'cloud') return [];
  const id = resource.id.slice(resource.id.lastIndexOf('/') + 1);
  return [{ ...rest, account, resource: { ...resource, id, account } }];
}

/** Somebody asked for one thing by its id, and named the file after it. */
const ID_OF_AWS = /(?:^|[^a-z0-9])[a-z]{1,8}-[0-9a-f]{8,17}(?![a-z0-9])/;
/** Somebody said that it is a selection, or one page: the last page of several looks like the only one. */
const SAID_PARTIAL = /(?:^|[^a-z])(?:filter(?:s|ed)?|partial|(?:page|part)[-_. ]?\d+)(?![a-z0-9])/i;

/** Remembers what and where the elements of each list were: an answer is about one account and one region. */
class Listings {
  readonly #place: AwsPlace;
  readonly #seen = new Map<
    string,
    { calls: Set<ListCall>; accounts: Set<string | undefined>; regions: Set<string | undefined> }
  >();
  readonly #doubtful = new Set<string>();
  /** The answer, or its file's name, tells that not everything was asked for. */
  isFiltered: boolean;

  constructor({ place, fileName }: Asked) {
    this.#place = place;
    this.isFiltered = ID_OF_AWS.test(fileName) || SAID_PARTIAL.test(fileName);
  }

  saw(call: ListCall, account: string | undefined, region: string | undefined): void {
    const seen = this.#seen.get(call.key) ?? { calls: new Set(), accounts: new Set(), regions: new Set() };
    this.#seen.set(call.key, seen);
    seen.calls.add(call);
    seen.accounts.add(account);
    seen.regions.add(region);
  }

  /** The list may hold less than there is. */
  doubt(key: string): void {
    this.#doubtful.add(key);
  }

  /** That the list was complete; nothing where it is not certain of what type it was a list. */
  of(key: string, keys: readonly string[]): readonly Observation[] {
    const calls = this.#callsOf(key);
    const type = typeOf(calls);
    if (type === null) return [];
    // `--filter` of `get-account-authorization-details` leaves the other lists empty.
    const isLeftEmpty = keys === ACCOUNT_DETAILS && !this.#seen.has(key);
    const isAsked = keys !== ACCOUNT_DETAILS && calls.some((call) => call.isAsked === true);
    // What one parent has says nothing about the others, so an absence is not known by it.
    const isPartial = isAsked || this.isFiltered || isLeftEmpty || this.#doubtful.has(key);
    return isPartial ? this.pageOf(key) : awsListing(type, this.#placeOf(key));
  }

  /** That the list is some of what there is. */
  pageOf(key: string): readonly Observation[] {
    const type = typeOf(this.#callsOf(key));
    return type === null ? [] : awsPage(type, this.#placeOf(key));
  }

  /** What the elements proved to be; of an empty list, all that it may be. */
  #callsOf(key: string): readonly ListCall[] {
    const seen = this.#seen.get(key);
    return seen === undefined ? LIST_CALLS.filter((call) => call.key === key) : [...seen.calls];
  }

  #placeOf(key: string): AwsPlace {
    const seen = this.#seen.get(key);
    // What stands in another region was not listed in the one that was named.
    const isElsewhere = [...(seen?.regions ?? [])].some(
      (region) => region !== undefined && region !== this.#place.region,
    );
    return {
      account: this.#place.account ?? only(seen?.accounts),
      region: isElsewhere ? only(seen?.regions) : (this.#place.region ?? only(seen?.regions)),
    };
  }
}

/** Of what type a list is; null where its key alone does not tell. */
function typeOf(calls: readonly ListCall[]): AwsKindName | null {
  const types = new Set(calls.flatMap((call) => call.type ?? []));
  const [type] = types;
  return types.size === 1 ? (type ?? null) : null;
}

function only<T>(values: ReadonlySet<T> | undefined): T | undefined {
  return values?.size === 1 ? [...values][0] : undefined;
}
