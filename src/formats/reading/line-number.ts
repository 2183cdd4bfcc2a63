const LARGEST_LINE = 2 ** 31 - 1;

/** A line as tools write it: a number, a text of one, or a range (`79-81`), of which the first counts; else undefined. */
export function lineNumber(value: unknown): number | undefined {
  const line = typeof value === 'string' ? Number(/^\d{1,10}(?=$|-)/.exec(value)?.[0]) : value;
  return typeof line === 'number' && Number.isInteger(line) && line > 0 && line <= LARGEST_LINE
    ? line
    : undefined;
}
