import { listFeeds } from '#app/list-feeds.ts';
import { listSources } from '#app/list-sources.ts';
import { listWatches } from '#app/watch-location.ts';
import { InboxError } from '#base/inbox-error.ts';
import { counted } from '#base/text.ts';
import type { DataPlace, Diagnosis, DiagnosisCheck } from '#cli/parts.ts';
import { sourceChecks, watchChecks } from '#cli/source-checks.ts';
import { runningServer } from '#jobs/server-state.ts';
import { checkServerVersion } from '#store/database.ts';
import { organisationOf } from '#store/organisation.ts';
import { type ChainVerdict, verifyEvents } from '#store/verify-events.ts';
import type { Host } from './host.ts';
import { dataDirectoryOf, openInstallation } from './installation.ts';

/** How an installation is: its folder, server, database, feeds, sources, watched places and history. */
export async function diagnose(host: Host, place: DataPlace): Promise<Diagnosis> {
  const { directory, reason } = dataDirectoryOf(host, place);
  const checks: DiagnosisCheck[] = [];
  checks.push({
    title: 'data folder',
    state: 'ok',
    sentence: reason ?? `Data lie in ${directory}.`,
    remedy: null,
  });
  const server = await runningServer(directory, fetch);
  checks.push({
    title: 'server',
    state: 'ok',
    sentence:
      server === null
        ? 'No server runs on these data.'
        : `Runs at ${server.publicUrl} (process ${server.pid}).`,
    remedy: null,
  });
  try {
    const installation = await openInstallation(host, place);
    try {
      const number = await checkServerVersion(installation.pool);
      const kind =
        installation.database === null
          ? 'at DATABASE_URL'
          : installation.database.owned
            ? 'embedded, started for this check'
            : 'embedded, already running';
      checks.push({
        title: 'database',
        state: 'ok',
        sentence: `PostgreSQL ${(number / 10_000).toFixed(0)}, ${kind}.`,
        remedy: null,
      });
      if (installation.warning !== null)
        checks.push({
          title: 'durability',
          state: 'warning',
          sentence: installation.warning,
          remedy: null,
        });
      for (const feed of await listFeeds(installation.ctx)) {
        checks.push({
          title: feed.title,
          state: feed.remedy === null ? 'ok' : 'warning',
          sentence: feed.sentence,
          remedy: feed.remedy,
        });
      }
      checks.push(...sourceChecks(await listSources(installation.ctx)));
      checks.push(...watchChecks(await listWatches(installation.ctx)));
      checks.push(
        historyCheck(await verifyEvents(installation.pool, organisationOf(1n), installation.ctx.secretKey)),
      );
    } finally {
      await installation.close();
    }
  } catch (error) {
    if (!(error instanceof InboxError)) throw error;
    checks.push({ title: 'database', state: 'failure', sentence: error.message, remedy: null });
  }
  return { dataDirectory: directory, checks };
}

/** Whether the audit trail still says what was recorded. */
function historyCheck({ checked, forgotten, unchained, broken }: ChainVerdict): DiagnosisCheck {
  if (broken !== null)
    return {
      title: 'history',
      state: 'failure',
      sentence: broken,
      remedy:
        'Somebody changed the database by hand, or restored a part of it. A backup from before has the events.',
    };
  const others = [
    ...(forgotten === 0 ? [] : [`${forgotten} that are kept no longer are accounted for`]),
    ...(unchained === 0 ? [] : [`${unchained} are older than the chain`]),
  ];
  return {
    title: 'history',
    state: 'ok',
    sentence: `${[`${counted(checked, 'event')} of the audit trail, none changed or missing`, ...others].join('; ')}.`,
    remedy: null,
  };
}
