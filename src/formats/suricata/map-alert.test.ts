import { describe, expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { mapAlert } from './map-alert.ts';

function signalOf(event: JsonObject, alert: JsonObject = {}) {
  const item = mapAlert(
    {
      timestamp: '2026-11-20T10:00:00.5+0100',
      src_ip: '203.0.113.9',
      dest_ip: '10.0.1.5',
      alert: { signature_id: 7, signature: 'ET EXPLOIT x', severity: 1, ...alert },
      ...event,
    },
    '[0]',
  );
  const [signal] = item.kind === 'record' ? item.observations : [];
  if (signal?.kind !== 'signal') throw new Error('no signal');
  return signal;
}

describe('whether an alert is an attack', () => {
  it.each<[string, JsonObject, boolean]>([
    ['priority 1', {}, true],
    ['priority 2', { severity: 2 }, true],
    ['priority 3', { severity: 3 }, false],
    ['priority 4', { severity: 4 }, false],
    ['no priority', { severity: null }, true],
    ['a blocked attack', { action: 'blocked' }, true],
    ['ordinary traffic', { category: 'Not Suspicious Traffic' }, false],
    ['a class of attacks', { category: 'Web Application Attack', severity: 1 }, true],
    ['traffic of nobody knows what', { category: 'Unknown Traffic' }, false],
    ['anything and everything', { category: 'Misc activity' }, false],
    ['what may be bad', { category: 'Potentially Bad Traffic' }, false],
    ['an odd protocol', { category: 'Detection of a Non-Standard Protocol or Event' }, false],
    ['an odd port', { category: 'A client was using an unusual port' }, false],
    ['unwanted software', { category: 'Possibly Unwanted Program Detected' }, false],
    [
      'a look at what may be flawed',
      { category: 'access to a potentially vulnerable web application' },
      false,
    ],
    ['a trojan', { category: 'A Network Trojan was detected' }, true],
    ['a try to become administrator', { category: 'Attempted Administrator Privilege Gain' }, true],
    ['a set that watches', { signature: 'ET INFO Session Traversal Utilities' }, false],
    ['a check of a protocol', { signature: 'SURICATA STREAM excessive retransmissions' }, false],
  ])('%s', (_, alert, isAttack) => {
    const signal = signalOf({}, alert);
    expect(signal.isAttack).toBe(isAttack);
    expect(signal.whyNoAttack === undefined).toBe(isAttack);
  });
});

describe('whom it concerns', () => {
  it.each<[string, JsonObject, readonly string[]]>([
    ['an outsider attacks', {}, ['10.0.1.5']],
    ['one of ours attacks an outsider', { src_ip: '10.0.1.5', dest_ip: '203.0.113.9' }, ['10.0.1.5']],
    ['two of ours', { src_ip: '10.0.1.6' }, ['10.0.1.6', '10.0.1.5']],
    ['two public addresses', { dest_ip: '203.0.113.10' }, ['203.0.113.9', '203.0.113.10']],
    ['a host name', { http: { hostname: 'shop.example.com' } }, ['10.0.1.5', 'shop.example.com']],
    ['IPv6', { src_ip: '2001:db8::1', dest_ip: 'fd00:1::5' }, ['fd00:1::5']],
  ])('%s', (_, event, names) => {
    expect(signalOf(event).names).toEqual(names);
  });

  it('is the service behind a request', () => {
    expect(signalOf({ http: { hostname: 'shop' } }).isOnService).toBe(true);
    expect(signalOf({}).isOnService).toBe(false);
  });
});

it.each<[JsonObject, JsonObject, string]>([
  [{}, { category: 'Misc activity' }, 'Suricata files it under "Misc activity".'],
  [{}, { signature: 'ET POLICY x' }, 'Its signature watches use of the network, not attacks.'],
  [{}, { severity: 3 }, 'Suricata gives it a low priority.'],
])('says why it is none: %#', (event, alert, why) => {
  expect(signalOf(event, alert).whyNoAttack).toBe(why);
});

it.each<[string, JsonObject, string, string]>([
  ['a number', {}, '1:7', 'ET EXPLOIT x'],
  ['a number of another generator', { gid: 3 }, '3:7', 'ET EXPLOIT x'],
  ['a number alone', { signature: null }, '1:7', '1:7'],
  ['a name alone', { signature_id: null }, 'ET EXPLOIT x', 'ET EXPLOIT x'],
])('its rule has %s', (_, alert, rule, title) => {
  expect(signalOf({}, alert)).toMatchObject({ rule, title });
});

it('comes from where its source is, which Suricata may know better', () => {
  expect(signalOf({}).sourceAddress).toBe('203.0.113.9');
  expect(signalOf({}, { source: { ip: '203.0.113.77' } }).sourceAddress).toBe('203.0.113.77');
});

it.each<[JsonObject, string]>([
  [{ timestamp: 'x', alert: { signature: 's' } }, 'timestamp'],
  [{ timestamp: '2026-11-20T10:00:00Z', alert: {} }, 'alert.signature'],
  [{ timestamp: '2026-11-20T10:00:00Z' }, 'alert.signature'],
])('what lacks %j is rejected', (event, lacks) => {
  expect(mapAlert(event, '[0]')).toMatchObject({
    kind: 'reject',
    message: `Expected an alert with "${lacks}", found none that can be read.`,
  });
});
