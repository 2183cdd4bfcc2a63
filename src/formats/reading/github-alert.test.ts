import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { alertText, dismissedAlert, repositoryOfAlert } from './github-alert.ts';

test.each<[JsonObject, string | null]>([
  [{ html_url: 'https://github.com/acme/shop/security/dependabot/3' }, 'https://github.com/acme/shop'],
  [
    { repository: { html_url: 'https://git.acme.example/a/b' }, html_url: 'https://x/y/z/security/1' },
    'https://git.acme.example/a/b',
  ],
  [{ html_url: 'https://github.com/acme' }, null],
  [{ html_url: 7 }, null],
])('%j is of %s', (alert, name) => {
  expect(repositoryOfAlert(alert)).toEqual({ kind: 'repository', name });
});

test.each([
  ['won_t_fix', 'a test', 'won t fix: a test'],
  ['inaccurate', null, 'inaccurate'],
  ['None', 'None', 'dismissed on GitHub'],
])('dismissed as %s with %s: %s', (reason, comment, expected) => {
  expect(dismissedAlert(reason, comment)).toEqual({ is: 'suppressed', reason: expected });
});

test('None is no text', () => {
  expect(alertText('None')).toBeUndefined();
});
