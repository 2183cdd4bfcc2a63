import type { Instant } from '#base/instant.ts';
import type { ExposureRecord } from '../exposure/exposure-record.ts';
import type { Privilege } from '../privilege/privilege.ts';
import type { DerivedData } from '../resource/data-class.ts';
import type { ResourceContext } from '../risk/deployment.ts';
import type { Evidence, RiskState, RiskVerdict } from '../risk/detected-risk.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import type { JoinedWorkloads } from './joined-workload.ts';

/** A resource as the rules of steps look at it. */
export interface PathAsset {
  readonly context: ResourceContext;
  /** As inventories spell it: `ec2-instance`, `workload`, `s3-bucket`. */
  readonly type: string;
  /** Account or cluster: `aws:111111111111`, `k8s:shop`; null where it is in none. */
  readonly estate: string | null;
  readonly exposure: readonly ExposureRecord[];
  /** What it may do: as itself where it is an identity, else as whom it runs. */
  readonly privilege: Privilege;
  readonly data: DerivedData | null;
  /** Of a snapshot: what it is a copy of, where that is known. */
  readonly copyOf?: PathAsset;
  /** Of a container of blobs: the storage account that it lies in, where that was described. */
  readonly partOf?: PathAsset;
  /** Whether its objects are served to people as a site. */
  readonly serves?: boolean;
  /** The service of it that a catalogue calls vital, with its tier there and who says so; absent where none does. */
  readonly vital?: { readonly service: string; readonly tier: string; readonly source: string };
  /** TCP ports on which it asks for a password; absent where nothing tells. */
  readonly asksPassword?: readonly number[];
  /** The description that it rests on; null where nobody described it. */
  readonly described: { readonly provenance: string; readonly at: Instant } | null;
}

/**
 * A flaw that whoever reaches a workload may use: to run code on it, to have it send requests, to read its files, to word
 * what it asks its database, or to have it show what it keeps there to anybody; or, `root`, one of a machine, by which code
 * in its containers gets out onto it.
 */
export interface Weakness extends JoinedWorkloads {
  readonly gives: 'exec' | 'ssrf' | 'files' | 'query' | 'records' | 'root';
  /** Whether it is in the application's own code, and not in a component of somebody else's. */
  readonly isOwnCode: boolean;
  readonly fingerprint: string;
  readonly issueId: string;
  /** `CVE-2021-44228 in log4j-core 2.14.1`. */
  readonly name: string;
  /** The resource that the finding is on: an image, a host. */
  readonly flawed: NonNullable<AttackStep['flawed']>;
  readonly probability: number;
  /** Why so likely, without a subject: `is listed in CISA's Known Exploited Vulnerabilities`. */
  readonly why: string;
  readonly exploit: RiskVerdict;
  readonly evidence: readonly Evidence[];
  readonly assumptions: readonly string[];
}

/** A flaw of what builds and ships a repository, by which somebody from outside runs code there. */
export interface PipelineFlaw {
  /** `pull-request`, `mutable-action`, `package`. */
  readonly kind: string;
  readonly fingerprint: string;
  readonly issueId: string;
  readonly name: string;
  readonly repository: NonNullable<AttackStep['flawed']>;
  readonly probability: number;
  /** What it lets outsiders do, with the repository's own as the subject. */
  readonly words: string;
  readonly evidence: readonly Evidence[];
}

/** A credential that lies somewhere, and what it lets whoever reads it do (attack-paths §1.3, `holds-credential`). */
export interface Credential extends JoinedWorkloads {
  /** What takes it away: a finding, or a setting where it lies there by design. */
  readonly gate: Gate;
  /** `An AWS access key`. */
  readonly name: string;
  /** `terraform-state`, `image`, or the type of the resource that it lies in. */
  readonly kind: string;
  /** Where it lies: a bucket, a function, an image, a repository. */
  readonly place: NonNullable<AttackStep['flawed']>;
  /** Keys of workloads that have it at hand: the place itself, or what runs the image. */
  readonly on: readonly string[];
  /** Keys of principals and stores of data that it opens. */
  readonly opens: readonly string[];
  /** That it still works (attack-paths §4.4, leaked credential). */
  readonly probability: number;
  /** Whether strangers have it already. */
  readonly isLeaked: boolean;
  /** Whether it lies there by design: a secret that a database keeps its login in. */
  readonly isManaged: boolean;
  readonly evidence: readonly Evidence[];
}

/** An account or a cluster as a whole. */
export interface PathEstate {
  /** Whether it is production, as far as it or anything in it says. */
  readonly production: RiskState;
  readonly evidence: readonly Evidence[];
  /** As people call it. */
  readonly name: string;
  /** Of an account that manages an organisation: what tells so. */
  readonly manages?: Evidence;
}

/** What is known of an organisation, as far as attackers could use it. */
export interface PathFacts {
  readonly assets: ReadonlyMap<string, PathAsset>;
  /** By their names: `aws:111111111111`, `k8s:shop`. */
  readonly estates: ReadonlyMap<string, PathEstate>;
  /** All steps that rules found. */
  readonly steps: readonly AttackStep[];
}
