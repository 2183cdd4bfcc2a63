import { parseInstant } from '#base/instant.ts';
import { at, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { describeAwsResource } from '../reading/aws/describe-aws-resource.ts';
import { secondHand } from '../reading/aws/second-hand.ts';
import type { EventResource } from './event-resource.ts';
import type { Verdict } from './event-state.ts';

const CHECK = 'iam_no_root_access_key';
const ROOT = /^arn:aws[a-z-]*:iam::\d{12}:root$/;

/** Prowler's check of the root user tells whether it has an access key: second hand, and as of the event. */
export function rootKeys(
  event: JsonObject,
  check: string,
  verdict: Verdict,
  { resource, account, region }: EventResource,
): readonly ResourceObservation[] {
  if (check !== CHECK || verdict === 'neither') return [];
  if (resource.kind !== 'cloud' || !ROOT.test(resource.id)) return [];
  const keys = { Arn: resource.id, AccessKeyCount: verdict === 'fail' ? 1 : 0 };
  const root = describeAwsResource('iam-root', keys, { account, region });
  if (root === undefined) return [];
  const capturedAt =
    parseInstant(event['time_dt']) ?? parseInstant(at(event, 'finding_info', 'created_time_dt'));
  return [secondHand({ ...root, ...(capturedAt === null ? {} : { capturedAt }) })];
}
