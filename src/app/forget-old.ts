import { type AppContext, permit } from './context.ts';

/** Deletes what is kept no longer, batch by batch; answers how many rows. Whatever is left waits for the next time. */
export async function forgetOld(ctx: AppContext): Promise<number> {
  permit(ctx, 'administer');
  let total = 0;
  for (;;) {
    const forgotten = await ctx.retention.forget();
    if (forgotten === 0) return total;
    total += forgotten;
  }
}
