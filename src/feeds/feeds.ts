import type { IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { epss } from './epss/epss.ts';
import { exploitdb } from './exploitdb/exploitdb.ts';
import { kev } from './kev/kev.ts';
import { nvd } from './nvd/nvd.ts';

/** Every intelligence feed that can be read. */
export const FEEDS: readonly IntelligenceFeed[] = [epss, exploitdb, kev, nvd];
