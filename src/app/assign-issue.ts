import type { IssueRow } from '#domain/ports/inbox-store.ts';
import { type AppContext, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';
import { knownPerson } from './known-person.ts';

/** Assigns an issue to a person, or with null to nobody. Throws `not_found`, and `usage` for a name that nobody has. */
export async function assignIssue(
  ctx: AppContext,
  { id, assignee }: { readonly id: string; readonly assignee: string | null },
): Promise<IssueRow> {
  permit(ctx, 'triage');
  const decision = { kind: 'assign', assignee: await knownPerson(ctx, assignee) } as const;
  return knownIssue(id, await ctx.inbox.decide(id, decision, ctx.actor.name));
}

/** The names of everybody that an issue can be assigned to. */
export async function listAssignees(ctx: AppContext): Promise<readonly string[]> {
  permit(ctx, 'triage');
  return (await ctx.people.list()).map((person) => person.name);
}
