import type { Overview } from '../../../../src/contract/overview.ts';
import { counted, countText, shareText } from '../../shared/number-text.ts';

const OWNERS_SHOWN = 10;

/** From all findings to the few that matter: each line what is left of the one above. */
export function FunnelBars({ funnel }: { funnel: Overview['funnel'] }) {
  const lines = [
    { name: 'All findings', count: funnel.all },
    { name: 'Open', count: funnel.open },
    { name: 'With a detected risk', count: funnel.risky },
    { name: 'In the inbox', count: funnel.admitted, isIn: true },
    { name: 'On an attack path', count: funnel.onPaths, isIn: true },
  ];
  const most = Math.max(funnel.all, 1);
  return (
    <ul className="bars" data-testid="funnel">
      {lines.map(({ name, count, isIn }, index) => {
        const above = lines[index - 1]?.count ?? 0;
        return (
          <li key={name} className={isIn ? 'in' : undefined}>
            <p className="words">
              {name}
              <span className="n">
                {countText(count)} {above > 0 && <small>{shareText(count / above)}</small>}
              </span>
            </p>
            <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
              <rect width={count === 0 ? 0 : Math.max(0.4, (count / most) * 100)} height="1" />
            </svg>
          </li>
        );
      })}
    </ul>
  );
}

/** Owners by how many issues they have, what is overdue in red. */
export function OwnerBars({ load }: { load: Overview['load'] }) {
  const owners = [...Map.groupBy(load, ({ owner }) => owner)]
    .map(([owner, each]) => ({
      owner,
      issues: each.reduce((sum, { issues }) => sum + issues, 0),
      overdue: each.reduce((sum, { overdue }) => sum + overdue, 0),
    }))
    .sort((a, b) => b.issues - a.issues || (a.owner ?? '').localeCompare(b.owner ?? ''));
  if (owners.length === 0) return <p className="muted">Nothing is to be fixed.</p>;
  const most = Math.max(...owners.map(({ issues }) => issues));
  const rest = owners.slice(OWNERS_SHOWN);
  return (
    <>
      <ul className="bars" data-testid="owners-load">
        {owners.slice(0, OWNERS_SHOWN).map(({ owner, issues, overdue }) => (
          <li key={owner ?? ''}>
            <p className="words">
              <span className={owner === null ? 'faint' : 'told'}>{owner ?? 'unowned'}</span>
              <span className="n">
                {countText(issues)}{' '}
                {overdue > 0 && <small className="critical">{countText(overdue)} over</small>}
              </span>
            </p>
            <svg viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
              <rect width={(issues / most) * 100} height="1" />
              {overdue > 0 && <rect className="over" width={(overdue / most) * 100} height="1" />}
            </svg>
          </li>
        ))}
      </ul>
      {rest.length > 0 && (
        <p className="muted">
          and {counted(rest.length, 'other')} with{' '}
          {counted(
            rest.reduce((sum, { issues }) => sum + issues, 0),
            'issue',
          )}
        </p>
      )}
    </>
  );
}
