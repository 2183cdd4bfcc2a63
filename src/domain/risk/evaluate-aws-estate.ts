import { AwsEstate } from '../exposure/aws-estate.ts';
import { awsExposure } from '../exposure/aws-exposure.ts';
import type { AwsExposure } from '../exposure/aws-exposure-record.ts';
import { type AwsPrivilege, awsPrivileges, roleOfWorkload } from '../privilege/aws-privilege.ts';
import { type RiskVerdict, unknownRisk } from './detected-risk.ts';
import type { EstateResource, EvaluateEstate, InventoryRisks } from './estate.ts';

/** Exposure and privilege of the resources of one AWS account (design: attack paths, public accessibility and IAM). */
export const evaluateAwsEstate: EvaluateEstate = (resources) => {
  const estate = new AwsEstate(resources);
  const privileges = awsPrivileges(estate);
  const risks = new Map<string, InventoryRisks>();
  for (const resource of resources) {
    const exposure = awsExposure(estate, resource);
    if (exposure === undefined) continue;
    risks.set(resource.key, {
      publiclyAccessible: exposureVerdict(exposure),
      privilegedAccess: privilegeVerdict(estate, resource, privileges),
    });
  }
  return risks;
};

function exposureVerdict({ state, evidence, missing }: AwsExposure): RiskVerdict {
  return { state, evidence, missing: state === 'unknown' ? missing : [] };
}

/** Types that run nothing and hold no credentials of their own. */
const WITHOUT_IDENTITY = new Set([
  'network-interface',
  'load-balancer',
  'classic-load-balancer',
  's3-bucket',
  'sqs-queue',
  'sns-topic',
  'secret',
  'kms-key',
  'ecr-repository',
  'snapshot',
  'ami',
  'rds-snapshot',
  'rds-cluster-snapshot',
]);

function privilegeVerdict(
  estate: AwsEstate,
  resource: EstateResource,
  privileges: ReadonlyMap<string, AwsPrivilege>,
): RiskVerdict {
  const { type, name } = resource;
  if (WITHOUT_IDENTITY.has(type)) return no(resource, `${name} runs as no identity.`);
  if (type === 'iam-user' || type === 'iam-role' || type === 'iam-group') {
    const own = privileges.get(
      typeof resource.facts['Arn'] === 'string'
        ? resource.facts['Arn']
        : resource.key.replace(/^aws:(?=arn:)/, ''),
    );
    return own === undefined ? unknownRisk(DUMP) : verdictOf(own, resource, name);
  }
  if (type !== 'ec2-instance' && type !== 'lambda-function') return unknownRisk(`the roles of ${name}`);
  const role = roleOfWorkload(estate, resource);
  if (role === null) return no(resource, `${name} has no instance profile.`);
  const privilege = role === undefined ? undefined : privileges.get(role);
  if (privilege === undefined)
    return unknownRisk(`the role of ${name}${role === undefined ? '' : ` (${role})`}: ${DUMP}`);
  return verdictOf(privilege, resource, `${name} runs as ${role?.slice(role.lastIndexOf('/') + 1)}, which`);
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
