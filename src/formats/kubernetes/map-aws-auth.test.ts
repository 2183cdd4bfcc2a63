import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { KubernetesObject } from './kubernetes-object.ts';
import { isAwsAuth, mapAwsAuth } from './map-aws-auth.ts';

const object = (data: JsonObject, more: Partial<KubernetesObject> = {}) =>
  ({
    objectKind: 'ConfigMap',
    group: '',
    namespace: 'kube-system',
    name: 'aws-auth',
    labels: {},
    annotations: {},
    body: { data },
    ...more,
  }) as KubernetesObject;

const JO = '- userarn: arn:aws:iam::111111111111:user/jo\n  username: jo\n  groups: [ops]\n';
const LOGIN = { arn: 'arn:aws:iam::111111111111:user/jo', username: 'jo', groups: ['ops'] };
const BOMB = `- &a [x, x]\n${[...'bcdefghij'].map((name, index) => `- &${name} [${`*${'abcdefghij'[index]}, `.repeat(9)}x]\n`).join('')}`;

test.each([
  ['no YAML', '- {rolearn: [', 'data.mapRoles'],
  ['no list', 'rolearn: x', 'data.mapRoles'],
  ['several documents', '[]\n---\n[]', 'data.mapRoles'],
  ['too deep', '['.repeat(100_000), 'data.mapRoles'],
  ['made of aliases', BOMB, 'data.mapRoles'],
  ['of which a line names nobody', '- groups: [system:masters]', 'data.mapRoles[0]'],
  ['of which a line is no object', '- 7', 'data.mapRoles[0]'],
])('a list that is %s is told of, and the other is read', (_what, mapRoles, at) => {
  const { described, unread } = mapAwsAuth(object({ mapRoles, mapUsers: JO }), 'shop');
  expect(described.facts['logins']).toEqual([LOGIN]);
  expect(unread.map((each) => each.at)).toContain(at);
});

test('a line that is none takes no other with it', () => {
  const { described, unread } = mapAwsAuth(object({ mapUsers: `- 7\n${JO}` }), 'shop');
  expect(described.facts['logins']).toEqual([LOGIN]);
  expect(unread.map((each) => each.at)).toEqual(['data.mapUsers[0]']);
});

test('only one map of one namespace is read', () => {
  expect(isAwsAuth(object({}))).toBe(true);
  expect(isAwsAuth(object({}, { name: 'settings' }))).toBe(false);
  expect(isAwsAuth(object({}, { namespace: 'shop' }))).toBe(false);
  expect(isAwsAuth(object({}, { objectKind: 'Secret' }))).toBe(false);
});
