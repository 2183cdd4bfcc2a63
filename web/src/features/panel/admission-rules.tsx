import { ADMITTED_BY_HAND } from '../../../../src/contract/issue.ts';
import type { AdmissionRule } from '../../../../src/contract/issue-detail.ts';

const marks: Record<AdmissionRule['verdict'], string> = { met: 'met', 'not met': 'unmet', unknown: 'open' };

/** Which rules of the inbox take the issue in, and what each of the others lacks. */
export function AdmissionRules({
  admitted,
  rules,
  admittedBy,
}: {
  admitted: boolean;
  rules: readonly AdmissionRule[];
  admittedBy: readonly string[];
}) {
  return (
    <>
      <h4 className="caption">{admitted ? 'In the inbox' : 'Not admitted to the inbox'}</h4>
      {admittedBy.includes(ADMITTED_BY_HAND) && <p>A person took it in by hand.</p>}
      <ul className="admission" aria-label="Rules of the inbox">
        {rules.map((rule) => (
          <li key={rule.id} data-verdict={rule.verdict}>
            <span className={`verdict ${marks[rule.verdict]}`} aria-hidden="true" />
            <div>
              <span className="lab told" title={rule.id}>
                {rule.title}
              </span>{' '}
              <span className="muted">{rule.verdict}</span>
              <p className="told">{rule.sentence}</p>
              {rule.missing.length > 0 && <p className="muted told">Missing: {rule.missing.join('; ')}</p>}
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
