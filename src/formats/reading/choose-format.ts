import { InboxError } from '#base/inbox-error.ts';
import { asArray, asObject, asText, at } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { ReportFormat, ReportHead } from '#domain/ports/report-format.ts';
import { detectFormat } from './detect-format.ts';

/**
 * The format that reads a file: the one that claims it, or the one that a person named. A name does not make a file another:
 * where one other format alone claims it, that is said (`report_broken`). Throws what `detectFormat` throws.
 */
export function chooseFormat(
  head: ReportHead,
  formats: readonly ReportFormat[],
  named: ReportFormat | null,
): ReportFormat {
  if (named === null) return detectFormat(head, formats);
  if (head.shape === 'empty' || named.claims(head)) return named;
  const [other, another] = formats.filter((format) => format !== named && format.claims(head));
  if (other === undefined || another !== undefined) return named;
  throw new InboxError(
    'report_broken',
    `This is ${titleOf(head, other)} and not ${named.title}. Say --format ${other.id}, or leave the flag away.`,
  );
}

/** A format that many tools write, with the tool that did. */
function titleOf(head: ReportHead, format: ReportFormat): string {
  const driver = asText(at(asObject(asArray(asObject(head.json)?.runs)[0]), 'tool', 'driver', 'name'));
  return format.id === 'sarif' && driver !== undefined
    ? `SARIF written by ${oneLine(driver, 60)}`
    : format.title;
}
