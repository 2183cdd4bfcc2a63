import type { Instant } from '#base/instant.ts';
import type { AffectedPackage } from '../package/affected-package.ts';
import type { RejectCode } from './report-format.ts';

export type FeedId =
  | 'emerging'
  | 'kev'
  | 'epss'
  | 'exploitdb'
  | 'ghsa'
  | 'metasploit'
  | 'nuclei'
  | 'nvd'
  | 'osv';

/** A public source of intelligence about advisories: one folder in `src/feeds`, one line in its list. */
export interface IntelligenceFeed {
  readonly id: FeedId;
  readonly title: string;
  /** Where the current file is published; null where nobody does: somebody brings it. */
  readonly defaultUrl: string | null;
  /** Its file states no date and is as old as the newest of its entries, which may be one that is taken out again. */
  readonly isDatedByEntries?: true;
  /** A file tells what changed in some time before it, and is silent of what did not. */
  readonly tellsChanges?: true;
  /** It is a gigabyte or so: brought up to date only where somebody names it. */
  readonly isLarge?: true;
  /** Under which terms its facts may be used. */
  readonly licence: string;
  /** Is this file mine, by its first bytes (plain or gzip) and its name? At most one feed may say yes. */
  claims(head: Uint8Array, name: string): boolean;
  /**
   * Reads a file, plain or gzip. Memory does not grow with it. A broken record is a reject and the rest
   * is kept. Throws `feed_broken` when the file is cut off, empty or not what it says: that may show at
   * its end only, so nothing is applied before the iteration is over.
   */
  read(input: AsyncIterable<Uint8Array>): AsyncIterable<FeedItem>;
}

export type FeedItem = FeedHeader | AdvisoryFact | FeedReject;

/** Of when the file is. It may stand before or behind the facts; a file of several pages has several. */
export interface FeedHeader {
  readonly kind: 'header';
  /** What the file says of itself, or the newest date in it; null when it holds neither. */
  readonly publishedAt: Instant | null;
  /** The publisher's version: catalogue version (KEV), model (EPSS); null where it has none. */
  readonly version: string | null;
}

/** A record that could not be read. `at` is its place: `line 12`, `vulnerabilities[3]`. */
export interface FeedReject {
  readonly kind: 'reject';
  readonly at: string;
  readonly code: RejectCode;
  readonly message: string;
}

/** One thing that a feed says about one advisory. Advisories are CVE ids in upper case, but for those of packages. */
export type AdvisoryFact =
  | EmergingFact
  | ExploitedFact
  | EpssFact
  | ExploitFact
  | ModuleFact
  | TemplateFact
  | RecordFact
  | AffectedFact
  | UnaffectedFact;

/** Which versions of one package have the flaw. Here `advisory` is the record's own id. */
export interface AffectedFact {
  readonly kind: 'affected';
  readonly advisory: string;
  readonly modifiedAt: Instant | null;
  readonly affected: AffectedPackage;
}

/** A record that is withdrawn, or is about no package. */
interface UnaffectedFact {
  readonly kind: 'unaffected';
  readonly advisory: string;
  readonly modifiedAt: Instant | null;
}

/** Somebody calls it emerging. */
export interface EmergingFact {
  readonly kind: 'emerging';
  readonly advisory: string;
  /** From then on it is not. */
  readonly until: Instant;
  readonly reason: string | null;
}

/** Attackers have used it (KEV). */
export interface ExploitedFact {
  readonly kind: 'exploited';
  readonly advisory: string;
  readonly title: string;
  readonly dateAdded: Instant | null;
  readonly dueDate: Instant | null;
  /** Whether ransomware campaigns are known to use it; the catalogue never says no. */
  readonly ransomware: 'yes' | 'unknown';
}

/** How probable exploitation within 30 days is (EPSS). */
export interface EpssFact {
  readonly kind: 'epss';
  readonly advisory: string;
  /** Probability, 0 to 1. */
  readonly score: number;
  /** Share of advisories with at most this score, 0 to 1. */
  readonly percentile: number;
}

/** An exploit is published (Exploit-DB). An exploit of several advisories is one fact for each. */
export interface ExploitFact {
  readonly kind: 'exploit';
  readonly advisory: string;
  /** `EDB-16929`. */
  readonly reference: string;
  /** `remote`, `local`, `webapps`, `dos`; null when not said. */
  readonly type: string | null;
  readonly platform: string | null;
  readonly publishedAt: Instant | null;
  /** Whether Exploit-DB tried it; null when the file does not say. */
  readonly verified: boolean | null;
  /** It is a module of an attack framework: ready to use, no mere proof of concept. */
  readonly isModule: boolean;
}

/** A module of an attack framework names it (Metasploit). A module of several advisories is one fact for each. */
export interface ModuleFact {
  readonly kind: 'module';
  readonly advisory: string;
  /** `exploit/multi/http/log4shell_header_injection`. */
  readonly name: string;
  /** It takes the target over, ready to use; else it does one thing to it (reads, resets, crashes). */
  readonly isExploit: boolean;
}

/** A template sends the request that shows it (Nuclei). */
export interface TemplateFact {
  readonly kind: 'template';
  readonly advisory: string;
  /** `http/cves/2021/CVE-2021-44228.yaml`, in the collection of templates. */
  readonly path: string;
}

/** What NVD knows of the advisory. */
export interface RecordFact {
  readonly kind: 'record';
  readonly advisory: string;
  /** The CVE was withdrawn: it then raises nothing and has no claims. */
  readonly rejected: boolean;
  /** NVD's own word: `Analyzed`, `Modified`, `Awaiting Analysis`, `Deferred`, … */
  readonly status: string;
  /** CISA's short name where the advisory is in KEV, else null: NVD has no titles. */
  readonly title: string | null;
  /** The English text, at most 300 characters; empty when there is none. */
  readonly description: string;
  readonly publishedAt: Instant | null;
  readonly modifiedAt: Instant | null;
  readonly claims: readonly RecordClaim[];
  /** Addresses that NVD tags as an exploit. */
  readonly exploitReferences: readonly string[];
  /** Its dates in KEV; null when it is not listed. */
  readonly kev: { readonly dateAdded: Instant | null; readonly dueDate: Instant | null } | null;
  /** Numbers of the weaknesses: 79 for CWE-79. */
  readonly cwes: readonly number[];
}

/** One CVSS vector of a record: NVD's own, or that of the CNA (or another party) beside it. */
export interface RecordClaim {
  readonly provider: 'nvd' | 'cna';
  readonly version: string;
  readonly vector: string;
  /** Base score, 0 to 10. */
  readonly score: number;
  /** Who scored, as NVD names them: an address or an id. */
  readonly source: string;
}
