import { asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { describeAwsLink } from '../reading/aws/aws-part.ts';
import type { Asked } from './asked.ts';
import type { ListCall } from './list-call.ts';

/** `aws route53 list-resource-record-sets`: which names lead to which other names and addresses. */
export const DNS_CALLS: readonly ListCall[] = [
  {
    key: 'ResourceRecordSets',
    type: null,
    proof: ['Name', 'Type'],
    unit: 'record',
    describe: dnsRecord,
    isAsked: true,
  },
];

const LEADING = new Set(['A', 'AAAA', 'CNAME']);
const TARGETS_MAX = 100;

/** A name with a wildcard in it stands for many, and for none that could be told. */
function dnsRecord(record: JsonObject, { place }: Asked): readonly Observation[] {
  const type = asText(record['Type']) ?? '';
  const name = plain(asText(record['Name']) ?? '');
  const targets = [
    asText(at(record, 'AliasTarget', 'DNSName')),
    ...asObjects(record['ResourceRecords']).map((each) => asText(each['Value'])),
  ].flatMap((target) => (target === undefined || target === '' ? [] : [plain(target)]));
  if (!LEADING.has(type) || name === '' || name.includes('*') || targets.length === 0) return [];
  const rule = asText(record['SetIdentifier']) ?? '';
  return [
    describeAwsLink(
      'dns-record',
      [name, type, rule].filter((part) => part !== '').join(' '),
      { Name: name, Targets: targets.slice(0, TARGETS_MAX) },
      { account: place.account, region: undefined },
    ),
  ];
}

/** Route 53 writes the final dot, `\052` for a star, and `dualstack.` before the names of load balancers. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replaceAll('\\052', '*')
    .replace(/\.$/, '')
    .replace(/^dualstack\.(?=.*\.elb\.)/, '');
}
