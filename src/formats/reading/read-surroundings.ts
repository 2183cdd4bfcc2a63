import { InboxError } from '#base/inbox-error.ts';
import type { JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';

const HEADERS_MAX = 500_000;

/** What stands around the lists of a report. */
export interface Surroundings {
  /** Members of the report itself; empty where it is a list. */
  readonly root: JsonObject;
  /** Members of the containers on the way to the lists, by their path: `results[2]`. */
  readonly headers: ReadonlyMap<string, JsonObject>;
}

/**
 * Passes over a report once for what stands around its lists, which may be anywhere before or behind them. `lists` are
 * their paths (`results.*.packages`), `skip` those of other members that nobody reads; neither is built.
 */
export async function readSurroundings(
  input: ReportInput,
  lists: readonly string[],
  skip: readonly string[] = [],
): Promise<Surroundings> {
  const headers = new Map<string, JsonObject>();
  let root: JsonObject = {};
  // Patterns that nothing matches make the slicer walk to the lists without building their entries.
  const walk = lists.map((list) => `${list.slice(0, list.lastIndexOf('.') + 1)}\0`);
  for await (const event of sliceJson(input.open(), {
    patterns: walk,
    skip: [...skip, ...lists],
    ignoresRest: true,
  })) {
    if (event.kind !== 'close') continue;
    if (event.depth === 0) root = event.value;
    else headers.set(event.path, event.value);
    if (headers.size > HEADERS_MAX)
      throw new InboxError(
        'too_large',
        `The report has more than ${HEADERS_MAX} parts. Split it and import the parts.`,
      );
  }
  return { root, headers };
}
