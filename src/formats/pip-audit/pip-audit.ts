import { asArray, asObject, asText, asTexts, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstCharacter } from '../reading/first-character.ts';
import { packageFindings } from '../reading/library-finding.ts';
import { UNNAMED_PACKAGES } from '../reading/npm-advisory.ts';
import { type EntryReading, noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { packagesScan } from '../reading/scans.ts';

/** JSON reports of pip-audit: packages of Python. */
export const pipAudit: ReportFormat = {
  id: 'pip-audit',
  title: 'pip-audit',
  command: 'pip-audit --format json --output pip-audit.json',
  claims,
  read,
};

const NOUN = 'a vulnerability';
const DEPENDENCY = 'a dependency';

function claims(head: ReportHead): boolean {
  const list = Array.isArray(head.json) ? head.json : asArray(asObject(head.json)?.dependencies);
  const first = asObject(list[0]);
  if (first === undefined) return Array.isArray(asObject(head.json)?.fixes);
  return asText(first.name) !== undefined && (Array.isArray(first.vulns) || 'skip_reason' in first);
}

/** Before version 2.4 the report was the list of dependencies itself. */
async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  yield packagesScan('pip-audit', context);
  const patterns = [(await firstCharacter(input)) === '[' ? '*' : 'dependencies.*'];
  for await (const event of sliceJson(input.open(), { patterns, skip: ['fixes'] })) {
    if (event.kind === 'bad') yield unreadable(event.path, DEPENDENCY, event.message);
    if (event.kind !== 'element') continue;
    const dependency = asObject(event.value);
    if (dependency === undefined) yield noObject(event.path, DEPENDENCY);
    else
      for (const [index, entry] of asArray(dependency.vulns).entries()) {
        const at = `${event.path}.vulns[${index}]`;
        const vulnerability = asObject(entry);
        yield vulnerability === undefined
          ? noObject(at, NOUN)
          : toItem(at, NOUN, mapVulnerability(vulnerability, dependency));
      }
  }
}

function mapVulnerability(vulnerability: JsonObject, dependency: JsonObject): EntryReading {
  const id = asText(vulnerability.id);
  if (id === undefined) return 'a text in id was expected';
  const name = asText(dependency.name);
  if (name === undefined) return 'a text in the name of its dependency was expected';
  const fixes = asTexts(vulnerability.fix_versions).slice(0, 10);
  return packageFindings({
    resource: UNNAMED_PACKAGES,
    ids: [id, ...asTexts(vulnerability.aliases)],
    package: { type: 'pypi', namespace: '', name },
    title: undefined,
    severity: null,
    description: asText(vulnerability.description),
    fix: fixes.length === 0 ? undefined : fixes.join(', '),
    fixable: fixes.length > 0,
    locations: [{ version: asText(dependency.version) }],
  });
}
