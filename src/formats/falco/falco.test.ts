import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { describeHead } from '../reading/describe-head.ts';
import { falco } from './falco.ts';
import { mapEvent } from './map-event.ts';

const TIME = '2026-10-01T08:15:30.123456789Z';

function event(fields: JsonObject, others: JsonObject = {}): JsonObject {
  return {
    rule: 'r',
    priority: 'Warning',
    output: 'o',
    time: TIME,
    source: 'syscall',
    output_fields: fields,
    hostname: 'node-1',
    ...others,
  };
}

describe('whom an event is about', () => {
  it.each([
    {
      title: 'a pod of a Deployment',
      of: event({ 'k8s.ns.name': 'shop', 'k8s.pod.name': 'web-7d9f8c6b54-x2x9k' }),
      resources: [
        {
          kind: 'kubernetes',
          cluster: null,
          group: 'apps',
          objectKind: 'Deployment',
          namespace: 'shop',
          name: 'web',
        },
      ],
    },
    {
      title: 'a Deployment that is named',
      of: event({ 'k8s.ns.name': 'shop', 'k8s.pod.name': 'x', 'k8smeta.deployment.name': 'web' }),
      resources: [
        {
          kind: 'kubernetes',
          cluster: null,
          group: 'apps',
          objectKind: 'Deployment',
          namespace: 'shop',
          name: 'web',
        },
      ],
    },
    {
      title: 'a container without Kubernetes',
      of: event({
        'container.image.repository': 'nginx',
        'container.image.tag': '1.25',
        'k8s.ns.name': '<NA>',
        'k8s.pod.name': null,
      }),
      resources: [
        { kind: 'image', reference: 'nginx:1.25' },
        { kind: 'host', name: 'node-1' },
      ],
    },
    {
      title: 'fields that were not filled in',
      of: event({
        'container.image.repository': 'container.image.repository',
        'container.image.tag': 'container.image.tag',
      }),
      resources: [{ kind: 'host', name: 'node-1' }],
    },
    {
      title: 'a pod as newer versions name it',
      of: event({ 'k8smeta.ns.name': 'shop', 'k8smeta.pod.name': 'web-7d9f8c6b54-x2x9k' }),
      resources: [{ kind: 'kubernetes', objectKind: 'Deployment', namespace: 'shop', name: 'web' }],
    },
    ...(
      [
        ['deployments', 'apps', 'Deployment'],
        ['daemonsets', 'apps', 'DaemonSet'],
        ['statefulsets', 'apps', 'StatefulSet'],
        ['cronjobs', 'batch', 'CronJob'],
        ['services', '', 'Service'],
        ['serviceaccounts', '', 'ServiceAccount'],
        ['namespaces', '', 'Namespace'],
        ['roles', 'rbac.authorization.k8s.io', 'Role'],
        ['rolebindings', 'rbac.authorization.k8s.io', 'RoleBinding'],
        ['clusterroles', 'rbac.authorization.k8s.io', 'ClusterRole'],
        ['clusterrolebindings', 'rbac.authorization.k8s.io', 'ClusterRoleBinding'],
      ] as const
    ).map(([plural, group, objectKind]) => ({
      title: `a request for ${plural}`,
      of: event({ 'ka.target.resource': plural, 'ka.target.name': 'x' }, { source: 'k8s_audit' }),
      resources: [{ kind: 'kubernetes', group, objectKind, namespace: '', name: 'x' }],
    })),
    { title: 'a plugin', of: event({}, { source: 'aws_cloudtrail' }), resources: [] },
    {
      title: 'a request for a kind of the prototype',
      of: event({ 'ka.target.resource': 'constructor', 'ka.target.name': 'x' }, { source: 'k8s_audit' }),
      resources: [],
    },
    {
      title: 'fields that are no object',
      of: event({}, { output_fields: 'x' }),
      resources: [{ kind: 'host', name: 'node-1' }],
    },
  ])('$title', ({ of, resources }) => {
    expect(mapEvent(of, null)).toMatchObject({ resources });
  });

  it('takes a person’s word for the cluster', () => {
    const pod = event({ 'k8s.ns.name': 'a', 'k8s.pod.name': 'b', 'k8s.cluster.name': 'c' });
    expect(mapEvent(pod, 'prod')).toMatchObject({ resources: [{ cluster: 'prod' }] });
    expect(mapEvent(pod, null)).toMatchObject({ resources: [{ cluster: 'c' }] });
  });
});

describe('what an event says', () => {
  it.each([
    ['Emergency', 'critical', true],
    ['ERROR', 'high', true],
    ['Notice', 'low', true],
    ['Alert', 'critical', true],
    ['Critical', 'critical', true],
    ['Warning', 'medium', true],
    ['Informational', 'info', false],
    ['Info', 'info', false],
    ['Debug', 'info', false],
    ['Unheard', null, true],
  ])('the priority %s', (priority, severity, isAttack) => {
    expect(mapEvent(event({}, { priority }), null)).toMatchObject({ severity, isAttack });
  });

  it.each([
    ['internal', false],
    ['syscall', true],
    ['k8s_audit', true],
  ])('of the source %s', (source, isAttack) => {
    expect(mapEvent(event({}, { source, priority: 'Critical' }), null)).toMatchObject({ isAttack });
  });

  it.each([
    ['no rule', { rule: null }, 'rule'],
    ['no time', { time: 'yesterday' }, 'time'],
  ])('%s is rejected', (_, others, lacks) => {
    expect(mapEvent(event({}, others), null)).toEqual({ lacks });
  });

  it('keeps techniques and the time to the millisecond', () => {
    expect(mapEvent(event({}, { tags: ['T1059', 'T1547.006', 'container', 'T1', 7] }), null)).toMatchObject({
      techniques: ['T1059', 'T1547.006'],
      firstAt: Date.parse('2026-10-01T08:15:30.123Z'),
    });
    expect(mapEvent(event({ 'evt.time': 1790842530000000000 }, { time: undefined }), null)).toMatchObject({
      firstAt: 1790842530000,
    });
  });
});

it("of the interface's statistics nothing is an event", async () => {
  const open = async function* () {
    yield Buffer.from('{"results":[],"statistics":{"all":0}}');
  };
  const context = { root: null, account: null, region: null, cluster: null };
  const kinds: string[] = [];
  for await (const item of falco.read({ name: 'x', open }, context)) kinds.push(item.kind);
  expect(kinds).toEqual(['scan']);
});

describe('which reports are events of Falco', () => {
  it.each([
    ['an event', JSON.stringify(event({})), true],
    ['an array', JSON.stringify([event({})]), true],
    ['a rule of something else', '{"rule":"r","priority":"1","output":{}}', false],
    ['an empty array', '[]', false],
  ])('%s', (_, text, claimed) => {
    expect(falco.claims(describeHead('x', Buffer.from(text)))).toBe(claimed);
  });
});
