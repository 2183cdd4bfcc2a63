import { asNumber, asObject, asText, type JsonObject } from '#base/json-value.ts';
import {
  type FindingObservation,
  type ObservedState,
  OPEN,
  type Place,
} from '#domain/finding/observation.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import { isIdentityKind } from '../reading/kubernetes-kinds.ts';
import { kindInAddress } from '../reading/terraform-address.ts';
import { referencesOf } from './map-vulnerability.ts';
import type { ResultContext } from './result-context.ts';

const STATES: ReadonlyMap<string | undefined, ObservedState> = new Map([
  ['FAIL', OPEN],
  ['PASS', { is: 'ended', why: 'passed', passed: true }],
  ['EXCEPTION', { is: 'suppressed', reason: 'excepted in Trivy' }],
]);

/** A check of a result; a sentence where it lacks what it needs to be a finding. */
export function mapMisconfiguration(
  misconfiguration: JsonObject,
  result: ResultContext,
): FindingObservation | string {
  const check = asText(misconfiguration['ID']) ?? asText(misconfiguration['AVDID']);
  if (check === undefined) return 'a text in ID was expected';
  const status = asText(misconfiguration['Status']);
  const state = STATES.get(status);
  if (state === undefined)
    return `FAIL, PASS or EXCEPTION was expected in Status, found ${status === undefined ? 'none' : JSON.stringify(status.slice(0, 40))}`;
  const { kubernetes } = result;
  const cause = asObject(misconfiguration['CauseMetadata']);
  const message = asText(misconfiguration['Message']);
  const description = [message, asText(misconfiguration['Description'])]
    .filter((text) => text !== undefined)
    .join('\n\n');
  return {
    kind: 'finding',
    type:
      kubernetes === null
        ? 'iac_misconfiguration'
        : isIdentityKind(kubernetes.objectKind)
          ? 'identity_risk'
          : 'misconfiguration',
    subject: {
      is: 'check',
      tool: 'trivy',
      check,
      ...hintsOf(kubernetes?.objectKind ?? kindInAddress(asText(cause?.['Resource']))),
    },
    resource: kubernetes ?? result.resource,
    place: kubernetes === null ? placeInFile(cause, message, result) : { is: 'none' },
    state,
    title: asText(misconfiguration['Title']) ?? message ?? check,
    severity: severityOfWord(asText(misconfiguration['Severity'])),
    description: description,
    fix: asText(misconfiguration['Resolution']),
    references: referencesOf(misconfiguration),
    locations: [
      { path: kubernetes === null ? result.target : undefined, line: asNumber(cause?.['StartLine']) },
    ],
    cover: result.cover,
    findingClass: 'configuration',
  };
}

function hintsOf(resourceKind: string | undefined): { readonly hints?: { readonly resourceKind: string } } {
  return resourceKind === undefined ? {} : { hints: { resourceKind } };
}

/**
 * The resource that Trivy names in the file, else its message. The lines that it shows are the whole
 * block around the cause, cut at ten; they change with every tag in it, so they are no place.
 */
function placeInFile(
  cause: JsonObject | undefined,
  message: string | undefined,
  result: ResultContext,
): Place {
  const path =
    result.resource.kind === 'image' && result.resource.reference === result.target
      ? IMAGE_CONFIGURATION
      : result.target;
  const address = asText(cause?.['Resource']);
  if (address !== undefined) return { is: 'address', path, address };
  return { is: 'code', path, message, line: asNumber(cause?.['StartLine']) };
}

/** Stands for the path where the configuration of an image itself was checked: its name has a tag. */
const IMAGE_CONFIGURATION = 'image configuration';
