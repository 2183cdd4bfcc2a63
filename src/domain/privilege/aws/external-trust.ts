import type { Instant } from '#base/instant.ts';
import { asObject, asTexts } from '#base/json-value.ts';
import { matchesAction } from '../aws-policy-statement.ts';
import type { AwsOrganisation } from './aws-organisation.ts';
import type { Caller, Question } from './caller.ts';
import { CERTAIN, type Certainty, NO } from './certainty.ts';
import vendors from './data/vendor-accounts.json' with { type: 'json' };
import { certaintyOf, type ResourceSide } from './decide.ts';
import { asTarget, type Principal } from './iam-principal.ts';
import { type CompiledStatement, PolicyCompiler } from './policy-document.ts';
import { awsPrincipals, servicePrincipals } from './policy-principal.ts';
import type { Rights } from './rights.ts';
import { tokenTrust } from './token-trust.ts';

const FOREIGN =
  /^(?:arn:aws[a-z-]*:iam::(\d{12}):.+|arn:aws[a-z-]*:sts::(\d{12}):assumed-role\/.+|(\d{12}))$/;
const NOBODYS_ACCOUNT = '000000000000';
const NOBODYS_ORGANISATION = 'o-0000000000';
const ASSUME = 'sts:assumerole';

/** What judging the trust of a role takes beside the role. */
export interface TrustContext {
  /** The role's own side: trust policy, and resource control policies of its account. */
  readonly side: ResourceSide;
  readonly organisation: AwsOrganisation;
  readonly now: Instant;
}

/**
 * Who from outside the organisation may become a role, by its trust policy (attack-paths §3.6): sentences without a
 * subject, empty where nobody may. They stand beside a level and make none.
 */
export function externalTrust(principal: Principal, context: TrustContext): readonly string[] {
  if (principal.isServiceLinked) return [];
  const found = new Set<string>();
  for (const statement of principal.trust?.statements ?? []) {
    if (!statement.allows) continue;
    if (matchesAction(statement, ASSUME)) {
      for (const reason of ofAccounts(statement, principal, context)) found.add(reason);
      for (const reason of ofDeputies(statement)) found.add(reason);
    }
    if (matchesAction(statement, 'sts:assumerolewithsaml'))
      for (const reason of ofDirectories(statement)) found.add(reason);
    if (matchesAction(statement, 'sts:assumerolewithwebidentity'))
      for (const { reason } of tokenTrust(statement)) found.add(reason);
  }
  return [...found];
}

function ofAccounts(statement: CompiledStatement, role: Principal, context: TrustContext): readonly string[] {
  const { organisation } = context;
  // All but the named ones are everybody.
  const names = statement.notPrincipal === undefined ? awsPrincipals(statement.principal) : ['*'];
  return names.flatMap((name) => {
    if (name === '*') {
      const stranger = { account: NOBODYS_ACCOUNT, arn: null, organisation: NOBODYS_ORGANISATION };
      return admits(statement, role, stranger, context) === CERTAIN
        ? ['can be assumed from any AWS account']
        : [];
    }
    const match = FOREIGN.exec(name);
    const account = match?.[1] ?? match?.[2] ?? match?.[3];
    if (account === undefined || account === role.caller.account || organisation.has(account)) return [];
    const certainty = admits(
      statement,
      role,
      {
        account,
        arn: name.startsWith('arn:') && !name.endsWith(':root') ? name : null,
        organisation: organisation.id === undefined ? undefined : NOBODYS_ORGANISATION,
      },
      context,
    );
    if (certainty === NO) return [];
    const asksForId = statement.tests.some(({ key }) => key === 'sts:externalid');
    const how = asksForId ? ', with its external id' : certainty === CERTAIN ? '' : ', under conditions';
    return [`can be assumed from account ${account}${vendorText(account)}${how}`];
  });
}

