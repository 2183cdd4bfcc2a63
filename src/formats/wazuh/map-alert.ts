import { parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Severity } from '#domain/severity/severity.ts';
import { accountNumber } from '../reading/aws/aws-names.ts';
import { asTechniques } from '../reading/technique.ts';

/** Groups of rules that tell of an attack already at a middle level. */
const ATTACKS =
  /^(?:attacks?|web_attack|sql_injection|xss|exploit_attempt|authentication_failures|win_authentication_failures|recon|web_scan|malware|rootkit|virustotal|yara|ransomware|lateral_movement|privilege_escalation|shellshock|webshell|active_response_attack|ids)$/;
/** Groups of rules that look at settings, packages and files at rest, or at Wazuh itself. */
const NO_ATTACKS =
  /^(?:vulnerability-detector|sca|oscap|ciscat|rootcheck|syscollector|policy_monitoring|ossec|wazuh|agent_flooding|pm|time_changed|dpkg|yum|config_changed)$/;

const ATTACK_LEVEL = 12;
const SUSPECTED_LEVEL = 6;
/** The manager itself: what it reads of clouds and services is about those. */
const MANAGER = '000';

/** One alert of the manager. */
export function mapAlert(alert: JsonObject, place: string): ReportItem {
  const rule = asObject(alert.rule);
  const id = asText(rule?.id) ?? asNumber(rule?.id)?.toString();
  const time = parseInstant(alert.timestamp) ?? parseInstant(alert['@timestamp']);
  if (id === undefined || time === null) {
    const message = `Expected an alert of Wazuh with "${id === undefined ? 'rule.id' : 'timestamp'}", found none that can be read.`;
    return { kind: 'reject', at: place, code: 'missing_field', message };
  }
  const level = asNumber(rule?.level) ?? null;
  const why = whyNoAttack(level, asTexts(rule?.groups), at(rule, 'mitre', 'id') !== undefined);
  const data = asObject(alert.data);
  const aws = asObject(data?.aws);
  const signal: SignalObservation = {
    kind: 'signal',
    tool: 'wazuh',
    rule: id,
    title: asText(rule?.description) ?? `Rule ${id}`,
    severity: severityOfLevel(level),
    firstAt: time,
    lastAt: time,
    count: 1,
    resources: hostOf(alert),
    names: namesOf(alert, data),
    isOnService: asTexts(rule?.groups).includes('web'),
    watches: 'resources',
    account: accountNumber(asText(aws?.recipientAccountId) ?? asText(aws?.aws_account_id)),
    techniques: asTechniques(asTexts(at(rule, 'mitre', 'id'))),
    sourceAddress: asText(data?.srcip) ?? asText(data?.src_ip) ?? asText(aws?.sourceIPAddress),
    isAttack: why === null,
    ...(why === null ? {} : { whyNoAttack: why }),
  };
  return { kind: 'record', at: place, observations: [signal] };
}

/** Wazuh's classification of rules: 12 is of high importance, 15 a severe attack. */
function severityOfLevel(level: number | null): Severity | null {
  if (level === null || level < 0) return null;
  if (level >= 15) return 'critical';
  if (level >= 12) return 'high';
  if (level >= 7) return 'medium';
  return level >= 4 ? 'low' : 'info';
}

function whyNoAttack(level: number | null, groups: readonly string[], hasTechnique: boolean): string | null {
  if (groups.some((group) => NO_ATTACKS.test(group)) && !groups.some((group) => ATTACKS.test(group)))
    return 'The rule watches settings, packages or Wazuh itself.';
  if (level === null) return 'It has no level.';
  if (level >= ATTACK_LEVEL) return null;
  if (level < SUSPECTED_LEVEL) return `Level ${level} is below those of attacks.`;
  if (groups.some((group) => ATTACKS.test(group)) || (hasTechnique && level >= 10)) return null;
  return `Level ${level} and its groups name no attack.`;
}

function hostOf({ agent }: JsonObject): readonly ResourceDescription[] {
  const name = asText(at(agent, 'name'));
  const id = asText(at(agent, 'id'));
  return name === undefined || id === MANAGER ? [] : [{ kind: 'host', name }];
}

function namesOf({ agent }: JsonObject, data: JsonObject | undefined): readonly string[] {
  const own = asText(at(agent, 'id')) === MANAGER ? [] : [asText(at(agent, 'name')), asText(at(agent, 'ip'))];
  const seen = [
    asText(data?.dstip),
    asText(data?.dest_ip),
    asText(at(data, 'http', 'hostname')),
    asText(at(data, 'aws', 'instanceId')),
  ];
  return [...own, ...seen].filter((name) => name !== undefined && name !== 'any') as string[];
}
