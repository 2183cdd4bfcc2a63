import { asNumber, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import type { DataObservation } from '#domain/finding/observation.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { sensitiveDataClue } from '#domain/resource/sensitive-data.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { macieCount, macieReason, macieWords } from '../reading/aws/macie-data.ts';
import { firstEntry, jsonEntries } from '../reading/json-entries.ts';

/** Findings of Amazon Macie about data, and its scores of buckets: what buckets hold. */
export const awsMacie: ReportFormat = {
  id: 'aws-macie',
  title: 'Amazon Macie (findings, buckets)',
  command: 'aws macie2 get-findings --finding-ids ID… > macie-findings.json',
  claims,
  read,
};

const PAGES = ['findings', 'buckets'];

function claims(head: ReportHead): boolean {
  const entry = withoutEvent(firstEntry(head, PAGES));
  return entry !== undefined && (isFinding(entry) || isBucket(entry));
}

/** An event of EventBridge holds the finding in `detail`. */
function withoutEvent(entry: JsonObject | undefined): JsonObject | undefined {
  return asText(entry?.['source']) === 'aws.macie' ? asObject(entry?.['detail']) : entry;
}

function isFinding(entry: JsonObject): boolean {
  const isTyped = /^(?:SensitiveData|Policy):/.test(asText(entry['type']) ?? '');
  return (
    isTyped && (asObject(entry['resourcesAffected']) !== undefined || entry['category'] === 'CLASSIFICATION')
  );
}

function isBucket(entry: JsonObject): boolean {
  return asText(entry['bucketArn']) !== undefined && asText(entry['bucketName']) !== undefined;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield { kind: 'scan', scan: { tool: 'macie', time: null, scope: { is: 'inventory' }, coverage: 'none' } };
  for await (const entry of jsonEntries(input, PAGES, 'a finding of Macie')) {
    if (entry.kind === 'reject') yield entry;
    else yield readEntry(withoutEvent(entry.value) ?? {}, entry.at);
  }
}

function readEntry(entry: JsonObject, place: string): ReportItem {
  if (isBucket(entry)) return { kind: 'record', at: place, observations: bucketData(entry) };
  const arn = asText(at(entry, 'resourcesAffected', 's3Bucket', 'arn'));
  const id = asText(entry['id']);
  if (!isFinding(entry) || arn === undefined || id === undefined)
    return {
      kind: 'reject',
      at: place,
      code: 'missing_field',
      message: 'A finding of Macie was expected with "id" and "resourcesAffected.s3Bucket.arn", found none.',
    };
  return { kind: 'record', at: place, observations: findingData(entry, arn, id) };
}

/** What a finding says of the bucket; settings of buckets (`Policy:`) say nothing of what is in them, and samples nothing at all. */
function findingData(entry: JsonObject, arn: string, id: string): readonly DataObservation[] {
  const result = at(entry, 'classificationDetails', 'result');
  if (!(asText(entry['type']) ?? '').startsWith('SensitiveData:') || entry['sample'] === true) return [];
  const words = macieWords(result);
  const severity = severityOfWord(asText(at(entry, 'severity', 'description')));
  return [
    {
      kind: 'data',
      resource: bucket(arn, asText(entry['accountId']), asText(entry['region'])),
      id: `macie:${id}`,
      isGone: entry['archived'] === true,
      clue: sensitiveDataClue(
        [...words, (asText(entry['type']) ?? '').replace(/^.*\//, '')],
        severity,
        'content',
        macieReason(words, macieCount(result)),
      ),
    },
  ];
}

/** Above 50 Macie calls a bucket sensitive; 50 stands for *not looked at*, -1 for a failure. */
const SENSITIVE_ABOVE = 50;

function bucketData(entry: JsonObject): readonly DataObservation[] {
  const arn = asText(entry['bucketArn']) ?? '';
  const score = asNumber(entry['sensitivityScore']);
  if (!arn.startsWith('arn:') || score === undefined) return [];
  return [
    {
      kind: 'data',
      resource: bucket(arn, asText(entry['accountId']), asText(entry['region'])),
      id: 'macie:score',
      isGone: score <= SENSITIVE_ABOVE,
      clue: sensitiveDataClue([], null, 'label', `Macie scores it ${score} of 100 in sensitivity`),
    },
  ];
}

function bucket(
  arn: string,
  account: string | undefined,
  region: string | undefined,
): DataObservation['resource'] {
  return {
    kind: 'cloud',
    provider: 'aws',
    id: arn,
    type: 's3-bucket',
    name: arn.replace(/^.*:/, ''),
    ...(account === undefined ? {} : { account }),
    ...(region === undefined ? {} : { region }),
  };
}
