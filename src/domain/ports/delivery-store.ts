import type { JsonObject } from '#base/json-value.ts';
import type { Delivery, DeliveryKind, DueDelivery } from '../delivery/delivery.ts';

/** What becomes of a delivery that was tried. */
export type DeliveryOutcome =
  | { readonly is: 'made'; readonly key: string | null; readonly url: string | null }
  /** `leaveAloneMs`: for how long the receiver asks not to be asked. */
  | { readonly is: 'failed'; readonly sentence: string; readonly leaveAloneMs: number };

/** How an issue stands, as far as its tickets are told. */
export type TicketStand = 'open' | 'resolved' | 'muted';

/** A ticket that was made, to be told of its issue or looked at, by whoever took it. */
export interface FollowedTicket {
  readonly id: string;
  readonly issueId: string;
  readonly receiver: string;
  /** What the tracker calls it. */
  readonly key: string;
  /** What it was told last, and what is so now; the same where it is only looked at. */
  readonly told: TicketStand;
  readonly stands: TicketStand;
  /** By which what it is told is found again. */
  readonly mark: string;
  /** Whether it was closed when it was looked at last. */
  readonly isClosed: boolean;
  /** An attempt before this one failed, perhaps after it was told. */
  readonly isRepeated: boolean;
  /** Whether it closes and opens with its issue. */
  readonly closes: boolean;
}

/** `wasClosed`: how it was found; `isClosed`: how it was left. */
export type FollowOutcome =
  | { readonly is: 'followed'; readonly wasClosed: boolean; readonly isClosed: boolean }
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
   * one that failed is tried anew, `isNew` as one that was not there. Null when there is no such issue.
   */
  want(
    wanted: WantedDelivery,
    actor: string,
  ): Promise<{ readonly delivery: Delivery; readonly isNew: boolean } | null>;
  /** Takes back what waits; answers how many of those by these names did. */
  withdraw(ids: readonly string[], actor: string): Promise<number>;
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
  /**
   * Takes the next ticket whose issue stands otherwise than it was told, else one that was not looked at for an hour; null
   * where none is. Of several processes one gets it.
   */
  takeFollowed(): Promise<FollowedTicket | null>;
  keepFollowed(ticket: FollowedTicket, outcome: FollowOutcome): Promise<void>;
}
