import { InboxError } from '#base/inbox-error.ts';
import { counted, oneLine } from '#base/text.ts';
import type { PlaceMark, Watch } from '#domain/ports/watch-store.ts';
import { type Actor, type AppContext, permit } from './context.ts';
import type { ImportOptions } from './import/import-options.ts';
import { type ImportResult, isImported } from './import/import-result.ts';

/** What is at a watched place: nothing, the same as at the last look, or files to read. */
export type Look =
  | { readonly is: 'nothing' }
  | { readonly is: 'same'; readonly mark: PlaceMark | null }
  | {
      readonly is: 'new';
      readonly mark: PlaceMark;
      readonly files: readonly { readonly path: string; readonly name: string }[];
      /** Deletes what was spooled. */
      release(): Promise<void>;
    };

/** Looks at a place. Throws `not_found`, `feed_unreachable`, `too_large`, `forbidden` for an address that may not be asked. */
export type LookAt = (watch: Watch) => Promise<Look>;

/** Imports files, wherever that is done. */
export type ImportFiles = (request: {
  readonly files: readonly { readonly path: string; readonly name: string }[];
  readonly options: ImportOptions;
  readonly actor: Actor;
}) => Promise<readonly ImportResult[]>;

/**
 * Looks at each watched place whose time has come, and reads what is new there; the same is not read again. What goes wrong is kept
 * with the place, and the next look is at its usual time. Answers at how many it looked.
 */
export async function runWatches(
  ctx: AppContext,
  { lookAt, importFiles }: { readonly lookAt: LookAt; readonly importFiles: ImportFiles },
): Promise<number> {
  permit(ctx, 'administer');
  for (let looked = 0; ; looked++) {
    const watch = await ctx.watches.takeDue(ctx.clock.now());
    if (watch === null) return looked;
    const { mark, state, sentence } = await lookOnce(watch, lookAt, importFiles);
    await ctx.watches.finish(watch.id, mark, {
      at: ctx.clock.now(),
      state,
      sentence: oneLine(sentence, 500),
    });
  }
}

interface Looked {
  readonly mark: PlaceMark | null;
  readonly state: NonNullable<Watch['last']>['state'];
  readonly sentence: string;
}

async function lookOnce(watch: Watch, lookAt: LookAt, importFiles: ImportFiles): Promise<Looked> {
  try {
    const look = await lookAt(watch);
    if (look.is === 'nothing')
      return { mark: null, state: 'same', sentence: 'Nothing is there that could be read.' };
    if (look.is === 'same') {
      // What could not be read is no better for having been looked at once more.
      if (watch.last?.state === 'unread') return { ...watch.last, mark: look.mark };
      return { mark: look.mark, state: 'same', sentence: 'The same as at the last look.' };
    }
    try {
      const results = await importFiles({
        files: look.files,
        options: watch.options as unknown as ImportOptions,
        actor: { name: `watch:${watch.id}`, role: 'administer' },
      });
      return told(results, look.mark);
    } finally {
      await look.release();
    }
  } catch (error) {
    if (!(error instanceof InboxError) || error.code === 'database_unreachable') throw error;
    return { mark: null, state: 'failed', sentence: `${error.code}: ${error.message}` };
  }
}

/** A file that cannot be read is told until the place changes, and not read again before that. */
function told(results: readonly ImportResult[], mark: PlaceMark): Looked {
  const [broken, ...others] = results.filter(({ error }) => error !== null);
  if (broken !== undefined) {
    const more = others.length === 0 ? '' : ` and ${others.length} more of ${results.length} files`;
    return {
      mark,
      state: 'unread',
      sentence: `${broken.file}${more} could not be read (${broken.error?.code}): ${oneLine(broken.error?.message ?? '', 300)} Correct it there; it is read when it changes.`,
    };
  }
  const findings = results.reduce((sum, each) => sum + (isImported(each) ? each.findings : 0), 0);
  return {
    mark,
    state: 'read',
    sentence: `${counted(results.length, 'file')} read, ${counted(findings, 'finding')} in ${results.length === 1 ? 'it' : 'them'}.`,
  };
}
