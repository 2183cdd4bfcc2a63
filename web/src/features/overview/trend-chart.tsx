import type { Overview } from '../../../../src/contract/overview.ts';
import { severitySchema } from '../../../../src/contract/severity.ts';
import { countText } from '../../shared/number-text.ts';
import { severityWords } from '../../shared/words.ts';
import { areaPath, niceTop, spreadLabels } from './plot.ts';
import { Plot } from './plot-frame.tsx';
import { WeekTable } from './week-table.tsx';

/** From the foot of the stack upwards. */
const STACK = ['info', 'low', 'medium', 'high', 'critical'] as const;
const HEIGHT = 200;

/** Open issues by severity over the weeks, one area on the other, with a table behind it. */
export function TrendChart({ weeks }: { weeks: Overview['weeks'] }) {
  const totals = weeks.map(({ open }) => STACK.reduce((sum, severity) => sum + open[severity], 0));
  const top = niceTop(Math.max(...totals, 1));
  const x = (index: number) => (weeks.length === 1 ? 0 : (index / (weeks.length - 1)) * 1000);
  const y = (value: number) => HEIGHT - (value / top) * HEIGHT;
  const sums = weeks.map(() => 0);
  const areas = STACK.map((severity) => {
    const below = sums.map((sum) => sum);
    for (const [index, { open }] of weeks.entries()) sums[index] = (sums[index] as number) + open[severity];
    return {
      severity,
      path: areaPath(
        sums.map((sum, index) => ({ x: x(index), y: y(sum) })),
        below.map((sum, index) => ({ x: x(index), y: y(sum) })),
      ),
      middle: y(((sums.at(-1) ?? 0) + (below.at(-1) ?? 0)) / 2),
      count: weeks.at(-1)?.open[severity] ?? 0,
    };
  });
  const named = areas.filter(({ count }) => count > 0).toReversed();
  const labels = spreadLabels(
    named.map(({ middle }) => middle),
    17,
    HEIGHT,
  );
  return (
    <>
      <Plot
        label="Open issues by severity, week by week"
        height={HEIGHT}
        top={top}
        unit=""
        weeks={weeks.map(({ end }) => end)}
        labels={named.map(({ severity, count }, index) => ({
          at: labels[index] ?? 0,
          text: (
            <>
              <span className={severity}>{severityWords[severity]}</span> <b>{countText(count)}</b>
            </>
          ),
        }))}
      >
        {areas.map(({ severity, path }) => (
          <path key={severity} className={`area ${severity}`} d={path} />
        ))}
      </Plot>
      <WeekTable
        weeks={weeks}
        columns={severitySchema.options.map((severity) => ({
          title: severityWords[severity],
          of: ({ open }) => countText(open[severity]),
        }))}
      />
    </>
  );
}
