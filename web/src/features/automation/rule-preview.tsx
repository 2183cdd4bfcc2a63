import { Link } from '@tanstack/react-router';
import type { RulesPreview } from '../../../../src/contract/automation-rule.ts';
import { SeverityChange } from '../../shared/changed-paths-list.tsx';
import { counted, countText } from '../../shared/number-text.ts';
import { severityWords } from '../../shared/words.ts';

/** What would become of the inbox, exactly: how many enter, leave and change, and the first of them. */
export function RulePreview({ preview, rule }: { preview: RulesPreview; rule: string }) {
  const own = preview.matches.filter((match) => match.rule === rule);
  const acts = own.find(({ takenBy }) => takenBy === null);
  const taken = own.filter(({ takenBy }) => takenBy !== null);
  return (
    <div data-testid="rule-preview">
      <dl className="figures tight">
        <div>
          <dd className="big">{countText(preview.enter)}</dd>
          <dt>enter</dt>
        </div>
        <div>
          <dd className="big">{countText(preview.leave)}</dd>
          <dt>leave</dt>
        </div>
        <div>
          <dd className="big">{countText(preview.moved)}</dd>
          <dt>move</dt>
        </div>
        <div>
          <dd className="big">{countText(preview.changed)}</dd>
          <dt>change at all</dt>
        </div>
      </dl>
      <p className="muted">
        {acts === undefined
          ? 'It acts on no open finding'
          : `It acts on ${counted(acts.findings, 'finding')} of ${counted(acts.issues, 'issue')}`}
        {taken.map(
          ({ takenBy, findings }) => `; ${takenBy} takes ${countText(findings)} of its matches first`,
        )}
        .
      </p>
      <ul className="changes">
        {preview.samples.map(({ before, after }) => (
          <li key={after.id}>
            <Link className="told" to="/issues/$id" params={{ id: after.id }}>
              {after.title}
            </Link>
            <span className="to nowrap">
              <Sample before={before} after={after} />
            </span>
          </li>
        ))}
      </ul>
      {preview.changed > preview.samples.length && (
        <p className="muted">and {countText(preview.changed - preview.samples.length)} more</p>
      )}
      {preview.tickets
        .filter((ticket) => ticket.rule === rule)
        .map(({ issueId, title, text }) => (
          <section key={issueId} aria-label="Sample of a ticket" data-testid="sample-ticket">
            <p className="muted">The first ticket would say, of the highest issue that it asks for:</p>
            <div className="sample-ticket">
              <strong className="told">{title}</strong>
              <pre className="told">{text}</pre>
            </div>
          </section>
        ))}
    </div>
  );
}

function Sample({ before, after }: RulesPreview['samples'][number]) {
  if (before.place === null && after.place !== null)
    return (
      <>
        <span className="good">enters at {countText(after.place)}</span>,{' '}
        <span className={after.severity}>{severityWords[after.severity]}</span>
      </>
    );
  if (before.place !== null && after.place === null) return <>leaves from {countText(before.place)}</>;
  if (before.muted !== after.muted) return <>{after.muted ? 'muted' : 'no longer muted'}</>;
  if (before.severity !== after.severity)
    return (
      <>
        <SeverityChange from={before.severity} to={after.severity} />
        {before.place !== null && after.place !== null && before.place !== after.place && (
          <>
            , place {countText(before.place)} to {countText(after.place)}
          </>
        )}
      </>
    );
  if (before.dueAt !== after.dueAt) return <>due {after.dueAt?.slice(0, 10) ?? 'never'}</>;
  if (before.team !== after.team || before.assignee !== after.assignee)
    return <>to {after.assignee ?? after.team ?? 'nobody'}</>;
  return <>changes</>;
}
