import { asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import { splitPackageName } from '#domain/package/package-name.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { addressPart } from '../reading/address-part.ts';
import { firstEntry, jsonEntries } from '../reading/json-entries.ts';
import { packageFindings } from '../reading/library-finding.ts';
import { lineNumber } from '../reading/line-number.ts';
import { UNNAMED_PACKAGES } from '../reading/npm-advisory.ts';
import { type EntryReading, toItem } from '../reading/read-entries.ts';
import { packagesScan } from '../reading/scans.ts';
import { sourceFiles } from '../reading/source-file.ts';

/** Messages of govulncheck: modules of Go. */
export const govulncheck: ReportFormat = {
  id: 'govulncheck',
  title: 'govulncheck',
  command: 'govulncheck -format json ./... > govulncheck.json',
  claims,
  read,
};

const NOUN = 'a message';
const FINDING = 'a finding';
const TEXT_MAX = 2_000;
const RECORDS_MAX = 50_000;

function claims(head: ReportHead): boolean {
  const config = asObject(firstEntry(head, [])?.config);
  return asText(config?.protocol_version) !== undefined && asText(config?.scanner_name) === 'govulncheck';
}

/** What the database says of an advisory, in a message of its own. */
interface OsvRecord {
  readonly aliases: readonly string[];
  readonly summary: string | undefined;
  readonly details: string | undefined;
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { version, records } = await readRecords(input);
  // The stream has no end of its own, so what it lacks was not necessarily looked at.
  yield packagesScan('govulncheck', context, { toolVersion: version }, 'none');
  const pathOf = sourceFiles(context);
  for await (const message of jsonEntries(input, [], NOUN)) {
    if (message.kind === 'reject') yield message;
    else if (message.value.finding !== undefined)
      yield toItem(message.at, FINDING, mapFinding(asObject(message.value.finding) ?? {}, records, pathOf));
  }
}

async function readRecords(
  input: ReportInput,
): Promise<{ readonly version: string | undefined; readonly records: ReadonlyMap<string, OsvRecord> }> {
  const records = new Map<string, OsvRecord>();
  let version: string | undefined;
  for await (const message of jsonEntries(input, [], NOUN)) {
    if (message.kind === 'reject') continue;
    version ??= asText(at(message.value, 'config', 'scanner_version'));
    const osv = asObject(message.value.osv);
    const id = asText(osv?.id);
    if (osv === undefined || id === undefined || records.size >= RECORDS_MAX) continue;
    records.set(id, {
      aliases: asTexts(osv.aliases).slice(0, 20),
      summary: asText(osv.summary)?.slice(0, TEXT_MAX),
      details: asText(osv.details)?.slice(0, TEXT_MAX),
    });
  }
  return { version, records };
}

function mapFinding(
  finding: JsonObject,
  records: ReadonlyMap<string, OsvRecord>,
  pathOf: (path: string | undefined) => string,
): EntryReading {
  const id = asText(finding.osv);
  if (id === undefined) return 'a text in osv was expected';
  const trace = asObjects(finding.trace);
  const [flawed] = trace;
  const module = asText(flawed?.module);
  if (module === undefined) return 'a module in trace was expected';
  const record = records.get(id);
  const fix = asText(finding.fixed_version);
  // The trace ends in the code that was scanned.
  const call = asObject(trace.at(-1)?.position);
  const path = pathOf(asText(call?.filename));
  return packageFindings({
    resource: UNNAMED_PACKAGES,
    ids: [id, ...(record?.aliases ?? [])],
    package: splitPackageName('golang', module),
    title: record?.summary,
    severity: null,
    description: record?.details,
    fix,
    fixable: fix !== undefined,
    references: [`https://pkg.go.dev/vuln/${addressPart(id)}`],
    locations: [
      {
        version: asText(flawed?.version),
        path: path === '' ? undefined : path,
        line: lineNumber(call?.line),
      },
    ],
  });
}
