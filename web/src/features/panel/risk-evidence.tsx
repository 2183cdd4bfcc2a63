import type { RiskReason } from '../../../../src/contract/issue-detail.ts';
import { Moment } from '../../shared/moment.tsx';
import { counted } from '../../shared/number-text.ts';
import { RiskGlyph } from '../../shared/risk-glyph.tsx';
import { riskWords } from '../../shared/words.ts';

/** The place at the right of a risk: who said it last, or how much is missing to say it. */
function Provenance({ reason, now }: { reason: RiskReason; now: number }) {
  const first = reason.evidence[0];
  if (reason.state === 'unknown' || first === undefined) {
    return reason.missing.length === 0 ? null : <>{counted(reason.missing.length, 'input')} missing</>;
  }
  return (
    <>
      {first.provenance}
      {first.at !== null && (
        <>
          , <Moment at={first.at} now={now} />
        </>
      )}
    </>
  );
}

/** The five risks, each with its answer, what speaks for it, and what is missing. */
export function RiskEvidence({ risks, now }: { risks: readonly RiskReason[]; now: number }) {
  return (
    <ul className="ev" aria-label="Detected risks">
      {risks.map((reason) => (
        <li key={reason.risk} data-testid={`risk-${reason.risk}`} data-state={reason.state}>
          <span className="mark">
            <RiskGlyph risk={reason.risk} state={reason.state} />
          </span>
          <span className="lab">
            {riskWords[reason.risk]} <span className="ans">{reason.state}</span>
          </span>
          <span className="src told">
            <Provenance reason={reason} now={now} />
          </span>
          <div className="tx told">
            {reason.evidence.map((evidence, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: evidence has no id and never moves
              <p key={index} title={evidence.provenance}>
                {evidence.sentence}
                {evidence.link !== null && /^https?:\/\//i.test(evidence.link) && (
                  <>
                    {' '}
                    <a className="link" href={evidence.link} rel="noreferrer noopener" target="_blank">
                      Read it
                    </a>
                  </>
                )}
              </p>
            ))}
            {reason.missing.length > 0 && (
              <p className="muted">
                {reason.state === 'unknown' ? 'Missing to tell' : 'Would tell more'}:{' '}
                {reason.missing.join('; ')}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
