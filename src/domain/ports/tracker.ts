import type { Instant } from '#base/instant.ts';

/** A ticket as it is to be made. */
export interface NewTicket {
  /** By which it is found again. */
  readonly mark: string;
  readonly title: string;
  readonly paragraphs: readonly TicketParagraph[];
}

/** `said` comes from reports and is shown as it stands: as no markup, and as nobody's mention. */
export type TicketParagraph =
  | { readonly text: string }
  | { readonly said: string }
  | { readonly link: string; readonly label: string };

export interface MadeTicket {
  /** What people call it: `#12`, `SEC-12`. */
  readonly key: string;
  readonly url: string;
}

/** A tracker outside. What goes wrong is thrown as `ReceiverRefusal` of the adapter. */
export interface Tracker {
  /** The ticket with this mark that was made since an instant; null: there is none. Throws where it cannot tell. */
  find(mark: string, since: Instant): Promise<MadeTicket | null>;
  create(ticket: NewTicket): Promise<MadeTicket>;
  /** Of a ticket by what people call it, as `create` answered. */
  isClosed(key: string): Promise<boolean>;
  hasComment(key: string, mark: string): Promise<boolean>;
  comment(key: string, said: Pick<NewTicket, 'mark' | 'paragraphs'>): Promise<void>;
  close(key: string): Promise<void>;
  reopen(key: string): Promise<void>;
}
