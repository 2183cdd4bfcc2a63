import { asObject, asText, at } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { UnreadElement } from '#base/unread-element.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { BomEntry, BomPackages } from './bom-entry.ts';
import { packagesOf } from './bom-packages.ts';
import { BomSurvey } from './bom-survey.ts';

const COMPONENT_LISTS = ['components.*', 'services.*'];
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
    patterns: [...COMPONENT_LISTS, 'vulnerabilities.*'],
    skip: UNREAD,
    ignoresRest: true,
    // Of a vulnerability only its analysis says something about the file as a whole.
    recall: (element: UnreadElement) => {
      if (element.pattern < COMPONENT_LISTS.length) return false;
      survey.vulnerabilities++;
      const { bytes } = element;
      return !bytes.includes('"analysis"') && !bytes.includes('\\u00');
    },
  };
  for await (const event of sliceJson(input.open(), options)) {
    if (event.kind === 'element') {
      if (event.pattern < COMPONENT_LISTS.length) {
        const component = asObject(event.value);
        if (component !== undefined) {
          survey.hasComponents ||= event.pattern === 0;
          survey.addComponent(component);
        }
      } else if (at(event.value, 'analysis') !== undefined)
        survey.addAnalysis(asText(at(event.value, 'analysis', 'state')));
    } else if (event.kind === 'close' && event.depth === 0)
      survey.addMetadata(asObject(event.value['metadata']));
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
