import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import { mapSignal } from './map-signal.ts';

const TIME = Date.UTC(2026, 8, 1);
const EVENT: JsonObject = {
  class_uid: 2004,
  time: TIME,
  severity: 'High',
  metadata: { product: { name: 'CrowdStrike Falcon' } },
  finding_info: { uid: 'f1', title: 'A shell' },
};

function signalOf(more: JsonObject) {
  const signal = mapSignal({ ...EVENT, ...more }, []);
  if (signal === undefined) throw new Error('no signal');
  return signal;
}

test.each<[string, JsonObject, string]>([
  ['its analytic', { finding_info: { analytic: { uid: 'a', name: 'n' }, title: 't', types: ['x'] } }, 'a'],
  ['its analytic by name', { finding_info: { analytic: { name: 'n' }, title: 't' } }, 'n'],
  ['the code of the event', { metadata: { event_code: 'c' }, finding_info: { title: 't' } }, 'c'],
  ['its title', { finding_info: { title: 't', types: ['x'] } }, 't'],
  ['its type', { finding_info: { types: ['x'] } }, 'x'],
])('the rule is %s', (_, more, rule) => {
  expect(signalOf(more).rule).toBe(rule);
});

test('of GuardDuty the type is the rule, and its id the last part of the ARN', () => {
  const finding_info = { uid: 'arn:aws:guardduty:x/detector/d/finding/f9', types: ['Recon:EC2/Portscan'] };
  const metadata = { product: { name: 'GuardDuty' } };
  expect(signalOf({ metadata, finding_info })).toMatchObject({
    tool: 'guardduty',
    rule: 'Recon:EC2/Portscan',
    externalId: 'f9',
  });
  expect(signalOf({}).externalId).toBe('f1');
});

test.each<[string, JsonObject, boolean]>([
  ['without a verdict', {}, true],
  ['that is true', { verdict: 'True Positive' }, true],
  ['that is false', { verdict: 'False Positive' }, false],
  ['to be disregarded', { verdict: 'Disregard' }, false],
  ['that is benign', { verdict: 'benign' }, false],
  ['of a test', { verdict: 'Test' }, false],
  ['that is managed', { verdict: 'Security Risk Managed' }, false],
  ['that is resolved', { status: 'Resolved' }, false],
  ['that is archived', { status: 'Archived' }, false],
  ['that is suppressed', { status: 'Suppressed' }, false],
  ['that is in progress', { status: 'In Progress' }, true],
])('a detection %s is an attack: %s', (_, more, isAttack) => {
  const signal = signalOf(more);
  expect([signal.isAttack, signal.whyNoAttack === undefined]).toEqual([isAttack, isAttack]);
});

test('says why it is none, in the words of the product where it has some', () => {
  expect(signalOf({ verdict: 'Benign' }).whyNoAttack).toBe('Its verdict is "Benign".');
  expect(signalOf({ status: 'Suppressed', comment: 'a drill' }).whyNoAttack).toBe('a drill');
});

test.each<[string, JsonObject, readonly [number, number]]>([
  ['the event', {}, [TIME, TIME]],
  [
    'the event, as text',
    { time: null, time_dt: '2026-09-02T00:00:00Z' },
    [TIME + 86_400_000, TIME + 86_400_000],
  ],
  [
    'when it was seen',
    { finding_info: { first_seen_time: TIME - 9, last_seen_time: TIME - 1 } },
    [TIME - 9, TIME - 1],
  ],
  ['when it was made', { time: null, finding_info: { created_time: TIME - 5 } }, [TIME - 5, TIME - 5]],
  ['a first after the last', { finding_info: { first_seen_time: TIME + 9 } }, [TIME, TIME]],
])('its times are those of %s', (_, more, times) => {
  const { firstAt, lastAt } = signalOf(more);
  expect([firstAt, lastAt]).toEqual(times);
});

test('without a time it is none', () => {
  expect(mapSignal({ ...EVENT, time: null }, [])).toBeUndefined();
});

test.each<[string, JsonObject, object]>([
  [
    'a device',
    { device: { hostname: 'web', name: 'w', ip: '10.0.0.5', instance_uid: 'i-1' } },
    { resources: [{ kind: 'host', name: 'web', instanceId: 'i-1' }], names: ['10.0.0.5', 'web', 'i-1'] },
  ],
  [
    'a device by its name',
    { device: { name: 'w' } },
    { resources: [{ kind: 'host', name: 'w' }], names: [] },
  ],
  [
    'a host that can be searched for',
    {
      observables: [
        { name: 'x', value: 'y' },
        { name: 'Hostname', value: 'node-1' },
      ],
    },
    { resources: [{ kind: 'host', name: 'node-1' }], names: [] },
  ],
  [
    'where the evidence leads, each once',
    { evidences: [{ dst_endpoint: { ip: '10.0.0.9' } }], dst_endpoint: { ip: '10.0.0.9', hostname: 'db' } },
    { resources: [], names: ['10.0.0.9', 'db'] },
  ],
])('it is about %s', (_, more, expected) => {
  expect(signalOf(more)).toMatchObject(expected);
});

test('tells its source, its techniques, how often and how bad', () => {
  const attack = (uid: string) => ({ technique: { uid } });
  expect(
    signalOf({
      count: 3.7,
      evidences: [{ src_endpoint: {} }, { src_endpoint: { ip: '203.0.113.9' } }],
      attacks: [attack('T1190')],
      finding_info: { title: 't', attacks: [attack('T1059'), {}] },
    }),
  ).toMatchObject({
    count: 3,
    sourceAddress: '203.0.113.9',
    techniques: ['T1059', 'T1190'],
    severity: 'high',
  });
  expect(signalOf({ count: -1 }).count).toBe(1);
  expect(signalOf({ finding_info: {}, message: 'What happened' }).title).toBe('What happened');
});
