import { InboxError } from '#base/inbox-error.ts';
import { cleanText, oneLine } from '#base/text.ts';
import { type AppContext, isRoleWithin, permit } from './context.ts';
import { knownIssue } from './known-issue.ts';

/** reliability §6.1: so much is a description. */
const COMMENT_BYTES_MAX = 64 * 1024;

/** Says something about an issue. Answers the comment's id. Throws `not_found`, `usage` for nothing said, `too_large` beyond 64 KB. */
export async function commentOnIssue(
  ctx: AppContext,
  { id, text }: { readonly id: string; readonly text: string },
): Promise<string> {
  permit(ctx, 'triage');
  return knownIssue(id, await ctx.comments.add(id, readable(text), ctx.actor.name));
}

/** Says it otherwise; whoever wrote it may. Throws `not_found`, `forbidden`, `usage` and `too_large`. */
export async function editComment(
  ctx: AppContext,
  { comment, text }: { readonly comment: string; readonly text: string },
): Promise<void> {
  permit(ctx, 'triage');
  if ((await authorOf(ctx, comment)) !== ctx.actor.name)
    throw new InboxError('forbidden', 'Only who wrote a comment can change it.');
  await ctx.comments.edit(comment, readable(text), ctx.actor.name);
}

/** Deletes it, for whoever wrote it or administers; that it was there stays in the history. Throws `not_found` and `forbidden`. */
export async function deleteComment(
  ctx: AppContext,
  { comment }: { readonly comment: string },
): Promise<void> {
  permit(ctx, 'triage');
  const { name, role } = ctx.actor;
  const isAdministrator = role !== 'ingest' && isRoleWithin('administer', role);
  if ((await authorOf(ctx, comment)) !== name && !isAdministrator)
    throw new InboxError('forbidden', 'Only who wrote a comment can delete it, and an administrator.');
  await ctx.comments.remove(comment, name);
}

async function authorOf(ctx: AppContext, comment: string): Promise<string> {
  const author = await ctx.comments.authorOf(comment);
  if (author === null) throw new InboxError('not_found', `There is no comment ${oneLine(comment, 60)}.`);
  return author;
}

function readable(text: string): string {
  if (Buffer.byteLength(text) > COMMENT_BYTES_MAX)
    throw new InboxError(
      'too_large',
      'A comment holds 64 KB at most. Say the rest elsewhere and put its address here.',
    );
  const clean = cleanText(text, COMMENT_BYTES_MAX);
  if (clean === '') throw new InboxError('usage', 'A comment says something.');
  return clean;
}
