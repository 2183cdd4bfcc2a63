import type { ResourceIdentity } from '../resource/resource-key.ts';
import type { Evidence, RiskVerdict } from '../risk/detected-risk.ts';
import type { State } from './state.ts';
import type { StepRuleId } from './step-rules.ts';
import type { Technique } from './technique.ts';

/** What has to stay as it is for a step to be possible: closing any one of a step's gates takes the step away. */
export interface Gate {
  /** What closing it is called: the same on every machine, as long as the same thing is meant. */
  readonly fix: string;
  /** A finding by its fingerprint, statements of policies, a rule of a network, a setting of a resource. */
  readonly is: 'finding' | 'statement' | 'network_rule' | 'setting';
  readonly id: string;
  /** What closing it means, for people: `close tcp/443 of web-7 (sgr-1)`. */
  readonly sentence: string;
  /** The issue of a finding that says the same; null where none does. */
  readonly issueId: string | null;
  /** The fingerprint of that finding, where the gate is no finding itself. */
  readonly saidBy?: string;
  /** The control that it is of. */
  readonly control?: string;
  /** How much work closing it is, where that is not what it is for all of its kind (`effortOf`). */
  readonly effort?: Effort;
}

/** Turning a setting over, editing a policy, mending what is flawed, building it anew (attack-paths §4.8). */
export type Effort = 1 | 2 | 3 | 8;

/** Something of a network that requests pass on their way in: a load balancer, an address, a rule that lets them through. */
export interface NetworkPart {
  /** The same for the same part of one account or cluster. */
  readonly id: string;
  readonly name: string;
}

/**
 * One thing that an attacker can do: from holding one state to holding another, by one rule (attack-paths §1.4). Two ways
 * to do the same, such as two vulnerabilities, are two steps with gates of their own, so that closing one leaves the other.
 */
export interface AttackStep {
  readonly rule: StepRuleId;
  readonly from: State;
  readonly to: State;
  /** What tells steps of one rule apart where shapes do: a method of IAM, a kind of software, a kind of place. */
  readonly kind?: string;
  /** That it succeeds, above 0 and up to 1: an expert's estimate (attack-paths §4.4). */
  readonly probability: number;
  /** What is said of it, without a dot at the end; names in it are cut and cleaned. */
  readonly sentence: string;
  readonly gates: readonly Gate[];
  readonly evidence: readonly Evidence[];
  /** What was taken as given, in sentences: an uncertain join, an input that nobody supplied. */
  readonly assumptions: readonly string[];
  readonly technique: Technique | null;
  /** What requests pass on the way, the first first; absent where nothing is known to be between. */
  readonly passes?: readonly NetworkPart[];
  /** The resource whose flaw makes it possible: an image, a host. Absent where no flaw does. */
  readonly flawed?: ResourceIdentity;
  /** Whether it hangs on a condition of which nobody knows whether it can be met. */
  readonly isUnknown?: true;
  /** Whether an attack was seen on what it starts from (`withObserved`). */
  readonly isObserved?: true;
  /** Whether an exploit of the flaw is available; absent where no flaw makes it possible. */
  readonly exploit?: RiskVerdict;
}
