import type { Instant } from '#base/instant.ts';
import type { AwsEstate } from '../exposure/aws-estate.ts';
import { noInventoryTells } from '../exposure/untold.ts';
import { type ControlType, ORGANISATION_TYPES } from '../privilege/aws/aws-organisation.ts';
import { type AwsPrivilege, AwsPrivileges } from '../privilege/aws/aws-privileges.ts';
import { arnOf } from '../privilege/aws/iam-principal.ts';
import { rootPrivilege } from '../privilege/aws/root-privilege.ts';
import { commandFor, rolesOfWorkload, WORKLOAD_TYPES } from '../privilege/aws/workload-role.ts';
import type { Privilege } from '../privilege/privilege.ts';
import { calledFirst } from '../resource/called.ts';
import { IAM_ROOT } from '../resource/facts/aws-identity-facts.ts';
import { type RiskVerdict, unknownRisk } from './detected-risk.ts';
import { type EstateResource, evidence } from './estate.ts';

/** What privileges are known of all accounts, and on what assumption. */
export interface KnownPrivileges {
  readonly byArn: ReadonlyMap<string, AwsPrivilege>;
  /** Kinds of control policies of the organisation of which none was described: none is assumed, and evidence says so. */
  readonly controlsAssumedAbsent: readonly ControlType[];
}

/** Where nobody asks who is privileged. */
export const NO_PRIVILEGES: KnownPrivileges = { byArn: new Map(), controlsAssumedAbsent: [] };

/** The detected risk of a resource, and the privilege that it rests on. */
export interface PrivilegedAccess {
  readonly verdict: RiskVerdict;
  readonly privilege: Privilege;
}

/** Types that privileges rest on, in any account. */
export const AWS_PRIVILEGE_TYPES: readonly string[] = [
  'iam-root',
  'iam-user',
  'iam-group',
  'iam-role',
  'iam-policy',
  'instance-profile',
  'oidc-provider',
  'saml-provider',
  ...ORGANISATION_TYPES,
  'eks-pod-identity-association',
  'launch-template-version',
  'launch-configuration',
  'ssm-managed-instance',
  'instance-connect-endpoint',
  'ecs-cluster',
  'batch-job-queue',
  's3-bucket',
  's3-access-point',
  'secret',
  'dynamodb-table',
  'kms-key',
  'inventory-listing',
  'resource-part',
  ...WORKLOAD_TYPES,
];

const DUMP = 'aws iam get-account-authorization-details';
const IDENTITIES = new Set(['iam-root', 'iam-user', 'iam-role', 'iam-group']);

/** Whether a resource is somebody, or acts as somebody. */
export function hasIdentity(type: string): boolean {
  return IDENTITIES.has(type) || WORKLOAD_TYPES.includes(type);
}

const NO_PRIVILEGE: Privilege = { level: 'none', reasons: [] };
const UNKNOWN_PRIVILEGE: Privilege = { level: 'unknown', reasons: [] };

/** The privileges of everybody in the accounts that the resources are of. */
export function privilegesOf(resources: readonly EstateResource[], now?: Instant): KnownPrivileges {
  // Without a clock, conditions on dates are judged as of the newest description.
  const newest = resources.reduce((time, { seenAt }) => Math.max(time, seenAt), 0);
  const privileges = new AwsPrivileges(resources, now ?? newest);
  return { byArn: privileges.byArn(), controlsAssumedAbsent: privileges.controlsAssumedAbsent };
}

/** Whether a resource has privileged access: as itself, or as whom it acts (attack-paths §3.3). */
export function awsPrivilegedAccess(
  estate: AwsEstate,
  resource: EstateResource,
  known: KnownPrivileges,
): PrivilegedAccess {
  const { type, name } = resource;
  if (type === 'iam-root')
    return judged(
      rootPrivilege(estate.facts(IAM_ROOT, resource), resource.seenAt),
      resource,
      'The root user',
      known,
    );
  if (IDENTITIES.has(type)) {
    const { Arn } = resource.facts;
    const own = known.byArn.get(arnOf(resource, typeof Arn === 'string' ? Arn : undefined));
    return own === undefined ? undecided(DUMP) : judged(own, resource, calledFirst(resource), known);
  }
  // Whoever has keys or a certificate may act as somebody from anywhere.
  if (type === 'outside-machine') return undecided(noInventoryTells(`as whom ${name} acts`));
  if (!WORKLOAD_TYPES.includes(type))
    return {
      verdict: no(resource, `${calledFirst(resource)} runs as no identity.`),
      privilege: NO_PRIVILEGE,
    };
  const roles = rolesOfWorkload(estate, resource);
  if (roles === undefined) return undecided(`the role of ${name}: ${commandFor(resource)}`);
  const [first] = roles;
  if (first === undefined)
    return { verdict: no(resource, `${calledFirst(resource)} acts as no role.`), privilege: NO_PRIVILEGE };
  const strongest = roles
    .map((role) => ({ role, privilege: known.byArn.get(role) }))
    .sort((a, b) => strength(a.privilege) - strength(b.privilege))[0] as {
    role: string;
    privilege: AwsPrivilege | undefined;
  };
  const { role, privilege } = strongest;
  if (privilege === undefined) return undecided(`the role of ${name} (${role}): ${DUMP}`);
  return judged(
    privilege,
    resource,
    `${calledFirst(resource)} runs as the role ${role.slice(role.lastIndexOf('/') + 1)}, which`,
    known,
  );
}

/** Strongest first: what is not known may count, which P4 does not. */
const STRENGTHS: readonly Privilege['level'][] = ['P0', 'P1', 'P2', 'P3', 'unknown', 'P4', 'none'];

function strength(privilege: AwsPrivilege | undefined): number {
  return STRENGTHS.indexOf(privilege?.level ?? 'unknown');
}

function undecided(missing: string): PrivilegedAccess {
  return { verdict: unknownRisk(missing), privilege: UNKNOWN_PRIVILEGE };
}

function judged(
  own: AwsPrivilege,
  resource: EstateResource,
  subject: string,
  known: KnownPrivileges,
): PrivilegedAccess {
  const { level, reasons } = own;
  return { verdict: verdictOf(own, resource, subject, known), privilege: { level, reasons } };
}

function verdictOf(
  { level, reasons, missing }: AwsPrivilege,
  resource: EstateResource,
  subject: string,
  known: KnownPrivileges,
): RiskVerdict {
  if (level === 'unknown') return { state: 'unknown', evidence: [], missing };
  if (level === 'none') return no(resource, `${subject} has no privileged rights.`);
  if (level === 'P4') return no(resource, `${subject} ${reasons[0]} (P4).`);
  return {
    state: 'yes',
    evidence: [evidence(`${subject} ${reasons[0]} (${level}).`, resource), ...assumption(resource, known)],
    missing: [],
  };
}

/** Policies of the organisation could only take something away: they matter where there is something. */
function assumption(
  resource: EstateResource,
  { controlsAssumedAbsent: absent }: KnownPrivileges,
): RiskVerdict['evidence'] {
  const [type] = absent;
  if (type === undefined) return [];
  const sentence =
    absent.length > 1
      ? 'Assuming no organisation policy: aws organizations list-policies was not supplied.'
      : `Assuming no ${type.toLowerCase().replaceAll('_', ' ')}: none was described (aws organizations list-policies --filter ${type}).`;
  return [evidence(sentence, resource)];
}

function no(resource: EstateResource, sentence: string): RiskVerdict {
  return { state: 'no', evidence: [evidence(sentence, resource)], missing: [] };
}
