import { InboxError } from '#base/inbox-error.ts';
import type { KeptMapping } from '#domain/ports/mapping-store.ts';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { FORMATS } from './formats.ts';
import { looksMapped, mappedFormat } from './generic/mapped-format.ts';
import { parseMapping } from './generic/parse-mapping.ts';
import type { ReportMapping } from './generic/report-mapping.ts';
import { chooseFormat } from './reading/choose-format.ts';
import { readHead } from './reading/describe-head.ts';

/**
 * The format that reads a file: as a person's mapping says, else the one that they named, else the one that claims it, else the
 * kept mapping whose `when` it fulfils. Throws `usage` for a mapping with a mistake, `format_ambiguous` where two kept ones fit,
 * and what `chooseFormat` throws.
 */
export async function recogniseFormat(
  input: ReportInput,
  named: ReportFormat | null,
  mapping: string | null,
  kept: readonly KeptMapping[],
): Promise<ReportFormat> {
  if (mapping !== null) return mappedFormat(parseMapping(mapping));
  const head = await readHead(input);
  try {
    return chooseFormat(head, FORMATS, named);
  } catch (error) {
    if (!(error instanceof InboxError) || error.code !== 'format_unknown') throw error;
    const fitting = kept.filter((each) => looksMapped(parsed(each), head));
    const [first, second] = fitting;
    if (first === undefined) throw error;
    if (second === undefined) return mappedFormat(parsed(first));
    const names = fitting.map(({ name }) => name);
    throw new InboxError(
      'format_ambiguous',
      `The file fits the mappings ${names.join(' and ')}. Say which with --mapping, or let "when" of one of them name more.`,
      { details: { mappings: names } },
    );
  }
}

const mappings = new WeakMap<KeptMapping, ReportMapping>();

/** Many files of one import are asked about the same ones. */
function parsed(kept: KeptMapping): ReportMapping {
  const known = mappings.get(kept) ?? parseMapping(kept.text);
  mappings.set(kept, known);
  return known;
}

/** What a mapping is for. Throws `usage` with the line and the column of what is wrong. */
export function checkMapping(text: string): {
  readonly tool: string;
  readonly when: readonly string[] | null;
} {
  const { tool, when } = parseMapping(text);
  return { tool, when };
}
