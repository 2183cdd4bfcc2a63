import { expect, test } from 'vitest';
import { isSectionStart, mapSections } from './serial-transaction.ts';

const HEAD = '[28/Nov/2026:10:00:00 +0000] XyZ 203.0.113.9 4711 10.0.0.5 443';
const RULE = '[id "920300"] [msg "No Accept"] [severity "WARNING"]';

const map = (
  trailer: readonly string[],
  head = HEAD,
  request: readonly string[] = ['GET / HTTP/1.1', 'Host: shop'],
) =>
  mapSections(
    [
      { letter: 'A', lines: [head] },
      { letter: 'B', lines: [...request] },
      { letter: 'H', lines: [...trailer] },
    ],
    '[0]',
  );

test.each<[string, readonly string[], boolean]>([
  ['only met', [`Message: Warning. ${RULE}`], false],
  ['refused by this rule', [`Message: Access denied with code 403. ${RULE}`], true],
  [
    'intercepted in the end',
    [`Message: Warning. ${RULE}`, 'Action: Intercepted (phase 2)', 'Stopwatch: 1'],
    true,
  ],
])('a request that was %s is an attack: %s', (_, trailer, isAttack) => {
  expect(map(trailer)).toMatchObject({
    kind: 'record',
    observations: [
      {
        rule: '920300',
        names: ['shop', '10.0.0.5'],
        sourceAddress: '203.0.113.9',
        lastAt: Date.UTC(2026, 10, 28, 10),
        isAttack,
      },
    ],
  });
});

test('without a host the server alone is named; without a rule it says nothing', () => {
  expect(map([`Message: ${RULE}`], HEAD, [])).toMatchObject({ observations: [{ names: ['10.0.0.5'] }] });
  expect(map(['Stopwatch: 1'])).toEqual({ kind: 'record', at: '[0]', observations: [] });
});

test.each(['', '[noon] XyZ 203.0.113.9 4711 10.0.0.5 443', '[28/Nov/2026:10:00:00 +0000] XyZ'])(
  'a head such as "%s" is rejected',
  (head) => {
    expect(map([`Message: ${RULE}`], head)).toMatchObject({
      kind: 'reject',
      message: 'Expected a section A with a time and the addresses, found none that can be read.',
    });
  },
);

test.each([
  ['--a1b2c3d4-A--', 'A'],
  ['--a1b2c3d4-Z--  ', 'Z'],
  ['a1b2c3d4-A--', null],
  ['--x-A--', null],
])('%s begins section %s', (line, letter) => {
  expect(isSectionStart(line)).toBe(letter);
});
