import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { isTransaction, mapTransaction } from './json-transaction.ts';

const TIME = '28/Nov/2026:10:00:00 +0100';
const AT = Date.UTC(2026, 10, 28, 9);
/** A rule that warns, which is an attack only where the request was refused. */
const WARNS = { ruleId: '920300', msg: 'No Accept', severity: '4' };

function signalOf(entry: JsonObject) {
  const item = mapTransaction(entry, '[0]');
  const [signal] = item.kind === 'record' ? item.observations : [];
  return signal?.kind === 'signal' ? signal : null;
}

test.each<[string, JsonObject, boolean]>([
  [
    'ModSecurity 3, that only detects',
    { transaction: { time_stamp: TIME, messages: [{ details: WARNS }] } },
    false,
  ],
  [
    'ModSecurity 3, interrupted',
    { transaction: { time_stamp: TIME, is_interrupted: true, messages: [{ details: WARNS }] } },
    true,
  ],
  [
    'Coraza, that only detects',
    { transaction: { timestamp: TIME }, messages: [{ data: { id: 920300, msg: 'No Accept', severity: 4 } }] },
    false,
  ],
  [
    'ModSecurity 2, intercepted',
    {
      transaction: { time: TIME },
      audit_data: {
        action: { intercepted: true },
        messages: ['Warning. [id "920300"] [msg "No Accept"] [severity "WARNING"]'],
      },
    },
    true,
  ],
  [
    'ModSecurity 2, whose message says that it was refused',
    {
      transaction: { time: TIME },
      audit_data: {
        messages: ['Access denied with code 403. [id "920300"] [msg "No Accept"] [severity "WARNING"]'],
      },
    },
    true,
  ],
  [
    'ModSecurity 2, let through',
    {
      transaction: { time: TIME },
      audit_data: {
        action: { intercepted: false },
        messages: ['Warning. [id "920300"] [msg "No Accept"] [severity "WARNING"]'],
      },
    },
    false,
  ],
])('%s is an attack: %s', (_, entry, isAttack) => {
  expect(signalOf(entry)).toMatchObject({
    rule: '920300',
    title: 'No Accept',
    severity: 'low',
    lastAt: AT,
    isAttack,
  });
});

test('a rule without words has those of its message, or its number; number 0 is none', () => {
  const of = (each: JsonObject) => signalOf({ transaction: { time_stamp: TIME, messages: [each] } });
  expect(of({ message: 'From outside', details: { ruleId: '1' } })?.title).toBe('From outside');
  expect(of({ details: { ruleId: '1' } })?.title).toBe('Rule 1');
  expect(of({ details: { ruleId: '0' } })).toBeNull();
});

test('it was sent to its host and its server, by its client, whoever names them', () => {
  const messages = [{ details: WARNS }];
  expect(
    signalOf({
      transaction: {
        unix_timestamp: AT,
        messages,
        request: { headers: { HOST: 'shop.example.com', accept: 'x' } },
        host_ip: '10.0.0.5',
        client_ip: '203.0.113.9',
      },
    }),
  ).toMatchObject({ lastAt: AT, names: ['shop.example.com', '10.0.0.5'], sourceAddress: '203.0.113.9' });
  expect(
    signalOf({
      transaction: { time: TIME, messages, local_address: '10.0.0.5', remote_address: '203.0.113.9' },
      request: { headers: { host: ['shop.example.com'] } },
    }),
  ).toMatchObject({ names: ['shop.example.com', '10.0.0.5'], sourceAddress: '203.0.113.9' });
});

test('without a time it is rejected', () => {
  expect(mapTransaction({ transaction: { time: 'noon' } }, '[0]')).toMatchObject({
    kind: 'reject',
    message: 'Expected a transaction with its time, found none that can be read.',
  });
});

test.each<[string, JsonObject, boolean]>([
  ['of ModSecurity 3', { transaction: { unique_id: 'x', messages: [] } }, true],
  ['of ModSecurity 2', { transaction: { transaction_id: 'x' }, audit_data: {} }, true],
  ['of Coraza', { transaction: { id: 'x', is_interrupted: false } }, true],
  ['of Coraza with messages', { transaction: { id: 'x' }, messages: [] }, true],
  ['that says who made it', { transaction: { id: 'x', producer: {} } }, true],
  ['of a shop', { transaction: { id: 'x', amount: 3 } }, false],
  ['without a name', { transaction: { producer: {} } }, false],
  ['of nothing', { transaction: 'x', messages: [] }, false],
])('a transaction %s is one: %s', (_, entry, expected) => {
  expect(isTransaction(entry)).toBe(expected);
});
