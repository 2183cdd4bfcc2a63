import { Link } from '@tanstack/react-router';
import type { FixPlan, Gate } from '../../../../src/contract/attack-path.ts';
import { GateSentence } from '../../shared/gate-sentence.tsx';
import { countText, shareText } from '../../shared/number-text.ts';

/** How much work a fix is, by the units that plans count in. */
const works: Readonly<Record<number, string>> = {
  1: 'a setting to change',
  2: 'a policy to edit',
  3: 'something to mend',
  8: 'something to build anew',
};

/** The plan, a line for each fix: what it takes by itself, and together with those above it. */
export function FixTable({
  plan,
  chosen,
  me,
  onToggle,
  onAssign,
}: {
  plan: FixPlan;
  chosen: ReadonlySet<string>;
  /** Who looks; null: they may decide nothing. */
  me: string | null;
  onToggle: (gate: Gate) => void;
  onAssign: (fix: string, assignee: string | null) => void;
}) {
  return (
    <div className="table-scroll">
      <table className="plain rows-table fix-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="sr">Try it</span>
            </th>
            <th scope="col">Fix</th>
            <th scope="col">Work</th>
            <th scope="col" className="num">
              Risk removed
            </th>
            <th scope="col">Together</th>
            <th scope="col" className="num">
              Targets out of reach
            </th>
            <th scope="col">Paths</th>
            <th scope="col">Who does it</th>
          </tr>
        </thead>
        <tbody>
          {plan.items.map(
            ({ gate, share, shareSoFar, atMost, targetsCut, paths, left, assignee, id, effort }) => {
              return (
                <tr key={gate.id} data-testid="fix" data-chosen={chosen.has(gate.id) || undefined}>
                  <td>
                    <input
                      type="checkbox"
                      className="check"
                      aria-label={`Try: ${gate.sentence}`}
                      checked={chosen.has(gate.id)}
                      onChange={() => onToggle(gate)}
                    />
                  </td>
                  <td className="ttl told">
                    {gate.issue === null ? (
                      <GateSentence sentence={gate.sentence} />
                    ) : (
                      <Link to="/issues/$id" params={{ id: gate.issue }} title="Open its issue">
                        <GateSentence sentence={gate.sentence} />
                      </Link>
                    )}
                  </td>
                  <td className="muted nowrap">{works[effort] ?? 'work'}</td>
                  <td className="num nowrap" data-label="Risk removed">
                    {share === 0 ? <span className="faint">with the next</span> : shareText(share)}
                  </td>
                  <td
                    className="nowrap"
                    data-label="Together"
                    title={`No plan of as many fixes takes more than ${shareText(atMost)}`}
                  >
                    <Meter share={shareSoFar} />
                    {shareText(shareSoFar)}
                  </td>
                  <td className="num" data-label="Targets out of reach">
                    {targetsCut === 0 ? <span className="faint">0</span> : countText(targetsCut)}
                  </td>
                  <td className="told muted" title={paths.map(({ title }) => title).join('\n')}>
                    {effects(paths)}, {countText(left)} left
                  </td>
                  <td className="told muted" data-label="Who does it">
                    {assignee ?? (me === null && <span className="faint">nobody</span>)}
                    {me !== null && (assignee === null || assignee === me) && (
                      <button
                        type="button"
                        className="btn link"
                        aria-label={`${assignee === null ? 'Take' : 'Give back'}: ${gate.sentence}`}
                        onClick={() => onAssign(id, assignee === null ? me : null)}
                      >
                        {assignee === null ? 'Take it' : 'Give back'}
                      </button>
                    )}
                  </td>
                </tr>
              );
            },
          )}
        </tbody>
      </table>
    </div>
  );
}

/** How many paths a fix resolves and reduces, in words. */
function effects(paths: FixPlan['items'][number]['paths']): string {
  const of = (effect: 'resolves' | 'reduces') => paths.filter((path) => path.effect === effect).length;
  const said = [
    ...(of('resolves') > 0 ? [`resolves ${countText(of('resolves'))}`] : []),
    ...(of('reduces') > 0 ? [`lowers ${countText(of('reduces'))}`] : []),
  ];
  return said.length === 0 ? 'none by itself' : said.join(', ');
}

function Meter({ share }: { share: number }) {
  return (
    <svg className="meter" viewBox="0 0 72 6" aria-hidden="true">
      <rect width={72 * Math.min(1, share)} height="6" rx="1" />
    </svg>
  );
}
