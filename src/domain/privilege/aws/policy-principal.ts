import { asObject, asTexts, type JsonValue } from '#base/json-value.ts';
import type { Statement } from '../aws-policy-statement.ts';
import type { Caller } from './caller.ts';
import { CERTAIN, type Certainty, NO, UNDECIDED } from './certainty.ts';

/** How a resource policy names a caller, the most exact way first (attack-paths §3.1, step 4). */
export type Naming = 'user' | 'session' | 'role' | 'everyone' | 'account' | 'none';

const EXACTNESS: readonly Naming[] = ['none', 'account', 'everyone', 'role', 'session', 'user'];

/** The AWS principals of a member `Principal`: `*`, account ids, ARNs, unique ids. */
export function awsPrincipals(principal: JsonValue | undefined): readonly string[] {
  return principal === '*' ? ['*'] : asTexts(asObject(principal)?.['AWS']);
}

/** The services that a statement names: `lambda.amazonaws.com`. */
export function servicePrincipals({ principal }: Statement): readonly string[] {
  return asTexts(asObject(principal)?.['Service']);
}

/** How an Allow of a resource policy names the caller. */
export function namingOf({ principal, notPrincipal }: Statement, caller: Caller): Naming {
  if (notPrincipal !== undefined)
    return strongest(awsPrincipals(notPrincipal), caller) === 'none' ? 'everyone' : 'none';
  return strongest(awsPrincipals(principal), caller);
}

/** How certainly a Deny of a resource policy is about the caller. */
export function deniesCaller({ principal, notPrincipal }: Statement, caller: Caller): Certainty {
  if (notPrincipal === undefined)
    return strongest(awsPrincipals(principal), caller) === 'none' ? NO : CERTAIN;
  // AWS: NotPrincipal in a Deny always denies principals that have a boundary, whatever it names.
  if (caller.isBounded) return CERTAIN;
  const named = new Set(awsPrincipals(notPrincipal).map((name) => namingBy(name, caller)));
  if (named.has('everyone')) return NO;
  if (!named.has('user') && !named.has('role') && !named.has('session')) return CERTAIN;
  // AWS: a caller is its account, its role and its session or user; where one of them is not spared, it may be denied.
  const isSpared = named.has('account') && (named.has('user') || (named.has('role') && named.has('session')));
  return isSpared ? NO : UNDECIDED;
}

function strongest(names: readonly string[], caller: Caller): Naming {
  let naming: Naming = 'none';
  for (const name of names) {
    const one = namingBy(name, caller);
    if (EXACTNESS.indexOf(one) > EXACTNESS.indexOf(naming)) naming = one;
  }
  return naming;
}

function namingBy(name: string, { arn, account, kind, uniqueId }: Caller): Naming {
  if (name === '*') return 'everyone';
  if (name === account || (name.startsWith('arn:') && name.endsWith(`:iam::${account}:root`)))
    return 'account';
  if (name === arn || (uniqueId !== null && name === uniqueId)) return kind === 'user' ? 'user' : 'role';
  return kind === 'role' && roleOfSession(name) === `${account} ${shortName(arn)}` ? 'session' : 'none';
}

const SESSION = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\//;

function roleOfSession(name: string): string | null {
  const match = SESSION.exec(name);
  return match === null ? null : `${match[1]} ${match[2]}`;
}

function shortName(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
