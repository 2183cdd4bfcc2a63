import { asArray, asObject, asText, type JsonObject, type JsonValue } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ScanDescription } from '#domain/scan/scan-description.ts';
import { readHead } from '../reading/describe-head.ts';
import { mapFinding } from './map-finding.ts';
import { productOf } from './product.ts';

/** Findings in the AWS Security Finding Format, of Security Hub and of the tools that send to it. */
export const asff: ReportFormat = {
  id: 'asff',
  title: 'AWS Security Finding Format (Security Hub, Inspector, Prowler, Trivy)',
  command: 'aws securityhub get-findings > findings.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const first = Array.isArray(head.json) ? head.json[0] : head.json;
  const object = asObject(first);
  return (
    object !== undefined &&
    (isFinding(object) || listsOf(object).some((list) => isFinding(asObject(list.value[0]))))
  );
}

function isFinding(value: JsonObject | undefined): boolean {
  if (value === undefined) return false;
  const isOfSecurityHub = asText(value['ProductArn'])?.includes(':securityhub:') ?? false;
  return isOfSecurityHub || (value['SchemaVersion'] === '2018-10-08' && Array.isArray(value['Resources']));
}

interface FindingList {
  readonly at: string;
  readonly value: readonly JsonValue[];
}

/** The lists of findings in an answer of the API, or in an event of EventBridge. */
function listsOf(object: JsonObject): readonly FindingList[] {
  return [
    { at: 'Findings', value: asArray(object['Findings']) },
    { at: 'findings', value: asArray(object['findings']) },
    { at: 'detail.findings', value: asArray(asObject(object['detail'])?.['findings']) },
  ];
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const head = await readHead(input);
  const isLines = head.shape === 'json-lines';
  const patterns = Array.isArray(head.json) ? ['*'] : ['Findings.*', 'findings.*', 'detail.findings.*'];
  let opened: string | undefined;
  let document = 0;
  let listedInDocument = 0;
  for await (const event of sliceJson(input.open(), { patterns, documents: isLines })) {
    if (event.kind === 'bad') {
      listedInDocument++;
      yield {
        kind: 'reject',
        at: event.path,
        code: 'not_json',
        message: `A finding was expected, found a value that is ${event.message}.`,
      };
      continue;
    }
    if (event.kind === 'element') listedInDocument++;
    else if (event.depth !== 0) continue;
    else {
      // Without a list the document itself is the finding.
      const isRecord = isFinding(event.value) || (isLines && listedInDocument === 0);
      listedInDocument = 0;
      document++;
      if (!isRecord) continue;
    }
    const path = event.kind === 'element' ? event.path : isLines ? `[${document - 1}]` : 'finding';
    for (const { at, value } of recordsOf(event.value, path)) {
      const finding = asObject(value);
      if (finding === undefined) {
        yield {
          kind: 'reject',
          at,
          code: 'wrong_type',
          message: 'A finding was expected to be an object; another kind of value was found.',
        };
        continue;
      }
      const scan = describeScan(finding);
      const key = scan.tool + scan.scope.is;
      if (key !== opened) yield { kind: 'scan', scan };
      opened = key;
      yield readFinding(at, finding);
    }
  }
  if (opened === undefined) yield { kind: 'scan', scan: SECURITY_HUB };
}

/** An element of a bare array is a finding, or an answer or event that holds some. */
function recordsOf(
  value: JsonValue,
  path: string,
): readonly { readonly at: string; readonly value: JsonValue }[] {
  const object = asObject(value);
  if (object === undefined || isFinding(object)) return [{ at: path, value }];
  const nested = listsOf(object).flatMap((list) =>
    list.value.map((each, index) => ({ at: `${path}.${list.at}[${index}]`, value: each })),
  );
  return nested.length > 0 ? nested : [{ at: path, value }];
}

const SECURITY_HUB: ScanDescription = {
  tool: 'securityhub',
  time: null,
  scope: { is: 'feed' },
  coverage: 'none',
};

/** Prowler writes a whole scan with what passed; all else is a stream that is never known to be complete. */
function describeScan(finding: JsonObject): ScanDescription {
  const product = productOf(finding);
  if (product === 'trivy') return { ...SECURITY_HUB, tool: 'trivy' };
  if (product !== 'prowler') return SECURITY_HUB;
  return {
    tool: 'prowler',
    toolVersion: asText(asObject(finding['ProductFields'])?.['ProviderVersion']),
    time: null,
    scope: { is: 'posture' },
    coverage: 'listed-if-passes',
  };
}

function readFinding(at: string, finding: JsonObject): ReportItem {
  const mapped = mapFinding(finding);
  if ('missing' in mapped)
    return {
      kind: 'reject',
      at,
      code: 'missing_field',
      message: `A finding needs "${mapped.missing}"; it is absent or holds nothing that can be read.`,
    };
  return { kind: 'record', at, observations: mapped.observations };
}
