import { counted } from '#base/text.ts';
import type { Source } from '#contract/source.ts';
import type { Paint } from './paint.ts';
import { safe } from './terminal-text.ts';

const SCOPES_SHOWN = 10;
/** A command that is cut would name other files than those of the scan. */
const REMEDY_MAX = 1_000_000;

/** Where reports come from, as lines for a terminal. */
export function presentSources(sources: readonly Source[], paint: Paint): readonly string[] {
  if (sources.length === 0) return ['No report was read yet. Read one with: security-inbox import PATH'];
  return sources.flatMap((source) => sourceLines(source, paint));
}

function sourceLines(
  {
    id,
    name,
    format,
    derived,
    retired,
    openFindings,
    scopes,
    lastScan,
    lastReportAt,
    rhythm,
    overdue,
    notLookedAt,
    held,
  }: Source,
  paint: Paint,
): readonly string[] {
  const lines = [
    `${paint.strong(safe(name))}  id ${safe(id)}${format === null ? '' : `, ${safe(format)}`}${derived ? ', worked out from the others' : ''}, ${counted(openFindings, 'open finding')}${retired ? ', retired' : ''}`,
  ];
  if (lastScan !== null) {
    const { at, complete, file, records, findings, rejects } = lastScan;
    lines.push(
      `  last scan  ${at === null ? 'of unknown time' : at.slice(0, 10)}, ${complete ? 'complete' : 'partial'}: ${safe(file, 120)}`,
      `             ${counted(records, 'record')}, ${counted(findings, 'finding')}, ${rejects} rejected`,
    );
  }
  if (lastReportAt !== null && !retired)
    lines.push(
      overdue
        ? `  ${paint.strong('overdue')}    silent since ${lastReportAt.slice(0, 10)}; a report is expected within ${rhythmText(rhythm)}`
        : `  rhythm     a report is expected within ${rhythmText(rhythm)}`,
    );
  for (const scope of scopes.slice(0, SCOPES_SHOWN)) lines.push(`  scope      ${scopeText(scope)}`);
  if (scopes.length > SCOPES_SHOWN)
    lines.push(`  and ${scopes.length - SCOPES_SHOWN} more scopes; --json has all of them.`);
  for (const { scope, open, since } of notLookedAt)
    lines.push(
      `  unseen     ${counted(open, 'open finding')} in ${scopeText(scope)} not looked at since ${since.slice(0, 10)}`,
    );
  for (const { scope, count, open, sentence, at, remedy } of held) {
    lines.push(
      `  held       ${counted(count, 'closing')} of ${open} open in ${scopeText(scope)} since ${at.slice(0, 10)}: ${safe(sentence)}`,
      `             ${paint.strong(safe(remedy, REMEDY_MAX))}`,
    );
  }
  return lines;
}

function scopeText(scope: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(scope).map(([key, value]) => `${safe(key)}=${safe(value)}`);
  return pairs.length === 0 ? 'everything' : pairs.join(' ');
}

function rhythmText({ days, from }: Source['rhythm']): string {
  const how = from === 'set' ? 'as set' : from === 'learned' ? 'learned from its reports' : 'by default';
  return `${counted(days, 'day')} (${how})`;
}
