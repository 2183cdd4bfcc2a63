import { asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import type { Observation, ResourceObservation } from '#domain/finding/observation.ts';
import {
  DELEGATED_ADMINISTRATOR,
  ORGANIZATION,
  ORGANIZATION_NAME,
  ORGANIZATION_PARENT,
  ORGANIZATION_POLICY,
  ORGANIZATION_POLICY_TARGET,
} from '#domain/resource/facts/aws-identity-facts.ts';
import { decodePolicy, type FactFields, trimFacts } from '#domain/resource/facts/fact-shape.ts';
import { accountNumber, parseArn, readTags } from '../reading/aws/aws-names.ts';
import type { AwsPlace } from '../reading/aws/describe-aws-resource.ts';
import type { Asked } from './asked.ts';
import { requestParameter } from './request-parameter.ts';

/** What AWS Organizations answers: service and resource control policies, whom they bind, where accounts stand, and how they are called. */

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
  return standsIn(requestParameter(fileName, 'list-parents'), asText(element['Id']), place);
}

/** One element of `list-accounts` or `list-accounts-for-parent`, whose file's name says in what they all stand. */
export function organisationAccount(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const id = accountNumber(element['Id']);
  return [
    ...called(id, element, place),
    ...standsIn(id, requestParameter(fileName, 'list-accounts-for-parent'), told(element, place)),
  ];
}

/** One element of `list-organizational-units-for-parent`, whose file's name says in what they all stand. */
export function organisationUnit(element: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const id = asText(element['Id']);
  return [
    ...called(id, element, place),
    ...standsIn(id, requestParameter(fileName, 'list-organizational-units-for-parent'), told(element, place)),
  ];
}

/** One tag of the account or unit after which the file is named: `organizations-list-tags-for-resource-{id}.json`. */
export function organisationTag(tag: JsonObject, { place, fileName }: Asked): readonly Observation[] {
  const id = requestParameter(fileName, 'list-tags-for-resource') ?? '';
  const tags = readTags([tag]);
  if (!/^(?:\d{12}|ou-[a-z0-9-]{1,60})$/.test(id) || tags === undefined) return [];
  return described('organization-tags', id, ORGANIZATION_NAME, { Id: id }, place).map((each) => ({
    ...each,
    tags,
  }));
}

/** One element of `iam list-account-aliases`: how the account is called that was asked. */
export function accountAlias(element: JsonObject, { place }: Asked): readonly Observation[] {
  const { account } = place;
  return described('account-alias', account, ORGANIZATION_NAME, { Id: account ?? null, ...element }, place);
}

function called(id: string | undefined, element: JsonObject, place: AwsPlace): readonly Observation[] {
  return described('organization-name', id, ORGANIZATION_NAME, element, place);
}

function standsIn(
  child: string | undefined,
  parent: string | undefined,
  place: AwsPlace,
): readonly Observation[] {
  if (child === undefined || parent === undefined) return [];
  return described(
    'organization-parent',
    child,
    ORGANIZATION_PARENT,
    { Child: child, Parent: parent },
    place,
  );
}

const ADMINISTRATOR = 'organization-delegated-administrator';

/** One element of `list-delegated-administrators`. */
export function organisationAdministrator(element: JsonObject, { place }: Asked): readonly Observation[] {
  return described(ADMINISTRATOR, asText(element['Id']), DELEGATED_ADMINISTRATOR, element, place);
}

/** An organisation in which nobody but the management account administers is described too. */
export function administratorsDescribed({ place }: Asked): readonly Observation[] {
  return described(ADMINISTRATOR, 'list', DELEGATED_ADMINISTRATOR, {}, place);
}

/** `describe-organization`. */
export function organisation(answer: JsonObject, { place }: Asked): readonly Observation[] {
  const facts = asObject(answer['Organization']) ?? {};
  return described('organization', asText(facts['Id']), ORGANIZATION, facts, place);
}

/** The account whose answers they are, else the one in the ARN: the organisation's management account. */
function told(element: JsonObject, place: AwsPlace): AwsPlace {
  return { ...place, account: place.account ?? accountNumber(parseArn(asText(element['Arn']))?.account) };
}

/** Filed under the account that told them; they hold for all accounts of the organisation. */
function described(
  type: string,
  id: string | undefined,
  shape: FactFields,
  facts: JsonObject,
  place: AwsPlace,
): readonly ResourceObservation[] {
  if (id === undefined) return [];
  const { account } = told(facts, place);
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