/** Whose an account is that customers of a vendor are told to trust; empty for all others. */
function vendorText(account: string): string {
  const vendor = Object.hasOwn(vendors, account) ? (vendors as Record<string, string>)[account] : undefined;
  return vendor === undefined ? '' : ` (${vendor})`;
}

interface Stranger {
  readonly account: string;
  /** Null for anybody of the account. */
  readonly arn: string | null;
  readonly organisation: string | undefined;
}

/** How certainly one statement lets a stranger in who may do everything at home and names itself as it likes. */
function admits(
  statement: CompiledStatement,
  role: Principal,
  stranger: Stranger,
  { side, now }: TrustContext,
): Certainty {
  const target = asTarget(role);
  const denies = (role.trust?.statements ?? []).filter(({ allows }) => !allows);
  const policy = { hash: '', number: -1, statements: [statement, ...denies], isPersonal: false };
  const candidates =
    stranger.arn === null
      ? [
          ...['role', 'user'].map((kind) => `arn:aws:iam::${stranger.account}:${kind}/stranger`),
          ...namesAsked(statement, stranger.account),
        ]
      : [stranger.arn.replace(/:sts::(\d+):assumed-role\/([^/]+)\/.*$/, ':iam::$1:role/$2')];
  let best: Certainty = NO;
  for (const own of candidates) {
    const caller: Caller = {
      arn: own,
      account: stranger.account,
      kind: own.includes(':user/') ? 'user' : 'role',
      name: own.slice(own.lastIndexOf('/') + 1),
      uniqueId: null,
      tags: {},
      choosesItsTags: true,
      isBounded: false,
      organisation: stranger.organisation,
      organisationPath: stranger.organisation && `${stranger.organisation}/r-0000/`,
    };
    const question: Question = {
      caller,
      action: ASSUME,
      resource: target.arn,
      target,
      request: A_SECOND_FACTOR,
      now,
    };
    const certainty = certaintyOf({ ...EVERY_RIGHT, caller }, question, { ...side, policy });
    if (certainty > best) best = certainty;
  }
  return best;
}

/** Names that a condition asks for in every account: a stranger's principal can be called so. */
function namesAsked({ tests }: CompiledStatement, account: string): readonly string[] {
  return tests.flatMap(({ key, operator, values }) =>
    key === 'aws:principalarn' && !operator.includes('not')
      ? values.flatMap((value) => {
          const parts = value.split(':');
          return parts.length >= 6 && parts[4]?.includes('*')
            ? [[...parts.slice(0, 4), account, ...parts.slice(5)].join(':').replaceAll('*', 'x')]
            : [];
        })
      : [],
  );
}

/** A stranger has one of its own: it keeps nobody out. */
const A_SECOND_FACTOR: Question['request'] = new Map([
  ['aws:multifactorauthpresent', ['true']],
  ['aws:multifactorauthage', ['1']],
]);

const EVERY_RIGHT: Omit<Rights, 'caller'> = {
  identity: new PolicyCompiler().compile({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  }).statements,
  boundary: null,
  controls: [],
  missing: [],
};

/** Services that act with a role for whoever names it in a resource of their own (confused deputy). */
const DEPUTIES =
  /^(?:apigateway|backup|cloudtrail|config|delivery\.logs|events|firehose|logs|s3|ses|sns|vpc-flow-logs)\.amazonaws\.com$/;
const SOURCES = /^aws:source(?:arn|account|orgid|orgpaths)$/;

function ofDeputies(statement: CompiledStatement): readonly string[] {
  if (statement.tests.some(({ key }) => SOURCES.test(key))) return [];
  return servicePrincipals(statement).flatMap((service) =>
    DEPUTIES.test(service) ? [`trusts ${service} without asking for whose resource it acts`] : [],
  );
}

function ofDirectories(statement: CompiledStatement): readonly string[] {
  return asTexts(asObject(statement.principal)?.['Federated']).flatMap((provider) => {
    const name = /:saml-provider\/(.+)$/.exec(provider)?.[1];
    return name === undefined ? [] : [`can be assumed by people of the identity provider ${name}`];
  });
}
