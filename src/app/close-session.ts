import { type AppContext, permit } from './context.ts';
import { hashSecret } from './hash-secret.ts';

/** Signs out: the session ends at once, wherever its cookie was copied to. One that is over already is no error. */
export async function closeSession(ctx: AppContext, { secret }: { readonly secret: string }): Promise<void> {
  permit(ctx, 'read');
  await ctx.people.closeSession(hashSecret(secret));
}
