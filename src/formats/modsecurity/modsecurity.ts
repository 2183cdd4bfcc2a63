import { InboxError } from '#base/inbox-error.ts';
import { asArray, asObject, asText, at } from '#base/json-value.ts';
import { textLines } from '#base/text-lines.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { readHead } from '../reading/describe-head.ts';
import { firstEntry, jsonEntries } from '../reading/json-entries.ts';
import { mapErrorLine } from './error-line.ts';
import { isTransaction, mapTransaction } from './json-transaction.ts';
import { isSectionStart, mapSections, type Section } from './serial-transaction.ts';

/** Requests that the rules of ModSecurity or Coraza met: attacks on applications, no findings. */
export const modsecurity: ReportFormat = {
  id: 'modsecurity',
  title: 'ModSecurity and Coraza (audit and error logs)',
  command: 'cp /var/log/modsec_audit.log .   # or the error log of Apache, nginx or Caddy',
  claims,
  read,
};

const ERROR_LINE = /(?:ModSecurity|Coraza): (?:Warning\.|Access denied|Access allowed|Request denied)/;
const SERIAL_START = /^--[0-9a-zA-Z-]{4,64}-A--\s*$/m;

function claims(head: ReportHead): boolean {
  const first = firstEntry(head, []);
  if (first !== undefined) {
    if (isTransaction(first)) return true;
    const text = asText(first.msg) ?? asText(first.log) ?? asText(first.message);
    return text !== undefined && ERROR_LINE.test(text) && asArray(head.json).length === 0;
  }
  return (
    asObject(at(head.json, 'runs')) === undefined &&
    (ERROR_LINE.test(head.text) || SERIAL_START.test(head.text))
  );
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield {
    kind: 'scan',
    scan: { tool: 'modsecurity', time: null, scope: { is: 'events' }, coverage: 'none' },
  };
  const head = await readHead(input);
  if (firstEntry(head, []) === undefined) {
    yield* SERIAL_START.test(head.text) ? readSerial(input) : readLines(input);
    return;
  }
  for await (const entry of jsonEntries(input, [], 'a transaction of ModSecurity or Coraza')) {
    if (entry.kind === 'reject') yield entry;
    else if (isTransaction(entry.value)) yield mapTransaction(entry.value, entry.at);
    else {
      const { msg, log, message, ts } = entry.value;
      yield mapErrorLine(asText(msg) ?? asText(log) ?? asText(message) ?? '', ts, entry.at);
    }
  }
}

const LINE_LENGTH_MAX = 1024 * 1024;

function linesOf(input: ReportInput): ReturnType<typeof textLines> {
  return textLines(
    input.open(),
    LINE_LENGTH_MAX,
    () =>
      new InboxError(
        'report_broken',
        'A line of the log is longer than 1 MB; one line per entry was expected.',
      ),
  );
}

async function* readLines(input: ReportInput): AsyncGenerator<ReportItem> {
  let number = 0;
  for await (const { text } of linesOf(input)) {
    number++;
    if (text.trim() !== '') yield mapErrorLine(text, undefined, `line ${number}`);
  }
}

/** Beyond this a transaction's sections are no longer kept: bodies may be of any size. */
const SECTION_LINES_MAX = 2_000;

async function* readSerial(input: ReportInput): AsyncGenerator<ReportItem> {
  let sections: Section[] = [];
  let number = 0;
  let startedAt = 0;
  for await (const { text } of linesOf(input)) {
    number++;
    const letter = isSectionStart(text);
    if (letter === null) {
      const lines = sections.at(-1)?.lines;
      if (lines !== undefined && lines.length < SECTION_LINES_MAX) lines.push(text);
      continue;
    }
    if (letter === 'A') {
      // A transaction without its end was cut off by the one that follows.
      if (sections.length > 0) yield mapSections(sections, `line ${startedAt}`);
      sections = [];
      startedAt = number;
    }
    if (letter === 'Z') {
      if (sections.length > 0) yield mapSections(sections, `line ${startedAt}`);
      sections = [];
    } else if (letter === 'A' || sections.length > 0) sections.push({ letter, lines: [] });
  }
  if (sections.length > 0) yield mapSections(sections, `line ${startedAt}`);
}
