import { InboxError } from '#base/inbox-error.ts';
import { asObject } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import type { ReportFormat, ReportHead } from '#domain/ports/report-format.ts';
import { isTooDeepJson, JSON_DEPTH_MAX } from './close-json.ts';
import { columnsAtFirst } from './csv-table.ts';
import { knownStranger } from './known-strangers.ts';

/**
 * The one format that says a report is its own. Throws `report_empty` for a report without content, `format_unknown` when
 * none claims it, with what it looks like, `report_too_deep` where that is JSON too deep to be read, and `format_ambiguous` when several do: the right one is then a person's
 * choice, never a guess.
 */
export function detectFormat(head: ReportHead, formats: readonly ReportFormat[]): ReportFormat {
  if (head.shape === 'empty') {
    throw new InboxError(
      'report_empty',
      'The file is empty; a report was expected. Did the tool that writes it fail? Where it prints nothing because it found nothing, say --format NAME.',
    );
  }
  const claiming = formats.filter((format) => format.claims(head));
  const [first, second] = claiming;
  if (first === undefined) throw unknownFormat(head);
  if (second === undefined) return first;
  const ids = claiming.map((format) => format.id);
  throw new InboxError(
    'format_ambiguous',
    `The report looks like ${ids.join(' and ')}. Say which with --format.`,
    {
      details: { formats: ids },
    },
  );
}

const LISTS =
  'The command "formats" lists what can be read; --format NAME reads it as that, and --mapping FILE as a few lines of YAML say (docs/reference/mapping.md).';
const NAMES_MAX = 8;

function unknownFormat(head: ReportHead): InboxError {
  const name = head.name.replace(/^.*[/\\!]/, '');
  const stranger = knownStranger(head);
  if (stranger !== null)
    return new InboxError('format_unknown', `${name} is ${stranger.title}. ${stranger.advice}`);
  if (/^\s*[[{]/.test(head.text) && isTooDeepJson(head.text))
    return new InboxError(
      'report_too_deep',
      `${name} looks like JSON, with lists and objects in each other deeper than the ${JSON_DEPTH_MAX} levels that are read. No scanner writes that: look where it comes from.`,
    );
  return new InboxError('format_unknown', `No known format claims ${name}${lookOf(head)}. ${LISTS}`);
}

/** The names that stand in a file first, by which a person sees what was dropped in. */
function lookOf(head: ReportHead): string {
  if (head.root !== null) return `, an XML file whose root is ${quoted(head.root.name)}`;
  const object = asObject(Array.isArray(head.json) ? head.json[0] : head.json);
  if (object !== undefined) return `, JSON with ${listed(Object.keys(object))}`;
  const columns = columnsAtFirst(head);
  return columns === null ? '' : `, a table with the columns ${listed(columns)}`;
}

function listed(names: readonly string[]): string {
  const more = names.length > NAMES_MAX ? ' and others' : '';
  return `${names.slice(0, NAMES_MAX).map(quoted).join(', ')}${more}`;
}

function quoted(name: string): string {
  return `"${oneLine(name, 40)}"`;
}
