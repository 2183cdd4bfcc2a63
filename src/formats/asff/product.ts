import { asText, at, type JsonObject } from '#base/json-value.ts';
import { parseArn } from '../reading/aws/aws-names.ts';

/** Products of `ProductArn` whose tool is known by another name. */
const TOOLS: ReadonlyMap<string, string> = new Map([
  ['aquasecurity', 'trivy'],
  ['config', 'aws-config'],
]);

/** The tool that made a finding: `securityhub`, `inspector`, `guardduty`, `prowler`, `trivy`; `securityhub` where none is named. */
export function productOf(finding: JsonObject): string {
  if (asText(at(finding, 'ProductFields', 'ProviderName')) === 'Prowler') return 'prowler';
  const product = parseArn(asText(finding['ProductArn']))?.resource.split('/', 3).at(-1)?.toLowerCase();
  if (product === undefined || product === '') return 'securityhub';
  return TOOLS.get(product) ?? product;
}
