import { asObject } from '#base/json-value.ts';
import { PolicyCompiler } from '../privilege/aws/policy-document.ts';
import { type TokenTrust, tokenTrust } from '../privilege/aws/token-trust.ts';
import { matchesAction } from '../privilege/aws-policy-statement.ts';
import { calledFirst } from '../resource/called.ts';
import { IDENTITY_POOL } from '../resource/facts/aws-facts.ts';
import { IAM_ROLE } from '../resource/facts/aws-identity-facts.ts';
import type { PolicyFacts, StatementFacts } from '../resource/facts/fact-shape.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import { judgePolicy } from './aws-policy-holder.ts';
import { type ExposureRecord, isOpenToPublic } from './exposure-record.ts';

const BY_TOKEN = 'sts:AssumeRoleWithWebIdentity';

/** Who may become a role, as far as its trust policy tells: accounts, and strangers with a token that anybody gets (attack-paths §2.8, §3.6). */
export function exposeRole(estate: AwsEstate, resource: EstateResource): readonly ExposureRecord[] {
  const { AssumeRolePolicyDocument: policy } = estate.facts(IAM_ROLE, resource);
  const missing = `the trust policy of ${resource.name}: aws iam get-account-authorization-details`;
  const byAccounts = judgePolicy(
    estate,
    resource,
    policy,
    { actions: ['sts:AssumeRole'], unsigned: false },
    missing,
  );
  if (policy === undefined) return byAccounts;
  const byToken = tokenWays(estate, resource, policy, missing);
  // That nobody of an account becomes it says nothing beside somebody with a token who does.
  return byToken.some(isOpenToPublic)
    ? [...byToken, ...byAccounts.filter(({ verdict }) => verdict !== 'no')]
    : [...byAccounts, ...byToken.filter(({ verdict }) => verdict !== 'no')];
}

/** The call takes no signature: whoever has a token is anybody, and what else the policy asks of them is judged as ever. */
function tokenWays(
  estate: AwsEstate,
  resource: EstateResource,
  policy: PolicyFacts,
  missing: string,
): readonly ExposureRecord[] {
  const trusts = policy.Statement.map((facts) => {
    const [statement] = estate.derived(compiler).compile({ ...policy, Statement: [facts] }).statements;
    return statement?.allows === true && matchesAction(statement, BY_TOKEN)
      ? tokenTrust(statement).filter(
          ({ strangers, pools }) => strangers !== null && !takeNoGuests(estate, pools),
        )
      : [];
  });
  const open = trusts.flat();
  if (open.length === 0) return [];
  const Statement = policy.Statement.flatMap((facts, index) => {
    const trust = trusts[index] ?? [];
    return facts.Effect === 'Allow' && trust.length === 0 ? [] : asStrangersMeet(facts, index, open);
  });
  const reasons = [...new Set(open.map(({ reason }) => reason))].map((reason) =>
    evidence(`${calledFirst(resource)} ${reason}.`, resource),
  );
  const isGuest = open.some(({ strangers }) => strangers === 'guests');
  return judgePolicy(
    estate,
    resource,
    { ...policy, Statement },
    { actions: [BY_TOKEN], unsigned: true },
    missing,
    'The trust policy',
  ).map((way) =>
    way.verdict === 'yes'
      ? { ...way, auth: isGuest ? 'none' : 'oidc', evidence: [...reasons, ...way.evidence] }
      : way,
  );
}

/** Whether these identity pools are known to give nobody a token without a login. */
function takeNoGuests(estate: AwsEstate, pools: readonly string[]): boolean {
  return (
    pools.length > 0 &&
    pools.every((id) => {
      const pool = estate.find('cognito-identity-pool', id);
      return pool !== undefined && estate.facts(IDENTITY_POOL, pool).AllowUnauthenticatedIdentities === false;
    })
  );
}

const compiler = (): PolicyCompiler => new PolicyCompiler();

/**
 * A statement without what it asks of claims, as whoever has a token of their own meets it: an Allow was found to ask for
 * nothing that tells them apart, a Deny of all but some claims is about them, and one of some claims is not.
 */
function asStrangersMeet(
  facts: StatementFacts,
  index: number,
  open: readonly TokenTrust[],
): readonly StatementFacts[] {
  const isClaim = (key: string): boolean =>
    open.some(({ issuer }) => key.toLowerCase().startsWith(`${issuer}:`));
  const operators = Object.entries(facts.Condition ?? {});
  const asks = operators.filter(([, keys]) => Object.keys(keys as object).some(isClaim));
  if (facts.Effect === 'Deny' && asks.some(([operator]) => !/not/i.test(operator))) return [];
  const Condition = Object.fromEntries(
    operators.flatMap(([operator, keys]) => {
      const left = Object.entries(keys as object).filter(([key]) => !isClaim(key));
      return left.length === 0 ? [] : [[operator, Object.fromEntries(left)]];
    }),
  );
  const isOfTokens = asObject(facts.Principal)?.['Federated'] !== undefined;
  return [
    {
      ...facts,
      Sid: facts.Sid ?? `statement ${index + 1}`,
      ...(isOfTokens ? { Principal: '*' } : {}),
      Condition,
    },
  ];
}
