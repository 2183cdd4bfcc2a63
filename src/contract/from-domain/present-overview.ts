import { instantText } from '#base/instant.ts';
import type { Overview as CountedOverview } from '#domain/ports/overview-store.ts';
import type { Overview } from '../overview.ts';

export function presentOverview({ load, funnel, weeks, countedAt }: CountedOverview): Overview {
  return {
    load: load.map((each) => ({ ...each })),
    funnel: { ...funnel },
    weeks: weeks.map(({ end, open, ...rest }) => ({ ...rest, end: instantText(end), open: { ...open } })),
    countedAt: instantText(countedAt),
  };
}
