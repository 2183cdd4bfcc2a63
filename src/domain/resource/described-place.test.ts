import { expect, test } from 'vitest';
import { describedPlace, describedText, fileOfStack, stackName } from './described-place.ts';

test.each([
  ['envs/prod/network', null, 'envs/prod/network'],
  ['envs/prod/network', 'https://github.com/Acme/infra.git', 'github.com/acme/infra//envs/prod/network'],
  ['/srv/state', null, '/srv/state'],
])('%s of %s is kept as %s', (path, repository, text) => {
  expect(describedText(path, repository)).toBe(text);
  expect(describedPlace(text)).toEqual({
    repository: repository === null ? null : 'repo:github.com/acme/infra',
    path,
  });
});

test.each([
  ['envs/prod/network', 'prod/network'],
  ['a/test/envs/prod/network/module.vpc/module.x', 'prod/network/module.vpc/module.x'],
  ['network', 'network'],
])('of %s the stack is %s', (path, name) => {
  expect(stackName({ repository: null, path })).toBe(name);
});

test('a stack is its folder', () => {
  expect(fileOfStack(describedPlace('github.com/acme/infra//envs/prod'))).toBe('envs/prod/main.tf');
});
