import { addToList } from '#base/list-map.ts';
import type { AwsEstate } from '../exposure/aws-estate.ts';
import type { Caller } from '../privilege/aws/caller.ts';
import type { PolicyHolder } from '../privilege/aws/iam-index.ts';
import { awsPrincipals } from '../privilege/aws/policy-principal.ts';
import { POLICY_HOLDER } from '../resource/facts/aws-facts.ts';
import type { StatementFacts } from '../resource/facts/fact-shape.ts';
import type { EstateResource } from '../risk/estate.ts';

/** A store of data with a policy of its own, and what that may do to a right. */
export interface StoreHolder extends PolicyHolder {
  readonly refuses: boolean;
  /** Whether it refuses whoever has the same rights alike. */
  readonly isImpersonal: boolean;
}

const NOBODY: readonly EstateResource[] = [];
const PERSONAL = /aws:(?:principalarn|principaltag|username|userid)|\$\{/i;
const SESSION = /^arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/([^/]+)\//;
const ROOT = /^arn:aws[a-z-]*:iam::(\d{12}):root$/;

/** The policies of the stores of data of one type that matter: whom they grant something, and what they refuse. */
export class StorePolicies {
  readonly #holders = new Map<EstateResource, StoreHolder>();
  readonly #granting = new Map<string, EstateResource[]>();

  constructor(stores: Iterable<EstateResource>, estateOf: (account: string) => AwsEstate | undefined) {
    for (const store of stores) {
      const account = store.account ?? '';
      const policy = estateOf(account)?.facts(POLICY_HOLDER, store).Policy;
      if (policy === undefined || policy.Statement.length === 0) continue;
      const denies = policy.Statement.filter(({ Effect }) => Effect === 'Deny');
      this.#holders.set(store, {
        account,
        policy,
        refuses: denies.length > 0,
        isImpersonal: denies.every(isImpersonal),
      });
      const names = policy.Statement.flatMap((each) => (each.Effect === 'Deny' ? [] : namesOf(each)));
      for (const name of new Set(names)) addToList(this.#granting, name, store);
    }
  }

  holderOf(store: EstateResource): StoreHolder | undefined {
    return this.#holders.get(store);
  }

  /** Those whose policy names somebody, or everybody, in an Allow. */
  namingInAllow({ arn, account, uniqueId }: Caller): readonly EstateResource[] {
    if (this.#granting.size === 0) return NOBODY;
    const names = ['*', account, arn, uniqueId ?? '', `${account} ${arn.slice(arn.lastIndexOf('/') + 1)}`];
    return [...new Set(names.flatMap((name) => this.#granting.get(name) ?? NOBODY))];
  }
}

/** Accounts by their id, sessions by the role that they are of. */
function namesOf({ Principal, NotPrincipal }: StatementFacts): readonly string[] {
  if (NotPrincipal !== undefined) return ['*'];
  return awsPrincipals(Principal).map((name) => {
    const [, account, role] = SESSION.exec(name) ?? [];
    return account === undefined ? (ROOT.exec(name)?.[1] ?? name) : `${account} ${role}`;
  });
}

function isImpersonal({ Principal, NotPrincipal, Condition }: StatementFacts): boolean {
  return (
    NotPrincipal === undefined &&
    awsPrincipals(Principal).every((name) => name === '*') &&
    !PERSONAL.test(JSON.stringify(Condition ?? {}))
  );
}
