import { base32Hex, boundedKey, digestOfParts, keyedDigest, uuidText } from '#base/digest.ts';
import { smallest } from '#base/extremes.ts';
import type { Control } from '../control/control-catalogue.ts';
import { nameCheck, type ObservedCheck } from '../control/name-check.ts';
import { toolCheck } from '../control/tool-check.ts';
import type { ResourceDescription } from '../resource/resource-description.ts';
import { identifyResource, type Naming, type ResourceIdentity } from '../resource/resource-key.ts';
import { advisoryName } from './advisory-name.ts';
import type { FindingType } from './finding-type.ts';
import type { FindingObservation } from './observation.ts';
import { placeText } from './place-text.ts';
import { secretValue } from './secret-value.ts';

/** Version of the identity scheme. It is in every fingerprint; changing it moves everybody's data. */
const SCHEME = '1';

/** Kinds of resources are short; what is longer tells nothing apart. */
const KIND_MAX = 200;

/** What the identity of a finding is made of, each part under its one spelling. */
export interface IdentityParts {
  readonly type: FindingType;
  readonly advisory: string | null;
  /** Id of the canonical control that the check maps to. */
  readonly control: string | null;
  /** `tool:check` in its one spelling; null for advisories. */
  readonly toolCheck: string | null;
  readonly resource: ResourceIdentity;
  readonly place: string;
  /** Keyed hash of a secret's value; null where no value is known. */
  readonly secretHash: string | null;
  /** Lowest CWE of the rule, of code only: `CWE-79`. */
  readonly cwe: string | null;
  /** 1, except for findings of code that are equal in everything else. */
  readonly ordinal: number;
}

/** A finding's identity: what it is about, where, and the issue that it belongs to. */
export interface FindingIdentity extends IdentityParts {
  /** UUID text of the first 16 bytes of the hash. */
  readonly fingerprint: string;
  readonly issueKey: string;
  /** Hash of the issue key: the same on every machine and in every import order (secrets apart). */
  readonly issueId: string;
}

export interface IdentityContext {
  readonly naming: Naming;
  /** Made once per installation; hashes the values of secrets. */
  readonly secretKey: Uint8Array;
}

/**
 * The identity of an observed finding: a pure function of type, advisory or control or check, resource
 * and place (design: identity). `ordinal` tells apart findings of code that are equal in all of these
 * within one report: 1 for the first in order of line.
 */
export function identifyFinding(
  observation: FindingObservation,
  context: IdentityContext,
  ordinal = 1,
): FindingIdentity {
  const subject = nameSubject(observation);
  const secret = observation.place.is === 'secret' ? secretValue(observation.place.value) : null;
  return identityOf({
    ...subject,
    resource: rememberedResource(observation.resource, context.naming),
    place: placeText(observation.place),
    secretHash: secret === null ? null : keyedDigest(context.secretKey, secret).slice(0, 32),
    cwe: subject.type === 'code_vulnerability' ? lowestCwe(observation) : null,
    ordinal,
  });
}

/** The identity that these parts make. */
export function identityOf(parts: IdentityParts): FindingIdentity {
  const { type, resource, place, secretHash, ordinal } = parts;
  const issueKey = issueKeyOf(parts);
  return {
    ...parts,
    fingerprint: uuidText(
      digestOfParts([
        SCHEME,
        type,
        secretHash === null ? subjectText(parts) : '',
        resource.key,
        secretHash === null ? place : `${place}#${secretHash}`,
        ...(ordinal === 1 ? [] : [String(ordinal)]),
      ]),
    ),
    issueKey,
    get issueId() {
      return issueId(issueKey);
    },
  };
}

/** The public id of the issue that such a finding is in, without what it takes to tell the finding from others. */
export function issueIdOf(parts: IdentityParts): string {
  return issueId(issueKeyOf(parts));
}

/** Formats describe one image or repository for thousands of findings: its key is made once. */
const REMEMBERED = new WeakMap<Naming, WeakMap<ResourceDescription, ResourceIdentity>>();

