import { InboxError } from '#base/inbox-error.ts';
import { asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import { placeOfPackage } from '#domain/package/package-name.ts';
import { parsePackageUrl } from '../reading/package-url.ts';

/** A component or service that a vulnerability can point to. */
export interface BomComponent {
  /** `library`, `operating-system`, `container`, …; empty when none is told. */
  readonly kind: string;
  /** With its group as the ecosystem spells it; empty when there is none. */
  readonly name: string;
  readonly version: string | undefined;
  readonly purl: string | undefined;
}

const COMPONENTS_MAX = 500_000;
/** States of analysis that somebody decided; `in_triage` is what tools write when nobody has. */
const DECIDED = new Set([
  'resolved',
  'resolved_with_pedigree',
  'exploitable',
  'false_positive',
  'not_affected',
]);

/** What a bill of materials says around its vulnerabilities; filled while the file is gone through. */
export class BomSurvey {
  /** `metadata`, in the shape of JSON. */
  metadata: JsonObject = {};
  vulnerabilities = 0;
  /** It lists components beside what it is about: it is no VEX alone. */
  hasComponents = false;
  /** Some entry carries a person's decision: the file is VEX, and tells a part only. */
  isVex = false;
  /** By reference; a package URL alone where it says all. Nothing where the reference itself does. */
  readonly #components = new Map<string, BomComponent | string>();

  /** The component with this `bom-ref`; undefined for a reference into another file. */
  component(ref: string): BomComponent | undefined {
    const component = this.#components.get(ref) ?? ref;
    return typeof component === 'string' ? componentOfPurl(component) : component;
  }

  addMetadata(metadata: JsonObject | undefined): void {
    this.metadata = metadata ?? {};
    const component = asObject(this.metadata['component']);
    if (component !== undefined) this.addComponent(component);
  }

  /** Remembers a component and those in it. Throws `too_large` beyond half a million. */
  addComponent(component: JsonObject): void {
    const ref = asText(component['bom-ref']);
    if (ref !== undefined) this.#remember(ref, componentOf(component));
    if (this.#components.size > COMPONENTS_MAX) {
      throw new InboxError(
        'too_large',
        `The bill of materials has more than ${COMPONENTS_MAX} components that vulnerabilities can point to. Split it and import the parts.`,
      );
    }
    for (const inner of asObjects(component['components'])) this.addComponent(inner);
    for (const inner of asObjects(component['services'])) this.addComponent(inner);
  }

  #remember(ref: string, component: BomComponent): void {
    const { purl } = component;
    const ofPurl = purl === undefined ? undefined : componentOfPurl(purl);
    if (purl === undefined || ofPurl === undefined || ofPurl.version !== component.version)
      this.#components.set(ref, component);
    else if (!isSamePackage(ref, purl)) this.#components.set(ref, purl);
  }

  addAnalysis(state: string | undefined): void {
    if (state !== undefined && DECIDED.has(state)) this.isVex = true;
  }
}

/** The component that a package URL tells; undefined for a text that is none. */
export function componentOfPurl(text: string): BomComponent | undefined {
  const purl = parsePackageUrl(text);
  if (purl === null) return undefined;
  const { namespace, name } = placeOfPackage(purl);
  return {
    kind: 'library',
    name: namespace === undefined ? name : `${namespace}/${name}`,
    version: purl.version,
    purl: text,
  };
}

/** True where a reference is the package URL, but for what tools add to it to make it unique. */
function isSamePackage(ref: string, purl: string): boolean {
  return ref === purl || (ref.startsWith(purl) && (ref[purl.length] === '?' || ref[purl.length] === '&'));
}

/** The parts of a component that are read. */
export function componentOf(component: JsonObject): BomComponent {
  const group = asText(component['group']);
  const name = asText(component['name']) ?? '';
  return {
    kind: asText(component['type']) ?? '',
    name: group === undefined ? name : `${group}/${name}`,
    version: asText(component['version']),
    purl: asText(component['purl']),
  };
}
