import { asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { describeNamedResource } from '../reading/aws/named-resource.ts';
import { describeCloudObject } from '../reading/cloud-object.ts';
import { PASSED, postureFinding } from '../reading/posture-finding.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { tagsOf } from './tags.ts';

/** A finding in the old shape: a rule on a resource of a cloud, passed or failed. */
export function mapPosture(entry: JsonObject): EntryReading {
  const attributes = asObject(entry.attributes) ?? {};
  const id = asText(attributes.resource);
  if (id === undefined) return 'a text in attributes.resource was expected';
  const rule = asObject(attributes.rule);
  const title = asText(rule?.name);
  const check = asText(rule?.id) ?? title;
  if (check === undefined) return 'a rule with an id was expected';
  const tags = tagsOf(attributes.tags);
  const type = asText(attributes.resource_type);
  return [
    postureFinding({
      tool: 'datadog',
      check,
      resource: resourceOf(id, type, tags),
      resourceKind: type,
      isIdentity: /^(?:aws_iam_|azure_ad_|gcp_iam_)/.test(type ?? ''),
      title,
      severity: severityOfWord(asText(attributes.status)),
      state: stateOf(attributes),
    }),
  ];
}

function stateOf(attributes: JsonObject): ObservedState {
  if (attributes.evaluation === 'pass') return PASSED;
  const reason = asText(at(attributes, 'mute', 'description')) ?? asText(at(attributes, 'mute', 'reason'));
  return at(attributes, 'mute', 'muted') === true
    ? { is: 'suppressed', reason: reason ?? 'muted in Datadog' }
    : OPEN;
}

/** Datadog's types in the spelling of Security Hub, where a bare name can become an ARN. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['aws_s3_bucket', 'AwsS3Bucket'],
  ['aws_ec2_instance', 'AwsEc2Instance'],
  ['aws_security_group', 'AwsEc2SecurityGroup'],
  ['aws_ebs_volume', 'AwsEc2Volume'],
  ['aws_vpc', 'AwsEc2Vpc'],
  ['aws_rds_instance', 'AwsRdsDbInstance'],
  ['aws_lambda_function', 'AwsLambdaFunction'],
  ['aws_iam_user', 'AwsIamUser'],
  ['aws_iam_role', 'AwsIamRole'],
  ['aws_kms', 'AwsKmsKey'],
  ['aws_sns_topic', 'AwsSnsTopic'],
  ['aws_sqs_queue', 'AwsSqsQueue'],
  ['aws_account', 'AwsAccount'],
]);

function resourceOf(
  id: string,
  type: string | undefined,
  tags: ReadonlyMap<string, string>,
): ResourceDescription {
  const provider = tags.get('cloud_provider') ?? type?.split('_', 1)[0];
  const region = tags.get('region');
  if (provider === 'aws')
    return describeNamedResource({
      id,
      type: TYPES.get(type ?? '') ?? type,
      account: tags.get('aws_account') ?? tags.get('account_id'),
      region,
    });
  const account = tags.get('subscription_id') ?? tags.get('project_id');
  return describeCloudObject(id, type, undefined, provider, account, region);
}
