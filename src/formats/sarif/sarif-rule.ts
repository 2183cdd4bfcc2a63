import {
  asNumber,
  asObject,
  asObjects,
  asText,
  asTexts,
  at,
  type JsonObject,
  type JsonValue,
} from '#base/json-value.ts';
import { type Severity, severityOfScore, severityOfWord } from '#domain/severity/severity.ts';
import { cwesOf } from '../reading/cwe-numbers.ts';

/** What is kept of a rule (SARIF: reportingDescriptor) while its run is read. */
export interface Rule {
  readonly id: string;
  readonly name: string | undefined;
  readonly title: string | undefined;
  readonly description: string | undefined;
  readonly help: string | undefined;
  readonly helpUri: string | undefined;
  readonly level: string | undefined;
  /** From `security-severity`, by the bands of CVSS; undefined where the rule states none. */
  readonly securitySeverity: Severity | undefined;
  readonly tags: readonly string[];
  readonly category: string | undefined;
  readonly cwes: readonly number[];
  readonly messages: ReadonlyMap<string, string>;
  readonly aliases: readonly string[];
  readonly purls: readonly string[];
  readonly vector: string | undefined;
}

const LONGEST_TEXT = 4_000;
const MOST_TAGS = 64;

/** Reads one rule; undefined when it has no id, because nothing could refer to it. */
export function readRule(value: JsonValue): Rule | undefined {
  const rule = asObject(value);
  const id = asText(rule?.['id']);
  if (rule === undefined || id === undefined) return undefined;
  const properties = asObject(rule['properties']);
  const tags = asTexts(properties?.['tags']).slice(0, MOST_TAGS);
  const messages = new Map<string, string>();
  for (const [key, message] of Object.entries(asObject(rule['messageStrings']) ?? {})) {
    const text = textOf(message);
    if (text !== undefined) messages.set(key, text);
  }
  return {
    id,
    name: asText(rule['name']),
    title: textOf(rule['shortDescription']),
    description: textOf(rule['fullDescription']),
    help: textOf(rule['help']),
    helpUri: asText(rule['helpUri']),
    level: asText(at(rule, 'defaultConfiguration', 'level')),
    securitySeverity: securitySeverity(properties),
    tags,
    category: asTexts(properties?.['category'])[0] ?? asTexts(properties?.['categories'])[0],
    cwes: cwesOf([
      ...tags,
      ...asTexts(properties?.['cwe']),
      ...asTexts(properties?.['cwes']),
      ...relatedCwes(rule),
    ]),
    messages,
    aliases: asTexts(rule['deprecatedIds']).slice(0, 8),
    purls: asTexts(properties?.['purls']).slice(0, 8),
    vector:
      asText(properties?.['cvssv4_vector']) ??
      asText(properties?.['cvssV4']) ??
      asText(properties?.['cvssv3_vector']) ??
      asText(properties?.['cvssV3']),
  };
}

/** `security-severity` is a score from 0 to 10, written as text or number, or a word. */
export function securitySeverity(properties: JsonObject | undefined): Severity | undefined {
  const value = properties?.['security-severity'];
  const score = asNumber(value);
  if (score !== undefined) return score >= 0 && score <= 10 ? severityOfScore(score) : undefined;
  return severityOfWord(asText(value)) ?? undefined;
}

/** Weaknesses as `relationships` to, or `taxa` of, a taxonomy that is called CWE. */
export function taxonCwe(reference: JsonObject | undefined): readonly string[] {
  const id = asText(reference?.['id']);
  if (id === undefined) return [];
  if (/^\d{1,5}$/.test(id))
    return asText(at(reference, 'toolComponent', 'name'))?.toUpperCase() === 'CWE' ? [`CWE-${id}`] : [];
  return [id];
}

function relatedCwes(rule: JsonObject): readonly string[] {
  return asObjects(rule['relationships']).flatMap((relationship) =>
    taxonCwe(asObject(relationship['target'])),
  );
}

function textOf(message: JsonValue | undefined): string | undefined {
  return (asText(at(message, 'text')) ?? asText(at(message, 'markdown')))?.slice(0, LONGEST_TEXT);
}

/** The rules of a run: those of its driver, and those of each extension. */
export class RuleTable {
  readonly #driver: (Rule | undefined)[] = [];
  readonly #extensions = new Map<number, (Rule | undefined)[]>();
  readonly #byId = new Map<string, Rule>();

  /** `extension` is the index of the extension that the rule belongs to, null for the driver. */
  add(extension: number | null, rule: Rule | undefined): void {
    const rules = extension === null ? this.#driver : (this.#extensions.get(extension) ?? []);
    rules.push(rule);
    if (extension !== null) this.#extensions.set(extension, rules);
    if (rule !== undefined && !this.#byId.has(rule.id)) this.#byId.set(rule.id, rule);
  }

  /**
   * The rule of a result: by `rule` with its tool component, by `ruleIndex`, by `ruleId`, and by the part of
   * `ruleId` before its last slash (SARIF 2.1.0 §3.27.5, hierarchical ids). Undefined when the run does not describe it.
   */
  of(result: JsonObject): Rule | undefined {
    const reference = asObject(result['rule']);
    const id = asText(result['ruleId']) ?? asText(reference?.['id']);
    const index = asNumber(result['ruleIndex']) ?? asNumber(reference?.['index']);
    if (index !== undefined) {
      const component = asNumber(at(reference, 'toolComponent', 'index'));
      const byIndex = (component === undefined ? this.#driver : this.#extensions.get(component))?.[index];
      // An index that contradicts the id is wrong: tools that merge runs forget to shift it.
      if (byIndex !== undefined && (id === undefined || id === byIndex.id || id.startsWith(`${byIndex.id}/`)))
        return byIndex;
    }
    if (id === undefined) return undefined;
    const slash = id.lastIndexOf('/');
    return this.#byId.get(id) ?? (slash > 0 ? this.#byId.get(id.slice(0, slash)) : undefined);
  }
}
