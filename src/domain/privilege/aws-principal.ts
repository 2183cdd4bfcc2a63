import type { AwsEstate } from '../exposure/aws-estate.ts';
import { IAM_GROUP, IAM_POLICY, IAM_ROLE, IAM_USER } from '../resource/facts/aws-facts.ts';
import type { PolicyFacts } from '../resource/facts/fact-shape.ts';
import type { EstateResource } from '../risk/estate.ts';
import { type Statement, statementsOf } from './aws-policy-statement.ts';
import type { Rights } from './aws-rights.ts';

/** A user, group or role with all its policies; a group stands for its members, who have at least its rights. */
export interface Principal {
  readonly resource: EstateResource;
  readonly kind: 'user' | 'group' | 'role';
  readonly arn: string;
  readonly rights: Rights;
  /** ARNs of attached managed policies, its groups' included. */
  readonly attached: readonly string[];
  /** ARNs of the groups that a user is in. */
  readonly groups: readonly string[];
  readonly trust: readonly Statement[] | null;
  /** Services launch instances with it: it has an instance profile. */
  readonly hasInstanceProfile: boolean;
  /** AWS made it for one of its services; nobody may pass or change it. */
  readonly isServiceLinked: boolean;
  /** Policies that apply to it and were not described. */
  readonly missing: readonly string[];
}

interface Attached {
  readonly PolicyArn?: string | undefined;
  readonly PolicyName?: string | undefined;
}
interface Inline {
  readonly PolicyName?: string | undefined;
  readonly PolicyDocument?: PolicyFacts | undefined;
}

/** Known by its name, wherever its document was not part of the dump. */
const ADMINISTRATOR_ACCESS = /^arn:aws[a-z-]*:iam::aws:policy\/AdministratorAccess$/;
const EVERYTHING: PolicyFacts = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

const DUMP = 'aws iam get-account-authorization-details';

/** Every user, group and role of the account. */
export function principalsOf(estate: AwsEstate): readonly Principal[] {
  return [
    ...estate.ofType('iam-user').map((resource) => userOf(estate, resource)),
    ...estate.ofType('iam-group').map((resource) => groupOf(estate, resource)),
    ...estate.ofType('iam-role').map((resource) => roleOf(estate, resource)),
  ];
}

function userOf(estate: AwsEstate, resource: EstateResource): Principal {
  const facts = estate.facts(IAM_USER, resource);
  const collected = new Collected(estate);
  collected.add(
    resource.name,
    facts.UserPolicyList,
    facts.AttachedManagedPolicies,
    facts.AttachedManagedPolicies !== undefined,
  );
  const groups: string[] = [];
  if (facts.GroupList === undefined) collected.missing.push(`the groups of ${resource.name}: ${DUMP}`);
  for (const name of facts.GroupList ?? []) {
    const group = estate.find('iam-group', name);
    if (group === undefined) {
      collected.missing.push(`group ${name}: ${DUMP}`);
      continue;
    }
    const described = estate.facts(IAM_GROUP, group);
    groups.push(arnOf(group, described.Arn));
    collected.add(
      name,
      described.GroupPolicyList,
      described.AttachedManagedPolicies,
      described.AttachedManagedPolicies !== undefined,
    );
  }
  return collected.principal(resource, 'user', arnOf(resource, facts.Arn), {
    groups,
    boundary: facts.PermissionsBoundary?.PermissionsBoundaryArn,
  });
}

function groupOf(estate: AwsEstate, resource: EstateResource): Principal {
  const facts = estate.facts(IAM_GROUP, resource);
  const collected = new Collected(estate);
  collected.add(
    resource.name,
    facts.GroupPolicyList,
    facts.AttachedManagedPolicies,
    facts.AttachedManagedPolicies !== undefined,
  );
  const arn = arnOf(resource, facts.Arn);
  return collected.principal(resource, 'group', arn, { groups: [arn] });
}

function roleOf(estate: AwsEstate, resource: EstateResource): Principal {
  const facts = estate.facts(IAM_ROLE, resource);
  const collected = new Collected(estate);
  collected.add(
    resource.name,
    facts.RolePolicyList,
    facts.AttachedManagedPolicies,
    facts.AttachedManagedPolicies !== undefined,
  );
  return collected.principal(resource, 'role', arnOf(resource, facts.Arn), {
    boundary: facts.PermissionsBoundary?.PermissionsBoundaryArn,
    trust: facts.AssumeRolePolicyDocument === undefined ? null : statementsOf(facts.AssumeRolePolicyDocument),
    hasInstanceProfile: (facts.InstanceProfileList ?? []).length > 0,
    isServiceLinked:
      facts.Path?.startsWith('/aws-service-role/') === true ||
      facts.Arn?.includes(':role/aws-service-role/') === true,
  });
}

function arnOf(resource: EstateResource, arn: string | undefined): string {
  return arn ?? resource.key.replace(/^aws:(?=arn:)/, '');
}

/** Gathers the statements that apply to one principal, and what is missing of them. */
class Collected {
  readonly missing: string[] = [];
  readonly #estate: AwsEstate;
  readonly #statements: Statement[] = [];
  readonly #attached: string[] = [];

  constructor(estate: AwsEstate) {
    this.#estate = estate;
  }

  add(
    name: string,
    inline: readonly Inline[] | undefined,
    attached: readonly Attached[] | undefined,
    wasDumped: boolean,
  ): void {
    // A dump leaves an empty list of inline policies out; a mere list of names has neither of the two.
    if (!wasDumped && inline === undefined) this.missing.push(`the policies of ${name}: ${DUMP}`);
    for (const policy of inline ?? [])
      this.#addDocument(policy.PolicyDocument, `inline policy ${policy.PolicyName} of ${name}`);
    for (const policy of attached ?? []) {
      if (policy.PolicyArn === undefined) continue;
      this.#attached.push(policy.PolicyArn);
      this.#addDocument(documentOf(this.#estate, policy.PolicyArn), `policy ${policy.PolicyArn}: ${DUMP}`);
    }
  }

  principal(
    resource: EstateResource,
    kind: Principal['kind'],
    arn: string,
    more: {
      readonly groups?: readonly string[];
      readonly boundary?: string | undefined;
      readonly trust?: readonly Statement[] | null;
      readonly hasInstanceProfile?: boolean;
      readonly isServiceLinked?: boolean;
    },
  ): Principal {
    let boundary: readonly Statement[] | null = null;
    if (more.boundary !== undefined) {
      const document = documentOf(this.#estate, more.boundary);
      // A boundary that nobody described may take everything away.
      if (document === undefined) this.missing.push(`permissions boundary ${more.boundary}: ${DUMP}`);
      boundary = document === undefined ? [] : statementsOf(document);
    }
    return {
      resource,
      kind,
      arn,
      rights: { statements: this.#statements, boundary, isRole: kind === 'role', now: resource.seenAt },
      attached: this.#attached,
      groups: more.groups ?? [],
      trust: more.trust ?? null,
      hasInstanceProfile: more.hasInstanceProfile ?? false,
      isServiceLinked: more.isServiceLinked ?? false,
      missing: this.missing,
    };
  }

  #addDocument(document: PolicyFacts | undefined, what: string): void {
    if (document === undefined) this.missing.push(what);
    else this.#statements.push(...statementsOf(document));
  }
}

function documentOf(estate: AwsEstate, arn: string): PolicyFacts | undefined {
  const policy = estate.find('iam-policy', arn);
  return (
    (policy && estate.facts(IAM_POLICY, policy).Document) ??
    (ADMINISTRATOR_ACCESS.test(arn) ? EVERYTHING : undefined)
  );
}
