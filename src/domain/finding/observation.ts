import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';
import type { CodeLocation } from '../resource/code-locations.ts';
import type { CodeOwnersFile } from '../resource/code-owners.ts';
import type { CommittersFile } from '../resource/committers.ts';
import type { DataClue } from '../resource/data-class.ts';
import type { CloudProvider, ResourceDescription } from '../resource/resource-description.ts';
import type { NamedStore } from '../resource/store-address.ts';
import type { Severity } from '../severity/severity.ts';
import type { FindingType } from './finding-type.ts';

/** What a format makes of one entry of a report. Dirty text is allowed in here; the domain cleans it. */
export type Observation =
  | FindingObservation
  | CoverageObservation
  | GoneObservation
  | ResourceObservation
  | RelationObservation
  | SignalObservation
  | CatalogueObservation
  | CodeOwnersObservation
  | DataObservation
  | CreatorObservation
  | VexObservation
  | BomObservation
  | PackageObservation;

/** One rule or advisory on one resource at one place. */
export interface FindingObservation {
  readonly kind: 'finding';
  readonly type: FindingType;
  readonly subject: Subject;
  readonly resource: ResourceDescription;
  readonly place: Place;
  readonly state: ObservedState;
  readonly title: string;
  /** Severity word of the scanner; null when it says none or `unknown`. */
  readonly severity: Severity | null;
  readonly vectors?: readonly VectorClaim[] | undefined;
  readonly description?: string | undefined;
  /** What to do, or the version that fixes it. Absent means that no fix is known to the scanner. */
  readonly fix?: string | undefined;
  /** For components: whether a fixed version exists. */
  readonly fixable?: boolean | undefined;
  readonly references?: readonly string[] | undefined;
  /** Where in the resource, for people: version, path, line, tag, port. Never part of the identity. */
  readonly locations?: readonly Location[] | undefined;
  /** Distribution and release of an operating system's package: `debian 11`, `alpine 3.18`. */
  readonly distribution?: string | undefined;
  readonly publishedAt?: Instant | undefined;
  /** When the tool showed it first, where that is a tool that keeps findings: its dates come along. */
  readonly firstSeenAt?: Instant | undefined;
  /** What people there wrote about it. `at` undefined: as of the report. */
  readonly notes?:
    | readonly { readonly by: string; readonly at?: Instant | undefined; readonly text: string }[]
    | undefined;
  /** Until when people there promised to end it. */
  readonly dueAt?: Instant | undefined;
  /** What the report itself says about exploitation, kept as evidence with its tool's name. */
  readonly exploit?:
    | { readonly kind: 'known_exploited' | 'exploit_published'; readonly sentence: string }
    | undefined;
  /** Facts of the record that make a detected risk of its resource certain, with the sentence that says so. */
  readonly implies?:
    | readonly {
        readonly risk: 'publicly_accessible' | 'privileged_access';
        readonly state: 'yes' | 'no';
        readonly sentence: string;
      }[]
    | undefined;
  /** Secrets: the tool tried the value and it worked (`active`), did not (`inactive`), or nobody tried. */
  readonly secretState?: 'active' | 'inactive' | 'unknown' | undefined;
  /** Secrets: ARNs of whom or what it lets in, where the tool asked. */
  readonly opens?: readonly string[] | undefined;
  /** Secrets: whether strangers have it already, as the tool found it where everybody reads. */
  readonly isLeaked?: boolean | undefined;
  /** Whether everybody reads the repository that it is in; absent where nobody tells. */
  readonly inPublicRepository?: boolean | undefined;
  /** `security` unless the rule is known to be about something else: then it is info and no default rule admits it. */
  readonly about?: 'security' | 'other' | undefined;
  /** The unit of the scan's coverage that this belongs to: a target, a `check@place`. Needed where coverage is `listed`. */
  readonly cover?: string | undefined;
  /** The class that a filter could have left out: `os-packages`, `libraries`, `secrets`, `configuration`, `code`. */
  readonly findingClass?: string | undefined;
}

