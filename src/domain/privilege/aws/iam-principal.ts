import type { AwsEstate } from '../../exposure/aws-estate.ts';
import { IAM_GROUP, IAM_ROLE, IAM_USER } from '../../resource/facts/aws-identity-facts.ts';
import type { PolicyFacts } from '../../resource/facts/fact-shape.ts';
import type { EstateResource } from '../../risk/estate.ts';
import type { Caller, Membership, Target } from './caller.ts';
import type { PolicyCompiler, PolicyDocument } from './policy-document.ts';

/** A document that applies to a principal, and how it came to it. */
export interface HeldPolicy {
  readonly document: PolicyDocument;
  readonly how: 'attached' | 'inline' | 'group';
  /** ARN of a managed policy, name of an inline one. */
  readonly name: string;
}

/** A user, group or role with all its policies; a group stands for its members, who have at least its rights. */
export interface Principal {
  readonly resource: EstateResource;
  readonly caller: Caller;
  readonly policies: readonly HeldPolicy[];
  /** Null without a boundary, undefined where its document was not described. */
  readonly boundary: PolicyDocument | null | undefined;
  readonly boundaryArn: string | null;
  /** ARNs of the groups that a user is in; of a group itself. */
  readonly groups: readonly string[];
  /** Null where it was not described, and for users and groups. */
  readonly trust: PolicyDocument | null;
  readonly hasInstanceProfile: boolean;
  /** AWS made it for one of its services; nobody may pass or change it, and no control policy binds it. */
  readonly isServiceLinked: boolean;
  /** Policies that apply to it and were not described: they may allow anything. */
  readonly missing: readonly string[];
  /** Those among them that may deny. */
  readonly mayDeny: readonly string[];
  /** Console password, access keys and second factor; undefined where nobody said. */
  readonly hasPassword: boolean | undefined;
  readonly hasSecondFactor: boolean | undefined;
  readonly keys: number | undefined;
  /** When somebody last came in by it, as the inventory words it. */
  readonly lastUsed: string | undefined;
}

interface Attached {
  readonly PolicyArn?: string | undefined;
}
interface Inline {
  readonly PolicyName?: string | undefined;
  readonly PolicyDocument?: PolicyFacts | undefined;
}
interface Lists {
  readonly inline: readonly Inline[] | undefined;
  readonly attached: readonly Attached[] | undefined;
  /** Others may have given it more: all that is told is believed. */
  readonly arePart: boolean | undefined;
}

export const ACCOUNT_DUMP = 'aws iam get-account-authorization-details';

/** Finds the document of a managed policy by its ARN, in any account. */
export type FindPolicy = (arn: string) => PolicyFacts | undefined;

export interface PrincipalContext {
  readonly estate: AwsEstate;
  readonly account: string;
  readonly membership: Membership;
  readonly compiler: PolicyCompiler;
  readonly findPolicy: FindPolicy;
}

/** Every user, group and role of one account. */
export function principalsOf(context: PrincipalContext): readonly Principal[] {
  const { estate } = context;
  return [
    ...estate.ofType('iam-user').map((resource) => userOf(context, resource)),
    ...estate.ofType('iam-group').map((resource) => groupOf(context, resource)),
    ...estate.ofType('iam-role').map((resource) => roleOf(context, resource)),
  ];
}

function userOf(context: PrincipalContext, resource: EstateResource): Principal {
  const { estate } = context;
  const facts = estate.facts(IAM_USER, resource);
  const collected = new Collected(context);
  collected.add(resource.name, listsOf(facts.UserPolicyList, facts));
  const groups: string[] = [];
  if (facts.GroupList === undefined) collected.lacks(`the groups of ${resource.name}: ${ACCOUNT_DUMP}`);
  for (const name of facts.GroupList ?? []) {
    const group = estate.find('iam-group', name);
    if (group === undefined) {
      collected.lacks(`group ${name}: ${ACCOUNT_DUMP}`);
      continue;
    }
    const described = estate.facts(IAM_GROUP, group);
    groups.push(arnOf(group, described.Arn));
    collected.add(name, listsOf(described.GroupPolicyList, described), true);
  }
  return collected.principal(resource, 'user', arnOf(resource, facts.Arn), {
    groups,
    uniqueId: facts.UserId,
    boundaryArn: facts.PermissionsBoundary?.PermissionsBoundaryArn,
    hasPassword: facts.PasswordEnabled,
    hasSecondFactor: facts.MfaActive,
    keys: facts.AccessKeyCount,
    lastUsed: facts.PasswordLastUsed,
  });
}

function groupOf(context: PrincipalContext, resource: EstateResource): Principal {
  const facts = context.estate.facts(IAM_GROUP, resource);
  const collected = new Collected(context);
  collected.add(resource.name, listsOf(facts.GroupPolicyList, facts));
  const arn = arnOf(resource, facts.Arn);
  return collected.principal(resource, 'group', arn, { groups: [arn] });
}

