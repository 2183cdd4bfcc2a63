import { asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { describeNamedResource } from '../reading/aws/named-resource.ts';
import { secondHand } from '../reading/aws/second-hand.ts';

const RESOURCES_MAX = 64;
const TAGS_MAX = 100;

/** A resource of a finding: described, and as it stands there. */
export interface FoundResource {
  readonly resource: ResourceDescription;
  readonly raw: JsonObject;
  /** As Security Hub calls it. */
  readonly type: string | undefined;
  /** `DEBIAN_10`. */
  readonly platform: string | undefined;
}

/** Inspector's types in the spelling of Security Hub. */
const TYPES: ReadonlyMap<string, string> = new Map([
  ['AWS_EC2_INSTANCE', 'AwsEc2Instance'],
  ['AWS_ECR_CONTAINER_IMAGE', 'AwsEcrContainerImage'],
  ['AWS_ECR_REPOSITORY', 'AwsEcrRepository'],
  ['AWS_LAMBDA_FUNCTION', 'AwsLambdaFunction'],
]);

export function resourcesOf(finding: JsonObject): readonly FoundResource[] {
  const account = asText(finding.awsAccountId);
  return asObjects(finding.resources)
    .slice(0, RESOURCES_MAX)
    .flatMap((raw) => {
      const id = asText(raw.id);
      if (id === undefined) return [];
      const own = asText(raw.type) ?? '';
      const type = TYPES.get(own) ?? own;
      const image = asObject(at(raw, 'details', 'awsEcrContainerImage'));
      const resource = describeNamedResource({
        id,
        type,
        account,
        region: asText(raw.region),
        imageTags: asTexts(image?.imageTags),
      });
      const platform = asText(image?.platform) ?? asText(at(raw, 'details', 'awsEc2Instance', 'platform'));
      return [{ resource, raw, type, platform }];
    });
}

/** Its tags, which tell environment, service and team, and the role that a function runs as. */
export function toldOf({ resource, raw }: FoundResource): readonly ResourceObservation[] {
  if (resource.kind !== 'cloud' || resource.type === undefined) return [];
  const tags = Object.fromEntries(
    Object.entries(asObject(raw.tags) ?? {})
      .flatMap(([key, value]): [string, string][] => (typeof value === 'string' ? [[key, value]] : []))
      .slice(0, TAGS_MAX),
  );
  const name = /:function:([^:]+)/.exec(resource.id)?.[1] ?? resource.id.replace(/^.*[:/]/, '');
  const role = asText(at(raw, 'details', 'awsLambdaFunction', 'executionRoleArn'));
  const facts =
    role === undefined || resource.type !== 'lambda-function' ? {} : { FunctionName: name, Role: role };
  if (Object.keys(tags).length === 0 && role === undefined) return [];
  return [
    secondHand({
      kind: 'resource',
      resource,
      type: resource.type,
      name: tags.Name ?? name,
      account: resource.account,
      region: resource.region,
      tags,
      facts,
    }),
  ];
}
