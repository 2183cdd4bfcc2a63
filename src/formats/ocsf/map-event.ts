import { asObjects, asTexts, type JsonObject } from '#base/json-value.ts';
import type { Observation } from '#domain/finding/observation.ts';
import { isAttackType } from '../reading/aws/security-hub-type.ts';
import { infoOf } from './event-finding.ts';
import { productOf } from './event-product.ts';
import { resourcesOf } from './event-resource.ts';
import { verdictOf } from './event-state.ts';
import { checkOf, mapCheck } from './map-check.ts';
import { dataOf } from './map-data.ts';
import { mapSignal } from './map-signal.ts';
import { mapVulnerabilities } from './map-vulnerabilities.ts';

export type MappedEvent = { readonly observations: readonly Observation[] } | { readonly missing: string };

const SECURITY_FINDING = 2001;
const VULNERABILITY_FINDING = 2002;
const DETECTION_FINDING = 2004;

/** Products whose events of the old class 2001 report attacks. */
const DETECTORS = new Set(['falco', 'guardduty', 'crowdstrike', 'crowdstrike-falcon', 'microsoft-defender']);

const NOTHING: MappedEvent = { observations: [] };

/**
 * What one event says. Its fields decide before its class does: Prowler files the results of checks as detection
 * findings, and as vulnerability findings in some versions. Classes that report activity and no finding say nothing.
 */
export function mapEvent(event: JsonObject): MappedEvent {
  const classUid = event['class_uid'];
  if (typeof classUid !== 'number') return { missing: 'class_uid' };
  if (Math.floor(classUid / 1000) !== 2) return NOTHING;
  const resources = resourcesOf(event);

  const vulnerabilities = asObjects(event['vulnerabilities']);
  if (vulnerabilities.length > 0)
    return resources.length === 0
      ? { missing: 'resources' }
      : { observations: mapVulnerabilities(event, vulnerabilities, resources) };

  const data = dataOf(event, resources);
  const check = checkOf(event);
  const verdict = verdictOf(event);
  if (check !== undefined && verdict !== undefined)
    return resources.length === 0
      ? { missing: 'resources' }
      : { observations: [...mapCheck(event, check, verdict, resources), ...data] };

  if (isDetection(event)) {
    const signal = mapSignal(event, resources);
    return signal === undefined ? { missing: 'time' } : { observations: [signal] };
  }
  if (data.length > 0) return { observations: data };
  return classUid === VULNERABILITY_FINDING ? { missing: 'vulnerabilities' } : NOTHING;
}

/** True for an event that reports an attack, as far as its class and product tell. */
export function isDetection(event: JsonObject): boolean {
  if (event['class_uid'] === DETECTION_FINDING) return true;
  return (
    event['class_uid'] === SECURITY_FINDING &&
    (DETECTORS.has(productOf(event)) || asTexts(infoOf(event)['types']).some(isAttackType))
  );
}
