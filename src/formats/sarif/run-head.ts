import { InboxError } from '#base/inbox-error.ts';
import { type Instant, parseInstant } from '#base/instant.ts';
import {
  asObject,
  asObjects,
  asText,
  asTexts,
  at,
  type JsonObject,
  type JsonValue,
  parseJson,
} from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import { toolName } from '#domain/control/tool-check.ts';
import type { ReadContext } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ImageDescription, ResourceDescription } from '#domain/resource/resource-description.ts';
import type { ScanDescription, ScopeDescription } from '#domain/scan/scan-description.ts';
import { scannedImage } from '../reading/scanned-image.ts';
import { type PathRoots, pathRoots } from '../reading/source-path.ts';
import type { ArtifactList } from './result-place.ts';
import { RuleTable, readRule } from './sarif-rule.ts';

/** All that a result needs to know about its run, gathered before the first result is read. */
export interface RunHead {
  readonly tool: string;
  readonly rules: RuleTable;
  readonly messages: ReadonlyMap<string, string>;
  readonly artifacts: ArtifactList;
  readonly roots: PathRoots;
  /** Fingerprints of the tool that stand under more than one rule: constants, not identities. */
  readonly sharedFingerprints: ReadonlySet<string>;
  /** Levels that the invocation set in place of a rule's own, by rule id. */
  readonly levels: ReadonlyMap<string, string>;
  readonly resource: ResourceDescription;
  readonly scan: ScanDescription;
}

const RULES = 0;
const EXTENSION_RULES = 1;
const ARTIFACTS = 2;
const FINGERPRINTS = 3;

/** How deep a run stands: log, list of runs, run. */
const RUN_DEPTH = 2;

const PATTERNS = [
  'runs.*.tool.driver.rules.*',
  'runs.*.tool.extensions.*.rules.*',
  'runs.*.artifacts.*',
  'runs.*.results.*.fingerprints',
];

/** Members that the first pass goes over without building them. */
const SKIP = [
  ...[
    'taxonomies',
    'translations',
    'policies',
    'graphs',
    'logicalLocations',
    'threadFlowLocations',
    'webRequests',
    'webResponses',
    'addresses',
    'specialLocations',
  ].map((key) => `runs.*.${key}`),
  ...[
    'locations',
    'relatedLocations',
    'codeFlows',
    'stacks',
    'graphs',
    'graphTraversals',
    'properties',
    'partialFingerprints',
    'suppressions',
    'fixes',
    'attachments',
    'webRequest',
    'webResponse',
  ].map((key) => `runs.*.results.*.${key}`),
  'runs.*.tool.driver.notifications',
];

/** The heads of the runs that could be read whole, and what broke the one after them. */
export interface RunHeads {
  readonly heads: readonly RunHead[];
  readonly broken: unknown;
}

/**
 * The first pass over a report: the heads of its runs in their order. JSON does not promise that rules and
 * base ids stand before the results, and only all fingerprints together show which of them are constants: so
 * the results of a run that is cut off cannot be named, and only the runs before it are kept.
 * Throws `report_broken` when the report states another version of SARIF than 2.1.
 */
export async function readRunHeads(input: ReportInput, context: ReadContext): Promise<RunHeads> {
  const heads: RunHead[] = [];
  let draft = new RunDraft();
  let version: string | undefined;
  try {
    for await (const event of sliceJson(input.open(), { patterns: PATTERNS, skip: SKIP })) {
      if (event.kind === 'element') draft.take(event.pattern, event.path, event.value);
      else if (event.kind === 'close') {
        if (event.depth === 4 && event.path.includes('.results[')) draft.takeResult(event.value);
        else if (event.depth === 4 && event.path.endsWith('.tool.driver')) draft.driver = event.value;
        else if (event.depth === RUN_DEPTH) {
          heads.push(draft.finish(event.value, context));
          draft = new RunDraft();
        } else if (event.depth === 0) version = asText(event.value['version']);
      }
    }
  } catch (broken) {
    return { heads, broken };
  }
  checkVersion(version);
  return { heads, broken: null };
}

