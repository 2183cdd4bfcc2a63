import { expect, test } from 'vitest';
import type { RootFacts } from '../../resource/facts/aws-identity-facts.ts';
import { rootPrivilege } from './root-privilege.ts';

const SEEN = Date.UTC(2026, 9, 1);

test.each<[string, RootFacts, string, readonly string[]]>([
  [
    'a key',
    { AccessKeyCount: 1, PasswordLastUsed: 'no_information', MfaActive: true },
    'P0',
    ['has an access key to everything'],
  ],
  [
    'a sign-in 89 days ago',
    { AccessKeyCount: 0, PasswordLastUsed: '2026-07-04T00:00:00+00:00', MfaActive: true },
    'P0',
    ['is in use: last sign-in 2026-07-04'],
  ],
  [
    'a sign-in without a second factor, and a key',
    { AccessKeyCount: 2, PasswordLastUsed: '2026-09-30T00:00:00+00:00', MfaActive: false },
    'P0',
    ['has an access key to everything', 'is in use: last sign-in 2026-09-30, without a second factor'],
  ],
  [
    'a sign-in 90 days ago',
    { AccessKeyCount: 0, PasswordLastUsed: '2026-07-03T00:00:00+00:00', MfaActive: false },
    'none',
    [],
  ],
  ['nothing in use', { AccessKeyCount: 0, PasswordLastUsed: 'no_information' }, 'none', []],
  ['a report without keys', { PasswordLastUsed: 'no_information' }, 'unknown', []],
  ['nothing told', {}, 'unknown', []],
])('the root user with %s', (_, facts, level, reasons) => {
  const asked = 'keys and last sign-in of the root user: aws iam get-credential-report';
  const missing = level === 'unknown' ? [asked] : [];
  expect(rootPrivilege(facts, SEEN)).toEqual({ level, reasons, missing });
});