function rememberedResource(description: ResourceDescription, naming: Naming): ResourceIdentity {
  let known = REMEMBERED.get(naming);
  if (known === undefined) {
    known = new WeakMap();
    REMEMBERED.set(naming, known);
  }
  let identity = known.get(description);
  if (identity === undefined) {
    identity = identifyResource(description, naming);
    known.set(description, identity);
  }
  return identity;
}

/** The public id of an issue, made from its key. */
export function issueId(issueKey: string): string {
  return base32Hex(Buffer.from(digestOfParts([SCHEME, issueKey]).slice(0, 20), 'hex'));
}

/** All issues that findings of a control can be in: of what runs, and of what files say (design: identity, issue keys). */
export function issuesOfControl({ id, type }: Pick<Control, 'id' | 'type'>): readonly string[] {
  return [type, 'iac_misconfiguration'].map((each) => issueId(join(each, id)));
}

type NamedSubject = Pick<IdentityParts, 'type' | 'advisory' | 'control' | 'toolCheck'>;

function nameSubject(observation: FindingObservation): NamedSubject {
  const { subject, type } = observation;
  if (subject.is === 'advisory')
    return { type, advisory: boundedKey(advisoryName(subject)), control: null, toolCheck: null };
  return {
    ...nameCheck({ ...subject.hints, check: toolCheck(subject.tool, subject.check), type }),
    advisory: null,
  };
}

/** The check of a record, with what is needed to name it again; null of an advisory. */
export function observedCheck({ subject, type }: FindingObservation): ObservedCheck | null {
  if (subject.is === 'advisory') return null;
  const { port, resourceKind } = subject.hints ?? {};
  return {
    check: toolCheck(subject.tool, subject.check),
    type,
    ...(port === undefined ? {} : { port }),
    ...(resourceKind === undefined ? {} : { resourceKind: resourceKind.slice(0, KIND_MAX) }),
  };
}

function subjectText({ advisory, control, toolCheck: check }: IdentityParts): string {
  if (advisory !== null) return `advisory:${advisory}`;
  return control === null ? `check:${check}` : `control:${control}`;
}

/** Design: identity, issue keys. */
function issueKeyOf(parts: IdentityParts): string {
  const { type, resource, place, secretHash, cwe, advisory, control, toolCheck: check } = parts;
  switch (type) {
    case 'code_vulnerability':
      return join(type, resource.key, cwe ?? check ?? subjectText(parts));
    case 'attack_path':
      return join(type, check ?? subjectText(parts), resource.key, place);
    case 'api_finding':
      return join(type, resource.key, check ?? subjectText(parts));
    case 'secret':
      return secretHash === null
        ? join(type, resource.key, place, check ?? subjectText(parts))
        : join(type, secretHash);
    default:
      return join(type, advisory ?? control ?? check ?? subjectText(parts));
  }
}

function join(...parts: readonly string[]): string {
  return parts.join('|');
}

function lowestCwe(observation: FindingObservation): string | null {
  if (observation.subject.is !== 'check') return null;
  const lowest = smallest((observation.subject.cwes ?? []).filter((cwe) => Number.isInteger(cwe) && cwe > 0));
  return lowest === null ? null : `CWE-${lowest}`;
}

/**
 * The parts of an identity that a stored finding has no column for, as one text; null for most findings,
 * which have none of them. `partsOfMark` reads it.
 */
export function markOf({ secretHash, cwe, ordinal }: IdentityParts): string | null {
  if (secretHash === null && cwe === null && ordinal === 1) return null;
  return `${secretHash ?? ''}|${cwe ?? ''}|${ordinal}`;
}

export function partsOfMark(mark: string | null): Pick<IdentityParts, 'secretHash' | 'cwe' | 'ordinal'> {
  const [secretHash = '', cwe = '', ordinal = '1'] = (mark ?? '').split('|');
  return { secretHash: secretHash || null, cwe: cwe || null, ordinal: mark === null ? 1 : Number(ordinal) };
}
