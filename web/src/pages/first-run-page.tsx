import { useQuery } from '@tanstack/react-query';
import { OtherWays } from '../features/first-report/first-run.tsx';
import { DropReports } from '../features/imports/drop-reports.tsx';
import { ImportResults } from '../features/imports/import-results.tsx';
import type { Imports } from '../features/imports/use-imports.ts';
import { getSources } from '../shared/api/sources-api.ts';
import { ScrollBox } from '../shared/scroll-box.tsx';

/** The inbox without any finding: the place to drop the first report, or the word that all is done. */
export function FirstRunPage({ imports }: { imports: Imports }) {
  const sources = useQuery({ queryKey: ['sources'], queryFn: ({ signal }) => getSources(signal) });
  const known = (sources.data?.items.length ?? 0) > 0;
  return (
    <main id="main" className="page" data-testid="first-run">
      <title>Inbox · Security Inbox</title>
      <header className="head">
        <h1>Inbox</h1>
        <span className="sub wide">{known ? 'nothing to fix' : 'nothing here yet'}</span>
      </header>
      <ScrollBox label="Inbox, scrolling" className="sections">
        <div className="section narrow">
          <h2 className="big">
            {known
              ? 'Nothing to fix: no open finding is known'
              : 'Give it one report, and this page becomes a list of what to fix first'}
          </h2>
          <p className="prose muted lead">Everything stays on this machine.</p>
          <DropReports busy={imports.busy} onFiles={imports.send} />
          <ImportResults imports={imports} />
          {!known && <OtherWays />}
        </div>
      </ScrollBox>
    </main>
  );
}
