import type { Finding } from '../../../../src/contract/issue-detail.ts';
import { Fold } from '../../shared/fold.tsx';
import { counted } from '../../shared/number-text.ts';
import { fixesOf } from './fixes-of.ts';

/** What the sources say that fixes it, each fix once. */
export function FixBlock({ findings }: { findings: readonly Finding[] }) {
  const fixes = fixesOf(findings);
  if (fixes.length === 0) return null;
  return (
    <Fold name="fix" title="How to fix it">
      <ul className="fixes">
        {fixes.map((fix) => (
          <li key={fix.text}>
            <p className="prose told">{fix.text}</p>
            {fixes.length > 1 && <span className="muted">{counted(fix.findings, 'finding')}</span>}
          </li>
        ))}
      </ul>
    </Fold>
  );
}
