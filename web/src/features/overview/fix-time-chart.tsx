import type { Overview } from '../../../../src/contract/overview.ts';
import { countText } from '../../shared/number-text.ts';
import { linePath, niceTop, spreadLabels } from './plot.ts';
import { Plot } from './plot-frame.tsx';
import { WeekTable } from './week-table.tsx';

const HEIGHT = 200;

/** Days with a digit where they are few. */
export function daysText(days: number): string {
  return `${days < 10 ? days.toFixed(1) : countText(Math.round(days))} d`;
}

/** After how many days findings were closed, week by week: the median and 9 of 10. */
export function FixTimeChart({ weeks }: { weeks: Overview['weeks'] }) {
  const top = niceTop(Math.max(...weeks.map(({ ninthDays }) => ninthDays ?? 0), 1));
  const points = (of: 'medianDays' | 'ninthDays') =>
    weeks.flatMap((week, index) => {
      const days = week[of];
      return days === null
        ? []
        : [
            {
              x: weeks.length === 1 ? 0 : (index / (weeks.length - 1)) * 1000,
              y: HEIGHT - (days / top) * HEIGHT,
              days,
            },
          ];
    });
  const [median, ninth] = [points('medianDays'), points('ninthDays')];
  if (median.length === 0) return <p className="muted">No finding was closed in these weeks.</p>;
  const ends = [ninth.at(-1), median.at(-1)];
  const places = spreadLabels(
    ends.map((end) => end?.y ?? 0),
    17,
    HEIGHT,
  );
  return (
    <>
      <Plot
        label="Days from first seen to closed, week by week"
        height={HEIGHT}
        top={top}
        unit=" d"
        weeks={weeks.map(({ end }) => end)}
        labels={[
          {
            at: places[0] ?? 0,
            text: (
              <>
                9 of 10 <b>{daysText(ends[0]?.days ?? 0)}</b>
              </>
            ),
          },
          {
            at: places[1] ?? 0,
            text: (
              <>
                <span className="accent">median</span> <b>{daysText(ends[1]?.days ?? 0)}</b>
              </>
            ),
          },
        ]}
      >
        <path className="line-plot ninth" d={linePath(ninth)} />
        <path className="line-plot median" d={linePath(median)} />
        {median.length === 1 &&
          [...ninth, ...median].map(({ x, y }) => <circle key={y} className="dot" cx={x} cy={y} r="3" />)}
      </Plot>
      <WeekTable
        weeks={weeks.filter(({ closed }) => closed > 0)}
        columns={[
          { title: 'Closed', of: ({ closed }) => countText(closed) },
          { title: 'Median', of: ({ medianDays }) => (medianDays === null ? '' : daysText(medianDays)) },
          { title: '9 of 10', of: ({ ninthDays }) => (ninthDays === null ? '' : daysText(ninthDays)) },
        ]}
      />
    </>
  );
}
