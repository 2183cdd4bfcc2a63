import { type Instant, parseInstant } from '#base/instant.ts';
import {
  asArray,
  asBoolean,
  asNumber,
  asObject,
  asObjects,
  asText,
  asTexts,
  at,
  type JsonObject,
} from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import { toolName } from '#domain/control/tool-check.ts';
import { type ObservedState, OPEN } from '#domain/finding/observation.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { EntryReading } from '../reading/read-entries.ts';
import { mapFinding } from '../reading/written-finding.ts';

const NOTES_MAX = 20;
const NOTE_MAX = 1_000;
const NAME_MAX = 500;

/** A note that somebody wrote beside a finding. */
interface Note {
  readonly by: string;
  readonly at: Instant | undefined;
  readonly text: string;
}

/** A finding that DefectDojo keeps, with its dates, its decision and its notes. */
export function mapKept(entry: JsonObject): EntryReading {
  const notes = notesOf(entry);
  const tool = toolOf(entry);
  const reading = mapFinding(
    {
      title: asText(entry.title),
      severity: asText(entry.severity),
      description: asText(entry.description),
      mitigation: asText(entry.mitigation),
      references: asText(entry.references),
      cves: advisoriesOf(entry),
      cwe: asNumber(entry.cwe),
      vectors: [asText(entry.cvssv4), asText(entry.cvssv3)].flatMap((vector) => vector ?? []),
      path: asText(entry.file_path) ?? asText(entry.sast_source_file_path),
      line: asNumber(entry.line) ?? asNumber(entry.sast_source_line),
      component: asText(entry.component_name),
      purl: undefined,
      version: asText(entry.component_version),
      address: asText(entry.url),
      parameter: asText(entry.param),
      check: asText(entry.vuln_id_from_tool),
      fixVersion: asText(entry.fix_version),
      isFixable: asBoolean(entry.fix_available),
      isKnownExploited: entry.known_exploited === true,
      isActive: asBoolean(entry.active),
      isFalsePositive: entry.false_p === true,
      isAccepted: false,
      isMitigated: false,
      isDuplicate: entry.duplicate === true,
      resource: productOf(entry),
      state: stateOf(entry, notes),
    },
    tool,
  );
  if (typeof reading === 'string') return reading;
  const firstSeenAt = parseInstant(entry.date) ?? parseInstant(entry.created) ?? undefined;
  const dueAt = parseInstant(entry.planned_remediation_date) ?? undefined;
  return reading.map((each) =>
    each.kind === 'finding' ? { ...each, firstSeenAt, dueAt, ...(notes.length > 0 && { notes }) } : each,
  );
}

function advisoriesOf(entry: JsonObject): readonly string[] {
  const listed = asArray(entry.vulnerability_ids).flatMap(
    (each) => asText(each) ?? asText(asObject(each)?.vulnerability_id) ?? [],
  );
  return [...asTexts(entry.cve), ...listed];
}

/** `Trivy Scan`, `Semgrep JSON Report` are `trivy` and `semgrep`, so that its own reports meet what came from here. */
function toolOf(entry: JsonObject): string {
  const type = asText(at(entry, 'related_fields', 'test', 'test_type', 'name')) ?? '';
  const name = type.slice(0, 100).replace(/(?:\s+(?:scan|json|xml|report|detailed|operator))+$/i, '');
  return toolName(name) || 'defectdojo';
}

/** What it is on: the product; where its engagement names a repository, code of it is that one's by `--scope repository=`. */
function productOf(entry: JsonObject): ResourceDescription {
  const name = asText(at(entry, 'related_fields', 'test', 'engagement', 'product', 'name'));
  return { kind: 'artifact', name: name?.slice(0, NAME_MAX) ?? null };
}

function notesOf(entry: JsonObject): readonly Note[] {
  return asObjects(entry.notes)
    .slice(0, NOTES_MAX)
    .flatMap((note) => {
      const text = asText(note.entry);
      if (text === undefined || text.trim() === '' || note.private === true) return [];
      const by = asText(at(note, 'author', 'username')) ?? asText(note.author) ?? 'somebody';
      return [
        { by: oneLine(by, 100), at: parseInstant(note.date) ?? undefined, text: text.slice(0, NOTE_MAX) },
      ];
    });
}

/** What people decided: an accepted risk with its end, a false positive, out of scope; each with the note that says why. */
function stateOf(entry: JsonObject, notes: readonly Note[]): ObservedState {
  const mitigatedAt = asText(entry.mitigated);
  if (entry.is_mitigated === true || mitigatedAt !== undefined)
    return { is: 'ended', why: 'mitigated in DefectDojo', passed: false };
  if (entry.risk_accepted === true) return accepted(asObjects(entry.accepted_risks).at(-1) ?? {});
  const last = notes.at(-1);
  const what =
    entry.false_p === true ? 'false positive' : entry.out_of_scope === true ? 'out of scope' : null;
  if (what !== null)
    return {
      is: 'suppressed',
      reason: last === undefined ? `${what} in DefectDojo` : `${what} in DefectDojo: ${last.text}`,
      because: entry.false_p === true ? 'false_positive' : undefined,
      by: last?.by,
      at: parseInstant(entry.last_status_update) ?? last?.at,
    };
  return entry.active === false ? { is: 'ended', why: 'not active in DefectDojo', passed: false } : OPEN;
}

function accepted(risk: JsonObject): ObservedState {
  const details = asText(risk.decision_details) ?? asText(risk.recommendation_details) ?? asText(risk.name);
  return {
    is: 'suppressed',
    because: 'risk_accepted',
    reason: details === undefined ? 'risk accepted in DefectDojo' : `risk accepted in DefectDojo: ${details}`,
    by: asText(risk.accepted_by),
    at: parseInstant(risk.created) ?? undefined,
    until: parseInstant(risk.expiration_date) ?? undefined,
  };
}
