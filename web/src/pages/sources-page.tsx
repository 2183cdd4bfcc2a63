import { useQuery } from '@tanstack/react-query';
import { DropReports } from '../features/imports/drop-reports.tsx';
import { ImportResults } from '../features/imports/import-results.tsx';
import { useImports } from '../features/imports/use-imports.ts';
import { getSession } from '../shared/api/session-api.ts';
import { getSources } from '../shared/api/sources-api.ts';
import { getFeeds, getMissing, getWatches } from '../shared/api/supply-api.ts';
import { counted } from '../shared/number-text.ts';
import { ProblemFace } from '../shared/problem-face.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';
import { TableSkeleton } from '../shared/table-skeleton.tsx';
import { useNow } from '../shared/use-now.ts';
import { FeedTable } from './feed-table.tsx';
import { HeldClosings } from './held-closings.tsx';
import { MissingTable } from './missing-table.tsx';
import { SourceTable } from './source-table.tsx';
import { WatchTable } from './watch-table.tsx';

/** Where findings come from: reports to drop, the sources, closings that wait, the feeds. */
export function SourcesPage() {
  const imports = useImports();
  const now = useNow();
  const session = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => getSession(signal) });
  const canChange = session.data?.role === 'administer';
  const sources = useQuery({ queryKey: ['sources'], queryFn: ({ signal }) => getSources(signal) });
  const feeds = useQuery({ queryKey: ['feeds'], queryFn: ({ signal }) => getFeeds(signal) });
  const watches = useQuery({ queryKey: ['watches'], queryFn: ({ signal }) => getWatches(signal) });
  const missing = useQuery({ queryKey: ['missing'], queryFn: ({ signal }) => getMissing(signal) });
  const areAbove = !sources.isPending && !watches.isPending;
  return (
    <main id="main" className="page" data-testid="sources">
      <title>Sources · Security Inbox</title>
      <header className="head">
        <h1>Sources</h1>
        <span className="sub">{sources.isSuccess && counted(sources.data.items.length, 'source')}</span>
      </header>
      <ScrollBox label="Sources, scrolling" className="sections side-by-side">
        <section className="section first" aria-label="Import">
          <DropReports busy={imports.busy} onFiles={imports.send} />
          <ImportResults imports={imports} />
        </section>
        {sources.isPending && <TableSkeleton label="Reading the sources" />}
        {sources.isError && <ProblemFace error={sources.error} retry={() => sources.refetch()} />}
        {sources.isSuccess && (
          <>
            <SourceTable sources={sources.data.items} now={now} />
            {watches.isError && <ProblemFace error={watches.error} retry={() => watches.refetch()} />}
            {watches.isSuccess && <WatchTable watches={watches.data.items} canChange={canChange} now={now} />}
            <HeldClosings sources={sources.data.items} now={now} />
          </>
        )}
        {/* What stands below waits for what stands above, which would push it away when it comes. */}
        {areAbove && missing.isError && <ProblemFace error={missing.error} retry={() => missing.refetch()} />}
        {areAbove && missing.isSuccess && <MissingTable missing={missing.data} now={now} />}
        {areAbove && !missing.isPending && feeds.isError && (
          <ProblemFace error={feeds.error} retry={() => feeds.refetch()} />
        )}
        {areAbove && !missing.isPending && feeds.isSuccess && (
          <FeedTable feeds={feeds.data.items} now={now} />
        )}
      </ScrollBox>
    </main>
  );
}
