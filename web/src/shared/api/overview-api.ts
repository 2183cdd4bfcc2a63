import { type Overview, overviewSchema } from '../../../../src/contract/overview.ts';
import { readAs } from './call-api.ts';

export function getOverview(weeks: number, signal: AbortSignal): Promise<Overview> {
  return readAs(overviewSchema, `/overview?${new URLSearchParams({ weeks: String(weeks) })}`, { signal });
}
