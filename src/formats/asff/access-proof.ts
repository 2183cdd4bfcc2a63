import { parseInstant } from '#base/instant.ts';
import { asText, at, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { describeAccessFinding } from '../reading/aws/access-finding.ts';
import type { FoundResource } from './finding-base.ts';

/** The product that sends findings of IAM Access Analyzer. */
export const ACCESS_ANALYZER = 'access-analyzer';

/** Whether a finding of Access Analyzer is about everybody. */
export function isPublicAccess(finding: JsonObject): boolean {
  return /\ballows public access\b/i.test(asText(finding['Title'])?.slice(0, 2_500) ?? '');
}

/** The same finding as evidence for evaluation, under the id that Access Analyzer itself gives it, where it is told. */
export function accessProof(
  finding: JsonObject,
  { raw, resource }: FoundResource,
): readonly ResourceObservation[] {
  const arn = asText(raw['Id']);
  const other = (member: string): string | undefined => asText(at(raw, 'Details', 'Other', member));
  const account = asText(finding['AwsAccountId']);
  const id = /#\/findings\/details\/([0-9a-z-]{10,60})$/.exec(
    asText(finding['SourceUrl'])?.slice(0, 500) ?? '',
  )?.[1];
  const told = describeAccessFinding(
    {
      id: id ?? asText(finding['Id']),
      resource: arn,
      isPublic: isPublicAccess(finding),
      principals: [`${other('External Principal Type') ?? 'AWS'}: ${other('External Principal') ?? '*'}`],
      actions:
        other('Action Granted')
          ?.split(',')
          .map((action) => action.trim()) ?? [],
      // The hub archives what was resolved, and tells nothing of what was archived there.
      status: asText(finding['RecordState']) === 'ARCHIVED' ? 'RESOLVED' : 'ACTIVE',
      analyzedAt: parseInstant(finding['UpdatedAt']) ?? undefined,
    },
    account,
  );
  return told === undefined || resource.kind !== 'cloud' ? [] : [told];
}
