import type { Overview } from '../../../../src/contract/overview.ts';

type Week = Overview['weeks'][number];

/** What a plot draws, week by week, the last one first, for whoever reads numbers. */
export function WeekTable({
  weeks,
  columns,
}: {
  weeks: readonly Week[];
  columns: readonly { readonly title: string; readonly of: (week: Week) => string }[];
}) {
  return (
    <details className="behind">
      <summary>Table</summary>
      <div className="table-scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Week to</th>
              {columns.map(({ title }) => (
                <th key={title} scope="col" className="num">
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {weeks.toReversed().map((week) => (
              <tr key={week.end}>
                <td>{week.end.slice(0, 10)}</td>
                {columns.map(({ title, of }) => (
                  <td key={title} className="num" data-label={title}>
                    {of(week)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
