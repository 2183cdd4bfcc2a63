import { asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { CoverageObservation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { ReadTwice } from '../reading/read-twice.ts';
import { type FirstLook, lookFirst, SLICES } from './first-look.ts';
import { groupOf, type ListHead, readObject } from './kubernetes-object.ts';
import { isAwsAuth, mapAwsAuth } from './map-aws-auth.ts';
import { mapObject } from './map-object.ts';

const KINDS = [
  'namespaces,nodes,pods,deployments,statefulsets,daemonsets,replicasets,jobs,cronjobs',
  'services,ingresses,networkpolicies,serviceaccounts,roles,clusterroles,rolebindings,clusterrolebindings',
].join(',');

/** The objects of a cluster as the API server gives them out: inventory, no findings. */
export const kubernetes: ReportFormat = {
  id: 'kubernetes',
  title: 'Kubernetes objects (kubectl get -o json)',
  command: `kubectl get ${KINDS} -A -o json > cluster.json`,
  claims,
  read,
};

/** Groups whose objects are reports of scanners, events or catalogue entries: other formats read those. */
const GROUPS_OF_REPORTS = [
  'aquasecurity.github.io',
  'wgpolicyk8s.io',
  'openreports.io',
  'reports.x-k8s.io',
  'audit.k8s.io',
  'spdx.softwarecomposition.kubescape.io',
  'backstage.io',
];

/** Groups whose objects stand alone in a file too; of other groups only what kubectl put into a `List`. */
const BUILT_IN_GROUPS = new Set(['', 'apps', 'batch', 'autoscaling', 'policy', 'extensions']);

function claims(head: ReportHead): boolean {
  const value = asObject(head.json);
  const kind = asText(value?.kind);
  const apiVersion = asText(value?.apiVersion);
  const first = asObjects(value?.items)[0];
  const group = groupOf(apiVersion ?? asText(first?.apiVersion) ?? '');
  if (value === undefined || GROUPS_OF_REPORTS.includes(group)) return false;
  // kubectl writes the keys in order of the alphabet, so kind and apiVersion of a list may lie behind the head.
  const item = asObject(first);
  if (item !== undefined) {
    const itemGroup = groupOf(asText(item.apiVersion) ?? apiVersion ?? '');
    const isNamed =
      kind?.endsWith('List') === true ||
      (kind === undefined && asText(item.kind) !== undefined && asText(item.apiVersion) !== undefined);
    return (
      isNamed &&
      apiVersion !== undefined &&
      asObject(item.metadata) !== undefined &&
      !GROUPS_OF_REPORTS.includes(itemGroup)
    );
  }
  if (kind === undefined || apiVersion === undefined) return false;
  if (kind.endsWith('List') && Array.isArray(value.items)) return group === '' ? apiVersion === 'v1' : true;
  const isBuiltIn = BUILT_IN_GROUPS.has(group) || group.endsWith('.k8s.io');
  return (
    isBuiltIn && (group !== '' || apiVersion === 'v1') && asText(asObject(value.metadata)?.name) !== undefined
  );
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const events = new ReadTwice(input, (bytes) => sliceJson(bytes, SLICES));
  const look = await lookFirst(input, context, events);
  yield {
    kind: 'scan',
    scan: {
      tool: 'kubernetes',
      time: null,
      scope: { is: 'inventory', cluster: look.cluster },
      coverage: 'listed',
    },
  };
  if (look.covers.length > 0) yield { kind: 'beside', observations: look.covers.map(coverage) };
  let document = 0;
  for await (const event of events.all()) {
    if (event.kind === 'bad')
      yield {
        kind: 'reject',
        at: event.path,
        code: 'not_json',
        message: `Expected a Kubernetes object, found a value that is ${event.message}.`,
      };
    else if (event.kind === 'element')
      yield* mapEntry(asObject(event.value), look.lists.get(document), event.path, look);
    else if (event.depth === 0) {
      if (!look.lists.has(document)) yield* mapEntry(event.value, undefined, `[${document}]`, look);
      document++;
    }
  }
}

function coverage(cover: string): CoverageObservation {
  return { kind: 'coverage', cover };
}

function* mapEntry(
  value: JsonObject | undefined,
  list: ListHead | undefined,
  at: string,
  look: FirstLook,
): Generator<ReportItem> {
  if (value === undefined) {
    yield {
      kind: 'reject',
      at,
      code: 'wrong_type',
      message: 'Expected a Kubernetes object, found another kind of JSON value.',
    };
    return;
  }
  const object = readObject(value, list);
  if ('lacks' in object) {
    yield {
      kind: 'reject',
      at,
      code: 'missing_field',
      message: `Expected a Kubernetes object with ${object.lacks}, found none; export it with "kubectl get … -o json".`,
    };
    return;
  }
  if (!isAwsAuth(object)) {
    yield { kind: 'record', at, observations: mapObject(object, look) };
    return;
  }
  const { described, unread } = mapAwsAuth(object, look.cluster);
  yield { kind: 'record', at, observations: [described] };
  for (const each of unread)
    yield { kind: 'reject', at: `${at}.${each.at}`, code: 'wrong_type', message: each.message };
}
