import { asObject, asTexts, type JsonObject } from '#base/json-value.ts';
import { matchesAction } from '../aws-policy-statement.ts';
import type { Principal } from './iam-principal.ts';
import type { CompiledStatement } from './policy-document.ts';
import { awsPrincipals, servicePrincipals } from './policy-principal.ts';

/** Conditions by which a trust policy keeps strangers out. */
const NARROWING =
  /^(?:aws:principal(?:orgid|orgpaths|account|arn)|aws:source(?:ip|vpc|vpce|arn|account)|sts:externalid)$/;
const FOREIGN = /^(?:arn:aws[a-z-]*:iam::(\d{12}):.+|(\d{12}))$/;

/** Issuers whose tokens strangers can get too: the subject alone tells whose a token is. */
const SHARED_ISSUERS: readonly (readonly [issuer: RegExp, name: string, own: RegExp])[] = [
  [/token\.actions\.githubusercontent\.com/, 'GitHub', /^repo:[^*?/]+\//],
  [/gitlab\.com/, 'GitLab', /^project_path:[^*?/]+\//],
  [/app\.terraform\.io/, 'Terraform Cloud', /^organization:[^*?:]+:/],
  [/api\.bitbucket\.org/, 'Bitbucket', /^\{?[0-9a-f-]{8,}/],
  [/oidc\.circleci\.com/, 'CircleCI', /^org\/[^*?/]+\//],
  [/agent\.buildkite\.com/, 'Buildkite', /^organization:[^*?:]+:/],
  [/spacelift\.io/, 'Spacelift', /^space:[^*?:]+:/],
];

/**
 * Who from outside the account may become a role, by its trust policy (attack-paths §3.6): sentences without a
 * subject, empty where nobody may. They stand beside a level and make none.
 */
export function externalTrust({ trust, caller, isServiceLinked }: Principal): readonly string[] {
  if (isServiceLinked) return [];
  const found = new Set<string>();
  for (const statement of trust?.statements ?? []) {
    if (!statement.allows) continue;
    if (matchesAction(statement, 'sts:assumerole')) {
      ofAccounts(statement, caller.account, found);
      ofDeputies(statement, found);
    }
    if (matchesAction(statement, 'sts:assumerolewithsaml')) ofDirectories(statement, found);
    if (matchesAction(statement, 'sts:assumerolewithwebidentity')) ofTokens(statement, found);
  }
  return [...found];
}

function ofAccounts(statement: CompiledStatement, account: string, found: Set<string>): void {
  const keys = statement.tests.map(({ key }) => key);
  for (const name of awsPrincipals(statement.principal)) {
    if (name === '*') {
      if (!keys.some((key) => NARROWING.test(key))) found.add('can be assumed from any AWS account');
      continue;
    }
    const match = FOREIGN.exec(name);
    const other = match?.[1] ?? match?.[2];
    if (other === undefined || other === account) continue;
    const secret = keys.includes('sts:externalid') ? ', with its external id' : '';
    found.add(`can be assumed from account ${other}${secret}`);
  }
}

/** Services that act with a role for whoever names it in a resource of their own (confused deputy). */
const DEPUTIES =
  /^(?:apigateway|backup|cloudtrail|config|delivery\.logs|events|firehose|logs|s3|ses|sns|vpc-flow-logs)\.amazonaws\.com$/;
const SOURCES = /^aws:source(?:arn|account|orgid|orgpaths)$/;

function ofDeputies(statement: CompiledStatement, found: Set<string>): void {
  if (statement.tests.some(({ key }) => SOURCES.test(key))) return;
  for (const service of servicePrincipals(statement))
    if (DEPUTIES.test(service)) found.add(`trusts ${service} without asking for whose resource it acts`);
}

function ofDirectories(statement: CompiledStatement, found: Set<string>): void {
  for (const provider of asTexts(asObject(statement.principal)?.['Federated'])) {
    const name = /:saml-provider\/(.+)$/.exec(provider)?.[1];
    if (name !== undefined) found.add(`can be assumed by people of the identity provider ${name}`);
  }
}

function ofTokens(statement: CompiledStatement, found: Set<string>): void {
  for (const provider of asTexts(asObject(statement.principal)?.['Federated'])) {
    if (provider === 'cognito-identity.amazonaws.com') {
      const isSignedIn = statement.tests.some(
        ({ key, values }) =>
          key === 'cognito-identity.amazonaws.com:amr' && !values.includes('unauthenticated'),
      );
      if (!isSignedIn) found.add('can be assumed by anybody through its Cognito identity pool');
      continue;
    }
    const subjects = subjectsOf(statement.condition, provider);
    const shared = SHARED_ISSUERS.find(([issuer]) => issuer.test(provider));
    if (shared !== undefined) {
      const [, name, own] = shared;
      if (subjects.length === 0 || subjects.some((subject) => !own.test(subject)))
        found.add(`can be assumed by any ${name} user`);
      else found.add(`can be assumed by pipelines of ${name}: ${subjects.slice(0, 3).join(', ')}`);
    } else if (provider.includes('.eks.')) {
      const isAny =
        subjects.length === 0 || subjects.some((subject) => /^(?:\*|system:serviceaccount:\*)/.test(subject));
      if (isAny) found.add('can be assumed by every pod of its cluster');
      else
        for (const subject of subjects.slice(0, 3))
          found.add(`can be assumed by pods of the service account ${accountName(subject)}`);
    }
  }
}

function accountName(subject: string): string {
  return subject.replace(/^system:serviceaccount:/, '').replace(':', '/');
}

function subjectsOf(condition: JsonObject | null, provider: string): readonly string[] {
  const issuer = provider.replace(/^.*:oidc-provider\//, '').toLowerCase();
  return Object.values(condition ?? {}).flatMap((keys) =>
    Object.entries(asObject(keys) ?? {}).flatMap(([key, values]) =>
      key.toLowerCase() === `${issuer}:sub` ? asTexts(values) : [],
    ),
  );
}
