import type { Overview } from '../../../../src/contract/overview.ts';
import { countText } from '../../shared/number-text.ts';
import { niceTop } from './plot.ts';
import { Plot } from './plot-frame.tsx';
import { WeekTable } from './week-table.tsx';

const HEIGHT = 200;
const MIDDLE = HEIGHT / 2;

/** Attack paths that were cut, upwards, and those that were found, downwards, week by week. */
export function PathsChart({ weeks }: { weeks: Overview['weeks'] }) {
  const most = Math.max(...weeks.flatMap(({ pathsCut, pathsFound }) => [pathsCut, pathsFound]));
  if (most === 0) return <p className="muted">No attack path was found or cut in these weeks.</p>;
  // Half of the scale is one of its even parts: whole paths have whole marks.
  const top = Math.max(2, niceTop(most * 2) / 2);
  const step = 1000 / weeks.length;
  const width = Math.min(step * 0.6, 60);
  const bar = (count: number) => (count / top) * MIDDLE;
  const sum = (of: 'pathsCut' | 'pathsFound') => weeks.reduce((all, week) => all + week[of], 0);
  return (
    <>
      <Plot
        label="Attack paths cut and found, week by week"
        height={HEIGHT}
        top={top}
        unit=""
        zero="middle"
        weeks={weeks.map(({ end }) => end)}
        labels={[
          {
            at: MIDDLE / 2,
            text: (
              <>
                <span className="good">cut</span> <b>{countText(sum('pathsCut'))}</b>
              </>
            ),
          },
          {
            at: MIDDLE * 1.5,
            text: (
              <>
                <span className="high">found</span> <b>{countText(sum('pathsFound'))}</b>
              </>
            ),
          },
        ]}
      >
        {weeks.map(({ end, pathsCut, pathsFound }, index) => (
          <g key={end}>
            <rect
              className="up"
              x={(index + 0.5) * step - width / 2}
              y={MIDDLE - bar(pathsCut)}
              width={width}
              height={bar(pathsCut)}
            />
            <rect
              className="down"
              x={(index + 0.5) * step - width / 2}
              y={MIDDLE}
              width={width}
              height={bar(pathsFound)}
            />
          </g>
        ))}
      </Plot>
      <WeekTable
        weeks={weeks}
        columns={[
          { title: 'Cut', of: ({ pathsCut }) => countText(pathsCut) },
          { title: 'Found', of: ({ pathsFound }) => countText(pathsFound) },
        ]}
      />
    </>
  );
}
