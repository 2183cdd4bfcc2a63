import { type Instant, parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asObjects, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { ReportItem } from '#domain/ports/report-format.ts';
import { auditTime } from './audit-time.ts';
import { requestSignal } from './request-signal.ts';
import { levelOf, type RuleMatch, readMessage, worstMatch } from './rule-match.ts';

/** True for an entry of an audit log in JSON, of ModSecurity 2 or 3 or of Coraza. */
export function isTransaction(entry: JsonObject): boolean {
  const transaction = asObject(entry.transaction);
  return (
    transaction !== undefined &&
    (asText(transaction.unique_id) !== undefined ||
      asText(transaction.transaction_id) !== undefined ||
      asText(transaction.id) !== undefined ||
      Array.isArray(transaction.messages)) &&
    (entry.messages !== undefined ||
      entry.audit_data !== undefined ||
      transaction.messages !== undefined ||
      transaction.producer !== undefined ||
      transaction.is_interrupted !== undefined)
  );
}

/** One transaction: the worst of the rules that it met; none says nothing. */
export function mapTransaction(entry: JsonObject, place: string): ReportItem {
  const transaction = asObject(entry.transaction) ?? {};
  const time = timeOf(transaction);
  if (time === null) {
    const message = 'Expected a transaction with its time, found none that can be read.';
    return { kind: 'reject', at: place, code: 'missing_field', message };
  }
  const isDenied =
    transaction.is_interrupted === true || at(entry, 'audit_data', 'action', 'intercepted') === true;
  const match = worstMatch([
    ...asObjects(transaction.messages).flatMap((each) =>
      matchOf(each, asObject(each.details) ?? {}, isDenied),
    ),
    ...asObjects(entry.messages).flatMap((each) => matchOf(each, asObject(each.data) ?? {}, isDenied)),
    ...asTexts(at(entry, 'audit_data', 'messages')).flatMap((text) => {
      const match = readMessage(text)?.match;
      return match === undefined ? [] : [{ ...match, isDenied: isDenied || match.isDenied }];
    }),
  ]);
  if (match === null) return { kind: 'record', at: place, observations: [] };
  const headers =
    asObject(at(transaction, 'request', 'headers')) ?? asObject(at(entry, 'request', 'headers')) ?? {};
  const hosts = Object.entries(headers).flatMap(([name, value]) =>
    name.toLowerCase() === 'host' ? asTexts(value) : [],
  );
  const server = asText(transaction.host_ip) ?? asText(transaction.local_address);
  const client = asText(transaction.client_ip) ?? asText(transaction.remote_address);
  return {
    kind: 'record',
    at: place,
    observations: [requestSignal(match, time, [...hosts, server], client)],
  };
}

/** ModSecurity 3 has `details`, Coraza `data` with the message inside. */
function matchOf(outer: JsonObject, details: JsonObject, isDenied: boolean): readonly RuleMatch[] {
  const id = asText(details.ruleId) ?? asNumber(details.id)?.toString();
  if (id === undefined || id === '0') return [];
  return [
    {
      id,
      message: asText(details.msg) ?? asText(outer.message) ?? `Rule ${id}`,
      level: levelOf(asText(details.severity) ?? asNumber(details.severity)),
      tags: asTexts(details.tags).slice(0, 40),
      isDenied,
    },
  ];
}

function timeOf(transaction: JsonObject): Instant | null {
  return (
    parseInstant(transaction.unix_timestamp) ??
    auditTime(
      asText(transaction.time_stamp) ?? asText(transaction.time) ?? asText(transaction.timestamp) ?? '',
    )
  );
}
