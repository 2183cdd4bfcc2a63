import { expect, test } from 'vitest';
import type { JsonObject } from '#base/json-value.ts';
import type { EstateResource } from '../../risk/estate.ts';
import { AwsPrivileges } from './aws-privileges.ts';
import { allow, attached, iam, role, SEEN, user } from './iam-principal.test-sample.ts';

const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(SEEN - days * DAY_MS).toISOString();

function found(who: EstateResource): readonly [string, readonly string[]] {
  const [privilege] = new AwsPrivileges([who], SEEN).byArn().values();
  return [privilege?.level ?? 'absent', privilege?.reasons ?? []];
}

const HAS_KEY = 'is an account for emergencies that has an access key';
const LOST: JsonObject = attached('lost');
const used = (days: number): string =>
  `is an account for emergencies that is in use: last on ${daysAgo(days).slice(0, 10)}`;
const tagged = (who: EstateResource, tags: Readonly<Record<string, string>>): EstateResource => ({
  ...who,
  tags,
});

test.each<[string, EstateResource, string, readonly string[]]>([
  [
    'named so, with a key, of unknown rights',
    user('break-glass', [], { ...LOST, AccessKeyCount: 1 }),
    'P0',
    [HAS_KEY],
  ],
  ['named so in capitals', user('Break-Glass', [], { ...LOST, AccessKeyCount: 1 }), 'P0', [HAS_KEY]],
  [
    'tagged so, with a sign-in 89 days ago, of unknown rights',
    tagged(user('ann', [], { ...LOST, PasswordLastUsed: daysAgo(89) }), { 'Break-Glass': 'true' }),
    'P0',
    [used(89)],
  ],
  [
    'tagged with the purpose',
    tagged(user('ann', [], { ...LOST, PasswordLastUsed: daysAgo(1) }), { Purpose: 'emergency access' }),
    'P0',
    [used(1)],
  ],
  [
    'locked away for 90 days',
    user('breakglass', [], { ...LOST, AccessKeyCount: 0, PasswordLastUsed: daysAgo(90) }),
    'unknown',
    [],
  ],
  ['never used', user('breakglass', [], { ...LOST, PasswordLastUsed: 'no_information' }), 'unknown', []],
  [
    'whose tag says that it is none',
    tagged(user('ann', [], { ...LOST, AccessKeyCount: 1 }), { breakglass: 'false' }),
    'unknown',
    [],
  ],
  ['another word', user('breakglassware', [], { ...LOST, AccessKeyCount: 1 }), 'unknown', []],
  ['known to be allowed nothing', user('break-glass', [], { AccessKeyCount: 1 }), 'none', [HAS_KEY]],
  [
    'a role that was acted as, of unknown rights',
    role('emergency-access', { AWS: iam('user', 'x') }, [], {
      ...LOST,
      RoleLastUsed: { LastUsedDate: daysAgo(3) },
    }),
    'P0',
    [used(3)],
  ],
  [
    'an administrator besides',
    user('break_glass', [allow('*')], { AccessKeyCount: 2 }),
    'P0',
    ['may do everything in the account', 'may take 100 % of all actions of AWS on everything', HAS_KEY],
  ],
])('an account for emergencies, %s', (_, who, level, reasons) => {
  expect(found(who)).toEqual([level, reasons]);
});

test.each(['Purpose', 'usage', 'use', 'account-type', 'type', 'Role'])(
  'a tag %s says what an account is for',
  (key) => {
    const who = user('ann', [], { ...LOST, AccessKeyCount: 1 });
    expect(found(tagged(who, { [key]: 'break glass' }))).toEqual(['P0', [HAS_KEY]]);
    expect(found(tagged(who, { [key]: 'daily' }))[0]).toBe('unknown');
  },
);

test.each(['false', 'no', '0'])('a tag that says %s denies it', (value) => {
  const who = user('ann', [], { ...LOST, AccessKeyCount: 1 });
  expect(found(tagged(who, { 'break-glass': value }))[0]).toBe('unknown');
});