function checkVersion(version: string | undefined): void {
  if (version === undefined || version.startsWith('2.')) return;
  throw new InboxError(
    'report_broken',
    `SARIF ${version.slice(0, 20)} was found, version 2.1.0 was expected. Let the tool write 2.1.0, or convert the file with "sarif transform".`,
  );
}

/** A run has to name its tool; one that does not is known by its format. */
const UNNAMED_TOOL = 'sarif';

class RunDraft {
  driver: JsonObject | undefined;
  readonly #rules = new RuleTable();
  readonly #artifacts: ({ readonly uri: string; readonly uriBaseId: string | undefined } | undefined)[] = [];
  /** How the first result with it names its rule. */
  readonly #ruleOfFingerprint = new Map<string, string>();
  /** Fingerprints of results that name their rules differently, with all those names. */
  readonly #differing = new Map<string, Set<string>>();
  #fingerprints: readonly string[] = [];
  /** As the first message that names one calls it. */
  #imageName: string | undefined;

  take(pattern: number, path: string, value: JsonValue): void {
    if (pattern === RULES) this.#rules.add(null, readRule(value));
    else if (pattern === EXTENSION_RULES)
      this.#rules.add(Number(/extensions\[(\d+)\]/.exec(path)?.[1]), readRule(value));
    else if (pattern === ARTIFACTS) {
      const uri = asText(at(value, 'location', 'uri'));
      this.#artifacts.push(
        uri === undefined ? undefined : { uri, uriBaseId: asText(at(value, 'location', 'uriBaseId')) },
      );
    } else if (pattern === FINGERPRINTS)
      this.#fingerprints = Object.values(asObject(value) ?? {}).filter((text) => typeof text === 'string');
  }

  takeResult(result: JsonObject): void {
    this.#imageName ??= IN_IMAGE.exec(asText(at(result, 'message', 'text'))?.slice(0, 2_000) ?? '')?.[1];
    if (this.#fingerprints.length === 0) return;
    const { ruleId = null, ruleIndex = null, rule = null } = result;
    const named = JSON.stringify({ ruleId, ruleIndex, rule });
    for (const fingerprint of this.#fingerprints) {
      const known = this.#ruleOfFingerprint.get(fingerprint);
      if (known === undefined) this.#ruleOfFingerprint.set(fingerprint, named);
      else if (known !== named) {
        const names = this.#differing.get(fingerprint) ?? new Set([known]);
        this.#differing.set(fingerprint, names.add(named));
      }
    }
    this.#fingerprints = [];
  }

  /** Those that stand under several rules: a rule may be named by its id, by its place among the rules, or by both. */
  #shared(): ReadonlySet<string> {
    const shared = new Set<string>();
    for (const [fingerprint, names] of this.#differing) {
      const ids = [...names].flatMap((name) => {
        const result = asObject(parseJson(name)) ?? {};
        return (
          asText(result['ruleId']) ?? this.#rules.of(result)?.id ?? asText(at(result, 'rule', 'id')) ?? []
        );
      });
      if (new Set(ids).size > 1) shared.add(fingerprint);
    }
    return shared;
  }

  finish(run: JsonObject, context: ReadContext): RunHead {
    const driver = this.driver;
    const tool = toolName(asText(driver?.['name']) ?? '') || UNNAMED_TOOL;
    const invocations = asObjects(run['invocations']);
    const provenance = asObjects(run['versionControlProvenance'])[0];
    const workingDirectories = invocations.flatMap((invocation) =>
      asTexts(at(invocation, 'workingDirectory', 'uri')),
    );
    const image = describeImage(tool, asObject(run['properties']), this.#imageName);
    const repository = asText(provenance?.['repositoryUri']);
    const scope: ScopeDescription =
      image === null
        ? {
            is: 'code',
            repository: withoutCredentials(repository) ?? null,
            branch: asText(provenance?.['branch']),
            category: categoryOf(run),
          }
        : { is: 'image', image };
    return {
      tool,
      rules: this.#rules,
      messages: messageStrings(driver),
      artifacts: this.#artifacts,
      roots: pathRoots(
        asObject(run['originalUriBaseIds']) ?? {},
        asText(at(provenance, 'mappedTo', 'uriBaseId')),
        workingDirectories,
        context.root,
      ),
      sharedFingerprints: this.#shared(),
      levels: overriddenLevels(invocations),
      resource: image ?? { kind: 'repository', name: scope.is === 'code' ? scope.repository : null },
      scan: {
        tool,
        toolVersion: asText(driver?.['semanticVersion']) ?? asText(driver?.['version']),
        time: latest(invocations),
        scope,
        coverage: isComplete(run, invocations) ? 'all' : 'none',
      },
    };
  }
}

