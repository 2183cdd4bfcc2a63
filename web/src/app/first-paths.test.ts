import { expect, test } from 'vitest';
import { parseAddressSearch } from '../shared/address-text.ts';
import { filterOf, readInboxSearch } from '../shared/inbox-address.ts';
import { inboxPagePath } from '../shared/inbox-parameters.ts';
import { firstPaths } from './first-paths.ts';

test.each([
  '',
  '?all=true',
  '?severity=critical,high&type=secret&risk=under_attack',
  '?q=team:x+due:%3C7d&by=fix&issue=abc',
  '?q=',
])('what is asked for ahead at %j is what the list asks for', (search) => {
  const listed = inboxPagePath(filterOf(readInboxSearch(parseAddressSearch(search))), null);
  expect(firstPaths({ pathname: '/', search })).toEqual(['/session', listed]);
});

test('other screens ask who is there, and a sign-in asks nothing', () => {
  expect(firstPaths({ pathname: '/findings', search: '?q=x' })).toEqual(['/session']);
  expect(firstPaths({ pathname: '/sign-in', search: '' })).toEqual([]);
});
