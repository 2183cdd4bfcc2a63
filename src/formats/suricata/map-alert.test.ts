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
