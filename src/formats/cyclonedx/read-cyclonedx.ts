import type { ReadContext, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstCharacter } from '../reading/first-character.ts';
import type { BomEntry } from './bom-entry.ts';
import { entriesOfJson, surveyJson } from './bom-json.ts';
import { type BomScan, describeScan } from './bom-scan.ts';
import type { BomSurvey } from './bom-survey.ts';
import { entriesOfXml, surveyXml } from './bom-xml.ts';
import { mapStatements, mapVulnerability } from './map-vulnerability.ts';

/**
 * Reads a bill of materials, vulnerability by vulnerability. Components may stand before or behind
 * them, so the file is gone through twice.
 */
export async function* readCycloneDx(input: ReportInput, _context: ReadContext): AsyncGenerator<ReportItem> {
  const xml = (await firstCharacter(input)) === '<';
  const survey = await (xml ? surveyXml(input) : surveyJson(input));
  const scan = describeScan(survey);
  yield { kind: 'scan', scan: scan.description };
  if (survey.hasComponents)
    yield { kind: 'beside', observations: [{ kind: 'bom', resource: scan.resource }] };
  for await (const entry of xml ? entriesOfXml(input) : entriesOfJson(input))
    if ('vulnerability' in entry) yield readEntry(entry, survey, scan);
    else if (entry.packages.length > 0)
      yield {
        kind: 'beside',
        observations: entry.packages.map((installed) => ({ kind: 'package', installed })),
      };
  if (scan.description.coverage === 'all') {
    yield {
      kind: 'beside',
      observations: [
        { kind: 'coverage', findingClass: 'os-packages' },
        { kind: 'coverage', findingClass: 'libraries' },
      ],
    };
  }
}

function readEntry(entry: BomEntry, survey: BomSurvey, scan: BomScan): ReportItem {
  const { at, vulnerability, problem } = entry;
  if (vulnerability === null) {
    return problem === undefined
      ? { kind: 'reject', at, code: 'wrong_type', message: 'An object was expected as a vulnerability.' }
      : { kind: 'reject', at, code: 'too_large', message: `A vulnerability is ${problem}.` };
  }
  const findings = mapVulnerability(entry, vulnerability, survey, scan);
  if (typeof findings === 'string')
    return { kind: 'reject', at, code: 'missing_field', message: `In a vulnerability ${findings}.` };
  const statements = mapStatements(entry, vulnerability, survey, scan);
  return { kind: 'record', at, observations: [...findings, ...statements] };
}
