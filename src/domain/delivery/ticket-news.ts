import type { TicketStand } from '../ports/delivery-store.ts';
import type { TicketParagraph } from '../ports/tracker.ts';

/** What a ticket is told of its issue that stands otherwise now. `address`: where the issue is shown; null: nobody knows. */
export function ticketNews(
  told: TicketStand,
  stands: TicketStand,
  address: string | null,
): readonly TicketParagraph[] {
  return [
    { text: stands === 'open' ? BACK[told] : NEWS[stands] },
    ...(address === null ? [] : [{ link: address, label: 'The issue, with its history' }]),
  ];
}

const NEWS: Readonly<Record<Exclude<TicketStand, 'open'>, string>> = {
  resolved: 'Resolved: the scanners no longer show it.',
  muted: 'Muted: nobody has to work on it for now.',
};

const BACK: Readonly<Record<TicketStand, string>> = {
  resolved: 'It is back: a scanner shows it again.',
  muted: 'It is no longer muted.',
  open: 'It is open.',
};
