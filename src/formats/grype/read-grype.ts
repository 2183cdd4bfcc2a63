import { asObject, asObjects, asText, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { FindingObservation, ObservedState } from '#domain/finding/observation.ts';
import type { ReadContext, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { RememberedEntries } from '../reading/remembered-entries.ts';
import { describeScan } from './grype-scan.ts';
import { mapMatch } from './map-match.ts';

const MATCHES = 0;
/** Grype writes what stands around them behind them. */
const LISTS = ['matches', 'ignoredMatches'];

/** Reads a report of Grype, match by match. */
export async function* readGrype(input: ReportInput, { memory }: ReadContext): AsyncGenerator<ReportItem> {
  const { description, ...scan } = describeScan((await readSurroundings(input, LISTS)).root);
  yield { kind: 'scan', scan: description };
  const shared = JSON.stringify(scan);
  if (scan.builtFrom !== null) yield { kind: 'beside', observations: [scan.builtFrom] };
  const remembered = new RememberedEntries(memory, ({ pattern }) => (pattern === MATCHES ? shared : null));
  for await (const event of sliceJson(input.open(), {
    patterns: ['matches.*', 'ignoredMatches.*'],
    recall: remembered.recall,
  })) {
    if (event.kind === 'close') continue;
    if (event.pattern !== MATCHES) {
      const ignored = event.kind === 'element' ? asObject(event.value) : undefined;
      const state = ignored === undefined ? null : stateOfIgnored(ignored);
      const findings = ignored === undefined || state === null ? '' : mapMatch(ignored, scan);
      if (typeof findings !== 'string' && state !== null)
        yield {
          kind: 'beside',
          observations: findings.map((finding): FindingObservation => ({ ...finding, state })),
        };
      continue;
    }
    if (event.kind === 'bad') {
      yield { kind: 'reject', at: event.path, code: 'too_large', message: `A match is ${event.message}.` };
      continue;
    }
    const match = asObject(event.value);
    const findings = match === undefined ? 'an object was expected' : mapMatch(match, scan);
    if (typeof findings === 'string') {
      const code = match === undefined ? 'wrong_type' : 'missing_field';
      yield { kind: 'reject', at: event.path, code, message: `As a match ${findings}.` };
    } else yield { kind: 'record', at: event.path, observations: findings, key: remembered.key };
  }
  // Grype takes stock of every package; that nothing of a class was found is an answer.
  yield {
    kind: 'beside',
    observations: [
      { kind: 'coverage', findingClass: 'os-packages' },
      { kind: 'coverage', findingClass: 'libraries' },
    ],
  };
}

/**
 * What a match that Grype left out is: ruled out by a VEX document, or ignored by a person's rule or
 * filter. Null for Grype's own rule about the headers of the kernel, which are no kernel.
 */
function stateOfIgnored(ignored: JsonObject): ObservedState | null {
  const rules = asObjects(ignored['appliedIgnoreRules']);
  if (rules.length > 0 && rules.every((rule) => rule['match-type'] === 'exact-indirect-match')) return null;
  const vex = rules
    .map((rule) => asText(rule['vex-status']))
    .find((status) => status === 'not_affected' || status === 'fixed');
  if (vex !== undefined) return { is: 'ended', why: vex.replace('_', ' '), passed: false };
  const reason = rules.map((rule) => asText(rule['reason'])).find((text) => text !== undefined);
  return { is: 'suppressed', reason: reason ?? 'ignored in Grype' };
}
