import type { ResourceIdentity } from '../resource/resource-key.ts';
import type { DetectedRisk, RiskVerdict } from '../risk/detected-risk.ts';
import type { Severity } from '../severity/severity.ts';
import type { AttackStep, Gate } from './attack-step.ts';
import type { TargetClass } from './target.ts';

/** One step of a path that is shown. */
export interface PathStep extends AttackStep {
  /** How many other steps lead from the same to the same: closing this one's gates leaves them. */
  readonly otherWays: number;
}

/** One way from an entry to a target. */
export interface RepresentativePath {
  readonly entry: string;
  readonly target: string;
  readonly likelihood: number;
  readonly steps: readonly PathStep[];
}

/** What an attack path is, and how bad it is. */
export interface PathOutline {
  readonly shape: string;
  readonly title: string;
  /** What has the flaw, or what outsiders hold first where no flaw is needed. */
  readonly pivot: ResourceIdentity;
  readonly targetClass: TargetClass;
  readonly severity: Severity;
  readonly why: string;
  /** Of the likeliest path; an expert's estimate. */
  readonly likelihood: number;
}

/** Where an attack path begins, what it goes through, and where it leads. */
export interface PathReach {
  readonly entries: number;
  readonly targets: readonly string[];
  /** Keys of what an attacker controls or reads on any of its paths. */
  readonly resources: readonly string[];
}

/** Paths of one shape over one pivot to one class of targets: one issue (attack-paths §4.6 step 5). */
export interface AttackPath extends PathOutline, PathReach {
  /** What makes such paths work; empty for a path of no shape. */
  readonly story: string;
  readonly services: readonly string[];
  readonly risks: Readonly<Record<DetectedRisk, RiskVerdict>>;
  /** At most five: with other entries first, then with other gates. */
  readonly paths: readonly RepresentativePath[];
  /** The gates of the likeliest path, those first that are best closed first: one that another step does without comes after. */
  readonly fixes: readonly Gate[];
  /** Issues with a finding that some way goes through. */
  readonly gateIssues: readonly string[];
  /** How many more pairs of an entry and a target there are. */
  readonly more: number;
}

/** What was found, and what of it was left out. */
export interface FoundPaths<Path extends PathOutline = AttackPath> {
  readonly paths: readonly Path[];
  /** In sentences; empty where nothing was left out. */
  readonly notes: readonly string[];
}
