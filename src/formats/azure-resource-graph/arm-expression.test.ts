import { expect, test } from 'vitest';
import type { JsonValue } from '#base/json-value.ts';
import { templateText, templateValue } from './arm-expression.ts';

const WORLD = {
  subscription: 's',
  group: 'g',
  parameters: {
    name: { defaultValue: 'web' },
    derived: { defaultValue: "[concat(parameters('name'), '-1')]" },
    secret: { type: 'SecureString' },
    loop: { defaultValue: "[parameters('loop')]" },
    sizes: { defaultValue: ['small', 'large'] },
  },
  variables: { prefix: 'p', nested: { a: { b: 'deep' } } },
};

test.each<[string, JsonValue | undefined]>([
  ['plain', 'plain'],
  ['[[bracket]', '[bracket]'],
  ["[parameters('name')]", 'web'],
  ["[parameters('derived')]", 'web-1'],
  ["[variables('prefix')]", 'p'],
  ["[variables('nested').a.b]", 'deep'],
  ["[variables('nested')['a'].b]", 'deep'],
  ["[parameters('sizes')[1]]", 'large'],
  ["[concat('a', '/', parameters('name'), 1)]", 'a/web1'],
  ["[format('{0}-{1}', 'x', parameters('name'))]", 'x-web'],
  ["[toLower('ABC')]", 'abc'],
  ["[concat('it''s')]", "it's"],
  ['[resourceGroup().name]', 'g'],
  ['[subscription().subscriptionId]', 's'],
  [
    "[resourceId('Microsoft.Network/virtualNetworks/subnets', 'v', 'default')]",
    '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/v/subnets/default',
  ],
  [
    "[resourceId('other', 'Microsoft.Web/sites', 'a')]",
    '/subscriptions/s/resourceGroups/other/providers/Microsoft.Web/sites/a',
  ],
  [
    "[resourceId('t', 'other', 'Microsoft.Web/sites', 'a')]",
    '/subscriptions/t/resourceGroups/other/providers/Microsoft.Web/sites/a',
  ],
  ["[resourceId('Microsoft.Web/sites', 'a', 'b')]", undefined],
  ["[parameters('secret')]", undefined],
  ["[parameters('loop')]", undefined],
  ["[parameters('__proto__')]", undefined],
  ["[uniqueString('x')]", undefined],
  ["[concat('a', reference('x').y)]", undefined],
  ["[concat('a'", "[concat('a'"],
  ["[concat('a',]", undefined],
  ["[concat('a') more]", undefined],
  ['[]', undefined],
  [`[${'concat('.repeat(50)}'a'${')'.repeat(50)}]`, undefined],
])('%s', (text, value) => {
  expect(templateText(text, WORLD)).toEqual(value);
});

test('what cannot be told is left out, at every depth', () => {
  expect(
    templateValue(
      { a: "[parameters('secret')]", b: [{ c: "[parameters('name')]", d: "[reference('x')]" }], e: true },
      WORLD,
    ),
  ).toEqual({ b: [{ c: 'web' }], e: true });
});
