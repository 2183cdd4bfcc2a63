import type { JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { AWS_KINDS, type AwsKindName } from './aws-kinds.ts';
import { accountNumber, parseArn } from './aws-names.ts';
import type { AwsPlace } from './describe-aws-resource.ts';

/**
 * What one answer says about a resource that another answer lists. A description of its own, so that
 * neither overwrites the other, whichever is read first. `of` is the resource's name or ARN.
 */
export function describeAwsPart(
  ofType: AwsKindName,
  of: string,
  what: string,
  facts: JsonObject,
  place: AwsPlace,
): ResourceObservation {
  const arn = parseArn(of);
  const account = accountNumber(arn?.account) ?? place.account;
  const region = arn?.region || place.region;
  return {
    kind: 'resource',
    resource: {
      kind: 'cloud',
      provider: 'aws',
      id: `resource-part/${ofType}/${of}/${what}`,
      type: 'resource-part',
      name: `${what} of ${of}`,
      ...(account === undefined ? {} : { account }),
      ...(region === undefined ? {} : { region }),
    },
    type: 'resource-part',
    name: `${what} of ${of}`,
    account,
    region,
    facts: { OfType: ofType, Of: of, Facts: trimFacts(AWS_KINDS[ofType].shape, facts) },
  };
}

/** Something that joins two resources and is none that AWS gives an ARN. */
export function describeAwsLink(
  type: string,
  name: string,
  facts: JsonObject,
  { account, region }: AwsPlace,
): ResourceObservation {
  const where = {
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
  return {
    kind: 'resource',
    resource: { kind: 'cloud', provider: 'aws', id: `${type}/${name}`, type, name, ...where },
    type,
    name,
    account,
    region,
    facts,
  };
}
