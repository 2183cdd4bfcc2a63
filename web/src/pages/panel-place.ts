import type { ListLine } from '../features/list/list-lines.ts';
import type { PanelPlace } from '../features/panel/panel-place.ts';
import { countText } from '../shared/number-text.ts';

/**
 * Where the open issue, by the key of its line or its id, stands among the lines, and the issue right below it. The head of a group
 * parts two lists, so nothing is below an issue across it.
 */
export function panelPlace(lines: readonly ListLine[], opened: string | null, total: number): PanelPlace {
  const at = lines.findIndex(
    (line) => line.kind === 'issue' && (line.key === opened || line.issue.id === opened),
  );
  const line = lines[at];
  if (line?.kind !== 'issue' || line.rank === null) return { text: null, below: null };
  const next = lines[at + 1];
  return {
    text: `${countText(line.rank)} of ${countText(total)}`,
    below: next?.kind === 'issue' && next.rank !== null ? { issue: next.issue, rank: next.rank } : null,
  };
}
