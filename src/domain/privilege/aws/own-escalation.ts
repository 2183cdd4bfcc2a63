import type { PolicyFacts } from '../../resource/facts/fact-shape.ts';
import { actionSet } from './action-catalogue.ts';
import type { Target } from './caller.ts';
import { CERTAIN, type Certainty, NO, stronger, UNDECIDED, weaker } from './certainty.ts';
import { askingsFor } from './class-edges.ts';
import { ESCALATION_METHODS, type EscalationMethod, type Requirement } from './escalation-method.ts';
import type { HeldPolicy, Principal } from './iam-principal.ts';
import type { CompiledStatement, PolicyCompiler } from './policy-document.ts';
import type { PrincipalClass } from './principal-class.ts';
import type { Rights } from './rights.ts';
import { isAdministrator } from './sentinel.ts';

/** A way to any right that a principal has by acting on itself. */
export interface OwnEscalation {
  readonly method: EscalationMethod;
  readonly certainty: Certainty;
  /** ARN of the user, role, group or policy that it changes. */
  readonly on: string;
}

const OWN = ESCALATION_METHODS.filter(({ target }) => target === 'self' || target === 'account').map(
  (method) => ({ method, needed: actionSet(method.requires.map(({ action }) => action)) }),
);

/** The commands that show who administers the organisation. */
export function missingFor({ method, certainty }: OwnEscalation): readonly string[] {
  return certainty === UNDECIDED && method.preconditions.includes('delegated-administrator')
    ? ADMINISTRATION
    : [];
}

const ADMINISTRATION: readonly string[] = [
  'which account administers the organisation: aws organizations describe-organization',
  'which accounts administer for the organisation: aws organizations list-delegated-administrators',
];

/** What judging a principal by itself takes. */
export interface OwnContext {
  readonly of: PrincipalClass;
  readonly compiler: PolicyCompiler;
  /** Versions of a policy that are not in force. */
  readonly otherVersions: (policyArn: string) => readonly PolicyFacts[];
  /** Whether the account administers the organisation, or a service for it; undecided where nobody said. */
  readonly administers: Certainty;
  /** The same class under other policies, to ask what would be. */
  readonly under: (rights: Rights) => PrincipalClass;
}

/** How a principal could give itself any right, the most certain first; null where it cannot. */
export function ownEscalation(principal: Principal, context: OwnContext): OwnEscalation | null {
  const { of } = context;
  let best: OwnEscalation | null = null;
  for (const { method, needed } of OWN) {
    if (!of.mayAllowAll(needed)) continue;
    for (const on of objectsOf(method, principal)) {
      let certainty: Certainty = CERTAIN;
      for (const requirement of method.requires) {
        certainty = weaker(certainty, asked(requirement, on, principal, context));
        if (certainty === NO) break;
      }
      if (certainty <= (best?.certainty ?? NO)) continue;
      certainty = weaker(certainty, preconditionsHold(method, on, principal, context));
      if (certainty > (best?.certainty ?? NO)) best = { method, certainty, on };
    }
    if (best?.certainty === CERTAIN) break;
  }
  return best;
}

/** What a method changes: itself, its groups, its own policies. */
function objectsOf(
  { requires }: EscalationMethod,
  { caller, groups, policies }: Principal,
): readonly string[] {
  const on = requires[0]?.on;
  switch (on) {
    case 'own-user':
      return caller.kind === 'user' ? [caller.arn] : [];
    case 'own-role':
      return caller.kind === 'role' ? [caller.arn] : [];
    case 'own-group':
      return groups;
    case 'own-policy':
      return policies.flatMap(({ name }) =>
        name.startsWith('arn:') && !name.includes(':iam::aws:') ? [name] : [],
      );
    default:
      return [caller.arn];
  }
}

