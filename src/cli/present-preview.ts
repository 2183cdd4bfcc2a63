import type { PreviewedFinding, ReportPreview } from '#app/preview-reports.ts';
import { counted, oneLine } from '#base/text.ts';
import type { Paint } from './paint.ts';
import { type Column, presentTable } from './table.ts';
import { safe } from './terminal-text.ts';

const COLUMNS: readonly Column<PreviewedFinding>[] = [
  { title: 'At', text: ({ at }) => safe(oneLine(at, 30)) },
  { title: 'Severity', text: ({ severity }) => severity ?? 'unrated' },
  { title: 'Type', text: ({ type }) => type },
  { title: 'What', text: ({ subject }) => safe(oneLine(subject, 40)) },
  { title: 'Resource', text: ({ resource }) => safe(oneLine(resource, 40)) },
  { title: 'Place', text: ({ place }) => safe(oneLine(place, 40)) },
  { title: 'State', text: ({ state }) => state },
  { title: 'Title', text: ({ title }) => safe(oneLine(title, 80)) },
];

/** What a file would give, as lines for a terminal. */
export function presentPreview(
  preview: ReportPreview,
  width: number | null,
  paint: Paint,
): readonly string[] {
  const { file, title, records, findings, resources, signals, rejected, first, rejects, error } = preview;
  const counts = [
    counted(records, 'entry', 'entries'),
    counted(findings, 'finding'),
    ...(resources === 0 ? [] : [counted(resources, 'resource')]),
    ...(signals === 0 ? [] : [counted(signals, 'signal')]),
    ...(rejected === 0 ? [] : [`${rejected} that could not be read`]),
  ];
  return [
    title === null ? safe(file) : `${safe(file)}: ${safe(title)}, ${counts.join(', ')}. Nothing was stored.`,
    ...(first.length === 0 ? [] : presentTable(COLUMNS, first, width)),
    ...(findings > first.length ? [`and ${findings - first.length} more`] : []),
    ...rejects.map(({ at, message }) => `${safe(at)}: ${safe(message)}`),
    ...(error === null ? [] : [paint.strong(`${error.code}: ${safe(error.message)}`)]),
  ];
}
