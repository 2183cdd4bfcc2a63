import type { IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { epss } from './epss/epss.ts';
import { exploitdb } from './exploitdb/exploitdb.ts';
import { kev } from './kev/kev.ts';
import { metasploit } from './metasploit/metasploit.ts';
import { nuclei } from './nuclei/nuclei.ts';
import { nvd } from './nvd/nvd.ts';

/** Every intelligence feed that can be read. */
export const FEEDS: readonly IntelligenceFeed[] = [epss, exploitdb, kev, metasploit, nuclei, nvd];
