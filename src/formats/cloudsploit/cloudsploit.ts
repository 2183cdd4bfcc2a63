import { asArray, asObject, asObjects, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import { checkName } from '#domain/control/tool-check.ts';
import { type FindingObservation, OPEN } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { parseArn } from '../reading/aws/aws-names.ts';
import { describeNamedResource } from '../reading/aws/named-resource.ts';
import { describeCloudObject } from '../reading/cloud-object.ts';
import { PASSED, postureFinding } from '../reading/posture-finding.ts';
import { readEntries } from '../reading/read-entries.ts';

/** Results of CloudSploit: settings of a cloud's account, with what passed. */
export const cloudsploit: ReportFormat = {
  id: 'cloudsploit',
  title: 'CloudSploit (JSON)',
  command: 'node index.js --json cloudsploit.json --console none',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const [result] = asObjects(asArray(head.json).slice(0, 1));
  return (
    result !== undefined &&
    ['plugin', 'category', 'title', 'status', 'message'].every(
      (name) => asText(result[name]) !== undefined,
    ) &&
    'resource' in result &&
    'region' in result
  );
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  yield {
    kind: 'scan',
    scan: { tool: 'cloudsploit', time: null, scope: { is: 'posture' }, coverage: 'listed-if-passes' },
  };
  yield* readEntries(input, { patterns: ['*'] }, 'a result', (result) => mapResult(result, context));
}

function mapResult(result: JsonObject, context: ReadContext): readonly FindingObservation[] | string {
  const check = asText(result.plugin);
  if (check === undefined) return 'a text in plugin was expected';
  const status = asText(result.status);
  if (status === undefined) return 'a text in status was expected';
  // What could not be asked is no answer.
  if (status !== 'OK' && status !== 'WARN' && status !== 'FAIL') return [];
  const id = asText(result.resource) ?? 'N/A';
  const region = asTexts(result.region)[0];
  const account = parseArn(id)?.account || context.account || undefined;
  return [
    postureFinding({
      tool: 'cloudsploit',
      check,
      resource: resourceOf(id, account, region),
      isIdentity: asText(result.category) === 'IAM',
      title: asText(result.title),
      severity: null,
      description: [asText(result.message), asText(result.description)]
        .flatMap((text) => text ?? [])
        .join('\n\n'),
      references: [asText(asObject(result)?.link)],
      state: status === 'OK' ? PASSED : OPEN,
      cover: `${checkName('cloudsploit', check)}@${account ?? ''}/${region ?? ''}`,
    }),
  ];
}

/** `N/A` stands where the answer is about all of an account's region. */
function resourceOf(
  id: string,
  account: string | undefined,
  region: string | undefined,
): ResourceDescription {
  if (id === 'N/A') return { kind: 'account', provider: 'aws', account: account ?? '', region };
  if (id.startsWith('/subscriptions/'))
    return describeCloudObject(id, undefined, undefined, 'azure', id.split('/')[2], region);
  if (id.startsWith('projects/'))
    return describeCloudObject(id, undefined, undefined, 'gcp', id.split('/')[1], region);
  return describeNamedResource({ id, type: typeOfId(id), account, region });
}

const TYPES: readonly (readonly [start: string, type: string])[] = [
  ['i-', 'AwsEc2Instance'],
  ['sg-', 'AwsEc2SecurityGroup'],
  ['vpc-', 'AwsEc2Vpc'],
  ['subnet-', 'AwsEc2Subnet'],
  ['vol-', 'AwsEc2Volume'],
  ['snap-', 'AwsEc2Snapshot'],
];

function typeOfId(id: string): string | undefined {
  return TYPES.find(([start]) => id.startsWith(start))?.[1];
}
