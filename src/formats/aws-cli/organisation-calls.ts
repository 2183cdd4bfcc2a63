import { asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import {
  ORGANIZATION,
  ORGANIZATION_PARENT,
  ORGANIZATION_POLICY,
  ORGANIZATION_POLICY_TARGET,
} from '#domain/resource/facts/aws-facts.ts';
import { decodePolicy, type FactFields, trimFacts } from '#domain/resource/facts/fact-shape.ts';
import type { AwsPlace } from '../reading/aws/describe-aws-resource.ts';
import type { Asked } from './asked.ts';
import { requestParameter } from './request-parameter.ts';

/** What AWS Organizations answers: service and resource control policies, whom they bind, and where accounts stand. */

/** One element of `list-policies`. */
export function organisationPolicy(element: JsonObject, { place }: Asked): readonly Observation[] {
  return described('organization-policy', asText(element['Id']), ORGANIZATION_POLICY, element, place);
}

/** `describe-policy`: the list does not hold the document. It stands apart, so that neither overwrites the other. */
export function organisationPolicyContent(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const policy = asObject(answer['Policy']);
  const summary = asObject(policy?.['PolicySummary']) ?? {};
  const id = asText(summary['Id']);
  const content =
    summary['Type'] === 'S3_POLICY'
      ? { PublicAccessBlock: publicAccessBlockOf(policy?.['Content']) ?? null }
      : { Document: policy?.['Content'] ?? null };
  return [
    ...described('organization-policy', id, ORGANIZATION_POLICY, summary, place),
    ...(id === undefined
      ? []
      : described('organization-policy-content', id, ORGANIZATION_POLICY, { ...summary, ...content }, place)),
  ];
}

/** What a policy of S3 assigns: `all` or `none`. */
function publicAccessBlockOf(content: JsonValue | undefined): string | undefined {
  const attributes = asObject(asObject(decodePolicy(content))?.['s3_attributes']);
  return asText(asObject(attributes?.['public_access_block_configuration'])?.['@@assign']);
}

/** One element of `list-targets-for-policy`; the file's name says which policy. */
export function organisationPolicyTarget(
  element: JsonObject,
  { place, fileName }: Asked,
): readonly Observation[] {
  const policy = requestParameter(fileName, 'list-targets-for-policy');
  const target = asText(element['TargetId']);
  if (policy === undefined || target === undefined) return [];
  const facts = { PolicyId: policy, TargetId: target };
  return described(
    'organization-policy-target',
    `${policy}/${target}`,
    ORGANIZATION_POLICY_TARGET,
    facts,
    place,
  );
}

/** One element of `list-parents`; the file's name says whose parent it is. */
export function organisationParent(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const child = requestParameter(fileName, 'list-parents');
  const parent = asText(element['Id']);
  if (child === undefined || parent === undefined) return [];
  return described(
    'organization-parent',
    child,
    ORGANIZATION_PARENT,
    { Child: child, Parent: parent },
    place,
  );
}

/** `describe-organization`. */
export function organisation(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const facts = asObject(answer['Organization']) ?? {};
  return described('organization', asText(facts['Id']), ORGANIZATION, facts, place);
}

/** Filed under the account whose answers they are; they hold for all accounts of the organisation. */
function described(
  type: string,
  id: string | undefined,
  shape: FactFields,
  facts: JsonObject,
  { account }: AwsPlace,
): readonly Observation[] {
  if (id === undefined) return [];
  const name = asText(facts['Name']) ?? id;
  return [
    {
      kind: 'resource',
      resource: {
        kind: 'cloud',
        provider: 'aws',
        id: `${type}/${id}`,
        type,
        name,
        ...(account === undefined ? {} : { account }),
      },
      type,
      name,
      account,
      facts: trimFacts(shape, facts),
    },
  ];
}
