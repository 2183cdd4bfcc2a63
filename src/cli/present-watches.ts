import { instantText } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { Watch } from '#domain/ports/watch-store.ts';
import { type Column, presentTable } from './table.ts';
import { safe } from './terminal-text.ts';

const COLUMNS: readonly Column<Watch>[] = [
  { title: 'Id', text: ({ id }) => safe(id) },
  { title: 'Place', text: ({ location }) => safe(oneLine(location, 80)) },
  { title: 'Every', text: ({ everyMinutes }) => `${everyMinutes} min` },
  {
    title: 'Last look',
    text: ({ last }) => (last === null ? 'none yet' : instantText(last.at).slice(0, 16)),
  },
  { title: 'State', text: ({ last }) => last?.state ?? '' },
  { title: 'What', text: ({ last }) => safe(oneLine(last?.sentence ?? '', 300)) },
];

/** What is watched, as lines for a terminal. */
export function presentWatches(watches: readonly Watch[], width: number | null): readonly string[] {
  return watches.length === 0 ? ['Nothing is watched.'] : presentTable(COLUMNS, watches, width);
}
