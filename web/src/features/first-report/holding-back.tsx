import type { HoldingBack } from '../../../../src/contract/inbox-page.ts';
import { CommandLine } from '../../shared/command-line.tsx';
import { counted, countText } from '../../shared/number-text.ts';

/**
 * What the page says while the inbox admits little: how many findings wait, and the conditions that
 * hold back most with what would answer each.
 */
export function HoldingBackNotice({
  admitted,
  waiting,
  conditions,
}: {
  admitted: number;
  waiting: number;
  conditions: readonly HoldingBack[];
}) {
  return (
    <section className="notice" aria-label="What waits" data-testid="holding-back">
      <h2>
        {admitted === 0 ? 'No issue is' : `${counted(admitted, 'issue')} ${admitted === 1 ? 'is' : 'are'}`} in
        the inbox, {counted(waiting, 'finding')} {waiting === 1 ? 'waits' : 'wait'}
      </h2>
      <p className="muted lead">
        They wait because a rule of the inbox asks for something that nobody has said yet. Unknown is not no:
        each answer below takes some of them in or rules them out.
      </p>
      <table className="plain">
        <thead>
          <tr>
            <th scope="col">Not known</th>
            <th scope="col">Holds back</th>
            <th scope="col">Say it with</th>
          </tr>
        </thead>
        <tbody>
          {conditions.map((condition) => (
            <tr key={condition.condition}>
              <td className="ttl told">{condition.sentence}</td>
              <td className="nowrap">
                <meter
                  className="sr"
                  min={0}
                  max={waiting}
                  value={condition.count}
                  aria-label={`${countText(condition.count)} of ${countText(waiting)}`}
                />
                <span className="meter" aria-hidden="true">
                  <i style={{ width: `${Math.min(100, (100 * condition.count) / Math.max(1, waiting))}%` }} />
                </span>
                {counted(condition.count, 'finding')}
              </td>
              <td>
                <CommandLine command={condition.remedy} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
