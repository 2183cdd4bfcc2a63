import type { PathMap } from '../../../../src/contract/attack-path.ts';
import { counted, countText } from '../../shared/number-text.ts';

/** What a map has no room for, below its picture and its text; nothing where all of it is there. */
export function LeftOut({ map }: { map: Pick<PathMap, 'nodes' | 'hidden'> }) {
  if (map.hidden === 0) return null;
  return (
    <p className="left-out muted" role="status" data-testid="left-out">
      {countText(map.nodes.length)} are shown; {counted(map.hidden, 'thing')} more{' '}
      {map.hidden === 1 ? 'is' : 'are'} left out.
    </p>
  );
}
