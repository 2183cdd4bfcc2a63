import type { Instant } from '#base/instant.ts';
import type { VectorClaim } from '../finding/observation.ts';

/** What the intelligence feeds know about one advisory; every fact with the date of its feed. */
export interface AdvisoryFacts {
  readonly id: string;
  readonly claims: readonly VectorClaim[];
  readonly publishedAt: Instant | null;
  readonly knownExploited: {
    readonly addedAt: Instant | null;
    readonly ransomware: boolean;
    /** By when agencies of the United States have to fix it; null or absent: it is not told. */
    readonly dueAt?: Instant | null;
  } | null;
  readonly exploitDb: readonly string[];
  /** Those of them that are modules of an attack framework, ready to use. */
  readonly exploitModules: readonly string[];
  /** Modules of Metasploit that take the target over. */
  readonly attackModules: readonly string[];
  /** Modules of Metasploit that do one thing to it. */
  readonly auxiliaryModules: readonly string[];
  /** Templates of Nuclei that show it. */
  readonly nucleiTemplates: readonly string[];
  readonly nvdExploitReferences: readonly string[];
  readonly isInNvd: boolean;
  /** NVD withdrew the name: its record says nothing of the flaw any more. */
  readonly isRejected: boolean;
  readonly epss: { readonly score: number; readonly percentile: number; readonly at: Instant } | null;
  /** Our own list of emerging advisories names it, until this instant. */
  readonly emergingUntil: Instant | null;
}

/** When each feed was read last, and as of when its content is; null where it never was. */
export interface FeedDates {
  readonly kev: Instant | null;
  readonly epss: Instant | null;
  readonly exploitdb: Instant | null;
  readonly metasploit: Instant | null;
  readonly nuclei: Instant | null;
  readonly nvd: Instant | null;
}

export function unknownAdvisory(id: string): AdvisoryFacts {
  return {
    id,
    claims: [],
    publishedAt: null,
    knownExploited: null,
    exploitDb: [],
    exploitModules: [],
    attackModules: [],
    auxiliaryModules: [],
    nucleiTemplates: [],
    nvdExploitReferences: [],
    isInNvd: false,
    isRejected: false,
    epss: null,
    emergingUntil: null,
  };
}

/** Whether no feed that severity and risks look at knows anything of it. */
export function saysNothing(advisory: AdvisoryFacts): boolean {
  return (
    !advisory.isInNvd &&
    advisory.publishedAt === null &&
    advisory.knownExploited === null &&
    advisory.epss === null &&
    advisory.claims.length === 0 &&
    advisory.exploitDb.length === 0 &&
    advisory.exploitModules.length === 0 &&
    advisory.attackModules.length === 0 &&
    advisory.auxiliaryModules.length === 0 &&
    advisory.nucleiTemplates.length === 0 &&
    advisory.nvdExploitReferences.length === 0
  );
}
