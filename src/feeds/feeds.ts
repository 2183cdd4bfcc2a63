import type { IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { emerging } from './emerging/emerging.ts';
import { epss } from './epss/epss.ts';
import { exploitdb } from './exploitdb/exploitdb.ts';
import { ghsa } from './ghsa/ghsa.ts';
import { kev } from './kev/kev.ts';
import { metasploit } from './metasploit/metasploit.ts';
import { nuclei } from './nuclei/nuclei.ts';
import { nvd } from './nvd/nvd.ts';
import { osv } from './osv/osv.ts';

/** Every intelligence feed that can be read. */
export const FEEDS: readonly IntelligenceFeed[] = [
  emerging,
  epss,
  exploitdb,
  ghsa,
  kev,
  metasploit,
  nuclei,
  nvd,
  osv,
];
