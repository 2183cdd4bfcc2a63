import type { JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type { AwsPlace } from './describe-aws-resource.ts';

/** A setting of which an account has one, or one in each region: known by its name there, as it has no ARN. */
export function describeAccountSetting(
  name: string,
  { account, region }: { readonly account: AwsPlace['account']; readonly region?: AwsPlace['region'] },
  facts: JsonObject,
): ResourceObservation {
  return {
    kind: 'resource',
    resource: {
      kind: 'cloud',
      provider: 'aws',
      id: name,
      type: name,
      name,
      ...(account === undefined ? {} : { account }),
      ...(region === undefined ? {} : { region }),
    },
    type: name,
    name,
    account,
    ...(region === undefined ? {} : { region }),
    facts,
  };
}