function roleOf(context: PrincipalContext, resource: EstateResource): Principal {
  const facts = context.estate.facts(IAM_ROLE, resource);
  const collected = new Collected(context);
  collected.add(resource.name, listsOf(facts.RolePolicyList, facts));
  return collected.principal(resource, 'role', arnOf(resource, facts.Arn), {
    uniqueId: facts.RoleId,
    boundaryArn: facts.PermissionsBoundary?.PermissionsBoundaryArn,
    trust: facts.AssumeRolePolicyDocument,
    hasInstanceProfile: (facts.InstanceProfileList ?? []).length > 0,
    lastUsed: facts.RoleLastUsed?.LastUsedDate,
    isServiceLinked:
      facts.Path?.startsWith('/aws-service-role/') === true ||
      facts.Arn?.includes(':role/aws-service-role/') === true,
  });
}

/** A dump leaves an empty list of inline policies out and never that of attached ones; a mere list of names has neither. */
function listsOf(
  inline: readonly Inline[] | undefined,
  {
    AttachedManagedPolicies: attached,
    ArePart: arePart,
  }: {
    readonly AttachedManagedPolicies?: readonly Attached[] | undefined;
    readonly ArePart?: boolean | undefined;
  },
): Lists {
  return { inline, attached, arePart };
}

export function arnOf(resource: EstateResource, arn?: string): string {
  return arn ?? resource.key.replace(/^aws:(?=arn:)/, '');
}

/** A principal as conditions see it that are about what is done to it. */
export function asTarget({ caller, resource, boundaryArn }: Principal): Target {
  const { arn, account, organisation, organisationPath } = caller;
  return {
    arn,
    account,
    tags: resource.tags,
    boundary: boundaryArn,
    isTaggable: false,
    organisation,
    organisationPath,
  };
}

/** Gathers what applies to one principal, and what is missing of it. */
class Collected {
  readonly #context: PrincipalContext;
  readonly #policies: HeldPolicy[] = [];
  readonly #missing: string[] = [];
  readonly #mayDeny: string[] = [];

  constructor(context: PrincipalContext) {
    this.#context = context;
  }

  lacks(what: string, mayDeny = true): void {
    this.#missing.push(what);
    if (mayDeny) this.#mayDeny.push(what);
  }

  add(name: string, { inline, attached, arePart }: Lists, ofGroup = false): void {
    // What is told of inline policies is believed, though it is not all.
    if (attached === undefined || arePart === true)
      this.lacks(`the policies of ${name}: ${ACCOUNT_DUMP}`, inline === undefined && attached === undefined);
    for (const policy of inline ?? []) {
      const policyName = policy.PolicyName ?? 'inline';
      this.#hold(
        policy.PolicyDocument,
        ofGroup ? 'group' : 'inline',
        policyName,
        `inline policy ${policyName} of ${name}: ${ACCOUNT_DUMP}`,
      );
    }
    for (const { PolicyArn } of attached ?? [])
      if (PolicyArn !== undefined)
        this.#hold(
          this.#context.findPolicy(PolicyArn),
          ofGroup ? 'group' : 'attached',
          PolicyArn,
          `policy ${PolicyArn}: ${ACCOUNT_DUMP}`,
        );
  }

  #hold(facts: PolicyFacts | undefined, how: HeldPolicy['how'], name: string, what: string): void {
    // Policies of AWS allow, but for a few whose names say that they deny.
    if (facts === undefined)
      this.lacks(what, !name.includes(':iam::aws:policy/') || /Deny|Quarantine/.test(name));
    else this.#policies.push({ document: this.#context.compiler.compile(facts), how, name });
  }

  principal(
    resource: EstateResource,
    kind: Caller['kind'],
    arn: string,
    more: {
      readonly groups?: readonly string[];
      readonly uniqueId?: string | undefined;
      readonly boundaryArn?: string | undefined;
      readonly trust?: PolicyFacts | undefined;
      readonly hasInstanceProfile?: boolean;
      readonly isServiceLinked?: boolean;
      readonly hasPassword?: boolean | undefined;
      readonly hasSecondFactor?: boolean | undefined;
      readonly keys?: number | undefined;
      readonly lastUsed?: string | undefined;
    },
  ): Principal {
    const { compiler, findPolicy, account, membership } = this.#context;
    const boundaryArn = more.boundaryArn ?? null;
    const facts = boundaryArn === null ? undefined : findPolicy(boundaryArn);
    if (boundaryArn !== null && facts === undefined)
      this.lacks(`permissions boundary ${boundaryArn}: ${ACCOUNT_DUMP}`);
    return {
      resource,
      caller: {
        arn,
        account,
        kind,
        name: resource.name,
        uniqueId: more.uniqueId ?? null,
        tags: resource.tags,
        choosesItsTags: false,
        isBounded: boundaryArn !== null,
        organisation: membership.organisation,
        organisationPath: membership.organisationPath,
      },
      policies: this.#policies,
      boundary: boundaryArn === null ? null : facts === undefined ? undefined : compiler.compile(facts),
      boundaryArn,
      groups: more.groups ?? [],
      trust: more.trust === undefined ? null : compiler.compile(more.trust),
      hasInstanceProfile: more.hasInstanceProfile ?? false,
      isServiceLinked: more.isServiceLinked ?? false,
      missing: this.#missing,
      mayDeny: this.#mayDeny,
      hasPassword: more.hasPassword,
      hasSecondFactor: more.hasSecondFactor,
      keys: more.keys,
      lastUsed: more.lastUsed,
    };
  }
}
