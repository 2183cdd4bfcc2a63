import { asNumber, asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import { checkName } from '#domain/control/tool-check.ts';
import type { FindingObservation, Observation, ResourceObservation } from '#domain/finding/observation.ts';
import { readTags } from '../reading/aws/aws-names.ts';
import { describeNamedResource, kindOfSecurityHubType } from '../reading/aws/named-resource.ts';
import { isAttackType, isIdentityControl } from '../reading/aws/security-hub-type.ts';
import { ACCESS_ANALYZER, accessProof, isPublicAccess } from './access-proof.ts';
import { type FindingBase, type FoundResource, MOST_REFERENCES } from './finding-base.ts';
import { severityOf, stateOf } from './finding-state.ts';
import { dataOf } from './map-data.ts';
import { mapSignal } from './map-signal.ts';
import { mapTrivyFinding } from './map-trivy-finding.ts';
import { mapVulnerabilities } from './map-vulnerabilities.ts';
import { productOf } from './product.ts';

const LONGEST_TEXT = 4_000;
const MOST_RESOURCES = 64;

/** What one record says: findings or a signal, and what it tells about its resources. Or the field that is missing. */
export function mapFinding(
  finding: JsonObject,
): { readonly observations: readonly Observation[] } | { readonly missing: string } {
  const product = productOf(finding);
  const account = asText(finding['AwsAccountId']);
  const found = asObjects(finding['Resources'])
    .slice(0, MOST_RESOURCES)
    .flatMap((raw) => describeResource(raw, account, finding) ?? []);
  const types = asTexts(finding['Types']);
  if (product === 'guardduty' || types.some(isAttackType)) return mapSignal(finding, product, found, account);
  if (found.length === 0) return { missing: 'Resources' };

  const state = stateOf(finding);
  const told: readonly Observation[] = [...found.flatMap(resourceTags), ...dataOf(finding, found)];
  if (state === null) return { observations: told };
  const base: FindingBase = {
    kind: 'finding',
    state,
    title: asText(finding['Title']) ?? asText(finding['GeneratorId']) ?? product,
    severity: severityOf(finding),
    description: asText(finding['Description'])?.slice(0, LONGEST_TEXT),
    fix: asText(at(finding, 'Remediation', 'Recommendation', 'Text'))?.slice(0, LONGEST_TEXT),
    references: [
      asText(at(finding, 'Remediation', 'Recommendation', 'Url')),
      asText(finding['SourceUrl']),
    ].flatMap((url) => url ?? []),
  };
  const vulnerabilities = asObjects(finding['Vulnerabilities']);
  if (vulnerabilities.length > 0)
    return { observations: [...mapVulnerabilities(vulnerabilities, finding, base, found, product), ...told] };
  if (product === 'trivy') return mapTrivyFinding(finding, base, found);
  const proofs = product === ACCESS_ANALYZER ? found.flatMap((each) => accessProof(finding, each)) : [];
  return {
    observations: [
      ...found.map((each) => mapCheck(finding, base, each, product, account)),
      ...proofs,
      ...told,
    ],
  };
}

function describeResource(
  raw: JsonObject,
  account: string | undefined,
  finding: JsonObject,
): FoundResource | undefined {
  const id = asText(raw['Id']);
  if (id === undefined) return undefined;
  const region = asText(raw['Region']) ?? asText(finding['Region']);
  const imageTags = asTexts(at(raw, 'Details', 'AwsEcrContainerImage', 'ImageTags'));
  return {
    resource: describeNamedResource({ id, type: asText(raw['Type']), account, region, imageTags }),
    raw,
    region,
  };
}

/** The tags of a resource, which tell environment, service and team. */
function resourceTags({ resource, raw, region }: FoundResource): readonly ResourceObservation[] {
  const tags = readTags(raw['Tags']);
  if (tags === undefined || resource.kind !== 'cloud') return [];
  const type = resource.type ?? kindOfSecurityHubType(asText(raw['Type']) ?? 'Other');
  return [
    {
      kind: 'resource',
      resource,
      type,
      name: tags['Name'] ?? resource.name ?? resource.id,
      account: resource.account,
      region,
      tags,
      facts: {},
    },
  ];
}

function mapCheck(
  finding: JsonObject,
  base: FindingBase,
  { resource, raw, region }: FoundResource,
  product: string,
  account: string | undefined,
): FindingObservation {
  const check = checkOf(finding, product);
  const resourceKind = asText(raw['Type']);
  const port = product === 'securityhub' ? asNumber(at(finding, 'ProductFields', 'Port')) : undefined;
  return {
    ...base,
    type: isIdentityCheck(product, check) ? 'identity_risk' : 'misconfiguration',
    subject: {
      is: 'check',
      tool: product,
      check,
      hints: {
        ...(resourceKind === undefined ? {} : { resourceKind }),
        ...(port === undefined ? {} : { port }),
      },
    },
    resource,
    place: { is: 'none' },
    references: base.references?.slice(0, MOST_REFERENCES),
    findingClass: 'configuration',
    ...(product === 'prowler' ? { cover: coverOf(check, account, region) } : {}),
  };
}

/** The unit that a posture scan of Prowler covers: a check in an account and region. */
function coverOf(check: string, account: string | undefined, region: string | undefined): string {
  return `${checkName('prowler', check)}@${account ?? ''}/${region ?? ''}`;
}

/**
 * The check of a record: the control of Security Hub, Prowler's check, the rule of AWS Config, else what the product
 * calls its generator. A generator that is the product itself tells nothing apart: then the title does.
 */
function checkOf(finding: JsonObject, product: string): string {
  const generator = asText(finding['GeneratorId']);
  if (product === 'prowler' && generator !== undefined) return generator.replace(/^(?:prowler-)+/, '');
  const control =
    asText(at(finding, 'Compliance', 'SecurityControlId')) ??
    asText(at(finding, 'ProductFields', 'ControlId'));
  // Numbers such as 1.14 mean another thing in each version of the standard, which the generator names.
  if (control !== undefined && /^[A-Z]/i.test(control)) return control;
  const configRule = asText(at(finding, 'ProductFields', 'aws/config/ConfigRuleName'));
  if (configRule !== undefined) return configRule;
  const title = asText(finding['Title']);
  // Its title names the resource.
  if (product === ACCESS_ANALYZER)
    return isPublicAccess(finding) ? 'external-access-public' : 'external-access';
  if (generator === undefined) return title ?? product;
  const namesRule = /(?:\/rule\/|\/v\/|ruleset\/|security-control\/)/.test(generator.slice(0, 500));
  if (namesRule || asObject(finding['Compliance']) !== undefined)
    return generator.replace(/^arn:aws[a-z-]*:securityhub:::/, '');
  return title ?? generator;
}

function isIdentityCheck(product: string, check: string): boolean {
  if (product === 'prowler') return /^(?:iam|sso|identitystore|identitycenter)_/.test(check);
  return product === 'securityhub' && isIdentityControl(check);
}
