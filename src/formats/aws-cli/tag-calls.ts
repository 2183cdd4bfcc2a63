import { asText, type JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { readTags } from '../reading/aws/aws-names.ts';
import { describeNamedResource } from '../reading/aws/named-resource.ts';
import type { Asked } from './asked.ts';
import type { ListCall } from './list-call.ts';
import { requestParameter } from './request-parameter.ts';

/** Calls that tell tags and nothing else: those of buckets and load balancers stand in no other answer. */
export const TAG_CALLS: readonly ListCall[] = [
  {
    key: 'ResourceTagMappingList',
    type: null,
    proof: ['ResourceARN'],
    unit: 'record',
    describe: (entry, asked) => tagged(asText(entry['ResourceARN']), readTags(entry['Tags']), asked),
  },
  {
    key: 'TagDescriptions',
    type: null,
    proof: ['ResourceArn', 'Tags'],
    unit: 'record',
    describe: (entry, asked) => tagged(asText(entry['ResourceArn']), readTags(entry['Tags']), asked),
  },
  { key: 'TagSet', type: null, proof: ['Key', 'Value'], unit: 'record', describe: bucketTag },
];

/** One tag of the bucket after which the file is named: `s3api-get-bucket-tagging-{bucket}.json`. */
function bucketTag(tag: JsonObject, asked: Asked): readonly Observation[] {
  const bucket = requestParameter(asked.fileName, 'get-bucket-tagging');
  return bucket === undefined ? [] : tagged(`arn:aws:s3:::${bucket}`, readTags([tag]), asked);
}

function tagged(
  arn: string | undefined,
  tags: Readonly<Record<string, string>> | undefined,
  { place }: Asked,
): readonly Observation[] {
  if (arn === undefined || tags === undefined || !arn.startsWith('arn:')) return [];
  const isBucket = /^arn:aws[a-z-]*:s3:::/.test(arn);
  const resource = describeNamedResource({
    id: arn,
    type: undefined,
    account: place.account,
    region: isBucket ? undefined : place.region,
  });
  if (resource.kind !== 'cloud') return [];
  const type = isBucket ? 's3-bucket' : (resource.type ?? 'tagged');
  const name = tags['Name'] ?? arn.slice(Math.max(arn.lastIndexOf('/'), arn.lastIndexOf(':')) + 1);
  return [
    {
      kind: 'resource',
      resource: { ...resource, type, name },
      type,
      name,
      account: resource.account,
      region: resource.region,
      tags,
      facts: {},
    },
  ];
}
