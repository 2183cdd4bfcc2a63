import { parseInstant } from '#base/instant.ts';
import { asArray, asNumber, asObject, asText, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { iacFinding, secretFinding } from '../reading/code-finding.ts';
import { lineNumber } from '../reading/line-number.ts';
import { type EntryReading, noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { resultNature } from '../reading/result-nature.ts';
import { codeScan } from '../reading/scans.ts';
import { sourceFiles } from '../reading/source-file.ts';
import { addressInKey } from '../reading/terraform-address.ts';

/** JSON reports of KICS: what files of infrastructure ask for. */
export const kics: ReportFormat = {
  id: 'kics',
  title: 'KICS (JSON)',
  command: 'kics scan --path . --report-formats json --output-path .',
  claims,
  read,
};

const NOUN = 'a file of a query';
const QUERY = 'a query';

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  return (
    report !== undefined &&
    asNumber(report.files_scanned) !== undefined &&
    (asNumber(report.queries_total) !== undefined || Array.isArray(report.queries))
  );
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { root } = await readSurroundings(input, ['queries'], ['bill_of_materials', 'paths']);
  const failed = (asNumber(root.files_failed_to_scan) ?? 0) + (asNumber(root.queries_failed_to_execute) ?? 0);
  const words = { toolVersion: asText(root.kics_version), time: parseInstant(root.end) };
  yield codeScan('kics', words, failed <= 0);
  const pathOf = sourceFiles(context);
  for await (const event of sliceJson(input.open(), {
    patterns: ['queries.*'],
    skip: ['bill_of_materials'],
  })) {
    if (event.kind === 'bad') yield unreadable(event.path, QUERY, event.message);
    if (event.kind !== 'element') continue;
    const query = asObject(event.value);
    if (query === undefined) yield noObject(event.path, QUERY);
    else
      for (const [index, entry] of asArray(query.files).entries()) {
        const at = `${event.path}.files[${index}]`;
        const file = asObject(entry);
        yield file === undefined ? noObject(at, NOUN) : toItem(at, NOUN, mapFile(file, query, pathOf));
      }
  }
}

function mapFile(
  file: JsonObject,
  query: JsonObject,
  pathOf: (path: string | undefined) => string,
): EntryReading {
  const check = asText(query.query_id);
  if (check === undefined) return 'a text in query_id of its query was expected';
  const path = asText(file.file_name);
  if (path === undefined) return 'a text in file_name was expected';
  const name = asText(query.query_name);
  const reference = asText(query.query_url);
  const shared = {
    tool: 'kics',
    check,
    path: pathOf(path),
    line: lineNumber(file.line),
    severity: severityOfWord(asText(query.severity)),
    title: name,
    references: reference === undefined ? [] : [reference],
  };
  const about = asText(query.description);
  if (resultNature('kics', check, { name, tags: [], cwes: [] }) === 'secret')
    return [secretFinding({ ...shared, description: about, value: undefined, secretState: 'unknown' })];
  const message = asText(file.actual_value);
  return [
    iacFinding({
      ...shared,
      description: [message, about].filter((text) => text !== undefined).join('\n\n'),
      fix: asText(file.expected_value),
      address: addressOf(file),
      resourceKind: known(file.resource_type),
      message,
    }),
  ];
}

/** The resource: by its fields, else as the key of the query begins (`aws_s3_bucket[logs].acl`), else that key. */
function addressOf(file: JsonObject): string | undefined {
  const kind = known(file.resource_type);
  const name = known(file.resource_name);
  if (kind !== undefined && name !== undefined) return `${kind}.${name}`;
  const key = asText(file.search_key)?.slice(0, 2_000);
  return addressInKey(key) ?? /^metadata\.name=\{\{([^}]+)\}\}/.exec(key ?? '')?.[1] ?? key;
}

function known(value: unknown): string | undefined {
  const text = asText(value);
  return text === 'n/a' ? undefined : text;
}