export type ObservedState =
  | { readonly is: 'open' }
  /** The record carries its own end: passed, resolved, fixed, archived, not affected. */
  | { readonly is: 'ended'; readonly why: string; readonly passed: boolean }
  /** People suppressed it in the tool: open, and arrives muted with the tool's reason, once. */
  | {
      readonly is: 'suppressed';
      readonly reason: string;
      /** Who, when and until when, where the tool tells. */
      readonly by?: string | undefined;
      readonly at?: Instant | undefined;
      readonly until?: Instant | undefined;
      readonly because?: 'risk_accepted' | 'false_positive' | undefined;
    };

export const OPEN: ObservedState = { is: 'open' };

export type Subject =
  /** The CVE if the record names one, else GHSA, OSV, the tool's own; `aliases` are exact other names. */
  | {
      readonly is: 'advisory';
      readonly id: string;
      readonly aliases?: readonly string[];
      readonly bulletins?: readonly string[];
    }
  /** A tool's own check; `hints` tell apart the controls that one check id stands for. */
  | {
      readonly is: 'check';
      readonly tool: string;
      readonly check: string;
      readonly cwes?: readonly number[];
      readonly hints?: { readonly port?: number; readonly resourceKind?: string };
    };

export type Place =
  | { readonly is: 'none' }
  /** purl type, namespace and name, as purl spells them, without distribution and version. */
  | {
      readonly is: 'package';
      readonly purlType: string;
      readonly namespace?: string | undefined;
      readonly name: string;
    }
  /** IaC: the file and the address of the resource in it. */
  | { readonly is: 'address'; readonly path: string; readonly address: string }
  /** Code: the file and the first of the three that the report gives. */
  | {
      readonly is: 'code';
      readonly path: string;
      readonly toolFingerprint?: string | undefined;
      readonly flaggedText?: string | undefined;
      readonly message?: string | undefined;
      readonly line?: number | undefined;
    }
  /** `value` is hashed with the installation's key and forgotten; absent when the report masks it. */
  | {
      readonly is: 'secret';
      readonly path: string;
      readonly value?: string | undefined;
      readonly line?: number | undefined;
    }
  | { readonly is: 'api'; readonly method: string; readonly path: string; readonly parameter: string };

export interface VectorClaim {
  /** `nvd`, `ghsa`, `cna`, `distribution:debian`, `scanner:trivy`. */
  readonly provider: string;
  readonly vector: string | null;
  readonly word: Severity | null;
}

export interface Location {
  /** Which machine of a scaling group it is. */
  readonly machine?: string | undefined;
  readonly path?: string | undefined;
  readonly line?: number | undefined;
  readonly version?: string | undefined;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
  readonly port?: string | undefined;
  readonly url?: string | undefined;
}

/** The scan looked at this unit, or for this class, even where it found nothing. */
export interface CoverageObservation {
  readonly kind: 'coverage';
  readonly cover?: string | undefined;
  readonly findingClass?: string | undefined;
  /** Of a cloud's inventory: what the unit stands for. */
  readonly listing?: InventoryListing | undefined;
}

/** All resources of one type in one region of an account, or some of them (attack-paths §1.5, coverage record). */
export interface InventoryListing {
  readonly provider: CloudProvider;
  /** Account, subscription or project; empty for what lies in none of its cloud's; undefined when the report does not tell. */
  readonly account?: string | undefined;
  /** Empty for types that lie in no region, and where all regions were listed; of memberships their group; undefined when the report does not tell. */
  readonly region?: string | undefined;
  /** As resource observations spell it. */
  readonly type: string;
  /** `partial`: one page of several, or what a filter left. */
  readonly complete: 'yes' | 'partial';
  /**
   * All of what belongs to one parent, which the resources name: `value` stands in their fact `member`. Such a list says
   * nothing of other parents, so it is no record that everything of the type was looked at.
   */
  readonly within?: { readonly member: string; readonly value: string } | undefined;
}