/** A run that failed, or whose results lie in another file, does not tell what is gone. */
function isComplete(run: JsonObject, invocations: readonly JsonObject[]): boolean {
  return (
    invocations.every((invocation) => invocation['executionSuccessful'] !== false) &&
    at(run, 'externalPropertyFileReferences', 'results') === undefined &&
    run['results'] !== null
  );
}

function latest(invocations: readonly JsonObject[]): Instant | null {
  const times = invocations.flatMap(
    (invocation) => parseInstant(invocation['endTimeUtc']) ?? parseInstant(invocation['startTimeUtc']) ?? [],
  );
  return times.length === 0 ? null : times.reduce((a, b) => Math.max(a, b));
}

/**
 * The part of `automationDetails.id` before its last slash (SARIF 2.1.0 §3.17.3); CodeQL of before that field
 * says which language a run is about.
 */
function categoryOf(run: JsonObject): string | undefined {
  const id = asText(at(run, 'automationDetails', 'id'));
  if (id !== undefined && id.lastIndexOf('/') > 0) return id.slice(0, id.lastIndexOf('/'));
  const language = asText(at(run, 'properties', 'semmle.sourceLanguage'));
  return language === undefined ? undefined : `language:${language}`;
}

function overriddenLevels(invocations: readonly JsonObject[]): ReadonlyMap<string, string> {
  const levels = new Map<string, string>();
  for (const invocation of invocations) {
    for (const override of asObjects(invocation['ruleConfigurationOverrides'])) {
      const id = asText(at(override, 'descriptor', 'id'));
      const level = asText(at(override, 'configuration', 'level'));
      if (id !== undefined && level !== undefined) levels.set(id, level);
    }
  }
  return levels;
}

function messageStrings(driver: JsonObject | undefined): ReadonlyMap<string, string> {
  const messages = new Map<string, string>();
  for (const [key, message] of Object.entries(asObject(driver?.['globalMessageStrings']) ?? {})) {
    const text = asText(at(message, 'text'));
    if (text !== undefined) messages.set(key, text);
  }
  return messages;
}

/** What Grype writes into the message of every result. */
const IN_IMAGE = / was found in image (\S{1,500}) at: /;

/** Trivy names the image in the properties of the run, Grype in the messages of the results. */
function describeImage(
  tool: string,
  properties: JsonObject | undefined,
  inMessage: string | undefined,
): ImageDescription | null {
  if (tool === 'grype') return scannedImage({ names: [inMessage] });
  const asked = asText(properties?.['imageName']);
  if (tool !== 'trivy' || asked === undefined) return null;
  return scannedImage({
    names: [asked],
    repoTags: asTexts(properties?.['repoTags']),
    repoDigests: asTexts(properties?.['repoDigests']),
    imageId: asText(properties?.['imageID']),
  });
}

/** An address without `user:token@`, which must not be stored. */
function withoutCredentials(address: string | undefined): string | undefined {
  return address?.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^@/]*@/i, '$1');
}
