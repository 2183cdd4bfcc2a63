import { Link } from '@tanstack/react-router';
import type { RuleTrace } from '../../../../src/contract/issue-detail.ts';
import { Fold } from '../../shared/fold.tsx';
import { counted } from '../../shared/number-text.ts';

const typeWords: Readonly<Record<RuleTrace['type'], string>> = {
  severity: 'Severity',
  mute: 'Mute',
  due_date: 'Due date',
  inbox: 'Add to inbox',
  assign: 'Assign',
  ticket: 'Ticket',
};

/** What the organisation's own rules make of the lead finding, by type, and why those before the one that acts do not. */
export function RulesBlock({ traces }: { traces: readonly RuleTrace[] }) {
  if (traces.length === 0) return null;
  const acting = traces.filter(({ rule }) => rule !== null).length;
  return (
    <Fold
      name="rules"
      title="Your rules"
      aside={acting === 0 ? 'none acts' : `${counted(acting, 'rule')} ${acting === 1 ? 'acts' : 'act'}`}
    >
      <ul className="admission" data-testid="rule-traces">
        {traces.map(({ type, rule, sentence, passedOver }) => (
          <li key={type} data-type={type} data-acts={rule !== null}>
            <span className={rule === null ? 'verdict unmet' : 'verdict met'} aria-hidden="true" />
            <div>
              <span className="lab">{typeWords[type]}</span>{' '}
              {rule !== null && (
                <Link className="link told" to="/automation" search={{ type, rule: rule.id }}>
                  {rule.name}
                </Link>
              )}
              <p className="told">{sentence}</p>
              {passedOver.length > 0 && (
                <details className="passed-over">
                  <summary>
                    {counted(passedOver.length, 'earlier rule')} {passedOver.length === 1 ? 'does' : 'do'} not
                    match
                  </summary>
                  <ul>
                    {passedOver.map((each) => (
                      <li key={each.id} className="muted told">
                        <b>{each.name}</b>: {each.sentence}
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </div>
          </li>
        ))}
      </ul>
    </Fold>
  );
}
