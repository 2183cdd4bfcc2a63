import { asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { SliceEvent } from '#base/unread-element.ts';
import type { ReadContext } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { kubernetesCover } from '#domain/resource/facts/kubernetes-facts.ts';
import type { ReadTwice } from '../reading/read-twice.ts';
import { addressText, controllerOf } from './controller.ts';
import { kindsOfFileName } from './kind-names.ts';
import { type KubernetesObject, type ListHead, readObject } from './kubernetes-object.ts';
import { describerText, isRunningPod, isWorkload, replicasOf } from './workload-object.ts';

/** What has to be known of the whole file before its first object can be read. */
export interface FirstLook {
  readonly cluster: string | null;
  /** Heads of the lists, by the number of their document in the file. */
  readonly lists: ReadonlyMap<number, ListHead>;
  /** Units that the file lists completely. */
  readonly covers: readonly string[];
  /** The object that describes a controller (`describerText`); undefined when the file holds no workload of that address. */
  describer(controller: string): string | undefined;
  /** Whether the file shows running pods of a controller. */
  hasPods(controller: string): boolean;
}

/**
 * Reads the file once for that, and before that once without its items: the head of a list may stand
 * behind them. Throws `report_broken` before anything is read of a file that is cut off: what is missing could tell
 * the cluster, and which object describes a workload. Memory follows the number of workloads, not of bytes.
 */
export async function lookFirst(
  input: ReportInput,
  context: ReadContext,
  events: ReadTwice<SliceEvent>,
): Promise<FirstLook> {
  const lists = await readListHeads(input);
  const workloads = new Workloads();
  const listed = new ListedKinds(lists);
  let clusterUid: string | null = null;
  for await (const { object, document, isItem } of objectsOf(events, lists)) {
    if (object.objectKind === 'Namespace' && object.name === 'kube-system' && object.group === '') {
      clusterUid = asText(at(object.body, 'metadata', 'uid')) ?? clusterUid;
    }
    if (isItem) listed.add(document, object);
    if (isWorkload(object)) workloads.add(object);
  }
  return {
    cluster: context.cluster ?? clusterUid,
    lists,
    covers: listed.covers(kindsOfFileName(input.name), context.cluster !== null),
    describer: (controller) => workloads.describer(controller),
    hasPods: (controller) => workloads.hasPods(controller),
  };
}

/** Patterns and options by which both readings cut the file. */
export const SLICES = { patterns: ['items.*'], documents: true } as const;

async function readListHeads(
  input: ReportInput,
): Promise<ReadonlyMap<number, ListHead & { readonly isPage: boolean }>> {
  const lists = new Map<number, ListHead & { readonly isPage: boolean }>();
  let document = 0;
  for await (const event of sliceJson(input.open(), { ...SLICES, skip: ['items'] })) {
    if (event.kind !== 'close' || event.depth !== 0) continue;
    const head = listHead(event.value);
    if (head !== undefined) lists.set(document, head);
    document++;
  }
  return lists;
}

function listHead(value: JsonObject): (ListHead & { readonly isPage: boolean }) | undefined {
  const kind = asText(value.kind);
  if (kind === undefined || !kind.endsWith('List')) return undefined;
  return {
    kind,
    apiVersion: asText(value.apiVersion) ?? '',
    isPage: asText(at(value, 'metadata', 'continue')) !== undefined,
  };
}

async function* objectsOf(
  events: ReadTwice<SliceEvent>,
  lists: ReadonlyMap<number, ListHead>,
): AsyncGenerator<{
  readonly object: KubernetesObject;
  readonly document: number;
  readonly isItem: boolean;
}> {
  let document = 0;
  for await (const event of events.all()) {
    if (event.kind === 'element') {
      const value = asObject(event.value);
      const object = value === undefined ? undefined : readObject(value, lists.get(document));
      if (object !== undefined && 'name' in object) yield { object, document, isItem: true };
    } else if (event.kind === 'close' && event.depth === 0) {
      const object = lists.has(document) ? undefined : readObject(event.value, undefined);
      if (object !== undefined && 'name' in object) yield { object, document, isItem: false };
      document++;
    }
  }
}

/**
 * Which kinds were listed, and how far. One list whose objects are of several namespaces can only have
 * asked for all namespaces, and asked so for each of its kinds; else it covers the one namespace that shows.
 */
class ListedKinds {
  readonly #lists: ReadonlyMap<number, ListHead & { readonly isPage: boolean }>;
  readonly #documents = new Map<
    number,
    {
      readonly kinds: Set<string>;
      readonly clusterKinds: Set<string>;
      namespace: string | null;
      isEverywhere: boolean;
    }
  >();

  constructor(lists: ReadonlyMap<number, ListHead & { readonly isPage: boolean }>) {
    this.#lists = lists;
  }

  add(document: number, object: KubernetesObject): void {
    let seen = this.#documents.get(document);
    if (seen === undefined) {
      seen = { kinds: new Set(), clusterKinds: new Set(), namespace: null, isEverywhere: false };
      this.#documents.set(document, seen);
    }
    if (object.namespace === '') {
      seen.clusterKinds.add(object.objectKind);
      return;
    }
    seen.kinds.add(object.objectKind);
    if (seen.namespace !== null && seen.namespace !== object.namespace) seen.isEverywhere = true;
    seen.namespace = object.namespace;
  }

  /** `namedKinds`: what a list was asked for, as far as the file's name tells; of some there may be none. */
  covers(namedKinds: readonly string[], clusterIsNamed: boolean): readonly string[] {
    const covers = new Set<string>();
    for (const [document, list] of this.#lists) {
      if (list.isPage) continue;
      const seen = this.#documents.get(document);
      if (seen === undefined) {
        // Without an object nothing tells the cluster, so a person has to.
        if (!clusterIsNamed) continue;
        for (const kind of list.kind === 'List' ? namedKinds : [list.kind.slice(0, -'List'.length)])
          covers.add(kubernetesCover(kind, null));
        continue;
      }
      for (const kind of seen.clusterKinds) covers.add(kubernetesCover(kind, null));
      if (seen.isEverywhere && list.kind === 'List')
        for (const kind of namedKinds) covers.add(kubernetesCover(kind, null));
      for (const kind of seen.kinds)
        covers.add(kubernetesCover(kind, seen.isEverywhere ? null : seen.namespace));
    }
    return [...covers].sort();
  }
}

/** How well an object describes its controller. */
const RANKS = { itself: 3, runningPod: 2, active: 1, idle: 0 } as const;

/** For each controller the one object of the file that describes it: itself, else its newest running pod, else its newest other part, one that is wanted before one that is not. */
class Workloads {
  readonly #best = new Map<
    string,
    { readonly rank: number; readonly createdAt: string; readonly text: string }
  >();
  readonly #withPods = new Set<string>();

  add(object: KubernetesObject): void {
    const controller = controllerOf(object);
    const key = addressText(controller);
    const isRunning = isRunningPod(object);
    if (isRunning) this.#withPods.add(key);
    const isItself = controller.objectKind === object.objectKind && controller.name === object.name;
    const rank = isItself
      ? RANKS.itself
      : isRunning
        ? RANKS.runningPod
        : replicasOf(object) === 0
          ? RANKS.idle
          : RANKS.active;
    const createdAt = asText(at(object.body, 'metadata', 'creationTimestamp')) ?? '';
    const text = describerText(object);
    const best = this.#best.get(key);
    if (best !== undefined && !isBetter({ rank, createdAt, text }, best)) return;
    this.#best.set(key, { rank, createdAt, text });
  }

  describer(controller: string): string | undefined {
    return this.#best.get(controller)?.text;
  }

  hasPods(controller: string): boolean {
    return this.#withPods.has(controller);
  }
}

type Candidate = { readonly rank: number; readonly createdAt: string; readonly text: string };

function isBetter(a: Candidate, b: Candidate): boolean {
  if (a.rank !== b.rank) return a.rank > b.rank;
  if (a.createdAt !== b.createdAt) return a.createdAt > b.createdAt;
  return a.text < b.text;
}
