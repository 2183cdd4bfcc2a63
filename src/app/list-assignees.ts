import { type AppContext, permit } from './context.ts';

/** The names of everybody that an issue can be assigned to. */
export async function listAssignees(ctx: AppContext): Promise<readonly string[]> {
  permit(ctx, 'triage');
  return (await ctx.people.list()).map((person) => person.name);
}