/** The inventory says that a resource was deleted: the end that a record of an inventory carries. */
export interface GoneObservation {
  readonly kind: 'gone';
  readonly resource: ResourceDescription;
  /** When it was seen to be gone; undefined: as of the report. */
  readonly at?: Instant | undefined;
}

/** A thing that the inventory describes. `facts` have the shape that `resource/facts/` documents for `type`. */
export interface ResourceObservation {
  readonly kind: 'resource';
  readonly resource: ResourceDescription;
  /** `ec2-instance`, `s3-bucket`, `workload`, `pod`, `service`, `ingress`, `cluster-role`, … */
  readonly type: string;
  readonly name: string;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
  readonly facts: JsonObject;
  /** When it was described, where the report says so of each resource. */
  readonly capturedAt?: Instant | undefined;
  /** Path of the file that describes it, as far as it says where it belongs: `envs/prod/network`. */
  readonly describedIn?: string | undefined;
  /** What a tool other than an inventory knew of it: its facts count only where no inventory gave any (attack-paths §1.5, D and F). */
  readonly isSecondHand?: boolean | undefined;
  /** Other exact spellings of the same resource: bare instance id, private DNS name, IP. */
  readonly aliases?: readonly { readonly text: string; readonly confidence: number }[] | undefined;
}

export type RelationKind = 'runs-image' | 'part-of' | 'runs-on' | 'runs-as';

export interface RelationObservation {
  readonly kind: 'relation';
  readonly relation: RelationKind;
  readonly from: ResourceDescription;
  readonly to: ResourceDescription;
}

/** What a service catalogue says of a service, or of something that belongs to one (attack-paths §7.3). */
export interface CatalogueObservation {
  readonly kind: 'catalogue';
  /** Its name among the entries of a catalogue: `component:default/shop`. */
  readonly entity: string;
  readonly service: string;
  /** False for what is in the catalogue and no service: a datastore, an API. */
  readonly isService: boolean;
  readonly owner: string | null;
  /** `production`, `experimental`: how far it is made, and not where it runs. */
  readonly lifecycle: string | null;
  readonly tier: string | null;
  readonly system: string | null;
  /** `github.com/acme/shop`. */
  readonly repositories: readonly string[];
  /** Where its code lies in repositories that it shares with others, which stand in `repositories` too. */
  readonly codeLocations?: readonly CodeLocation[] | undefined;
  /** ARNs. */
  readonly resources: readonly string[];
  /** Values of the label `backstage.io/kubernetes-id`. */
  readonly kubernetesIds: readonly string[];
  readonly links: readonly string[];
  /** How sure this kind of catalogue is of owners, 0 to 1 (attack-paths §7.3); undefined: 0.9. */
  readonly confidence?: number | undefined;
  /** Whoever owns it too. */
  readonly moreOwners?: readonly string[] | undefined;
  /** `entity` of the entry of its team, where the catalogue tells teams by ids and how they are called elsewhere. */
  readonly ownedBy?: string | undefined;
  /** Other names of the service. */
  readonly alsoNamed?: readonly string[] | undefined;
  /** Under which ids those who are called at night know it: `pagerduty:pabc123`. */
  readonly onCall?: readonly string[] | undefined;
}

/** A CODEOWNERS file, or who keeps changing files: whose the files of the repository are that the scan is about (attack-paths §7.3). */
export interface CodeOwnersObservation {
  readonly kind: 'code-owners';
  readonly file: CodeOwnersFile | CommittersFile;
}

/** What a scanner of data says that a resource holds (attack-paths §7.2). */
export interface DataObservation {
  readonly kind: 'data';
  /** A store that is known by its address alone is kept by name, for the inventory to say which resource it is. */
  readonly resource: ResourceDescription | NamedStore;
  /** Of this word: a later one with the same id replaces it. */
  readonly id: string;
  /** It is no longer so: archived, or scored anew. */
  readonly isGone: boolean;
  readonly clue: DataClue;
}

