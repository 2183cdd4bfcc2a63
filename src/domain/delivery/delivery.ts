import type { Instant } from '#base/instant.ts';
import type { JsonObject } from '#base/json-value.ts';

/** What is delivered to a receiver: a ticket for an issue, a run of a workflow about it, or an event of it. */
export type DeliveryKind = 'ticket' | 'workflow' | 'event';

/** `passed_over`: a rule found its issue when the rule was made, and makes tickets only for those that come later. */
export type DeliveryState = 'passed_over' | 'waiting' | 'made' | 'failed' | 'withdrawn';

/** A ticket or a run of a workflow, as far as it has come. */
export interface Delivery {
  /** The mark that it carries outside too, by which it is found there again. */
  readonly id: string;
  readonly kind: DeliveryKind;
  readonly issueId: string;
  readonly receiver: string;
  /** The rule that asks for it; null: a person. */
  readonly rule: string | null;
  readonly state: DeliveryState;
  readonly wantedBy: string;
  readonly wantedAt: Instant;
  /** While it waits: when it is tried next. */
  readonly nextAt: Instant | null;
  readonly attempts: number;
  /** What the receiver calls it, such as `#12` or `SEC-12`, and where it is there; null while it waits. */
  readonly key: string | null;
  readonly url: string | null;
  /** Why it waits, failed or was withdrawn; null: there is nothing to say. */
  readonly sentence: string | null;
}

/** One that is to be tried now, by whoever took it. */
export interface DueDelivery extends Delivery {
  readonly body: JsonObject;
}
