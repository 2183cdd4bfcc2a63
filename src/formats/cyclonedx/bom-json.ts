import { sliceJson } from '#base/json-slicer.ts';
import { asObject, asText, at } from '#base/json-value.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { BomEntry, BomPackages } from './bom-entry.ts';
import { packagesOf } from './bom-packages.ts';
import { BomSurvey } from './bom-survey.ts';

const COMPONENT_LISTS = ['components.*', 'services.*'];
/** What is large in an entry and says nothing about the file as a whole. */
const BULKY = [
  'advisories',
  'affects',
  'credits',
  'cwes',
  'description',
  'detail',
  'properties',
  'ratings',
  'recommendation',
  'references',
  'tools',
  'workaround',
];
const UNREAD = [
  'annotations',
  'compositions',
  'declarations',
  'definitions',
  'dependencies',
  'externalReferences',
  'formulation',
  'properties',
  'signature',
];

/** Goes through a file in JSON once and collects what stands around its vulnerabilities. */
export async function surveyJson(input: ReportInput): Promise<BomSurvey> {
  const survey = new BomSurvey();
  const options = {
    patterns: [...COMPONENT_LISTS, 'vulnerabilities.*.analysis'],
    skip: [...UNREAD, ...BULKY.map((key) => `vulnerabilities.*.${key}`)],
  };
  for await (const event of sliceJson(input.open(), options)) {
    if (event.kind === 'element') {
      if (event.pattern < COMPONENT_LISTS.length) {
        const component = asObject(event.value);
        if (component !== undefined) {
          survey.hasComponents ||= event.pattern === 0;
          survey.addComponent(component);
        }
      } else survey.addAnalysis(asText(at(event.value, 'state')));
    } else if (event.kind === 'close') {
      if (event.depth === 0) survey.addMetadata(asObject(event.value['metadata']));
      else survey.vulnerabilities++;
    }
  }
  return survey;
}

/** The vulnerabilities and components of a file in JSON, one by one. */
export async function* entriesOfJson(input: ReportInput): AsyncGenerator<BomEntry | BomPackages> {
  const options = {
    patterns: ['vulnerabilities.*', 'components.*'],
    skip: [...UNREAD, 'metadata', 'services'],
  };
  for await (const event of sliceJson(input.open(), options)) {
    if (event.kind === 'bad' && event.pattern === 0)
      yield { at: event.path, vulnerability: null, problem: event.message };
    if (event.kind !== 'element') continue;
    if (event.pattern === 1) yield { packages: packagesOf(asObject(event.value)) };
    else yield { at: event.path, vulnerability: asObject(event.value) ?? null };
  }
}
