import type { Control } from '../../../../src/contract/control.ts';
import type { Finding } from '../../../../src/contract/issue-detail.ts';
import { CommandLine } from '../../shared/command-line.tsx';
import { Fold } from '../../shared/fold.tsx';
import { counted } from '../../shared/number-text.ts';
import { ControlFacts } from './control-facts.tsx';
import { fixesOf } from './fixes-of.ts';

/** What fixes it: the control's remediation, then what the sources say, each fix once. */
export function FixBlock({ findings, control }: { findings: readonly Finding[]; control: Control | null }) {
  const fixes = fixesOf(findings);
  if (fixes.length === 0 && control === null) return null;
  return (
    <Fold name="fix" title="How to fix it">
      {control !== null && (
        <>
          <p className="prose told" data-testid="remediation">
            {control.remediation.text}
          </p>
          {control.remediation.command !== null && <CommandLine command={control.remediation.command} />}
          <ControlFacts control={control} />
        </>
      )}
      {control !== null && fixes.length > 0 && <h4 className="caption">What the scanner says</h4>}
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
