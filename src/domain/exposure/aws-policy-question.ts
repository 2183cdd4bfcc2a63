import { AwsOrganisation } from '../privilege/aws/aws-organisation.ts';
import { PolicyCompiler } from '../privilege/aws/policy-document.ts';
import { matchesResource } from '../privilege/aws-policy-statement.ts';
import type { EstateResource } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { PolicyQuestion } from './aws-policy-exposure.ts';

/** The organisation that an account is in, as far as its policies were described. */
export const organisationOf = (estate: AwsEstate): AwsOrganisation =>
  new AwsOrganisation(estate, new PolicyCompiler());

/**
 * What is known beside the policy of a resource: whose it is, what time it is, who is no stranger, and what resource
 * control policies deny whatever it allows.
 */
export function policyQuestion(estate: AwsEstate, resource: EstateResource): PolicyQuestion {
  const { account, name, type, key } = resource;
  const question = { name, owner: account, now: estate.now, corporate: estate.corporate };
  if (account === null) return question;
  const { levels, missing } = estate.derived(organisationOf).controls('RESOURCE_CONTROL_POLICY', account);
  const perimeter = levels
    .flat()
    .filter(
      (statement) =>
        !statement.allows && (type.startsWith('s3-') || matchesResource(statement, key.replace(/^aws:/, ''))),
    );
  return perimeter.length === 0 && missing.length === 0
    ? question
    : { ...question, perimeter, perimeterMissing: missing };
}
