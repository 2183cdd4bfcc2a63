import {
  type FindingObservation,
  type ObservedState,
  OPEN,
  type Place,
} from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Severity } from '#domain/severity/severity.ts';
import { isAboutOther, type RuleTraits } from './result-nature.ts';

const TEXT_MAX = 4_000;
const REFERENCES_MAX = 5;
const UNNAMED_REPOSITORY: ResourceDescription = { kind: 'repository', name: null };

/** What a check found in a file of a repository, as tools of static analysis tell it. */
export interface CodeResult {
  readonly tool: string;
  readonly check: string;
  /** Relative to the root of the repository where one is known. */
  readonly path: string;
  readonly line: number | undefined;
  readonly severity: Severity | null;
  readonly title: string | undefined;
  readonly description?: string | undefined;
  readonly fix?: string | undefined;
  readonly references?: readonly string[] | undefined;
  readonly state?: ObservedState | undefined;
  /** The repository; undefined where the report names none. */
  readonly resource?: ResourceDescription | undefined;
  /** Where it can be looked at. */
  readonly url?: string | undefined;
  readonly inPublicRepository?: true | undefined;
}

/** A weakness of the code itself; its rule is known by the same names as in SARIF, so that both reports meet. */
export function codeFinding(
  result: CodeResult & {
    readonly cwes: readonly number[];
    readonly toolFingerprint?: string | undefined;
    readonly flaggedText?: string | undefined;
    readonly message: string | undefined;
    readonly traits?: Partial<RuleTraits> | undefined;
  },
): FindingObservation {
  const { tool, check, path, line, cwes, toolFingerprint, flaggedText, message } = result;
  const flagged = flaggedText?.trim();
  return {
    ...shared(result),
    type: 'code_vulnerability',
    subject: { is: 'check', tool, check, cwes },
    place: {
      is: 'code',
      path,
      toolFingerprint: toolFingerprint?.slice(0, TEXT_MAX),
      flaggedText: flagged === '' ? undefined : flagged?.slice(0, TEXT_MAX),
      message: message?.slice(0, TEXT_MAX),
      line,
    },
    about: isAboutOther(tool, check, { tags: [], cwes, ...result.traits }) ? 'other' : 'security',
    findingClass: 'code',
  };
}

/** A setting that a file asks for: at the resource that it names in the file, else as code (design: identity, place). */
export function iacFinding(
  result: CodeResult & {
    /** Of the resource in the file: `aws_s3_bucket.logs`; undefined where the report names none. */
    readonly address: string | undefined;
    readonly resourceKind?: string | undefined;
    readonly message?: string | undefined;
    readonly toolFingerprint?: string | undefined;
    /** `other` for a rule that is not about security. */
    readonly about?: 'security' | 'other' | undefined;
  },
): FindingObservation {
  const { tool, check, path, line, address, message, resourceKind, toolFingerprint } = result;
  const place: Place =
    address === undefined
      ? { is: 'code', path, toolFingerprint, message: message?.slice(0, TEXT_MAX), line }
      : { is: 'address', path, address: address.slice(0, TEXT_MAX) };
  return {
    ...shared(result),
    type: 'iac_misconfiguration',
    subject: {
      is: 'check',
      tool,
      check,
      ...(resourceKind !== undefined && { hints: { resourceKind } }),
    },
    place,
    about: result.about,
    findingClass: 'configuration',
  };
}

/** A secret in a file. Its value is hashed by the domain and forgotten; no text of the finding may repeat it. */
export function secretFinding(
  result: CodeResult & {
    /** Undefined where the report shows none. */
    readonly value: string | undefined;
    readonly secretState: 'active' | 'inactive' | 'unknown';
    readonly opens?: readonly string[];
    readonly isLeaked?: boolean;
  },
): FindingObservation {
  const { tool, check, path, line, value, secretState, opens, isLeaked } = result;
  return {
    ...shared(result),
    type: 'secret',
    subject: { is: 'check', tool, check },
    place: { is: 'secret', path, value, line },
    secretState,
    ...(opens === undefined || opens.length === 0 ? {} : { opens }),
    ...(isLeaked === true ? { isLeaked } : {}),
    findingClass: 'secrets',
  };
}

function shared(result: CodeResult) {
  const { path, line, url, inPublicRepository } = result;
  return {
    kind: 'finding',
    resource: result.resource ?? UNNAMED_REPOSITORY,
    state: result.state ?? OPEN,
    title: result.title ?? result.check,
    severity: result.severity,
    description: result.description,
    fix: result.fix,
    references: result.references?.slice(0, REFERENCES_MAX),
    ...(inPublicRepository === true ? { inPublicRepository } : {}),
    locations: path === '' && url === undefined ? [] : [{ path: path === '' ? undefined : path, line, url }],
  } as const;
}
