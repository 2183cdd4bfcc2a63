import type { Instant } from '#base/instant.ts';
import type { FindingType } from '../finding/finding-type.ts';
import type { DetectedRisk, RiskState } from '../risk/detected-risk.ts';
import type { Lack } from '../risk/missing-inputs.ts';
import type { Severity, SeverityCounts } from '../severity/severity.ts';
import type { InboxFilter } from './inbox-store.ts';

/** A page of a list, by the place of the last row before it; null is the first. */
export interface PageRequest<Place> {
  readonly after: Place | null;
  readonly limit: number;
}

/** One page, and how many rows all pages have. */
export interface ListedPage<Row> {
  /** At most one more than was asked for, by which one sees whether a page follows. */
  readonly rows: readonly Row[];
  readonly total: number;
}

export interface FindingPlace {
  readonly rank: bigint;
  readonly issue: string;
  readonly fingerprint: string;
}

/** One finding as a list has it. */
export interface ListedFinding {
  readonly place: FindingPlace;
  readonly title: string;
  readonly type: FindingType;
  readonly issueTitle: string;
  /** Of its issue, which is that of the lead finding. */
  readonly issueSeverity: Severity;
  readonly isAdmitted: boolean;
  /** As its source has it; null where it says nothing. */
  readonly severity: Severity | null;
  readonly resource: { readonly key: string; readonly kind: string; readonly name: string };
  readonly where: string;
  readonly firstSeen: Instant;
  readonly fix: string | null;
}

export interface FindingRequest extends PageRequest<FindingPlace> {
  /** Of the issues whose open findings are listed. */
  readonly filter: InboxFilter;
  /** Those of one resource only, by its key. */
  readonly resource: string | null;
}

/** A risk that the inventory alone tells of a resource. */
export type InventoryRisk = Extract<
  DetectedRisk,
  'publicly_accessible' | 'privileged_access' | 'in_production'
>;

export interface ResourceRequest extends PageRequest<string> {
  /** As inventories call them: `s3-bucket`, `Deployment`. */
  readonly types: readonly string[];
  /** Each is *yes*. */
  readonly risks: readonly InventoryRisk[];
  /** What key or name contain, in any case. */
  readonly text: string | null;
  readonly owner: string | null;
  /** Those that are gone, and no others. */
  readonly isGone: boolean;
}

/** One resource as a list has it. */
export interface ListedResource {
  readonly key: string;
  readonly kind: string;
  readonly type: string;
  readonly name: string;
  readonly account: string | null;
  readonly region: string | null;
  readonly environment: string | null;
  readonly services: readonly string[];
  readonly owner: string | null;
  readonly riskStates: Readonly<Record<Exclude<DetectedRisk, 'exploit_available'>, RiskState>>;
  readonly privilege: string;
  /** Open issues with a finding on it or on an image that it runs, and the highest severity of them. */
  readonly issues: number;
  readonly severity: Severity | null;
  readonly goneAt: Instant | null;
}

export interface ResourcePage extends ListedPage<ListedResource> {
  /** How many of each type there are with the other conditions, most first. */
  readonly types: readonly { readonly type: string; readonly count: number }[];
  /** There are more than the first 50,000 that fit the other conditions, of which total and types are. */
  readonly isMore: boolean;
}

export interface SignalPlace {
  readonly at: Instant;
  readonly resource: string;
  readonly id: string;
}

export interface SignalRequest extends PageRequest<SignalPlace> {
  readonly resource: string | null;
  /** Attacks, and no others. */
  readonly isAttack: boolean;
  /** What title, rule or resource contain, in any case. */
  readonly text: string | null;
}

/** One observed attack, or an event beside it. */
export interface ListedSignal {
  readonly place: SignalPlace;
  readonly title: string;
  readonly tool: string;
  readonly rule: string;
  readonly severity: Severity | null;
  readonly source: string;
  readonly resourceName: string;
  readonly account: string | null;
  readonly firstAt: Instant;
  readonly count: number;
  readonly isAttack: boolean;
}

