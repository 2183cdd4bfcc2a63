import { parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import type { Severity } from '#domain/severity/severity.ts';
import { isInsideAddress } from '../reading/inside-address.ts';
import { asTechniques } from '../reading/technique.ts';

/** Priorities of Suricata's classification: 1 is the worst. */
const SEVERITIES: readonly (Severity | null)[] = [null, 'high', 'medium', 'low', 'info'];

/** Classes that tell of ordinary or unwanted traffic (Suricata's classification.config). */
const NO_ATTACK: ReadonlySet<string> = new Set([
  'not suspicious traffic',
  'unknown traffic',
  'generic protocol command decode',
  'misc activity',
  'potential corporate privacy violation',
  'potentially bad traffic',
  'access to a potentially vulnerable web application',
  'a client was using an unusual port',
  'detection of a non-standard protocol or event',
  'a network port was opened',
  'device retrieving external ip address detected',
  'information leak',
  'pup',
  'possibly unwanted program detected',
]);

/** Sets of signatures that watch use and hunt for oddities: `ET INFO …`, and Suricata's own checks of protocols. */
const WATCHING =
  /^(?:(?:ET|ETPRO|GPL) (?:INFO|POLICY|GAMES|CHAT|P2P|HUNTING|DELETED|ICMP|ICMP_INFO)\b|SURICATA )/i;

/** One event of type `alert`. */
export function mapAlert(event: JsonObject, place: string): ReportItem {
  const alert = asObject(event.alert);
  const signature = asText(alert?.signature);
  const time = parseInstant(event.timestamp);
  const number = asNumber(alert?.signature_id);
  if (time === null || (signature === undefined && number === undefined)) {
    const lacks = time === null ? 'timestamp' : 'alert.signature';
    const message = `Expected an alert with "${lacks}", found none that can be read.`;
    return { kind: 'reject', at: place, code: 'missing_field', message };
  }
  const rule = number === undefined ? (signature as string) : `${asNumber(alert?.gid) ?? 1}:${number}`;
  const severity = SEVERITIES[asNumber(alert?.severity) ?? 0] ?? null;
  const why = whyNoAttack(asText(alert?.category), signature ?? '', severity);
  const host = asText(at(event, 'http', 'hostname')) ?? asText(at(event, 'tls', 'sni'));
  const signal: SignalObservation = {
    kind: 'signal',
    tool: 'suricata',
    rule,
    title: signature ?? rule,
    severity,
    firstAt: time,
    lastAt: time,
    count: 1,
    resources: [],
    names: [...addressesOf(event), ...(host === undefined ? [] : [host])],
    isOnService: asObject(event.http) !== undefined,
    watches: 'resources',
    techniques: asTechniques(asTexts(at(alert, 'metadata', 'mitre_technique_id'))),
    sourceAddress: asText(at(alert, 'source', 'ip')) ?? asText(event.src_ip),
    isAttack: why === null,
    ...(why === null ? {} : { whyNoAttack: why }),
  };
  return { kind: 'record', at: place, observations: [signal] };
}

function whyNoAttack(
  category: string | undefined,
  signature: string,
  severity: Severity | null,
): string | null {
  if (category !== undefined && NO_ATTACK.has(category.toLowerCase()))
    return `Suricata files it under "${category.slice(0, 60)}".`;
  if (WATCHING.test(signature)) return 'Its signature watches use of the network, not attacks.';
  if (severity === 'low' || severity === 'info') return 'Suricata gives it a low priority.';
  return null;
}

/**
 * Both ends, because an attack concerns the one of ours whether it comes from it or goes to it: where one end is
 * inside, that one; of two alike both.
 */
function addressesOf(event: JsonObject): readonly string[] {
  const ends = [asText(event.src_ip), asText(event.dest_ip)].filter((each) => each !== undefined);
  const inside = ends.filter(isInsideAddress);
  return inside.length > 0 ? inside : ends;
}