function asked(
  { action, on: kind }: Requirement,
  on: string,
  principal: Principal,
  { of }: OwnContext,
): Certainty {
  const { caller, boundaryArn, resource } = principal;
  if (kind === 'any') return of.any(action);
  const target: Target = {
    arn: on,
    account: caller.account,
    tags: on === caller.arn ? resource.tags : null,
    boundary: on === caller.arn ? boundaryArn : null,
    isTaggable: false,
  };
  const requests = /^iam:put(?:user|role)permissionsboundary$/.test(action)
    ? [new Map([['iam:permissionsboundary', [`arn:${of.partition}:iam::aws:policy/AdministratorAccess`]]])]
    : askingsFor(action, null, of.partition).map(({ request }) => request);
  return requests.map((request) => of.on(action, on, caller, { target, request })).reduce(stronger);
}

/** Whether what it would change makes it an administrator. */
function preconditionsHold(
  method: EscalationMethod,
  on: string,
  principal: Principal,
  context: OwnContext,
): Certainty {
  const { rights } = context.of;
  const administers = (other: Partial<Rights>): Certainty =>
    isAdministrator(context.under({ ...rights, ...other }));
  const withoutDenies = (how: HeldPolicy['how']): Certainty =>
    principal.policies.some((policy) => policy.how === how && denies(policy.document.statements))
      ? administers({
          identity: principal.policies.flatMap(({ document, how: own }) =>
            document.statements.filter(({ allows }) => allows || own !== how),
          ),
        })
      : NO;
  // What it attaches to itself stays within its boundary and the organisation's policies.
  let certainty = method.preconditions.some((name) => name in HYPOTHESES) ? CERTAIN : capOf(context);
  for (const name of method.preconditions) {
    switch (name) {
      case 'free-policy-version':
        if (context.otherVersions(on).length >= OTHER_VERSIONS_MAX) return NO;
        break;
      case 'older-version-is-admin':
        certainty = weaker(certainty, olderVersion(on, principal, context, administers));
        break;
      case 'unbounded-is-admin':
        certainty = weaker(certainty, rights.boundary === null ? NO : administers({ boundary: null }));
        break;
      case 'attached-deny-hides-admin':
        certainty = weaker(certainty, withoutDenies('attached'));
        break;
      case 'inline-deny-hides-admin':
        certainty = weaker(certainty, withoutDenies('inline'));
        break;
      case 'group-deny-hides-admin':
        certainty = weaker(certainty, withoutDenies('group'));
        break;
      case 'tags-make-admin':
        certainty = weaker(certainty, administers({ caller: { ...rights.caller, choosesItsTags: true } }));
        break;
      case 'scp-hides-admin':
        certainty = weaker(certainty, rights.controls.length === 0 ? NO : administers({ controls: [] }));
        break;
      case 'delegated-administrator':
        certainty = weaker(certainty, context.administers);
        break;
      default:
    }
  }
  return certainty;
}

const OTHER_VERSIONS_MAX = 4;
const HYPOTHESES = {
  'older-version-is-admin': true,
  'unbounded-is-admin': true,
  'attached-deny-hides-admin': true,
  'inline-deny-hides-admin': true,
  'group-deny-hides-admin': true,
  'tags-make-admin': true,
  'scp-hides-admin': true,
};

function denies(statements: readonly CompiledStatement[]): boolean {
  return statements.some(({ allows }) => !allows);
}

function olderVersion(
  policyArn: string,
  principal: Principal,
  { compiler, otherVersions }: OwnContext,
  administers: (other: Partial<Rights>) => Certainty,
): Certainty {
  let best: Certainty = NO;
  for (const version of otherVersions(policyArn)) {
    const identity = principal.policies.flatMap(({ document, name }) =>
      name === policyArn ? compiler.compile(version).statements : document.statements,
    );
    best = stronger(best, administers({ identity }));
  }
  return best;
}

/** How certainly any right that a principal were given would be one: boundary and organisation may cap it. */
export function capOf({ of, compiler, under }: Pick<OwnContext, 'of' | 'compiler' | 'under'>): Certainty {
  const { rights } = of;
  if (rights.boundary === null && rights.controls.length === 0) return CERTAIN;
  return isAdministrator(under({ ...rights, identity: compiler.compile(EVERYTHING).statements }));
}

/** A policy that allows all there is. */
export const EVERYTHING: PolicyFacts = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};
