import { parseInstant } from '#base/instant.ts';
import { asText, at, type JsonObject } from '#base/json-value.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import { partitionOfRegion } from '#domain/resource/aws-region.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { accountNumber, parseArn } from '../reading/aws/aws-names.ts';
import type { ApiCall } from './api-call.ts';
import { creatorsOf } from './creators.ts';
import type { SequenceWatch } from './sequences.ts';
import { TECHNIQUES } from './techniques.ts';

/** One event; one that no technique knows is counted, and tells at most who made a resource. `watch` keeps what only several calls give away. */
export function mapCall(event: JsonObject, place: string, watch?: SequenceWatch): ReportItem {
  const name = asText(event.eventName);
  const source = asText(event.eventSource);
  const time = parseInstant(event.eventTime);
  if (name === undefined || source === undefined || time === null) {
    const lacks = name === undefined ? 'eventName' : source === undefined ? 'eventSource' : 'eventTime';
    const message = `Expected an event of CloudTrail with "${lacks}", found none that can be read.`;
    return { kind: 'reject', at: place, code: 'missing_field', message };
  }
  const account =
    accountNumber(event.recipientAccountId) ?? accountNumber(at(event, 'userIdentity', 'accountId'));
  const region = asText(event.awsRegion);
  const call: ApiCall = {
    event,
    // Lambda adds the date of its API to the name of the call.
    name: name.replace(/\d{8}(?:v\d)?$/, ''),
    service: source.replace(/\.amazonaws\.com$/, ''),
    account,
    region,
    partition: partitionOfRegion(region),
    parameters: event.requestParameters ?? null,
  };
  if (isByService(event)) return { kind: 'record', at: place, observations: [] };
  const actor = actorOf(event, account);
  if (actor !== undefined)
    watch?.add({ call, at: time, actor, actorName: asText(at(event.userIdentity, 'arn')) ?? 'root' });
  const technique = TECHNIQUES.find(
    (each) => each.service === call.service && each.calls.includes(call.name) && each.when(call),
  );
  if (technique === undefined) return { kind: 'record', at: place, observations: creatorsOf(call, time) };
  const signal: SignalObservation = {
    kind: 'signal',
    tool: 'cloudtrail',
    rule: technique.id,
    title: asText(event.errorCode) === undefined ? technique.title : `${technique.title} (refused)`,
    severity: technique.severity,
    firstAt: time,
    lastAt: time,
    count: 1,
    resources: [...(technique.targets?.(call) ?? []), ...(actor === undefined ? [] : [actor])],
    names: technique.names?.(call) ?? [],
    watches: 'resources',
    account,
    region,
    techniques: [technique.attack],
    sourceAddress: asText(event.sourceIPAddress),
    isAttack: true,
  };
  return { kind: 'record', at: place, observations: [signal] };
}

/** What AWS does on behalf of somebody, a stack being made for example, is ordinary. */
function isByService(event: JsonObject): boolean {
  const identity = event.userIdentity;
  return (
    asText(at(identity, 'type')) === 'AWSService' ||
    (asText(at(identity, 'invokedBy')) ?? '').endsWith('.amazonaws.com') ||
    (asText(event.sourceIPAddress) ?? '').endsWith('.amazonaws.com')
  );
}

/** Whose credentials made the call: they are in an attacker's hands. */
function actorOf(event: JsonObject, account: string | undefined): ResourceDescription | undefined {
  const identity = event.userIdentity;
  const arn = asText(at(identity, 'sessionContext', 'sessionIssuer', 'arn')) ?? asText(at(identity, 'arn'));
  const where = account === undefined ? {} : { account };
  if (asText(at(identity, 'type')) === 'Root')
    return account === undefined ? undefined : { kind: 'account', provider: 'aws', account };
  const parsed = parseArn(arn);
  if (parsed?.service === 'iam' && /^(?:user|role)\//.test(parsed.resource))
    return {
      kind: 'cloud',
      provider: 'aws',
      id: arn as string,
      type: parsed.resource.startsWith('user/') ? 'iam-user' : 'iam-role',
      ...where,
    };
  const role = /^assumed-role\/([^/]+)\//.exec(parsed?.resource ?? '')?.[1];
  if (parsed === null || role === undefined) return undefined;
  return {
    kind: 'cloud',
    provider: 'aws',
    id: `arn:${parsed.partition}:iam::${parsed.account}:role/${role}`,
    type: 'iam-role',
    name: role,
    ...where,
  };
}
