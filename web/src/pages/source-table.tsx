import type { Source } from '../../../src/contract/source.ts';
import { Moment } from '../shared/moment.tsx';
import { counted, countText } from '../shared/number-text.ts';
import { scopeText } from '../shared/scope-text.ts';
import { ScrollBox } from '../shared/scroll-box.tsx';

function covers(source: Source): string {
  if (source.derived) return 'what the other sources tell';
  const [first] = source.scopes;
  if (first === undefined) return 'nothing yet';
  const more = source.scopes.length - 1;
  return more === 0 ? scopeText(first) : `${scopeText(first)} and ${countText(more)} more`;
}

function LastScan({ source, now }: { source: Source; now: number }) {
  const scan = source.lastScan;
  if (scan === null) return <span className="faint">{source.derived ? 'with each import' : 'none'}</span>;
  return (
    <>
      <Moment at={scan.at ?? scan.importedAt} now={now} />
      <small className="told" title={scan.file}>
        {scan.file}
        {scan.rejects > 0 && `, ${counted(scan.rejects, 'record')} could not be read`}
      </small>
    </>
  );
}

/** What of its findings the latest scans did not look at. */
function NotLookedAt({ source, now }: { source: Source; now: number }) {
  return source.notLookedAt.map(({ scope, open, since }) => (
    <small key={scopeText(scope)} className="told" title={scopeText(scope)}>
      {countText(open)} not looked at since <Moment at={since} now={now} />
    </small>
  ));
}

function state(source: Source): string {
  if (source.retired) return 'retired';
  if (source.derived) return 'follows the others';
  if (source.lastScan === null) return 'nothing read yet';
  if (source.overdue) return `overdue: a report is expected within ${counted(source.rhythm.days, 'day')}`;
  return source.lastScan.complete ? 'closes what is gone' : 'partial, closes nothing';
}

/** Every source with what it covers and its newest scan. */
export function SourceTable({ sources, now }: { sources: readonly Source[]; now: number }) {
  return (
    <section className="section tall" aria-labelledby="sources-title">
      <header>
        <h2 id="sources-title">All sources</h2>
        <span className="sub">a source that falls silent keeps its findings</span>
      </header>
      {sources.length === 0 ? (
        <p className="muted">No report was read yet. Drop one above.</p>
      ) : (
        <ScrollBox label="Table of sources" className="table-scroll">
          <table className="plain">
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col">Format</th>
                <th scope="col">Covers</th>
                <th scope="col">Last scan</th>
                <th scope="col" className="num">
                  Open findings
                </th>
                <th scope="col">State</th>
              </tr>
            </thead>
            <tbody>
              {sources.map((source) => (
                <tr key={source.id} data-testid="source">
                  <td className="ttl told">{source.name}</td>
                  <td className="muted told">
                    {source.derived ? 'worked out here' : (source.format ?? 'none')}
                  </td>
                  <td className="muted told covers" title={source.scopes.map(scopeText).join('\n')}>
                    <span>{covers(source)}</span>
                  </td>
                  <td className="two">
                    <LastScan source={source} now={now} />
                  </td>
                  <td className="num" data-label="Open findings">
                    {countText(source.openFindings)}
                    <NotLookedAt source={source} now={now} />
                  </td>
                  <td className="muted state-words">{state(source)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </section>
  );
}
