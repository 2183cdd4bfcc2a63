import type { MissingInputList } from '../../../src/contract/missing-input.ts';
import { CommandLine } from '../shared/command-line.tsx';
import { CountedAt } from '../shared/counted-at.tsx';
import { counted } from '../shared/number-text.ts';
import { RiskGlyph } from '../shared/risk-glyph.tsx';
import { ScrollBox } from '../shared/scroll-box.tsx';
import { sentenceCase } from '../shared/sentence-case.ts';
import { riskWords } from '../shared/words.ts';

/** Where no command supplies it by itself. */
const SAY_ENVIRONMENT = 'security-inbox import REPORT --env production';
const LIST_INVENTORIES = 'security-inbox formats';

/** Inputs that nobody supplied, what is unknown for want of each, and the command that supplies it. */
export function MissingTable({
  missing: { items: missing, countedAt },
  now,
}: {
  missing: MissingInputList;
  now: number;
}) {
  if (missing.length === 0) return null;
  return (
    <section className="section" aria-labelledby="missing-title" data-testid="missing">
      <header>
        <h2 id="missing-title">What is missing</h2>
        <span className="sub">
          each line turns unknown into yes or no
          <CountedAt at={countedAt} now={now} />
        </span>
      </header>
      <ScrollBox label="Table of what is missing" className="table-scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Not supplied</th>
              <th scope="col">Unknown for want of it</th>
              <th scope="col">Supply it with</th>
            </tr>
          </thead>
          <tbody>
            {missing.map(({ risk, what, others, command, resources }) => (
              <tr key={`${risk} ${what}`}>
                <td className="two told">
                  {sentenceCase(what)}
                  {others > 0 && <small>and {counted(others, 'other')} of the kind</small>}
                </td>
                <td className="two nowrap">
                  <span className="glyph-line">
                    <RiskGlyph risk={risk} state="unknown" /> {riskWords[risk]}
                  </span>
                  <small>of {counted(resources, 'resource')}</small>
                </td>
                <td className="wide-cell">
                  <CommandLine
                    command={command ?? (risk === 'in_production' ? SAY_ENVIRONMENT : LIST_INVENTORIES)}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
