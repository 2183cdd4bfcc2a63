import { asArray, asObject, asText, at, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReadContext, ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstCharacter } from '../reading/first-character.ts';
import { mapEvent } from './map-event.ts';

/** Alerts of Falco's rules: attacks that were seen, no findings. */
export const falco: ReportFormat = {
  id: 'falco',
  title: 'Falco events',
  command: 'falco -o json_output=true -o file_output.enabled=true -o file_output.filename=events.json',
  claims,
  read,
};

function claims(head: ReportHead): boolean {
  const first = asArray(head.json)[0] ?? asArray(at(head.json, 'results'))[0] ?? head.json;
  const event = asObject(first) === undefined ? undefined : unwrapped(asObject(first) as JsonObject);
  return (
    event !== undefined &&
    asText(event.rule) !== undefined &&
    asText(event.priority) !== undefined &&
    asText(event.output) !== undefined &&
    (event.time !== undefined || asObject(event.output_fields) !== undefined)
  );
}

/** Falcosidekick sends events as CloudEvents too, and its web interface exports pages of `results`. */
function unwrapped(value: JsonObject): JsonObject {
  return asText(value.specversion) === undefined ? value : (asObject(value.data) ?? value);
}

async function* read(input: ReportInput, context: ReadContext): AsyncGenerator<ReportItem> {
  yield { kind: 'scan', scan: { tool: 'falco', time: null, scope: { is: 'events' }, coverage: 'none' } };
  // Where nothing happened, nothing is written.
  const first = await firstCharacter(input);
  if (first === '') return;
  if (first === '[') {
    for await (const event of sliceJson(input.open(), { patterns: ['*'] })) {
      if (event.kind === 'element') yield mapEntry(asObject(event.value), event.path, context);
      else if (event.kind === 'bad') yield unreadable(event.path, event.message);
    }
    return;
  }
  let document = 0;
  let isPage = false;
  for await (const event of sliceJson(input.open(), { patterns: ['results.*'], documents: true })) {
    if (event.kind === 'element' || event.kind === 'bad') {
      isPage = true;
      yield event.kind === 'bad'
        ? unreadable(event.path, event.message)
        : mapEntry(asObject(event.value), event.path, context);
    } else if (event.depth === 0) {
      // Of an export of the interface the rest is statistics.
      if (!isPage && event.value.statistics === undefined)
        yield mapEntry(event.value, `[${document}]`, context);
      isPage = false;
      document++;
    }
  }
}

function mapEntry(value: JsonObject | undefined, at: string, context: ReadContext): ReportItem {
  if (value === undefined)
    return {
      kind: 'reject',
      at,
      code: 'wrong_type',
      message: 'Expected a Falco event, found another kind of JSON value.',
    };
  const signal = mapEvent(unwrapped(value), context.cluster);
  if ('lacks' in signal)
    return {
      kind: 'reject',
      at,
      code: 'missing_field',
      message: `Expected a Falco event with "${signal.lacks}", found none that can be read.`,
    };
  return { kind: 'record', at, observations: [signal] };
}

function unreadable(at: string, message: string): ReportItem {
  return {
    kind: 'reject',
    at,
    code: 'not_json',
    message: `Expected a Falco event, found a value that is ${message}.`,
  };
}
