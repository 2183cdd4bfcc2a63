import { AwsEstate } from '../exposure/aws-estate.ts';
import { awsExposure } from '../exposure/aws-exposure.ts';
import { POLICY_SERVICES } from '../exposure/aws-policy-services.ts';
import { publicAccessibility } from '../exposure/exposure-record.ts';
import { type AwsPrivilege, awsPrivileges, roleOfWorkload } from '../privilege/aws-privilege.ts';
import type { Privilege } from '../privilege/privilege.ts';
import { type RiskVerdict, unknownRisk } from './detected-risk.ts';
import type { EstateResource, EvaluateEstate, InventoryRisks } from './estate.ts';

/** Exposure and privilege of the resources of one AWS account (design: attack paths, public accessibility and IAM). */
export const evaluateAwsEstate: EvaluateEstate = (resources, surroundings) => {
  const estate = new AwsEstate(resources, surroundings);
  const privileges = awsPrivileges(estate);
  const risks = new Map<string, InventoryRisks>();
  for (const resource of resources) {
    const records = awsExposure(estate, resource);
    if (records === undefined) continue;
    const { verdict, privilege } = privilegeOf(estate, resource, privileges);
    risks.set(resource.key, {
      publiclyAccessible: publicAccessibility(records),
      privilegedAccess: verdict,
      exposure: records,
      privilege,
    });
  }
  return risks;
};

/** Types that run nothing and hold no credentials of their own. */
const WITHOUT_IDENTITY = new Set([
  ...Object.keys(POLICY_SERVICES),
  'subnet',
  'global-accelerator',
  'cloudfront-distribution',
  'rest-api',
  'http-api',
  's3-access-point',
  'cloudtrail-trail',
  'ecr-public-repository',
  'rds-proxy',
  'elasticache-cluster',
  'memorydb-cluster',
  'lightsail-instance',
  'network-interface',
  'load-balancer',
  'classic-load-balancer',
  's3-bucket',
  'snapshot',
  'ami',
  'rds-snapshot',
  'rds-cluster-snapshot',
]);

/** The detected risk of a resource, and the privilege that it rests on. */
interface Judgement {
  readonly verdict: RiskVerdict;
  readonly privilege: Privilege;
}

const NO_PRIVILEGE: Privilege = { level: 'none', reasons: [] };
const UNKNOWN_PRIVILEGE: Privilege = { level: 'unknown', reasons: [] };

function privilegeOf(
  estate: AwsEstate,
  resource: EstateResource,
  privileges: ReadonlyMap<string, AwsPrivilege>,
): Judgement {
  const { type, name } = resource;
  if (WITHOUT_IDENTITY.has(type))
    return { verdict: no(resource, `${name} runs as no identity.`), privilege: NO_PRIVILEGE };
  if (type === 'iam-user' || type === 'iam-role' || type === 'iam-group') {
    const own = privileges.get(
      typeof resource.facts['Arn'] === 'string'
        ? resource.facts['Arn']
        : resource.key.replace(/^aws:(?=arn:)/, ''),
    );
    return own === undefined ? undecided(DUMP) : judged(own, resource, name);
  }
  if (type !== 'ec2-instance' && type !== 'lambda-function') return undecided(`the roles of ${name}`);
  const role = roleOfWorkload(estate, resource);
  if (role === null)
    return { verdict: no(resource, `${name} has no instance profile.`), privilege: NO_PRIVILEGE };
  const privilege = role === undefined ? undefined : privileges.get(role);
  if (privilege === undefined)
    return undecided(`the role of ${name}${role === undefined ? '' : ` (${role})`}: ${DUMP}`);
  return judged(privilege, resource, `${name} runs as ${role?.slice(role.lastIndexOf('/') + 1)}, which`);
}

function undecided(missing: string): Judgement {
  return { verdict: unknownRisk(missing), privilege: UNKNOWN_PRIVILEGE };
}

function judged(own: AwsPrivilege, resource: EstateResource, subject: string): Judgement {
  const { level, reasons } = own;
  return { verdict: verdictOf(own, resource, subject), privilege: { level, reasons } };
}

const DUMP = 'aws iam get-account-authorization-details';

function verdictOf(
  { level, reasons, missing }: AwsPrivilege,
  resource: EstateResource,
  subject: string,
): RiskVerdict {
  if (level === 'unknown') return { state: 'unknown', evidence: [], missing };
  if (level === 'none') return no(resource, `${subject} has no privileged rights.`);
  return {
    state: 'yes',
    evidence: [
      {
        sentence: `${subject} ${reasons[0]} (${level}).`,
        provenance: resource.provenance,
        at: resource.seenAt,
      },
    ],
    missing: [],
  };
}

function no({ provenance, seenAt }: EstateResource, sentence: string): RiskVerdict {
  return { state: 'no', evidence: [{ sentence, provenance, at: seenAt }], missing: [] };
}
