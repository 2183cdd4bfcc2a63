import type { AppContext } from '#app/context.ts';
import { type ImportFiles, type LookAt, runWatches } from '#app/run-watches.ts';

const EVERY_MS = 60_000;

/** Looks every minute which watched places are due. Answers how to stop it. */
export function startWatching(
  ctx: AppContext,
  parts: { readonly lookAt: LookAt; readonly importFiles: ImportFiles },
  report: (error: unknown) => void,
): () => void {
  let isRunning = false;
  const look = async () => {
    if (isRunning) return;
    isRunning = true;
    try {
      await runWatches(ctx, parts);
    } catch (error) {
      report(error);
    } finally {
      isRunning = false;
    }
  };
  const timer = setInterval(() => void look(), EVERY_MS);
  timer.unref();
  void look();
  return () => clearInterval(timer);
}