export interface AdvisoryPlace {
  readonly rank: bigint;
  readonly issue: string;
}

export interface AdvisoryRequest extends PageRequest<AdvisoryPlace> {
  readonly filter: InboxFilter;
  /** Those that are known to be exploited, and no others. */
  readonly isKnownExploited: boolean;
}

/** An advisory as it stands in this estate: with its issue and what the feeds say. */
export interface ListedAdvisory {
  readonly place: AdvisoryPlace;
  readonly advisory: string;
  readonly type: FindingType;
  readonly title: string;
  readonly severity: Severity;
  readonly score: number;
  readonly isAdmitted: boolean;
  readonly openFindings: number;
  readonly resources: number;
  /** When CISA listed it as known to be exploited; null where the catalogue has no date. Absent: not listed. */
  readonly knownExploited: { readonly addedAt: Instant | null; readonly isRansomware: boolean } | null;
  readonly epss: { readonly score: number; readonly percentile: number } | null;
  /** The detected risk of its issue: whether anybody knows of an exploit, the catalogue of CISA and reports among them. */
  readonly exploitAvailable: RiskState;
  /** How many exploits the feeds link: entries of Exploit-DB, Metasploit and Nuclei, and references that NVD tags beside them. */
  readonly exploits: number;
  readonly publishedAt: Instant | null;
}

/** One thing beside a resource, one relation away. */
export interface Neighbour {
  readonly relation: 'runs-image' | 'part-of' | 'runs-on' | 'runs-as';
  /** Whether the relation leads from the resource to the neighbour. */
  readonly isFrom: boolean;
  readonly key: string;
  readonly kind: string | null;
  readonly name: string;
}

/** One thing of the graph around some resources. */
interface SurroundingThing {
  readonly key: string;
  /** Steps from where one begins: below 0 towards what runs it or is part of it, above towards what it needs. */
  readonly column: number;
  /** Null: it is only named. */
  readonly kind: string | null;
  readonly name: string;
  /** The account or cluster that it is in; null: none, or nobody says. */
  readonly account: string | null;
  readonly environment: string | null;
  readonly team: string | null;
  /** Those of the inventory that are *yes*. */
  readonly risks: readonly InventoryRisk[];
  /** Ids of the highest ranked issues to fix on it, at most 5. */
  readonly issues: readonly string[];
}

/** What is around some resources in the graph. */
export interface Surroundings {
  readonly things: readonly SurroundingThing[];
  readonly relations: readonly {
    readonly relation: Neighbour['relation'];
    readonly from: string;
    readonly to: string;
  }[];
  /** Things beside those that are left out, as there are too many. */
  readonly hidden: number;
}

/** Lists what is stored, page by page in one order, whatever the size. */
export interface ExplorerStore {
  /** Open findings in the order of their issues, then by fingerprint, descending. */
  findings(request: FindingRequest): Promise<ListedPage<ListedFinding>>;
  /** By key, ascending. */
  resources(request: ResourceRequest): Promise<ResourcePage>;
  /** The latest first. */
  signals(request: SignalRequest): Promise<ListedPage<ListedSignal>>;
  /** Of issues that are open, in their order. */
  advisories(request: AdvisoryRequest): Promise<ListedPage<ListedAdvisory>>;
  /** At most 200, by relation and key. */
  neighbours(key: string): Promise<readonly Neighbour[]>;
  /** What is at most two relations away from any of these, nearest first, `limit` things at most. */
  surroundings(keys: readonly string[], limit: number): Promise<Surroundings>;
  /**
   * How many open findings there are of each severity, on these resources and on what they run or are part of: without attack
   * paths and what is muted. Resources that have none are left out.
   */
  severities(keys: readonly string[]): Promise<ReadonlyMap<string, SeverityCounts>>;
  /** For want of what the risks of resources are unknown; of each risk 20,000 resources are looked at. */
  lacks(): Promise<{ readonly lacks: readonly Lack[]; readonly countedAt: Instant }>;
}
