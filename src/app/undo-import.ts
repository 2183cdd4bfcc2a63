import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { UndoneScan, UndoRefusal } from '#domain/ports/import-store.ts';
import { type AppContext, permit } from './context.ts';

/**
 * Takes one scan back, the latest of its scope: what it brought goes, what it closed is open again, what
 * it changed says what the scan before said. Throws `not_found`, and `conflict` with what to do instead.
 */
export async function undoImport(
  ctx: AppContext,
  { scanId }: { readonly scanId: string },
): Promise<UndoneScan> {
  permit(ctx, 'triage');
  const session = await ctx.imports.openSession(ctx.clock);
  try {
    const answer = await session.undo(scanId, ctx.actor.name);
    if ('refused' in answer) throw refusal(scanId, answer);
    return answer;
  } finally {
    await session.close();
  }
}

function refusal(asked: string, refused: UndoRefusal): InboxError {
  const scanId = oneLine(asked, 60);
  switch (refused.refused) {
    case 'unknown':
      return new InboxError(
        'not_found',
        `There is no scan ${scanId}. An import prints the id of its scan, and "sources list --json" that of the last.`,
      );
    case 'inventory':
      return new InboxError(
        'conflict',
        `Scan ${scanId} is an inventory, and what it replaced is not kept. Take the inventory of the same account or cluster anew and import it as this one was: it replaces what this one said, and what it no longer lists goes.`,
      );
    case 'events':
      return new InboxError(
        'conflict',
        `Scan ${scanId} is a stream of events, and what was seen stays seen: an attack counts for 15 days and ends by itself.`,
      );
    case 'later':
      return new InboxError(
        'conflict',
        `Scan ${scanId} is not the latest of its scope: ${refused.scanId} (${oneLine(refused.files.join(', '), 200)}) came later. Take that one back first: import undo ${refused.scanId}.`,
      );
    case 'forgotten':
      return new InboxError(
        'conflict',
        `What scan ${scanId} changed is no longer kept. Import the report before it again, with --confirm.`,
      );
  }
}
