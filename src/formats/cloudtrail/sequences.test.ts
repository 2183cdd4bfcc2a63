import { expect, test } from 'vitest';
import type { JsonObject, JsonValue } from '#base/json-value.ts';
import { cloudtrail } from './cloudtrail.ts';
import { mapCall } from './map-call.ts';
import { SEQUENCES, SequenceWatch } from './sequences.ts';

const EVE = { type: 'IAMUser', userName: 'eve', arn: 'arn:aws:iam::111122223333:user/eve' };
const SESSION = {
  type: 'AssumedRole',
  arn: 'arn:aws:sts::111122223333:assumed-role/web/i-0123456789abcdef0',
  sessionContext: { sessionIssuer: { type: 'Role', arn: 'arn:aws:iam::111122223333:role/web' } },
};

/** `service:call`, a minute after the other; a number before it says at which minute. */
function event(text: string, index: number, more: JsonObject = {}): JsonObject {
  const [, minute = String(index), service, eventName] = /^(?:(\d+) )?([a-z0-9]+):(\w+)$/.exec(text) ?? [];
  return {
    eventSource: `${service}.amazonaws.com`,
    eventName: eventName ?? '',
    eventTime: new Date(Date.UTC(2026, 10, 20, 10, Number(minute))).toISOString(),
    awsRegion: 'eu-west-1',
    recipientAccountId: '111122223333',
    sourceIPAddress: '203.0.113.9',
    userIdentity: EVE,
    ...more,
  };
}

function rulesOf(events: readonly JsonObject[]): readonly string[] {
  const watch = new SequenceWatch();
  for (const each of events) mapCall(each, '[0]', watch);
  const reversed = new SequenceWatch();
  for (const each of events.toReversed()) mapCall(each, '[0]', reversed);
  const signals = watch.signals();
  expect(reversed.signals()).toEqual(signals);
  return signals.map(({ rule }) => rule);
}

const calls = (...texts: readonly string[]) => texts.map((text, index) => event(text, index));
const LOOK = ['iam:ListUsers', 'iam:ListRoles', 's3:ListBuckets'];

test.each<[string, readonly JsonObject[], readonly string[]]>([
  ['looks, then takes', calls(...LOOK, 'iam:AttachUserPolicy'), ['enumerate-then-escalate']],
  ['takes, then looks', calls('iam:AttachUserPolicy', ...LOOK), []],
  ['looks only', calls(...LOOK, 'ec2:DescribeInstances'), []],
  ['takes more than an hour later', calls(...LOOK, '64 iam:AttachUserPolicy'), []],
  ['takes within the hour', calls(...LOOK, '60 iam:AttachUserPolicy'), ['enumerate-then-escalate']],
  [
    'looks at one thing thrice',
    calls('iam:ListUsers', 'iam:ListUsers', 'iam:ListUsers', 'iam:CreateAccessKey'),
    [],
  ],
  [
    'another one takes',
    [
      ...calls(...LOOK),
      event('iam:CreateAccessKey', 4, {
        userIdentity: { ...EVE, arn: 'arn:aws:iam::111122223333:user/adam' },
      }),
    ],
    [],
  ],
  [
    'a service of AWS does it',
    calls(...LOOK, 'iam:CreateAccessKey').map((each) => ({
      ...each,
      sourceIPAddress: 'cloudformation.amazonaws.com',
    })),
    [],
  ],
  [
    'the role of an instance looks',
    [...LOOK, 'guardduty:ListDetectors'].map((text, index) => event(text, index, { userIdentity: SESSION })),
    ['aws.discovery.ec2-enumerate-from-instance'],
  ],
  [
    'it looks in no hurry',
    [...LOOK, '40 guardduty:ListDetectors'].map((text, index) =>
      event(text, index, { userIdentity: SESSION }),
    ),
    [],
  ],
  [
    'many secrets',
    Array.from({ length: 15 }, (_, index) =>
      event('5 secretsmanager:GetSecretValue', 0, { requestParameters: { secretId: `s${index}` } }),
    ),
    ['aws.credential-access.secretsmanager-retrieve-secrets'],
  ],
  [
    'one secret many times',
    Array.from({ length: 40 }, () =>
      event('5 secretsmanager:GetSecretValue', 0, { requestParameters: { secretId: 's' } }),
    ),
    [],
  ],
  [
    'mail',
    calls('ses:GetAccount', 'ses:ListIdentities', 'ses:GetSendQuota'),
    ['aws.discovery.ses-enumerate'],
  ],
  [
    'fifteen refused',
    Array.from({ length: 15 }, (_, index) =>
      event(`5 ec2:Call${index}`, 0, { errorCode: 'Client.UnauthorizedOperation' }),
    ),
    ['permission-probing'],
  ],
  [
    'fourteen refused',
    Array.from({ length: 14 }, (_, index) => event(`5 ec2:Call${index}`, 0, { errorCode: 'AccessDenied' })),
    [],
  ],
])('%s', (_, events, rules) => {
  expect(rulesOf(events)).toEqual(rules);
});

