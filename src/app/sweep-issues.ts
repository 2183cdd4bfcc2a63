import { type AppContext, permit } from './context.ts';

/** Assesses anew every issue and account whose state the passing of time may have changed; answers how many. */
export async function sweepIssues(ctx: AppContext): Promise<number> {
  permit(ctx, 'administer');
  let total = 0;
  for (;;) {
    const swept = await ctx.inbox.sweep();
    if (swept === 0) return total;
    total += swept;
  }
}
