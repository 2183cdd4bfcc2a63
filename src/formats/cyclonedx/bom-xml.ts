import type { JsonObject, JsonValue } from '#base/json-value.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { attribute, child, childrenNamed, childText, type XmlElement } from '../reading/xml-element.ts';
import { sliceXml } from '../reading/xml-records.ts';
import type { BomEntry, BomPackages } from './bom-entry.ts';
import { packagesOf } from './bom-packages.ts';
import { BomSurvey, componentOf } from './bom-survey.ts';

const RECORDS = ['bom/vulnerabilities/vulnerability', 'bom/components/component', 'bom/services/service'];
const VULNERABILITY = 0;
const COMPONENT = 1;
const UNREAD = [
  'bom/annotations',
  'bom/compositions',
  'bom/declarations',
  'bom/definitions',
  'bom/dependencies',
  'bom/externalReferences',
  'bom/formulation',
  'bom/properties',
];

/** Goes through a file in XML once and collects what stands around its vulnerabilities. */
export async function surveyXml(input: ReportInput): Promise<BomSurvey> {
  const survey = new BomSurvey();
  for await (const event of sliceXml(input.open(), { records: RECORDS, skip: UNREAD })) {
    if (event.kind === 'close' && event.depth === 0) {
      const metadata = child(event.value, 'metadata');
      survey.addMetadata(metadata === undefined ? undefined : metadataObject(metadata));
    } else if (event.kind === 'element' && event.pattern === VULNERABILITY) {
      survey.vulnerabilities++;
      survey.addAnalysis(childText(child(event.value, 'analysis'), 'state'));
    } else if (event.kind === 'element') {
      survey.hasComponents ||= event.pattern === COMPONENT;
      survey.addComponent(componentObject(event.value));
      survey.vulnerabilities += extensionsIn(event.value).length;
    }
  }
  return survey;
}

/** The vulnerabilities of a file in XML, one by one; those of the extension where they stand in components. */
export async function* entriesOfXml(input: ReportInput): AsyncGenerator<BomEntry | BomPackages> {
  for await (const event of sliceXml(input.open(), { records: RECORDS, skip: [...UNREAD, 'bom/metadata'] })) {
    if (event.kind === 'bad' && event.pattern === VULNERABILITY)
      yield { at: event.path, vulnerability: null, problem: event.message };
    if (event.kind !== 'element') continue;
    if (event.pattern === VULNERABILITY) {
      yield { at: event.path, vulnerability: vulnerabilityObject(event.value) };
      continue;
    }
    if (event.pattern === COMPONENT) yield { packages: packagesOf(componentObject(event.value)) };
    for (const { component, element, at } of extensionsIn(event.value)) {
      yield {
        at: `${event.path}${at}`,
        vulnerability: vulnerabilityObject(element),
        component: componentOf(componentObject(component)),
      };
    }
  }
}

interface Extension {
  readonly component: XmlElement;
  readonly element: XmlElement;
  readonly at: string;
}

/** The entries that stand in a component and in the components in it, before 1.4. */
function extensionsIn(component: XmlElement, at = ''): readonly Extension[] {
  const own = childrenNamed(child(component, 'vulnerabilities'), 'vulnerability').map((element, i) => ({
    component,
    element,
    at: `${at}/vulnerabilities[1]/vulnerability[${i + 1}]`,
  }));
  const inner = childrenNamed(child(component, 'components'), 'component').flatMap((each, i) =>
    extensionsIn(each, `${at}/components[1]/component[${i + 1}]`),
  );
  return [...own, ...inner];
}

function metadataObject(metadata: XmlElement): JsonObject {
  const tools = child(metadata, 'tools');
  const component = child(metadata, 'component');
  return {
    timestamp: childText(metadata, 'timestamp'),
    tools: [...childrenNamed(tools, 'tool'), ...childrenNamed(child(tools, 'components'), 'component')].map(
      (tool) => texts(tool, 'name', 'version'),
    ),
    component: component === undefined ? undefined : componentObject(component),
  };
}

function componentObject(component: XmlElement): JsonObject {
  return {
    ...texts(component, 'group', 'name', 'version', 'purl'),
    type: attribute(component, 'type'),
    'bom-ref': attribute(component, 'bom-ref'),
    properties: childrenNamed(child(component, 'properties'), 'property').map(
      (property) => ({ name: attribute(property, 'name'), value: property.text }) as JsonObject,
    ) as JsonValue[],
    components: childrenNamed(child(component, 'components'), 'component').map(
      componentObject,
    ) as JsonValue[],
    services: childrenNamed(child(component, 'services'), 'service').map(componentObject) as JsonValue[],
  };
}

function vulnerabilityObject(vulnerability: XmlElement): JsonObject {
  const analysis = child(vulnerability, 'analysis');
  const ref = attribute(vulnerability, 'ref');
  const targets = childrenNamed(child(vulnerability, 'affects'), 'target');
  return {
    ...texts(vulnerability, 'id', 'description', 'detail', 'created', 'published'),
    recommendation:
      childText(vulnerability, 'recommendation') ??
      childText(child(vulnerability, 'recommendations'), 'recommendation'),
    source: sourceObject(child(vulnerability, 'source')),
    references: childrenNamed(child(vulnerability, 'references'), 'reference').map((reference) =>
      texts(reference, 'id'),
    ) as JsonValue[],
    ratings: childrenNamed(child(vulnerability, 'ratings'), 'rating').map(ratingObject) as JsonValue[],
    // The extension writes the address as the element's text.
    advisories: childrenNamed(child(vulnerability, 'advisories'), 'advisory').map(
      (advisory) => ({ url: childText(advisory, 'url') ?? advisory.text }) as JsonObject,
    ) as JsonValue[],
    analysis: analysis === undefined ? undefined : texts(analysis, 'state', 'justification', 'detail'),
    affects: (targets.length === 0 && ref !== undefined
      ? [{ ref }]
      : targets.map(targetObject)) as JsonValue[],
  };
}

function ratingObject(rating: XmlElement): JsonObject {
  return { ...texts(rating, 'severity', 'method', 'vector'), source: sourceObject(child(rating, 'source')) };
}

function targetObject(target: XmlElement): JsonObject {
  return {
    ref: childText(target, 'ref'),
    versions: childrenNamed(child(target, 'versions'), 'version').map((version) =>
      texts(version, 'version', 'range', 'status'),
    ) as JsonValue[],
  };
}

/** The name stands in an element, in the extension in an attribute. */
function sourceObject(source: XmlElement | undefined): JsonObject | undefined {
  return source === undefined
    ? undefined
    : { name: childText(source, 'name') ?? attribute(source, 'name'), url: childText(source, 'url') };
}

function texts(element: XmlElement, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(names.map((name) => [name, childText(element, name)]));
}