test('the principal is attacked, from its first call to its last', () => {
  const watch = new SequenceWatch();
  for (const each of calls(...LOOK, 'iam:AttachUserPolicy')) mapCall(each, '[0]', watch);
  expect(watch.signals()).toMatchObject([
    {
      resources: [{ id: 'arn:aws:iam::111122223333:user/eve', type: 'iam-user' }],
      firstAt: Date.UTC(2026, 10, 20, 10, 0),
      lastAt: Date.UTC(2026, 10, 20, 10, 3),
      isAttack: true,
      watches: 'resources',
    },
  ]);
});

test('files of a few minutes are read together, in whatever order, and what was told is not told again', () => {
  const files = [
    calls('iam:ListUsers', 'iam:ListRoles'),
    [event('2 s3:ListBuckets', 0)],
    [event('50 iam:AttachUserPolicy', 0)],
  ];
  for (const order of [
    [0, 1, 2],
    [2, 0, 1],
    [1, 2, 0],
  ]) {
    const watch = new SequenceWatch();
    const told = order.map((index) => {
      for (const each of files[index] ?? []) mapCall(each, '[0]', watch);
      return watch.signals().map(({ rule, lastAt }) => `${rule} ${new Date(lastAt).getUTCMinutes()}`);
    });
    expect(told).toEqual([[], [], ['enumerate-then-escalate 50']]);
    // Long after it, somebody looks at one thing more.
    mapCall(event('55 iam:ListUsers', 0, { eventTime: '2026-11-21T10:00:00Z' }), '[0]', watch);
    expect(watch.signals()).toEqual([]);
  }
});

test('no sequence takes longer than what is looked back', () => {
  expect(Math.max(...SEQUENCES.map(({ withinMs }) => withinMs))).toBe(3_600_000);
});

test('each has a name and a number of its own', () => {
  expect(new Set(SEQUENCES.map(({ id }) => id)).size).toBe(SEQUENCES.length);
  expect(SEQUENCES.filter(({ attack }) => !/^T\d{4}(\.\d{3})?$/.test(attack))).toEqual([]);
});

test('calls of an earlier import count with those of the next, and are nothing new by themselves', () => {
  const [first, second] = [calls(...LOOK), [event('iam:AttachUserPolicy', 4)]];
  const watchAll = (told: JsonValue | null, events: readonly JsonObject[]) => {
    const watch = cloudtrail.memory?.restore(told) as SequenceWatch;
    for (const each of events) mapCall(each, '[0]', watch);
    return { rules: watch.signals().map(({ rule }) => rule), told: cloudtrail.memory?.tell(watch) ?? null };
  };
  const before = watchAll(null, first);
  expect(before.rules).toEqual([]);
  const after = watchAll(before.told, second);
  expect(after.rules).toEqual(['enumerate-then-escalate']);
  expect(watchAll(after.told, []).rules).toEqual([]);
  // Whatever is known of a call without it, is known of it too: also who acts in a session, and what was refused.
  const secrets = Array.from({ length: 15 }, (_, index) =>
    event(`${Math.floor(index / 2)} secretsmanager:GetSecretValue`, index, {
      eventID: `e${index}`,
      errorCode: 'AccessDenied',
      requestParameters: { secretId: `s${index}` },
      userIdentity: SESSION,
    }),
  );
  const half = watchAll(null, secrets.slice(0, 8));
  const again = watchAll(half.told, [...secrets.slice(4, 8), ...secrets.slice(8)]);
  expect(again.rules).toEqual(rulesOf(secrets));
  expect(JSON.stringify(again.told)).toBe(JSON.stringify(watchAll(null, secrets).told));
  // Calls that are read again are no more than before, and what no sequence is made of is not kept.
  expect(watchAll(null, [...secrets.slice(0, 8), ...secrets.slice(0, 8)]).rules).toEqual([]);
  expect(watchAll(null, calls('ec2:RunInstances')).told).toEqual([]);
});

test('a memory that is none is nothing known', () => {
  for (const told of [null, 7, {}, [null, 'x', {}]])
    expect(cloudtrail.memory?.tell(cloudtrail.memory.restore(told as JsonValue))).toEqual([]);
});
