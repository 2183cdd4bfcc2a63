import type { Audience } from '../exposure/audience.ts';
import type { State } from './state.ts';

/** Where attackers start, and in words who that is. */
const ORIGINS = {
  internet: 'any internet address',
  'any-aws-account': 'any AWS account',
  'any-azure': 'any Azure network',
  'any-google-account': 'any Google account',
  'any-employee': 'somebody inside',
  vendor: 'a vendor that was broken into',
} as const;

export type Origin = keyof typeof ORIGINS;

export function originState(origin: Origin): State {
  return { asset: origin, family: 'origin', capability: 'reach' };
}

export function originWords(origin: Origin): string {
  return ORIGINS[origin];
}

/** The origin of a public audience; null of any other: partners and staff are no strangers. */
export function originOfAudience(audience: Audience): Origin | null {
  if (audience === 'internet-wide') return 'internet';
  return Object.hasOwn(ORIGINS, audience) ? (audience as Origin) : null;
}
