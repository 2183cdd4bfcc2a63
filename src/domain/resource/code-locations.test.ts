import { expect, test } from 'vitest';
import { CodeLocations } from './code-locations.ts';

const REPOSITORY = 'github.com/acme/mono';
const entry = (service: string, owner: string | null, ...paths: readonly string[]) => ({
  sourceId: 'datadog-service',
  service,
  owner,
  codeLocations: [{ repository: REPOSITORY, paths }],
});
const LOCATIONS = new CodeLocations(
  [
    { ...entry('pay', 'payments', 'services/pay/**', 'lib/*.js'), moreOwners: ['finance'] },
    { ...entry('cart', 'checkout', './services/cart/'), confidence: 0.85 },
    entry('nobody', null, 'services/**'),
    {
      ...entry('other', 'elsewhere'),
      codeLocations: [{ repository: 'github.com/acme/other', paths: ['**'] }],
    },
    { ...entry('none', 'unlocated'), codeLocations: undefined },
  ],
  REPOSITORY,
);

test.each<[string, readonly string[]]>([
  ['services/pay/src/a.js', ['payments', 'finance']],
  ['services/pay/a.js', ['payments', 'finance']],
  ['services/payroll/a.js', []],
  ['lib/a.js', ['payments', 'finance']],
  ['lib/deep/a.js', []],
  ['services/cart/deep/er/a.js', ['checkout']],
  ['./services/cart/a.js', ['checkout']],
  ['other/services/cart/a.js', []],
  ['', []],
])('the file %s is of %o', (path, owners) => {
  expect(LOCATIONS.ownersOf(path).map(({ name }) => name)).toEqual(owners);
});

test('an owner is as sure as its catalogue, and says where it stands', () => {
  expect([...LOCATIONS.ownersOf('lib/a.js'), ...LOCATIONS.ownersOf('services/cart/a.js')]).toEqual([
    { name: 'payments', confidence: 0.9, reason: 'datadog-service: pay, lib/*.js' },
    { name: 'finance', confidence: 0.9, reason: 'datadog-service: pay, lib/*.js' },
    { name: 'checkout', confidence: 0.85, reason: 'datadog-service: cart, ./services/cart/' },
  ]);
});
