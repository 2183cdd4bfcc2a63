import { asObject, asTexts } from '#base/json-value.ts';
import type { ConditionTest } from './condition.ts';
import type { CompiledStatement } from './policy-document.ts';

/** An issuer of tokens for pipelines: whom a subject belongs to is told by how it begins. */
interface Issuer {
  readonly host: RegExp;
  readonly name: string;
  /** How a subject begins that belongs to one organisation, group or project. */
  readonly own: RegExp;
  /** Whether strangers get tokens from it too; else its address names the customer. */
  readonly isShared: boolean;
}

const GITHUB = 'GitHub';
const REPOSITORY = /^repo:[^*?/]+\//;

const ISSUERS: readonly Issuer[] = [
  {
    host: /^token\.actions\.githubusercontent\.com$/,
    name: GITHUB,
    own: /^(?:repo(?:sitory)?:[^*?/]+\/|repository_(?:owner|id|owner_id):[^*?:]+|enterprise(?:_id)?:[^*?:]+)/,
    isShared: true,
  },
  {
    host: /^token\.actions\.githubusercontent\.com\/([^/]+)$/,
    name: GITHUB,
    own: REPOSITORY,
    isShared: false,
  },
  { host: /^gitlab\.com$/, name: 'GitLab', own: /^project_path:[^*?/]+\//, isShared: true },
  { host: /^app\.terraform\.io$/, name: 'Terraform Cloud', own: /^organization:[^*?:]+:/, isShared: true },
  { host: /^agent\.buildkite\.com$/, name: 'Buildkite', own: /^organization:[^*?:]+:/, isShared: true },
  {
    host: /^api\.bitbucket\.org\/2\.0\/workspaces\/([^/]+)\//,
    name: 'Bitbucket',
    own: /^\{?[0-9a-f-]{8,}/,
    isShared: false,
  },
  { host: /^oidc\.circleci\.com\/org\/([^/]+)/, name: 'CircleCI', own: /^org\/[^*?/]+\//, isShared: false },
  {
    host: /^([^./]+)\.app(?:\.us)?\.spacelift\.io$/,
    name: 'Spacelift',
    own: /^space:[^*?:]+:/,
    isShared: false,
  },
];

/** What an issuer is called from which strangers get tokens too, by its host; null of any other. */
export function sharedIssuer(host: string): string | null {
  if (SIGN_IN.test(host)) return host;
  return ISSUERS.find((issuer) => issuer.isShared && issuer.host.test(host))?.name ?? null;
}

/** Claims of GitHub that tell whose a token is, beside its subject; a workflow that is called may be anybody's. */
const OWNER_CLAIMS =
  /^(?:repository|repository_id|repository_owner|repository_owner_id|enterprise|enterprise_id)$/;

/** Issuers that AWS knows without a provider of the account's own. */
const SIGN_IN = /^(?:accounts\.google\.com|graph\.facebook\.com|www\.amazon\.com)$/;
const COGNITO = 'cognito-identity.amazonaws.com';

/** Who may become a role with a token of an issuer. */
export interface TokenTrust {
  /** Without a subject: `can be assumed by any GitHub user`. */
  readonly reason: string;
  /** How condition keys about its tokens begin: `token.actions.githubusercontent.com`. */
  readonly issuer: string;
  /** A stranger gets such a token for nothing that the owner gave out: as a guest, or with an account there; null for nobody but its own. */
  readonly strangers: 'guests' | 'users' | null;
  /** The identity pools of Cognito whose guests these are; empty where any is, and of other issuers. */
  readonly pools: readonly string[];
}

/** Who may become a role with a token of an OpenID Connect issuer (attack-paths §3.6). */
export function tokenTrust(statement: CompiledStatement): readonly TokenTrust[] {
  return asTexts(asObject(statement.principal)?.['Federated']).flatMap((provider) => {
    const issuer = provider.replace(/^.*:oidc-provider\//, '').toLowerCase();
    return trustOf(statement, provider, issuer).map((trust) => ({ ...trust, issuer }));
  });
}

type Trust = Omit<TokenTrust, 'issuer'>;

function ofStrangers(strangers: Trust['strangers'], reason: string, pools: Trust['pools'] = []): Trust {
  return { reason, strangers, pools };
}

function ofItsOwn(reason: string): Trust {
  return { reason, strangers: null, pools: [] };
}

function trustOf(statement: CompiledStatement, provider: string, issuer: string): readonly Trust[] {
  if (provider === COGNITO) return poolTrust(statement);
  if (SIGN_IN.test(issuer)) return signInTrust(statement, issuer);
  if (!provider.includes(':oidc-provider/')) return [];
  if (issuer.includes('.eks.')) return podTrust(statement, issuer);
  const known = ISSUERS.find(({ host }) => host.test(issuer));
  return known === undefined
    ? [ofItsOwn(`can be assumed by people of the identity provider ${issuer}`)]
    : [pipelineTrust(statement, issuer, known)];
}

/** Where no pool is named, a stranger's own pool says of a stranger whatever is asked. */
function poolTrust(statement: CompiledStatement): readonly Trust[] {
  const audience = claims(statement, COGNITO).find(({ claim }) => claim === 'aud');
  if (audience === undefined)
    return [ofStrangers('guests', 'can be assumed by anybody through a Cognito identity pool of their own')];
  const isSignedIn = statement.tests.some(
    ({ key, operator, values }) =>
      key === `${COGNITO}:amr` && !operator.includes('not') && !values.includes('unauthenticated'),
  );
  return isSignedIn
    ? []
    : [ofStrangers('guests', 'can be assumed by anybody through its Cognito identity pool', audience.values)];
}

function signInTrust(statement: CompiledStatement, issuer: string): readonly Trust[] {
  return claims(statement, issuer).length === 0
    ? [ofStrangers('users', `can be assumed by anybody with an account at ${issuer}`)]
    : [ofItsOwn(`can be assumed by people who sign in at ${issuer}`)];
}

function podTrust(statement: CompiledStatement, issuer: string): readonly Trust[] {
  const [subjects] = claims(statement, issuer).filter(({ claim }) => claim === 'sub');
  const accounts = (subjects?.values ?? []).map((subject) => subject.replace(/^system:serviceaccount:/, ''));
  if (subjects === undefined || accounts.some((account) => /^\*(?::\*)?$/.test(account)))
    return [ofItsOwn('can be assumed by every pod of its cluster')];
  return accounts.slice(0, SHOWN_MAX).map((account) => {
    const namespace = /^([^:*?]+):\*$/.exec(account)?.[1];
    return ofItsOwn(
      namespace === undefined
        ? `can be assumed by pods of the service account ${account.replace(':', '/')}`
        : `can be assumed by every pod of the namespace ${namespace}`,
    );
  });
}

const SHOWN_MAX = 3;

function pipelineTrust(
  statement: CompiledStatement,
  issuer: string,
  { host, name, own, isShared }: Issuer,
): Trust {
  // Tests are needed together: one that tells the owner is enough; its values are alternatives.
  const owned = claims(statement, issuer).find(({ claim, values }) =>
    claim === 'sub'
      ? values.every((value) => own.test(value))
      : name === GITHUB && OWNER_CLAIMS.test(claim) && values.every((value) => /^[^*?]/.test(value)),
  );
  if (owned !== undefined) {
    const whose = owned.values
      .slice(0, SHOWN_MAX)
      .map((value) =>
        owned.claim === 'sub'
          ? `${value}${name === GITHUB ? breadth(value) : ''}`
          : `${owned.claim} ${value}`,
      );
    return ofItsOwn(`can be assumed by pipelines of ${name}: ${whose.join(', ')}`);
  }
  return isShared
    ? ofStrangers('users', `can be assumed by any ${name} user`)
    : ofItsOwn(`can be assumed by every pipeline of ${host.exec(issuer)?.[1]} at ${name}`);
}

/** What a subject of GitHub leaves open after the organisation. */
function breadth(subject: string): string {
  const [, repository = '', rest = ''] = /^repo:([^:]*)(?::(.*))?$/.exec(subject) ?? [];
  if (/[*?]/.test(repository)) return ' (any repository of it)';
  if (rest === 'pull_request') return ' (pull requests)';
  return rest === '*' ? ' (any branch or pull request)' : '';
}

interface Claim {
  readonly claim: string;
  readonly values: readonly string[];
}

/** What a statement asks of a token: a negated test, or one that a missing claim meets, tells nobody apart. */
function claims({ tests }: CompiledStatement, issuer: string): readonly Claim[] {
  return tests.flatMap(({ key, operator, values }: ConditionTest): readonly Claim[] =>
    key.startsWith(`${issuer}:`) && POSITIVE.has(operator) && values.length > 0
      ? [
          {
            claim: key.slice(issuer.length + 1),
            // A star means itself where texts are compared whole.
            values: operator === 'stringlike' ? values : values.map((value) => value.replace(/[*?]/g, '_')),
          },
        ]
      : [],
  );
}

const POSITIVE = new Set(['stringequals', 'stringequalsignorecase', 'stringlike']);
