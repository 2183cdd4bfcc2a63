import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { mapEvent } from './map-event.ts';

const EVENT: JsonObject = {
  auditID: 'a',
  stage: 'ResponseComplete',
  stageTimestamp: '2026-11-20T10:00:00Z',
  user: { username: 'eve' },
  responseStatus: { code: 200 },
};

function signalsOf(more: JsonObject) {
  const reading = mapEvent({ ...EVENT, ...more }, 'prod');
  if (typeof reading === 'string') throw new Error(reading);
  return reading.flatMap((each) => (each.kind === 'signal' ? [each] : []));
}

const rulesOf = (more: JsonObject) => signalsOf(more).map(({ rule }) => rule);
const pod = (spec: JsonObject): JsonObject => ({
  verb: 'create',
  objectRef: { resource: 'pods', namespace: 'shop' },
  requestObject: { metadata: { name: 'x' }, spec },
});
const container = (privileged: boolean) => [{ securityContext: { privileged } }];
const secrets = (more: JsonObject = {}): JsonObject => ({
  verb: 'list',
  objectRef: { resource: 'secrets', ...more },
});
const exec = (more: JsonObject = {}): JsonObject => ({
  verb: 'create',
  objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web' },
  ...more,
});
const adminRole = (rule: JsonObject): JsonObject => ({
  verb: 'create',
  objectRef: { resource: 'clusterroles' },
  requestObject: { rules: [rule] },
});
const binding = (verb: string, name: string): JsonObject => ({
  verb,
  objectRef: { resource: 'clusterrolebindings' },
  requestObject: { roleRef: { name } },
});

test.each<[string, JsonObject, readonly string[]]>([
  ['all secrets', secrets(), ['k8s.credential-access.dump-secrets']],
  ['the secrets of a namespace', secrets({ namespace: 'shop' }), []],
  ['one secret', { ...secrets({ name: 's', namespace: 'shop' }), verb: 'get' }, []],
  ['a command in a pod', exec(), ['k8s.execution.exec-into-pod']],
  ['a look into a pod', exec({ objectRef: { resource: 'pods', subresource: 'log', name: 'web' } }), []],
  [
    'a command that reads a token',
    exec({
      requestURI: '/x?command=cat&command=%2Fvar%2Frun%2Fsecrets%2Fkubernetes.io%2Fserviceaccount%2Ftoken',
    }),
    ['k8s.credential-access.steal-serviceaccount-token', 'k8s.execution.exec-into-pod'],
  ],
  [
    'a role for everything',
    adminRole({ verbs: ['*'], resources: ['*'] }),
    ['k8s.persistence.create-admin-clusterrole'],
  ],
  ['a role for all verbs on one thing', adminRole({ verbs: ['*'], resources: ['pods'] }), []],
  ['a role to read everything', adminRole({ verbs: ['get'], resources: ['*'] }), []],
  ['a new administrator', binding('create', 'cluster-admin'), ['k8s.persistence.bind-cluster-admin']],
  ['a new reader', binding('create', 'view'), []],
  ['a binding that is gone', binding('delete', 'cluster-admin'), []],
  ['a privileged pod', pod({ containers: container(true) }), ['k8s.privilege-escalation.privileged-pod']],
  [
    'a privileged start of a pod',
    pod({ initContainers: container(true) }),
    ['k8s.privilege-escalation.privileged-pod'],
  ],
  ['a pod', pod({ containers: container(false) }), []],
  [
    'a pod with the file system of its node',
    pod({ volumes: [{ hostPath: { path: '/' } }] }),
    ['k8s.privilege-escalation.hostpath-volume'],
  ],
  ['a pod with a folder of its node', pod({ volumes: [{ hostPath: { path: '/var/log' } }] }), []],
  [
    'a node through the proxy',
    { verb: 'get', objectRef: { resource: 'nodes', subresource: 'proxy', name: 'n' } },
    ['k8s.privilege-escalation.nodes-proxy'],
  ],
  ['a node', { verb: 'get', objectRef: { resource: 'nodes', name: 'n' } }, []],
  [
    'what nobody signed',
    { verb: 'get', user: { username: 'system:anonymous' }, requestURI: '/api/v1/pods' },
    ['anonymous-access'],
  ],
  ['a probe', { verb: 'get', user: { username: 'system:anonymous' }, requestURI: '/readyz?verbose' }, []],
])('a request for %s', (_, more, rules) => {
  expect(rulesOf(more)).toEqual(rules);
});

