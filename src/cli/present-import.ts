import { counted } from '#base/text.ts';
import type { FailedReport, ReadReport, ReportResult } from './inbox-access.ts';
import type { Paint } from './paint.ts';
import { safe } from './terminal-text.ts';

const REJECTS_SHOWN = 5;

/** What became of one file, as lines for a terminal. */
export function presentImport(result: ReportResult, paint: Paint): readonly string[] {
  return isRead(result) ? readLines(result, paint) : failedLines(result, paint);
}

/** What became of one file, with exactly the members that the design names, in its order. */
export function importJson(result: ReportResult): Readonly<Record<string, unknown>> {
  if (!isRead(result)) {
    const { file, format, error } = result;
    return { file, format, error: { code: error.code, message: error.message } };
  }
  const {
    file,
    format,
    source,
    scope,
    complete,
    records,
    findings,
    passed,
    resources,
    relations,
    signals,
    rejects,
  } = result;
  const { created, changed, unchanged, closed, held, regressed, error } = result;
  const members = {
    file,
    format,
    source,
    scope,
    complete,
    records,
    findings,
    passed,
    resources,
    relations,
    signals,
    rejects: rejects.map(({ at, code, message }) => ({ at, code, message })),
    created,
    changed,
    unchanged,
    closed,
    held,
    regressed,
  };
  return error === null ? members : { ...members, error: { code: error.code, message: error.message } };
}

function isRead(result: ReportResult): result is ReadReport {
  return 'records' in result;
}

function readLines(result: ReadReport, paint: Paint): readonly string[] {
  const {
    records,
    findings,
    passed,
    resources,
    relations,
    signals,
    rejects,
    created,
    changed,
    unchanged,
    closed,
    held,
    regressed,
  } = result;
  const scope = Object.entries(result.scope).map(([key, value]) => `${safe(key)}=${safe(value)}`);
  const origin = [
    safe(result.format),
    result.source === null ? 'no source' : `source ${safe(result.source)}`,
    ...scope,
    result.complete ? 'complete' : 'partial',
  ];
  const lines = [
    `${paint.strong(safe(result.file))}  ${origin.join(', ')}`,
    `  ${counted(records, 'record')}: ${counted(findings, 'finding')}, ${passed} passed, ${counted(resources, 'resource')}, ${counted(relations, 'relation')}, ${counted(signals, 'signal')}, ${rejects.length} rejected`,
    `  ${created} new, ${changed} changed, ${unchanged} unchanged, ${closed} closed, ${held} held, ${regressed} regressed`,
    ...result.sentences.map((sentence) => `  ${safe(sentence, 1_000)}`),
    ...rejects
      .slice(0, REJECTS_SHOWN)
      .map(({ at, message }) => `  rejected at ${safe(at)}: ${safe(message)}`),
  ];
  const more = rejects.length - REJECTS_SHOWN;
  if (more > 0) lines.push(`  and ${more} more rejected; --json has all of them.`);
  if (result.error !== null)
    lines.push(
      `  broke off, what stood before was kept: ${safe(result.error.message, 1_000)} (${safe(result.error.code)})`,
    );
  return lines;
}

function failedLines({ file, format, error }: FailedReport, paint: Paint): readonly string[] {
  return [
    `${paint.strong(safe(file))}  ${format === null ? 'not read' : `${safe(format)}, not read`}`,
    `  ${safe(error.message, 1_000)} (${safe(error.code)})`,
  ];
}
