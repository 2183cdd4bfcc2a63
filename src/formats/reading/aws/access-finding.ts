import { type Instant, instantTextOrNull, parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asObjects, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import { accountNumber } from './aws-names.ts';
import { type AwsPlace, describeAwsResource } from './describe-aws-resource.ts';

const PRINCIPALS_MAX = 20;
const ACTIONS_MAX = 50;

/**
 * A finding of IAM Access Analyzer on access from outside, as `list-findings` and `get-finding` tell it, and
 * `get-finding-v2`, which has the access in `findingDetails`. Undefined for findings on unused or internal access, and
 * for the lines of `list-findings-v2`, which do not tell the access.
 */
export function readAccessFinding(finding: JsonObject, place: AwsPlace): ResourceObservation | undefined {
  const kind = asText(finding['findingType']);
  const error = asText(finding['error']);
  if ((kind !== undefined && kind !== 'ExternalAccess') || (error !== undefined && error !== ''))
    return undefined;
  const details = asObjects(finding['findingDetails']).flatMap((each) => {
    const access = asObject(each['externalAccessDetails']);
    return access === undefined ? [] : [access];
  });
  const accesses: readonly JsonObject[] = details.length > 0 ? details : [finding];
  if (!accesses.some((access) => typeof access['isPublic'] === 'boolean')) return undefined;
  const arn = asText(finding['resource']);
  const account = accountNumber(finding['resourceOwnerAccount']) ?? place.account;
  const analyzedAt = timeOf(finding['analyzedAt']) ?? timeOf(finding['updatedAt']);
  return describeAccessFinding(
    {
      id: asText(finding['id']),
      resource: arn,
      isPublic: accesses.some((access) => access['isPublic'] === true),
      principals: accesses.flatMap((access) =>
        Object.entries(asObject(access['principal']) ?? {}).map(
          ([key, value]) => `${key}: ${asText(value) ?? ''}`,
        ),
      ),
      actions: accesses.flatMap((access) => [...asTexts(access['action'])]),
      status: asText(finding['status']),
      restriction: accesses
        .map((access) => asText(access['resourceControlPolicyRestriction']))
        .find((each) => each !== undefined && each !== 'NOT_APPLICABLE'),
      analyzedAt,
    },
    account,
  );
}

/** What a finding of Access Analyzer says, whoever passed it on. */
export interface AccessFinding {
  readonly id: string | undefined;
  /** ARN. */
  readonly resource: string | undefined;
  readonly isPublic: boolean;
  /** `AWS: 222222222222`, `Federated: …`. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  /** `ACTIVE`, `ARCHIVED`, `RESOLVED`. */
  readonly status: string | undefined;
  /** An organisation's policy may close it, and was not looked at. */
  readonly restriction?: string | undefined;
  readonly analyzedAt: Instant | undefined;
}

/** The finding as evidence for evaluation; undefined without an id, resource or status. */
export function describeAccessFinding(
  finding: AccessFinding,
  account: string | undefined,
): ResourceObservation | undefined {
  const { id, resource, status, analyzedAt } = finding;
  if (id === undefined || resource === undefined || status === undefined) return undefined;
  return describeAwsResource(
    'access-finding',
    {
      id,
      Resource: resource,
      IsPublic: finding.isPublic,
      Principals: finding.principals.slice(0, PRINCIPALS_MAX),
      Actions: [...new Set(finding.actions)].slice(0, ACTIONS_MAX),
      Status: status.toUpperCase(),
      Restriction: finding.restriction ?? null,
      AnalyzedAt: instantTextOrNull(analyzedAt ?? null),
    },
    // Its id is the same wherever it was asked for.
    { account, region: undefined },
  );
}

/** A time as text or seconds, or taken apart by a recorder of answers. */
function timeOf(value: unknown): Instant | undefined {
  const parts = asObject(value);
  if (parts === undefined) return parseInstant(value) ?? undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = [
    'year',
    'month',
    'day',
    'hour',
    'minute',
    'second',
  ].map((member) => asNumber(parts[member]));
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const at = Date.UTC(year, month - 1, day, hour, minute, second);
  return Number.isNaN(at) ? undefined : at;
}