test.each<[string, JsonObject, number]>([
  ['that is answered', {}, 1],
  ['whose answer begins', { stage: 'ResponseStarted' }, 1],
  ['that says no stage', { stage: null }, 1],
  ['that only came in', { stage: 'RequestReceived' }, 0],
  ['that was refused', { responseStatus: { code: 403 } }, 0],
  ['without an answer', { responseStatus: null }, 1],
  ['of a kubelet', { user: { username: 'system:node:n' } }, 0],
  ['of the scheduler', { user: { username: 'system:kube-scheduler' } }, 0],
  ['of the API server', { user: { username: 'system:apiserver' } }, 0],
  ['of a controller', { user: { username: 'system:serviceaccount:kube-system:x' } }, 0],
  ['of a service account', { user: { username: 'system:serviceaccount:shop:x' } }, 1],
  [
    'of the system in the name of somebody',
    { user: { username: 'system:apiserver' }, impersonatedUser: { username: 'eve' } },
    1,
  ],
])('a request %s counts %d times', (_, more, count) => {
  expect(signalsOf({ ...exec(), ...more })).toHaveLength(count);
});

test.each<[string, JsonObject, object]>([
  [
    'the workload of a pod',
    exec({
      objectRef: { resource: 'pods', subresource: 'exec', namespace: 'shop', name: 'web-7d9f8c6b54-x2x9k' },
    }),
    { kind: 'kubernetes', cluster: 'prod', objectKind: 'Deployment', namespace: 'shop', name: 'web' },
  ],
  ['the cluster where it names no object', secrets(), { kind: 'cluster', cluster: 'prod' }],
  [
    'the object that is made',
    {
      ...binding('create', 'cluster-admin'),
      requestObject: { metadata: { name: 'b' }, roleRef: { name: 'cluster-admin' } },
    },
    { kind: 'kubernetes', group: 'rbac.authorization.k8s.io', objectKind: 'ClusterRoleBinding', name: 'b' },
  ],
  [
    'a node',
    { verb: 'get', objectRef: { resource: 'nodes', subresource: 'proxy', name: 'n' } },
    { kind: 'kubernetes', group: '', objectKind: 'Node', name: 'n' },
  ],
])('is about %s', (_, more, resource) => {
  expect(signalsOf(more)[0]?.resources).toMatchObject([resource]);
});

test('tells when, from where and which; a request without a verb or a time is none', () => {
  expect(signalsOf({ ...exec(), sourceIPs: ['203.0.113.9', '10.0.0.1'] })[0]).toMatchObject({
    externalId: 'a k8s.execution.exec-into-pod',
    lastAt: Date.UTC(2026, 10, 20, 10),
    sourceAddress: '203.0.113.9',
    techniques: ['T1609'],
  });
  const received = { stageTimestamp: null, requestReceivedTimestamp: '2026-11-20T09:00:00Z' };
  expect(signalsOf({ ...exec(), ...received, auditID: null })[0]).toMatchObject({
    externalId: undefined,
    lastAt: Date.UTC(2026, 10, 20, 9),
  });
  expect(mapEvent(EVENT, null)).toContain('verb');
  expect(mapEvent({ ...EVENT, ...exec(), stageTimestamp: 'x' }, null)).toContain('stageTimestamp');
});
