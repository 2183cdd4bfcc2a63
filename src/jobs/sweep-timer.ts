import type { AppContext } from '#app/context.ts';
import { forgetOld } from '#app/forget-old.ts';
import { matchBoms } from '#app/match-boms.ts';
import { sweepIssues } from '#app/sweep-issues.ts';

const EVERY_MS = 60_000;

/**
 * Looks every minute for issues that the passing of time has changed: 15 days of attack, 30 of emergence,
 * 90 of EPSS youth, ages of feeds, ends of mutes; for bills of materials that are to be matched; and for what is kept no longer. Answers how to stop it.
 */
export function startSweeping(ctx: AppContext, report: (error: unknown) => void): () => void {
  let isRunning = false;
  let isStopped = false;
  const sweep = async () => {
    if (isRunning) return;
    isRunning = true;
    try {
      await sweepIssues(ctx);
      if (!isStopped) await matchBoms(ctx);
      if (!isStopped) await forgetOld(ctx);
    } catch (error) {
      report(error);
    } finally {
      isRunning = false;
    }
  };
  const timer = setInterval(() => void sweep(), EVERY_MS);
  timer.unref();
  void sweep();
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}
