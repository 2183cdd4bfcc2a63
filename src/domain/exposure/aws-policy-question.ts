import type { EstateResource } from '../risk/estate.ts';
import type { AwsEstate } from './aws-estate.ts';
import type { PolicyQuestion } from './aws-policy-exposure.ts';

/** What is known beside the policy of a resource: whose it is, what time it is, who is no stranger. */
export function policyQuestion(estate: AwsEstate, { account }: EstateResource): PolicyQuestion {
  return { owner: account, now: estate.now, corporate: estate.corporate };
}
