import { base32Hex, boundedKey, digestOfParts, keyedDigest, uuidText } from '#base/digest.ts';
import { smallest } from '#base/extremes.ts';
import type { Control } from '../control/control-catalogue.ts';
import { controlForCheck } from '../control/control-for-check.ts';
import { toolCheck } from '../control/tool-check.ts';
import type { ResourceDescription } from '../resource/resource-description.ts';
import { identifyResource, type Naming, type ResourceIdentity } from '../resource/resource-key.ts';
import { advisoryName } from './advisory-name.ts';
import { type FindingType, isAboutControls } from './finding-type.ts';
import type { FindingObservation } from './observation.ts';
import { placeText } from './place-text.ts';
import { secretValue } from './secret-value.ts';

/** Version of the identity scheme. It is in every fingerprint; changing it moves everybody's data. */
const SCHEME = '1';

/** A finding's identity: what it is about, where, and the issue that it belongs to. */
export interface FindingIdentity {
  /** UUID text of the first 16 bytes of the hash. */
  readonly fingerprint: string;
  readonly type: FindingType;
  readonly advisory: string | null;
  /** Id of the canonical control that the check maps to. */
  readonly control: string | null;
  /** `tool:check` in its one spelling; null for advisories. */
  readonly toolCheck: string | null;
  readonly resource: ResourceIdentity;
  readonly place: string;
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
  const resource = rememberedResource(observation.resource, context.naming);
  const subject = nameSubject(observation);
  const secret = observation.place.is === 'secret' ? secretValue(observation.place.value) : null;
  const hash = secret === null ? null : keyedDigest(context.secretKey, secret).slice(0, 32);
  const place = placeText(observation.place);
  const parts = [
    SCHEME,
    subject.type,
    hash === null ? subject.text : '',
    resource.key,
    hash === null ? place : `${place}#${hash}`,
    ...(ordinal === 1 ? [] : [String(ordinal)]),
  ];
  const issueKey = issueKeyOf(subject, observation, resource, place, hash);
  return {
    fingerprint: uuidText(digestOfParts(parts)),
    type: subject.type,
    advisory: subject.advisory,
    control: subject.control,
    toolCheck: subject.toolCheck,
    resource,
    place,
    issueKey,
    get issueId() {
      return issueId(issueKey);
    },
  };
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
  return base32Hex(digestOfParts([SCHEME, issueKey]).subarray(0, 10));
}

/** All issues that findings of a control can be in: of what runs, and of what files say (design: identity, issue keys). */
export function issuesOfControl({ id, type }: Pick<Control, 'id' | 'type'>): readonly string[] {
  return [type, 'iac_misconfiguration'].map((each) => issueId(join(each, id)));
}

interface NamedSubject {
  readonly type: FindingType;
  readonly advisory: string | null;
  readonly control: string | null;
  readonly toolCheck: string | null;
  readonly text: string;
}

function nameSubject(observation: FindingObservation): NamedSubject {
  const { subject, type } = observation;
  if (subject.is === 'advisory') {
    const advisory = boundedKey(advisoryName(subject));
    return { type, advisory, control: null, toolCheck: null, text: `advisory:${advisory}` };
  }
  const check = toolCheck(subject.tool, subject.check);
  const control = isAboutControls(type) ? controlForCheck(subject.tool, subject.check, subject.hints) : null;
  if (control === null)
    return { type, advisory: null, control: null, toolCheck: check, text: `check:${check}` };
  // What runs gets the control's own type; what a file says stays a statement about the file.
  const ownType = type === 'iac_misconfiguration' ? type : control.type;
  return {
    type: ownType,
    advisory: null,
    control: control.id,
    toolCheck: check,
    text: `control:${control.id}`,
  };
}

/** Design: identity, issue keys. */
function issueKeyOf(
  subject: NamedSubject,
  observation: FindingObservation,
  resource: ResourceIdentity,
  place: string,
  secretHash: string | null,
): string {
  switch (subject.type) {
    case 'code_vulnerability':
      return join(subject.type, resource.key, lowestCwe(observation) ?? subject.toolCheck ?? subject.text);
    case 'api_finding':
      return join(subject.type, resource.key, subject.toolCheck ?? subject.text);
    case 'secret':
      return secretHash === null
        ? join(subject.type, resource.key, place, subject.toolCheck ?? subject.text)
        : join(subject.type, secretHash);
    default:
      return join(subject.type, subject.advisory ?? subject.control ?? subject.toolCheck ?? subject.text);
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
