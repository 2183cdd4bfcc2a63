import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { OVERVIEW_WEEKS, type Overview } from '../../../src/contract/overview.ts';
import { FunnelBars, OwnerBars } from '../features/overview/bars.tsx';
import { daysText, FixTimeChart } from '../features/overview/fix-time-chart.tsx';
import { PathsChart } from '../features/overview/paths-chart.tsx';
import { TrendChart } from '../features/overview/trend-chart.tsx';
import { getOverview } from '../shared/api/overview-api.ts';
import { CountedAt } from '../shared/counted-at.tsx';
import { counted, countText } from '../shared/number-text.ts';
import { EmptyFace, ProblemFace } from '../shared/problem-face.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';
import { TableSkeleton } from '../shared/table-skeleton.tsx';
import { useNow } from '../shared/use-now.ts';

const route = getRouteApi('/frame/overview');
const words: Readonly<Record<(typeof OVERVIEW_WEEKS)[number], string>> = {
  4: '4 weeks',
  26: '26 weeks',
  52: '1 year',
};

/** Where the risk is, and whether it falls. */
export function OverviewPage() {
  const { weeks } = route.useSearch();
  const navigate = useNavigate({ from: '/overview' });
  const now = useNow();
  const span = OVERVIEW_WEEKS.find((each) => String(each) === weeks) ?? 26;
  const overview = useQuery({
    queryKey: ['overview', span],
    queryFn: ({ signal }) => getOverview(span, signal),
    placeholderData: keepPreviousData,
  });
  return (
    <main id="main" className="page" data-testid="overview">
      <title>Overview · Security Inbox</title>
      <header className="head">
        <h1>Overview</h1>
        <span className="sub wide cut">
          where the risk is, and whether it falls
          {overview.isSuccess && <CountedAt at={overview.data.countedAt} now={now} />}
        </span>
        <div className="right">
          {/* biome-ignore lint/a11y/useSemanticElements: no fieldset, nothing here is sent */}
          <div className="tabs" role="group" aria-label="How far back">
            {OVERVIEW_WEEKS.map((each) => (
              <button
                key={each}
                type="button"
                aria-pressed={each === span}
                onClick={() => navigate({ search: { weeks: String(each) }, replace: true })}
              >
                {words[each]}
              </button>
            ))}
          </div>
        </div>
      </header>
      {overview.isPending && <TableSkeleton label="Counting" />}
      {overview.isError && <ProblemFace error={overview.error} retry={() => overview.refetch()} />}
      {overview.isSuccess && overview.data.funnel.all === 0 && (
        <EmptyFace title="Nothing to count yet">
          <p className="muted">Reports make this page: what is open, whose it is, and how it changes.</p>
          <Link className="btn" to="/">
            Drop a report on the inbox
          </Link>
        </EmptyFace>
      )}
      {overview.isSuccess && overview.data.funnel.all > 0 && (
        <Plots overview={overview.data} busy={overview.isPlaceholderData} />
      )}
    </main>
  );
}

const sum = (counts: readonly number[]) => counts.reduce((all, count) => all + count, 0);

function Plots({ overview, busy }: { overview: Overview; busy: boolean }) {
  const { load, funnel, weeks } = overview;
  const toFix = sum(load.map(({ issues }) => issues));
  const critical = sum(load.flatMap(({ severity, issues }) => (severity === 'critical' ? [issues] : [])));
  const overdue = sum(load.map((each) => each.overdue));
  const unowned = sum(load.flatMap(({ owner, issues }) => (owner === null ? [issues] : [])));
  const closed = sum(weeks.map((week) => week.closed));
  const latest = weeks.findLast(({ medianDays }) => medianDays !== null);
  const [then, now] = [weeks[0], weeks.at(-1)].map((week) => sum(Object.values(week?.open ?? {})));
  const change = (now ?? 0) - (then ?? 0);
  return (
    <ScrollBox label="Overview, scrolling" className="sections" busy={busy}>
      <dl className="figures" data-testid="figures">
        <Figure
          name="To fix"
          value={countText(toFix)}
          aside={`${countText(funnel.open)} open findings behind`}
        />
        <Figure name="Critical" value={countText(critical)} aside={`of ${counted(toFix, 'issue')}`} />
        <Figure
          name="Overdue"
          value={countText(overdue)}
          aside={overdue === 0 ? 'nothing is late' : 'past their date'}
        />
        <Figure
          name="Unowned"
          value={countText(unowned)}
          aside={unowned === 0 ? 'each has somebody' : 'nobody’s yet'}
        />
        <Figure
          name="Median time to fix"
          value={latest?.medianDays == null ? '–' : daysText(latest.medianDays)}
          aside={`${counted(closed, 'finding')} closed in ${counted(weeks.length, 'week')}`}
        />
      </dl>
      <div className="plots">
        <section className="section" aria-labelledby="trend-title">
          <header>
            <h2 id="trend-title">Open issues by severity</h2>
            <span className="sub">
              {change === 0
                ? 'as many as at the beginning'
                : `${countText(Math.abs(change))} ${change < 0 ? 'fewer' : 'more'} than at the beginning`}
              , admitted or not, by the severity of today
            </span>
          </header>
          <TrendChart weeks={weeks} />
        </section>
        <section className="section" aria-labelledby="fix-time-title">
          <header>
            <h2 id="fix-time-title">Time to fix</h2>
            <span className="sub">days from first seen to closed</span>
          </header>
          <FixTimeChart weeks={weeks} />
        </section>
      </div>
      <div className="plots three">
        <section className="section" aria-labelledby="funnel-title">
          <header>
            <h2 id="funnel-title">From all findings to the few</h2>
          </header>
          <FunnelBars funnel={funnel} />
        </section>
        <section className="section" aria-labelledby="load-title">
          <header>
            <h2 id="load-title">Owners by load</h2>
            <span className="sub">issues to fix; overdue in red</span>
          </header>
          <OwnerBars load={load} />
        </section>
        <section className="section" aria-labelledby="paths-title" data-testid="paths-cut">
          <header>
            <h2 id="paths-title">Attack paths cut</h2>
            <span className="sub">and those that were found</span>
          </header>
          <PathsChart weeks={weeks} />
        </section>
      </div>
    </ScrollBox>
  );
}

function Figure({ name, value, aside }: { name: string; value: string; aside: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="big">{value}</dd>
      <dd>{aside}</dd>
    </div>
  );
}
