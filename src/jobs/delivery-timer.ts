import type { AppContext } from '#app/context.ts';
import { deliverDue, type Outside } from '#app/deliver-due.ts';
import { followTickets } from '#app/follow-tickets.ts';
import { SECOND_MS } from '#base/instant.ts';

const EVERY_MS = 5 * SECOND_MS;

/** Looks every five seconds for what is to be delivered. Answers how to stop it; what is being tried is tried to its end. */
export function startDelivering(
  ctx: AppContext,
  outside: Outside,
  report: (error: unknown) => void,
): () => Promise<void> {
  let running: Promise<void> | null = null;
  const deliver = async () => {
    try {
      await deliverDue(ctx, outside);
      await followTickets(ctx, outside);
    } catch (error) {
      report(error);
    } finally {
      running = null;
    }
  };
  const look = () => {
    running ??= deliver();
  };
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await running;
  };
}
