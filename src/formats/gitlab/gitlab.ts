import { parseInstant } from '#base/instant.ts';
import { asArray, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import { toolName } from '#domain/control/tool-check.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ScanDescription } from '#domain/scan/scan-description.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { sourceFiles } from '../reading/source-file.ts';
import { imageIn, kindOf, mapVulnerability, type ReportKind } from './map-vulnerability.ts';

/** Security reports of GitLab's jobs: code, secrets, packages, images and running applications. */
export const gitlab: ReportFormat = {
  id: 'gitlab',
  title: 'GitLab security reports (gl-*-report.json)',
  command: 'the artifact gl-sast-report.json (or another gl-…-report.json) of a pipeline of GitLab',
  claims,
  read,
};

const NOUN = 'a vulnerability';

function claims(head: ReportHead): boolean {
  const report = asObject(head.json);
  if (report === undefined || !Array.isArray(report.vulnerabilities)) return false;
  if (asText(report.version) === undefined && asObject(report.scan) === undefined) return false;
  const first = asObject(report.vulnerabilities[0]);
  if (first === undefined) return asObject(report.scan) !== undefined || Array.isArray(report.remediations);
  return asObject(first.location) !== undefined && Array.isArray(first.identifiers);
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  const { root, first } = await readAround(input);
  const tool = toolName(
    asText(at(root, 'scan', 'scanner', 'id')) ?? asText(at(root, 'scan', 'scanner', 'name')) ?? '',
  );
  const kind = kindOf(asText(at(root, 'scan', 'type')), first);
  yield { kind: 'scan', scan: describeScan(root, tool || 'gitlab', kind, first) };
  const how = {
    tool: tool || undefined,
    kind: asText(at(root, 'scan', 'type')),
    pathOf: sourceFiles(context),
  };
  for await (const event of sliceJson(input.open(), {
    patterns: ['vulnerabilities.*'],
    skip: ['remediations', 'dependency_files'],
  })) {
    if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    if (event.kind !== 'element') continue;
    const vulnerability = asObject(event.value);
    yield vulnerability === undefined
      ? noObject(event.path, NOUN)
      : toItem(event.path, NOUN, mapVulnerability(vulnerability, how));
  }
}

/** What stands around the entries, and the first of them: only that one names the image that was scanned. */
async function readAround(
  input: ReportInput,
): Promise<{ readonly root: JsonObject; readonly first: JsonObject }> {
  let root: JsonObject = {};
  let first: JsonObject | undefined;
  for await (const event of sliceJson(input.open(), {
    patterns: ['vulnerabilities.*'],
    ignoresRest: true,
    skip: ['remediations', 'dependency_files'],
  })) {
    if (event.kind === 'element') first ??= asObject(event.value);
    if (event.kind === 'close' && event.depth === 0) root = event.value;
  }
  return { root, first: first ?? {} };
}

function describeScan(root: JsonObject, tool: string, kind: ReportKind, first: JsonObject): ScanDescription {
  const scan = asObject(root.scan);
  const image = kind === 'container' ? imageIn(first) : null;
  const failed =
    asText(scan?.status) === 'failure' ||
    asArray(scan?.messages).some((message) =>
      ['fatal', 'error'].includes(asText(asObject(message)?.level) ?? ''),
    );
  return {
    tool,
    toolVersion: asText(at(scan, 'scanner', 'version')),
    time: parseInstant(scan?.end_time) ?? parseInstant(scan?.start_time),
    scope:
      image !== null
        ? { is: 'image', image }
        : // Reports of several jobs of one tool are told apart by what they looked for.
          { is: 'code', repository: null, category: asText(scan?.type) },
    // A report of before schema 14 says nothing of its scan, nor whether it succeeded.
    coverage: scan === undefined || failed ? 'none' : 'all',
  };
}
