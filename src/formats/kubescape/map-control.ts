import { asNumber, asObject, asObjects, asText, at, type JsonObject } from '#base/json-value.ts';
import { type FindingObservation, type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { KubernetesObjectDescription } from '#domain/resource/resource-description.ts';
import { type Severity, severityOfScore, severityOfWord } from '#domain/severity/severity.ts';
import { addressPart } from '../reading/address-part.ts';
import { iacFinding } from '../reading/code-finding.ts';
import { isIdentityKind } from '../reading/kubernetes-kinds.ts';

/** What controls are read with. */
export interface ControlContext {
  /** Files by the id of the resource; empty where a cluster was scanned. */
  readonly paths: ReadonlyMap<string, string>;
  readonly cluster: string | null;
  /** `summaryDetails.controls`. */
  readonly controls: JsonObject;
}

/** Version 3 says it of the control; in version 2 a control fails when any of its rules does. Undefined: neither. */
export function outcomeOf(control: JsonObject): 'failed' | 'passed' | undefined {
  const told = asText(at(control, 'status', 'status'));
  const words = told === undefined ? asObjects(control.rules).map((rule) => asText(rule.status)) : [told];
  if (words.includes('failed')) return 'failed';
  return words.length > 0 && words.every((word) => word === 'passed') ? 'passed' : undefined;
}

/** A control on a resource, or what it lacks. */
export function mapControl(
  control: JsonObject,
  resourceId: string | undefined,
  context: ControlContext,
): readonly FindingObservation[] | string {
  const check = asText(control.controlID);
  if (check === undefined) return 'a text in controlID was expected';
  const object = resourceId === undefined ? null : objectOf(resourceId, context.cluster);
  if (resourceId === undefined || object === null) return 'a resource in resourceID was expected';
  const summary = Object.hasOwn(context.controls, check) ? asObject(context.controls[check]) : undefined;
  const state: ObservedState =
    outcomeOf(control) === 'failed' ? OPEN : { is: 'ended', why: 'passed', passed: true };
  const { objectKind, namespace, name } = object;
  const path = context.paths.get(resourceId);
  const finding = iacFinding({
    tool: 'kubescape',
    check,
    path: path ?? '',
    line: undefined,
    severity: severityOf(control, summary),
    title: asText(control.name) ?? asText(summary?.name) ?? check,
    references: [`https://hub.armosec.io/docs/${addressPart(check.toLowerCase())}`],
    address: [objectKind, namespace, name].filter((part) => part !== '').join('/'),
    resourceKind: objectKind,
    state,
  });
  const cover = `${check}@${objectKind}/${namespace}`;
  if (context.paths.size > 0) return [{ ...finding, cover: `${cover}/${path ?? ''}` }];
  return [
    {
      ...finding,
      type: isIdentityKind(objectKind) ? 'identity_risk' : 'misconfiguration',
      resource: object,
      place: { is: 'none' },
      cover,
    },
  ];
}

/** `apps/v1/shop/Deployment/web`, of a file `path=123/api=apps/v1//Deployment/web`; the core group is empty. */
function objectOf(resourceId: string, cluster: string | null): KubernetesObjectDescription | null {
  const parts = resourceId
    .slice(0, 2_000)
    .replace(/^path=\d*\//, '')
    .replace(/^api=/, '')
    .split('/');
  if (parts.length < 5) return null;
  const [group = '', , namespace = '', objectKind = ''] = parts;
  const name = parts.slice(4).join('/');
  if (objectKind === '' || name === '') return null;
  return { kind: 'kubernetes', cluster, group, objectKind, namespace, name };
}

/** A word where it is told, else the factor of the control, from 0 to 10. */
function severityOf(control: JsonObject, summary: JsonObject | undefined): Severity | null {
  const word = severityOfWord(asText(control.severity) ?? asText(summary?.severity));
  const factor =
    asNumber(summary?.scoreFactor) ?? asNumber(control.scoreFactor) ?? asNumber(control.baseScore);
  return word ?? (factor === undefined || factor < 0 || factor > 10 ? null : severityOfScore(factor));
}
