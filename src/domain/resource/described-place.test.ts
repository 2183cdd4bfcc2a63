import { expect, test } from 'vitest';
import { describedPlace, describedText, fileOfStack } from './described-place.ts';

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

test('a stack is its folder', () => {
  expect(fileOfStack(describedPlace('github.com/acme/infra//envs/prod'))).toBe('envs/prod/main.tf');
});
