import type { JsonObject } from '#base/json-value.ts';
import type { Delivery, DeliveryKind, DueDelivery } from '../delivery/delivery.ts';

/** What becomes of a delivery that was tried. */
export type DeliveryOutcome =
  | { readonly is: 'made'; readonly key: string | null; readonly url: string | null }
  /** `leaveAloneMs`: for how long the receiver asks not to be asked. */
  | { readonly is: 'failed'; readonly sentence: string; readonly leaveAloneMs: number };

/** What a person wants delivered about an issue. */
export interface WantedDelivery {
  readonly kind: Exclude<DeliveryKind, 'event'>;
  readonly issueId: string;
  readonly receiver: string;
  readonly body: JsonObject;
}

/** Keeps what is to be delivered to receivers, and what became of it. */
export interface DeliveryStore {
  /**
   * Wants a delivery, which somebody tries soon. A ticket of an issue and receiver that there is already is that one;
   * one that failed is tried anew. Null when there is no such issue.
   */
  want(wanted: WantedDelivery, actor: string): Promise<Delivery | null>;
  /** Takes back what waits; false where nothing by that name waits any more. */
  withdraw(id: string, actor: string): Promise<boolean>;
  /** Tickets of an issue and runs of workflows about it, the newest first; null when there is no such issue. */
  ofIssue(id: string): Promise<readonly Delivery[] | null>;
  /** Makes of what happened to issues what is to be delivered to those who want to know it; answers how much happened. */
  routeEvents(): Promise<number>;
  /**
   * Takes the next one whose time has come, the highest issue first; null where none is. Of several processes one gets
   * it; another one gets it again where that one says nothing of it in five minutes. What nobody wants any more is dropped, and
   * what is over the cap of its rule for the day waits for the next one.
   */
  takeDue(): Promise<DueDelivery | null>;
  finish(id: string, outcome: DeliveryOutcome): Promise<void>;
}
