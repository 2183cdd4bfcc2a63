import { parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { principalOfAccessKey } from '../reading/aws/access-key-principal.ts';
import { guardDutyType, isAttackType } from '../reading/aws/security-hub-type.ts';
import type { FoundResource } from './finding-base.ts';
import { severityOf } from './finding-state.ts';

/** A record that reports an attack, as the signal that it is. GuardDuty's keep the name and id that GuardDuty gave them. */
export function mapSignal(
  finding: JsonObject,
  product: string,
  found: readonly FoundResource[],
  account: string | undefined,
): { readonly observations: readonly Observation[] } | { readonly missing: string } {
  const fields = asObject(finding['ProductFields']) ?? {};
  const lastAt =
    parseInstant(fields['aws/guardduty/service/eventLastSeen']) ??
    parseInstant(finding['LastObservedAt']) ??
    parseInstant(finding['UpdatedAt']) ??
    parseInstant(finding['CreatedAt']);
  if (lastAt === null) return { missing: 'LastObservedAt' };
  const firstAt =
    parseInstant(fields['aws/guardduty/service/eventFirstSeen']) ??
    parseInstant(finding['FirstObservedAt']) ??
    parseInstant(finding['CreatedAt']) ??
    lastAt;
  const types = asTexts(finding['Types']);
  const type = types.find(isAttackType) ?? types[0] ?? asText(finding['GeneratorId']) ?? product;
  const id = asText(finding['Id']);
  const whyNot = whyNoAttack(finding, fields, type);
  return {
    observations: [
      {
        kind: 'signal',
        externalId: product === 'guardduty' ? id?.slice(id.lastIndexOf('/') + 1) : id,
        tool: product,
        rule: product === 'guardduty' ? guardDutyType(type) : type,
        title: asText(finding['Title']) ?? type,
        severity: severityOf(finding),
        firstAt: Math.min(firstAt, lastAt),
        lastAt,
        statedAt: parseInstant(finding['UpdatedAt']) ?? undefined,
        count: Math.max(1, Math.floor(asNumber(fields['aws/guardduty/service/count']) ?? 1)),
        resources: found.map(
          (each) =>
            principalOfAccessKey(asObject(each.raw['Details']) ?? {}, account, each.region) ?? each.resource,
        ),
        account,
        region: asText(finding['Region']) ?? found[0]?.region,
        sourceAddress: sourceAddress(fields),
        isAttack: whyNot === undefined,
        whyNoAttack: whyNot,
      },
    ],
  };
}

function whyNoAttack(finding: JsonObject, fields: JsonObject, type: string): string | undefined {
  if (finding['Sample'] === true || fields['aws/guardduty/service/additionalInfo/sample'] === 'true')
    return 'It was made as a sample finding; nothing happened.';
  if (finding['RecordState'] === 'ARCHIVED' || fields['aws/guardduty/service/archived'] === 'true')
    return 'It is archived.';
  const workflow = asText(at(finding, 'Workflow', 'Status'));
  if (workflow === 'RESOLVED' || workflow === 'SUPPRESSED')
    return `It is ${workflow.toLowerCase()} in Security Hub.`;
  if (guardDutyType(type).startsWith('Policy:'))
    return 'It reports a setting against good practice, not an attack.';
  return undefined;
}

const ADDRESS =
  /^aws\/guardduty\/service\/action\/[a-zA-Z]{3,40}\/(?:portProbeDetails(?:\.0_|:0)\/)?remoteIpDetails\/ipAddressV4$/;

function sourceAddress(fields: JsonObject): string | undefined {
  const key = Object.keys(fields).find((each) => ADDRESS.test(each));
  return key === undefined ? undefined : asText(fields[key]);
}
