import type { Instant } from '#base/instant.ts';
import type { ExposureRecord } from '../exposure/exposure-record.ts';
import type { Privilege } from '../privilege/privilege.ts';
import type { DerivedData } from '../resource/data-class.ts';
import type { ResourceContext } from '../risk/deployment.ts';
import type { Evidence, RiskState, RiskVerdict } from '../risk/detected-risk.ts';
import type { AttackStep } from './attack-step.ts';

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
  /** The description that it rests on; null where nobody described it. */
  readonly described: { readonly provenance: string; readonly at: Instant } | null;
}

/** A flaw that whoever reaches a workload may use to run code on it. */
export interface Weakness {
  readonly fingerprint: string;
  readonly issueId: string;
  /** `CVE-2021-44228 in log4j-core 2.14.1`. */
  readonly name: string;
  /** The resource that the finding is on: an image, a host. */
  readonly flawed: NonNullable<AttackStep['flawed']>;
  /** Keys of what runs it. */
  readonly on: readonly string[];
  readonly probability: number;
  /** Why so likely, without a subject: `is listed in CISA's Known Exploited Vulnerabilities`. */
  readonly why: string;
  readonly exploit: RiskVerdict;
  readonly evidence: readonly Evidence[];
  readonly assumptions: readonly string[];
}

/** An account or a cluster as a whole. */
export interface PathEstate {
  /** Whether it is production, as far as it or anything in it says. */
  readonly production: RiskState;
  readonly evidence: readonly Evidence[];
  /** As people call it. */
  readonly name: string;
}

/** What is known of an organisation, as far as attackers could use it. */
export interface PathFacts {
  readonly assets: ReadonlyMap<string, PathAsset>;
  /** By their names: `aws:111111111111`, `k8s:shop`. */
  readonly estates: ReadonlyMap<string, PathEstate>;
  /** All steps that rules found. */
  readonly steps: readonly AttackStep[];
}
