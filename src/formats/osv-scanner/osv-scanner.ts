import { asArray, asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { Observation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { mapVulnerability, type PackageSource } from './map-vulnerability.ts';

/** JSON reports of OSV-Scanner: packages of lock files, folders and images. */
export const osvScanner: ReportFormat = {
  id: 'osv-scanner',
  title: 'OSV-Scanner',
  command: 'osv-scanner scan --format json --output osv.json --recursive .',
  claims,
  read,
};

const NOUN = 'a vulnerability';
const PACKAGE = 'a package';

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  if (report === undefined || !Array.isArray(report.results)) return false;
  const first = asObject(report.results[0]);
  if (first === undefined) return asObject(report.experimental_config) !== undefined;
  return asObject(first.source) !== undefined || asObject(asArray(first.packages)[0])?.package !== undefined;
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { headers } = await readSurroundings(input, ['results.*.packages']);
  const isNamed = (context.artifact ?? null) !== null;
  // Without a name for all of it, the lock files that it lists are what it covers.
  yield {
    kind: 'scan',
    scan: {
      tool: 'osv-scanner',
      time: null,
      scope: { is: 'artifact', name: null },
      coverage: isNamed ? 'all' : 'listed',
    },
  };
  const coverOf = (path: string | undefined) => (isNamed ? undefined : (path ?? ''));
  const covers: Observation[] = [...headers.values()].map((result) => ({
    kind: 'coverage',
    cover: coverOf(asText(asObject(result.source)?.path)),
    findingClass: 'libraries',
  }));
  for await (const event of sliceJson(input.open(), { patterns: ['results.*.packages.*'] })) {
    if (event.kind === 'bad') yield unreadable(event.path, PACKAGE, event.message);
    if (event.kind !== 'element') continue;
    const found = asObject(event.value);
    if (found === undefined) yield noObject(event.path, PACKAGE);
    else yield* readPackage(event.path, found, sourceOf(headers, event.path, coverOf));
  }
  if (covers.length > 0) yield { kind: 'beside', observations: covers };
}

function sourceOf(
  headers: ReadonlyMap<string, JsonObject>,
  path: string,
  coverOf: (path: string | undefined) => string | undefined,
): PackageSource {
  const source = asObject(headers.get(path.slice(0, path.indexOf('].') + 1))?.source);
  const sourcePath = asText(source?.path);
  return { path: sourcePath, isImage: source?.type === 'docker', cover: coverOf(sourcePath) };
}

function* readPackage(path: string, found: JsonObject, source: PackageSource): Generator<ReportItem> {
  const groups = asObjects(found.groups);
  for (const [index, entry] of asArray(found.vulnerabilities).entries()) {
    const at = `${path}.vulnerabilities[${index}]`;
    const vulnerability = asObject(entry);
    yield vulnerability === undefined
      ? noObject(at, NOUN)
      : toItem(at, NOUN, mapVulnerability(vulnerability, asObject(found.package) ?? {}, groups, source));
  }
}