/** Who created a resource, as an audit log tells it: a hint at whose it is (attack-paths §7.3). */
export interface CreatorObservation {
  readonly kind: 'creator';
  readonly resource: ResourceDescription;
  /** A user, or a person's session of a role; no machine. */
  readonly name: string;
  /** The call that made it: `RunInstances`. */
  readonly call: string;
  readonly at: Instant;
}

/**
 * What somebody says of one advisory in one product (VEX: OpenVEX, CSAF), whoever has the product. It is no finding: nobody
 * looked at a resource. Findings of what it says is not affected or fixed are muted (`src/domain/finding/vex.ts`).
 */
export interface VexObservation {
  readonly kind: 'vex';
  readonly advisory: Extract<Subject, { is: 'advisory' }>;
  /** Package URL, CPE or name, with its version, of what is spoken of; of a component in a product the component. */
  readonly product: string;
  /** The product that the component is in; undefined where the product itself is spoken of. */
  readonly within?: string | undefined;
  readonly status: 'affected' | 'not_affected' | 'fixed' | 'under_investigation';
  /** `vulnerable_code_not_present`, …: one of the words that VEX has for it. */
  readonly justification?: string | undefined;
  /** Why, or what to do, in the author's words. */
  readonly statement?: string | undefined;
  readonly author?: string | undefined;
  readonly statedAt?: Instant | undefined;
}

/** An attack that was observed, aimed at or coming from resources. */
export interface SignalObservation {
  readonly kind: 'signal';
  /** The tool's own id of this event, when it has one: repeats of it are one signal. Those without are counted by day. */
  readonly externalId?: string | undefined;
  readonly tool: string;
  readonly rule: string;
  readonly title: string;
  readonly severity: Severity | null;
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  /** When the tool last said something of it: of two words about one event the later counts. Undefined: as they arrive. */
  readonly statedAt?: Instant | undefined;
  readonly count: number;
  readonly resources: readonly ResourceDescription[];
  /**
   * Addresses, host names and bare ids of what it concerns, for the inventory to say what they are. Those that no
   * inventory knows concern nothing: an outsider's address among them does no harm.
   */
  readonly names?: readonly string[] | undefined;
  /** Aimed at an application: the services of what it names are attacked too. */
  readonly isOnService?: boolean | undefined;
  /** Whom the silence of its source says something about: its account (when absent), or only the resources that it names. */
  readonly watches?: 'account' | 'resources' | undefined;
  readonly account?: string | undefined;
  readonly region?: string | undefined;
  readonly techniques?: readonly string[] | undefined;
  readonly sourceAddress?: string | undefined;
  /** False where the tool or a person closed it as no attack. */
  readonly isAttack: boolean;
  /** Where it is no attack: why, as a sentence. */
  readonly whyNoAttack?: string | undefined;
}

/** The report lists the packages of this resource: those that it does not name are not there (any more). */
export interface BomObservation {
  readonly kind: 'bom';
  readonly resource: ResourceDescription;
}

/** One of them. It is no finding: whether it has a flaw is what feeds of advisories say. */
export interface PackageObservation {
  readonly kind: 'package';
  readonly installed: ObservedPackage;
}

/** A package as it is installed somewhere. */
export interface ObservedPackage {
  readonly package: ObservedPackageName;
  readonly version: string;
  /** Of an operating system's package: `debian 11.3`; empty where it is not known, and of libraries. */
  readonly release: string;
  /** Where it lies in what was scanned; empty where nobody told. */
  readonly path: string;
  /** The name under which advisories know it, where that is another: the source that it was built from. */
  readonly matched?: ObservedPackageName | undefined;
}

/** As package URLs spell it; the type in lower case, the namespace empty for none. */
export interface ObservedPackageName {
  readonly type: string;
  readonly namespace: string;
  readonly name: string;
}
