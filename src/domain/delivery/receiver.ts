import type { Instant } from '#base/instant.ts';
import type { Severity } from '../severity/severity.ts';

/** Trackers, in which tickets are made, and what takes signed messages. */
export type ReceiverKind = 'github' | 'jira' | 'webhook';

/** Small letters, digits and dashes. */
export const RECEIVER_NAME = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** A place outside to which we deliver. */
export interface Receiver {
  readonly name: string;
  readonly kind: ReceiverKind;
  /** Of GitHub and Jira the root of its API, of a webhook the address itself. */
  readonly address: string;
  /** Of GitHub `owner/repository`, of Jira the key of a project; null: a webhook has none. */
  readonly project: string | null;
  /** Of Jira the type of the tickets. */
  readonly ticketType: string | null;
  /** Of Jira Cloud the account that the token belongs to; null: the token stands for itself. */
  readonly account: string | null;
  /** Addresses of this machine or network are allowed. */
  readonly allowsPrivate: boolean;
  /** Whether a webhook gets what happens to issues. */
  readonly wantsEvents: boolean;
  /** It gets only what happens to issues of this severity and above; null: of any. */
  readonly leastSeverity: Severity | null;
  /** It gets what happened in so many minutes as one message; null: each thing as it happens. */
  readonly digestMinutes: number | null;
  readonly createdBy: string;
  readonly createdAt: Instant;
  /** The last delivery that was tried; `failure` null: it arrived. Null: there was none. */
  readonly last: { readonly at: Instant; readonly failure: string | null } | null;
}

/** A week. */
export const DIGEST_MINUTES_MAX = 10_080;

export type NewReceiver = Omit<Receiver, 'createdBy' | 'createdAt' | 'last'>;
