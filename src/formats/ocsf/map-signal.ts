import { type Instant, parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { principalOfAccessKey } from '../reading/aws/access-key-principal.ts';
import { guardDutyType } from '../reading/aws/security-hub-type.ts';
import { infoOf } from './event-finding.ts';
import { productOf } from './event-product.ts';
import { detailsOf, type EventResource } from './event-resource.ts';
import { lifecycleOf, severityOf } from './event-state.ts';

/** An event that reports an attack, as the signal that it is; undefined when it states no time. */
export function mapSignal(
  event: JsonObject,
  resources: readonly EventResource[],
): SignalObservation | undefined {
  const info = infoOf(event);
  const lastAt = firstInstant(
    info['last_seen_time_dt'],
    info['last_seen_time'],
    event['time_dt'],
    event['time'],
    info['created_time_dt'],
    info['created_time'],
  );
  if (lastAt === undefined) return undefined;
  const firstAt =
    firstInstant(
      info['first_seen_time_dt'],
      info['first_seen_time'],
      info['created_time_dt'],
      info['created_time'],
    ) ?? lastAt;
  const product = productOf(event);
  const id = asText(info['uid']) ?? asText(at(event, 'metadata', 'uid'));
  const rule = ruleOf(event, info, product);
  const title = asText(info['title']) ?? asText(event['message']) ?? rule;
  const whyNot = whyNoAttack(event);
  return {
    kind: 'signal',
    externalId: product === 'guardduty' ? id?.slice(id.lastIndexOf('/') + 1) : id,
    tool: product,
    rule,
    title,
    severity: severityOf(event),
    firstAt: Math.min(firstAt, lastAt),
    lastAt,
    statedAt: firstInstant(info['modified_time_dt'], info['modified_time']),
    count: Math.max(1, Math.floor(asNumber(event['count']) ?? 1)),
    resources: [
      ...resources.map(
        (each) => principalOfAccessKey(detailsOf(each.raw), each.account, each.region) ?? each.resource,
      ),
      ...hostsOf(event),
    ],
    names: namesOf(event),
    account: asText(at(event, 'cloud', 'account', 'uid')),
    region: asText(at(event, 'cloud', 'region')),
    techniques: [...asObjects(info['attacks']), ...asObjects(event['attacks'])]
      .flatMap((attack) => asText(at(attack, 'technique', 'uid')) ?? [])
      .slice(0, 20),
    sourceAddress: asObjects(event['evidences'])
      .map((evidence) => asText(at(evidence, 'src_endpoint', 'ip')))
      .find((ip) => ip !== undefined),
    isAttack: whyNot === undefined,
    whyNoAttack: whyNot,
  };
}

function ruleOf(event: JsonObject, info: JsonObject, product: string): string {
  const type = asTexts(info['types'])[0];
  if (product === 'guardduty' && type !== undefined) return guardDutyType(type);
  return (
    asText(at(info, 'analytic', 'uid')) ??
    asText(at(info, 'analytic', 'name')) ??
    asText(at(event, 'metadata', 'event_code')) ??
    asText(info['title']) ??
    type ??
    product
  );
}

/** Verdicts of OCSF that say that nothing happened. */
const HARMLESS = new Set(['false positive', 'disregard', 'benign', 'test', 'security risk managed']);

function whyNoAttack(event: JsonObject): string | undefined {
  const verdict = asText(event['verdict']);
  if (verdict !== undefined && HARMLESS.has(verdict.toLowerCase()))
    return `Its verdict is "${verdict.slice(0, 40)}".`;
  const state = lifecycleOf(event);
  if (state.is === 'ended') return state.why;
  return state.is === 'suppressed' ? state.reason : undefined;
}

/** The machine that an event comes from: its device, or the host name that it lists among what can be searched for. */
function hostsOf(event: JsonObject): readonly ResourceDescription[] {
  const device = asObject(event['device']);
  const instanceId = asText(device?.['instance_uid']);
  const name =
    asText(device?.['hostname']) ??
    asText(device?.['name']) ??
    asObjects(event['observables']).flatMap((each) =>
      asText(each['name'])?.toLowerCase() === 'hostname' ? (asText(each['value']) ?? []) : [],
    )[0];
  return name === undefined
    ? []
    : [{ kind: 'host', name, ...(instanceId === undefined ? {} : { instanceId }) }];
}

/** Who was attacked by address or host name: what evidence names as the destination, and the device. */
function namesOf(event: JsonObject): readonly string[] {
  const ends = [
    ...asObjects(event['evidences']).map((each) => each['dst_endpoint']),
    event['dst_endpoint'],
    event['device'],
  ];
  const names = ends.flatMap((end) =>
    ['ip', 'hostname', 'instance_uid'].map((member) => asText(at(end, member))),
  );
  return [...new Set(names.filter((name) => name !== undefined))].slice(0, 20) as string[];
}

function firstInstant(...values: readonly unknown[]): Instant | undefined {
  for (const value of values) {
    const instant = parseInstant(value);
    if (instant !== null) return instant;
  }
  return undefined;
}
