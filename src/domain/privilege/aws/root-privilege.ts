import { type Instant, parseInstant } from '#base/instant.ts';
import type { RootFacts } from '../../resource/facts/aws-identity-facts.ts';
import type { AwsPrivilege } from './aws-privileges.ts';

const IN_USE_DAYS = 90;
const DAY_MS = 86_400_000;

/**
 * The root user of an account may do everything in it; it counts as privileged where it has an access key, or where
 * somebody signed in with it in the 90 days before the report (attack-paths §3.3). Else it waits locked away.
 */
export function rootPrivilege(
  { AccessKeyCount, PasswordLastUsed, MfaActive }: RootFacts,
  seenAt: Instant,
): AwsPrivilege {
  const reasons: string[] = [];
  const factor = MfaActive === false ? ', without a second factor' : '';
  if (AccessKeyCount !== undefined && AccessKeyCount > 0) reasons.push('has an access key to everything');
  const used = parseInstant(PasswordLastUsed);
  if (used !== null && used > seenAt - IN_USE_DAYS * DAY_MS)
    reasons.push(`is in use: last sign-in ${new Date(used).toISOString().slice(0, 10)}${factor}`);
  if (reasons.length > 0) return { level: 'P0', reasons, missing: [] };
  if (AccessKeyCount === undefined || PasswordLastUsed === undefined)
    return {
      level: 'unknown',
      reasons: [],
      missing: ['keys and last sign-in of the root user: aws iam get-credential-report'],
    };
  return { level: 'none', reasons: [], missing: [] };
}
