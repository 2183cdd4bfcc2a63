import { expect, it } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { mapAlert } from './map-alert.ts';

it.each<[number | null, readonly string[], boolean, boolean]>([
  [15, [], false, true],
  [12, ['syslog'], false, true],
  [11, ['syslog'], false, false],
  [11, ['syslog'], true, true],
  [9, ['syslog'], true, false],
  [6, ['web', 'attack'], false, true],
  [5, ['web', 'attack'], false, false],
  [10, ['sshd', 'authentication_failures'], true, true],
  [13, ['vulnerability-detector'], false, false],
  [12, ['sca'], false, false],
  [12, ['ossec', 'syscheck', 'virustotal'], false, true],
  [null, ['attack'], true, false],
])('level %s of %j, technique %s: %s', (level, groups, hasTechnique, isAttack) => {
  const item = mapAlert(
    {
      timestamp: '2026-11-20T10:00:00Z',
      rule: { id: '1', level, groups: [...groups], ...(hasTechnique ? { mitre: { id: ['T1110'] } } : {}) },
      agent: { id: '001', name: 'web' },
    },
    '[0]',
  );
  expect(item).toMatchObject({ kind: 'record', observations: [{ isAttack }] });
});

it('the manager is no target', () => {
  const item = mapAlert(
    {
      timestamp: '2026-11-20T10:00:00Z',
      rule: { id: '1', level: 12 },
      agent: { id: '000', name: 'wazuh', ip: '10.0.0.1' },
    },
    '[0]',
  );
  expect(item).toMatchObject({ observations: [{ resources: [], names: [] }] });
});

const ALERT: JsonObject = {
  timestamp: '2026-11-20T10:00:00Z',
  rule: { id: '1', level: 12 },
  agent: { id: '001', name: 'web', ip: '10.0.0.5' },
};

it.each<[number | null, string | null]>([
  [null, null],
  [-1, null],
  [3, 'info'],
  [4, 'low'],
  [6, 'low'],
  [7, 'medium'],
  [11, 'medium'],
  [12, 'high'],
  [14, 'high'],
  [15, 'critical'],
])('level %s is %s', (level, severity) => {
  expect(mapAlert({ ...ALERT, rule: { id: '1', level } }, '[0]')).toMatchObject({
    observations: [{ severity }],
  });
});

it.each<[string, JsonObject, readonly string[]]>([
  ['its agent', {}, ['web', '10.0.0.5']],
  ['an agent with any address', { agent: { id: '001', name: 'web', ip: 'any' } }, ['web']],
  ['where a request went', { data: { dstip: '10.0.0.9' } }, ['web', '10.0.0.5', '10.0.0.9']],
  [
    'where Suricata says that it went',
    { data: { dest_ip: '10.0.0.9', http: { hostname: 'shop' } } },
    ['web', '10.0.0.5', '10.0.0.9', 'shop'],
  ],
  [
    'what the manager reads of a cloud',
    { agent: { id: '000', name: 'manager' }, data: { aws: { instanceId: 'i-1' } } },
    ['i-1'],
  ],
])('is about %s', (_, more, names) => {
  expect(mapAlert({ ...ALERT, ...more }, '[0]')).toMatchObject({ observations: [{ names }] });
});

it.each<[string, JsonObject, object]>([
  ['a host', {}, { resources: [{ kind: 'host', name: 'web' }], isOnService: false }],
  ['a service', { rule: { id: '1', level: 12, groups: ['web'] } }, { isOnService: true }],
  ['an account', { data: { aws: { recipientAccountId: '111111111111' } } }, { account: '111111111111' }],
  [
    'an account by its older name',
    { data: { aws: { aws_account_id: '111111111111' } } },
    { account: '111111111111' },
  ],
  ['a source', { data: { srcip: '203.0.113.9' } }, { sourceAddress: '203.0.113.9' }],
  ['a source as Suricata writes it', { data: { src_ip: '203.0.113.9' } }, { sourceAddress: '203.0.113.9' }],
  [
    'a source of a call',
    { data: { aws: { sourceIPAddress: '203.0.113.9' } } },
    { sourceAddress: '203.0.113.9' },
  ],
  ['a rule by its number', { rule: { id: 5710, level: 12 } }, { rule: '5710', title: 'Rule 5710' }],
  [
    'a time as an index writes it',
    { timestamp: null, '@timestamp': '2026-11-20T10:00:00Z' },
    { lastAt: Date.UTC(2026, 10, 20, 10) },
  ],
])('tells of %s', (_, more, expected) => {
  expect(mapAlert({ ...ALERT, ...more }, '[0]')).toMatchObject({ observations: [expected] });
});

it.each<[JsonObject, string]>([
  [{ rule: {} }, 'rule.id'],
  [{ timestamp: 'x' }, 'timestamp'],
])('what lacks %j is rejected', (more, lacks) => {
  expect(mapAlert({ ...ALERT, ...more }, '[0]')).toMatchObject({
    kind: 'reject',
    message: expect.stringContaining(`"${lacks}"`),
  });
});
