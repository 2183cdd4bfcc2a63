import { parseInstant } from '#base/instant.ts';
import { asNumber, asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';
import { severityOfWord } from '#domain/severity/severity.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { asTechniques } from '../reading/technique.ts';

const TEXT_MAX = 300;
const NAMES_MAX = 20;

/** Reasons of Datadog for which a signal was archived though nothing was attacked. */
const NO_ATTACK: ReadonlyMap<string | undefined, string> = new Map([
  ['false_positive', 'It is archived in Datadog as a false positive.'],
  ['testing_or_maintenance', 'It is archived in Datadog as testing or maintenance.'],
  ['investigated_case_opened_false_positive', 'It is archived in Datadog as a false positive.'],
]);

/** A signal of a detection rule. */
export function mapSignal(entry: JsonObject): EntryReading {
  const attributes = asObject(entry.attributes) ?? {};
  const own = asObject(attributes.attributes) ?? {};
  const workflow = asObject(own.workflow) ?? {};
  const rule = asText(at(workflow, 'rule', 'name')) ?? asText(own.title);
  if (rule === undefined) return 'a workflow.rule with a name was expected';
  const lastAt = parseInstant(workflow.last_seen) ?? parseInstant(attributes.timestamp);
  if (lastAt === null) return 'a timestamp was expected';
  const why = NO_ATTACK.get(asText(at(workflow, 'triage', 'archiveReason')));
  const hosts = [asText(attributes.host), asText(own.hostname), ...hostsOf(own.entities)];
  const signal: SignalObservation = {
    kind: 'signal',
    externalId: asText(entry.id),
    tool: 'datadog',
    rule,
    title: (asText(own.title) ?? rule).slice(0, TEXT_MAX),
    severity: severityOfWord(asText(attributes.status)),
    firstAt: Math.min(parseInstant(workflow.first_seen) ?? lastAt, lastAt),
    lastAt,
    statedAt: parseInstant(attributes.timestamp) ?? undefined,
    count: Math.max(1, Math.floor(asNumber(workflow.events_matched) ?? 1)),
    resources: [],
    names: [...new Set(hosts.flatMap((host) => host ?? []))].slice(0, NAMES_MAX),
    watches: 'resources',
    techniques: asTechniques(
      asTexts(attributes.tags).flatMap((tag) => /^technique:(t\d{4}(?:\.\d{3})?)-/i.exec(tag)?.[1] ?? []),
    ).filter((technique, index, all) => all.indexOf(technique) === index),
    isAttack: why === undefined,
    ...(why !== undefined && { whyNoAttack: why }),
  };
  return [signal];
}

/** `host:i-0439f25d8385802b8`. */
function hostsOf(entities: unknown): readonly string[] {
  return asTexts(entities)
    .slice(0, NAMES_MAX)
    .flatMap((entity) => (entity.startsWith('host:') ? [entity.slice(5)] : []));
}
