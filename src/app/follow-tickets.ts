import { oneLine } from '#base/text.ts';
import { ticketNews } from '#domain/delivery/ticket-news.ts';
import type { FollowedTicket, FollowOutcome } from '#domain/ports/delivery-store.ts';
import { type AppContext, permit } from './context.ts';
import { deliveryRefusal, type Outside, trackerOf } from './deliver-due.ts';

const PART = 100;

/**
 * Tells tickets what became of their issues: that one is resolved, which closes its ticket, that it is back, which opens it
 * again, that it is muted. And looks whether people closed or opened them outside, which is told on the issue and
 * changes nothing else: an issue is resolved when its scanners no longer show it. Answers how many were looked at, at most a hundred.
 */
export async function followTickets(ctx: AppContext, outside: Outside): Promise<number> {
  permit(ctx, 'administer');
  for (let looked = 0; looked < PART; looked++) {
    const ticket = await ctx.deliveries.takeFollowed();
    if (ticket === null) return looked;
    await ctx.deliveries.keepFollowed(ticket, await outcomeOf(ctx, outside, ticket));
  }
  return PART;
}

async function outcomeOf(ctx: AppContext, outside: Outside, ticket: FollowedTicket): Promise<FollowOutcome> {
  try {
    const tracker = await trackerOf(ctx, outside, ticket.receiver);
    const wasClosed = await tracker.isClosed(ticket.key);
    const { told, stands, closes } = ticket;
    if (told === stands) return { is: 'followed', wasClosed, isClosed: wasClosed };
    const address = outside.address === null ? null : `${outside.address}/issues/${ticket.issueId}`;
    const news = { mark: ticket.mark, paragraphs: ticketNews(told, stands, address) };
    if (!ticket.isRepeated || !(await tracker.hasComment(ticket.key, news.mark)))
      await tracker.comment(ticket.key, news);
    const isClosed =
      stands === 'resolved' && closes ? true : told === 'resolved' && closes ? false : wasClosed;
    if (isClosed !== wasClosed) await (isClosed ? tracker.close(ticket.key) : tracker.reopen(ticket.key));
    return { is: 'followed', wasClosed, isClosed };
  } catch (error) {
    const { sentence, leaveAloneMs } = deliveryRefusal(error);
    return { is: 'failed', sentence: oneLine(sentence, 500), leaveAloneMs };
  }
}
