import type { ReportFormat } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { FORMATS } from './formats.ts';
import { mappedFormat } from './generic/mapped-format.ts';
import { parseMapping } from './generic/parse-mapping.ts';
import { chooseFormat } from './reading/choose-format.ts';
import { readHead } from './reading/describe-head.ts';

/**
 * The format that reads a file: as a person's mapping says, else the one that they named, else the one that claims it. Throws
 * `usage` for a mapping with a mistake, and what `chooseFormat` throws.
 */
export async function recogniseFormat(
  input: ReportInput,
  named: ReportFormat | null,
  mapping: string | null,
): Promise<ReportFormat> {
  if (mapping !== null) return mappedFormat(parseMapping(mapping));
  return chooseFormat(await readHead(input), FORMATS, named);
}
