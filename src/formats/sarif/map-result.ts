import { asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import {
  type FindingObservation,
  type ObservedState,
  OPEN,
  type Place,
} from '#domain/finding/observation.ts';
import { type Severity, severityOfWord } from '#domain/severity/severity.ts';
import { cwesOf } from '../reading/cwe-numbers.ts';
import { isAboutOther, type ResultNature, resultNature } from '../reading/result-nature.ts';
import { scannerProvider } from '../reading/scanner-provider.ts';
import { addressInBlock, addressInKey, kindInAddress } from '../reading/terraform-address.ts';
import { labelledLines } from './labelled-lines.ts';
import { readPackageResult } from './package-result.ts';
import { codePlace, NOWHERE, type ResultLocation, readLocation, shownLocations } from './result-place.ts';
import type { RunHead } from './run-head.ts';
import { type Rule, securitySeverity, taxonCwe } from './sarif-rule.ts';

const LONGEST_TEXT = 4_000;
const MOST_REFERENCES = 5;
const MOST_ARGUMENTS = 32;
const MOST_LOCATIONS = 20;

/** Check of a result that names no rule (SARIF 2.1.0 §3.27.5 allows that). */
const UNNAMED = 'unnamed';

/**
 * The finding of one result; null for a result that asks a person to look, or that passed without saying where
 * (design: identity, closing).
 */
export function mapResult(result: JsonObject, run: RunHead): FindingObservation | null {
  const rule = run.rules.of(result);
  const state = stateOf(result);
  const locations = asObjects(result['locations'])
    .slice(0, MOST_LOCATIONS)
    .map((location) => readLocation(location, run.artifacts, run.roots));
  const location = locations[0] ?? NOWHERE;
  if (state === null || (state.is === 'ended' && location === NOWHERE)) return null;

  const message = messageOf(result, rule, run);
  const check =
    asText(result['ruleId']) ??
    asText(at(result, 'rule', 'id')) ??
    rule?.id ??
    checkInMessage(message, run.tool) ??
    UNNAMED;
  const nature = resultNature(run.tool, check, rule);
  const base = {
    kind: 'finding',
    resource: run.resource,
    state,
    severity: severityOf(result, rule, check, run),
    references: references(rule),
    locations: shownLocations(locations),
    about: nature === 'license' || isAboutOther(run.tool, check, rule) ? 'other' : 'security',
    findingClass: CLASSES[nature],
  } as const;

  if (nature === 'os-package' || nature === 'library') {
    const found = readPackageResult(result, check, rule, message, location, nature);
    return {
      ...base,
      type: found.nature === 'os-package' ? 'infrastructure_vulnerability' : 'library_vulnerability',
      subject: { is: 'advisory', id: found.advisory, aliases: found.aliases },
      place: found.place,
      title: rule?.title ?? titleOf(message) ?? found.advisory,
      description: rule?.description ?? rule?.help ?? message,
      vectors:
        rule?.vector === undefined && found.word === null
          ? undefined
          : [{ provider: scannerProvider(run.tool), vector: rule?.vector ?? null, word: found.word }],
      fix: found.fixedIn,
      fixable: found.fixedIn === undefined ? undefined : true,
      locations:
        locations.length === 0
          ? [{ version: found.version }]
          : locations.map((each) => ({ path: each.path, version: found.version })),
      findingClass: CLASSES[found.nature],
    };
  }
  const cwes = [...new Set([...(rule?.cwes ?? []), ...resultCwes(result)])].sort((a, b) => a - b);
  const isSecret = nature === 'secret';
  const place = isSecret
    ? secretPlace(result, run.tool, location)
    : nature === 'iac'
      ? iacPlace(result, location, message, run)
      : codePlace(result, location, message, run.sharedFingerprints);
  const resourceKind = place.is === 'address' ? kindInAddress(place.address) : undefined;
  return {
    ...base,
    type: isSecret ? 'secret' : nature === 'iac' ? 'iac_misconfiguration' : 'code_vulnerability',
    subject: {
      is: 'check',
      tool: run.tool,
      check,
      cwes,
      ...(resourceKind !== undefined && { hints: { resourceKind } }),
    },
    place,
    // A message about a secret may quote it.
    title: rule?.title ?? (isSecret ? (rule?.name ?? check) : (titleOf(message) ?? rule?.name ?? check)),
    description: isSecret ? rule?.description : description(message, rule),
    fix: rule?.help,
  };
}

const CLASSES: Readonly<Record<ResultNature, string>> = {
  code: 'code',
  iac: 'configuration',
  secret: 'secrets',
  'os-package': 'os-packages',
  library: 'libraries',
  license: 'licenses',
};

/** Null for a result that asks a person to look. */
function stateOf(result: JsonObject): ObservedState | null {
  const kind = asText(result['kind']);
  if (kind === 'pass') return { is: 'ended', why: 'The rule passed.', passed: true };
  if (kind === 'notApplicable')
    return { is: 'ended', why: 'The rule does not apply any more.', passed: false };
  if (kind === 'review' || kind === 'open' || kind === 'informational') return null;
  if (result['baselineState'] === 'absent')
    return { is: 'ended', why: 'The result of an earlier run is absent from this one.', passed: false };
  const suppressions = asObjects(result['suppressions']);
  const isRefused = suppressions.some(
    (suppression) => suppression['status'] === 'rejected' || suppression['status'] === 'underReview',
  );
  if (suppressions.length === 0 || isRefused) return OPEN;
  const reason = suppressions
    .map((suppression) => asText(suppression['justification']))
    .find((text) => text !== undefined);
  const where = suppressions[0]?.['kind'] === 'inSource' ? 'in the source' : 'outside of the source';
  return { is: 'suppressed', reason: (reason ?? `Suppressed ${where}.`).slice(0, LONGEST_TEXT) };
}

const LEVELS: ReadonlyMap<string, Severity> = new Map([
  ['error', 'high'],
  ['warning', 'medium'],
  ['note', 'low'],
  ['none', 'info'],
]);

/** Design: identity, names; the level as SARIF 2.1.0 §3.27.10 finds it: result, invocation, rule, else warning. */
function severityOf(
  result: JsonObject,
  rule: Rule | undefined,
  check: string,
  run: RunHead,
): Severity | null {
  const stated = rule?.securitySeverity ?? securitySeverity(asObject(result['properties']));
  if (stated !== undefined) return stated;
  const level = asText(result['level']) ?? run.levels.get(check) ?? rule?.level ?? 'warning';
  return LEVELS.get(level) ?? severityOfWord(level);
}

/** Gitleaks 7 names the rule of a result in its message alone. */
function checkInMessage(message: string | undefined, tool: string): string | undefined {
  return tool === 'gitleaks' && message !== undefined && message.endsWith(' secret detected')
    ? message.slice(0, -' secret detected'.length)
    : undefined;
}

/**
 * The message with its placeholders filled; undefined when the result has none. Trivy writes severity and version
 * into it, which change without the problem: of its lines the one that is the message counts.
 */
function messageOf(result: JsonObject, rule: Rule | undefined, run: RunHead): string | undefined {
  const whole = wholeMessage(result, rule, run.messages);
  return run.tool === 'trivy' ? (labelledLines(whole).get('message') ?? whole) : whole;
}

function wholeMessage(
  result: JsonObject,
  rule: Rule | undefined,
  messages: ReadonlyMap<string, string>,
): string | undefined {
  const message = asObject(result['message']);
  const id = asText(message?.['id']);
  const template =
    asText(message?.['text']) ??
    (id === undefined ? undefined : (rule?.messages.get(id) ?? messages.get(id))) ??
    asText(message?.['markdown']);
  const argumentTexts = asTexts(message?.['arguments']).slice(0, MOST_ARGUMENTS);
  if (template === undefined)
    return argumentTexts.length === 0 ? undefined : argumentTexts.join(' ').slice(0, LONGEST_TEXT);
  const bounded = template.slice(0, LONGEST_TEXT);
  if (argumentTexts.length === 0) return bounded;
  return bounded
    .replace(/\{(\d{1,2})\}/g, (placeholder, index) => argumentTexts[Number(index)] ?? placeholder)
    .slice(0, LONGEST_TEXT);
}

/** The first line of a message, without the targets of its links. */
function titleOf(message: string | undefined): string | undefined {
  const line = message?.split('\n', 1)[0]?.slice(0, 600);
  return line?.replace(/\[([^[\]]*)\]\([^()]*\)/g, '$1');
}

function description(message: string | undefined, rule: Rule | undefined): string | undefined {
  if (rule?.description === undefined || rule.description === message) return message;
  return message === undefined
    ? rule.description
    : `${message}\n\n${rule.description}`.slice(0, LONGEST_TEXT);
}

function references(rule: Rule | undefined): readonly string[] {
  return rule?.helpUri === undefined ? [] : [rule.helpUri].slice(0, MOST_REFERENCES);
}

function resultCwes(result: JsonObject): readonly number[] {
  const properties = asObject(result['properties']);
  return cwesOf([
    ...asTexts(properties?.['cwe']),
    ...asTexts(properties?.['cwes']),
    ...asTexts(properties?.['tags']).slice(0, 64),
    ...asObjects(result['taxa']).flatMap(taxonCwe),
  ]);
}

/** IaC: the name of the resource in the file where the result tells it, else as for code (design: identity, place). */
function iacPlace(
  result: JsonObject,
  location: ResultLocation,
  message: string | undefined,
  run: RunHead,
): Place {
  if (location.logicalName !== undefined && location.logicalName !== location.path)
    return { is: 'address', path: location.path, address: location.logicalName };
  const address =
    addressInBlock(location.snippet) ?? (run.tool === 'kics' ? addressInKey(message) : undefined);
  if (address !== undefined && location.path !== '') return { is: 'address', path: location.path, address };
  return codePlace(result, location, message, run.sharedFingerprints);
}

/** Gitleaks 7 writes the value as `offender`, Gitleaks 8 as the snippet; no other tool tells it apart from its line. */
function secretPlace(result: JsonObject, tool: string, location: ResultLocation): Place {
  const value =
    tool === 'gitleaks' ? (asText(at(result, 'properties', 'offender')) ?? location.snippet) : undefined;
  return { is: 'secret', path: location.path, value, line: location.line };
}
