import type { Source } from '../../../src/contract/source.ts';
import { CommandLine } from '../shared/command-line.tsx';
import { Moment } from '../shared/moment.tsx';
import { counted, countText } from '../shared/number-text.ts';
import { scopeText } from '../shared/scope-text.ts';
import { ScrollBox } from '../shared/scroll-box.tsx';

/** Closings that a person has to confirm, with why they are held and the command that confirms. */
export function HeldClosings({ sources, now }: { sources: readonly Source[]; now: number }) {
  const held = sources.flatMap((source) => source.held.map((closing) => ({ source, closing })));
  if (held.length === 0) return null;
  const findings = held.reduce((sum, { closing }) => sum + closing.count, 0);
  return (
    <section className="section" aria-labelledby="held-title" data-testid="held-closings">
      <header>
        <h2 id="held-title">Closings held back</h2>
        <span className="sub">
          {counted(findings, 'finding')} would close; a scan that drops a whole class is usually a changed
          flag
        </span>
      </header>
      <ScrollBox label="Table of closings held back" className="table-scroll">
        <table className="plain">
          <thead>
            <tr>
              <th scope="col">Scan</th>
              <th scope="col">Would close</th>
              <th scope="col">Held because</th>
              <th scope="col">Close them with</th>
            </tr>
          </thead>
          <tbody>
            {held.map(({ source, closing }) => (
              <tr key={`${closing.scanId} ${scopeText(closing.scope)}`}>
                <td className="two told">
                  {source.name}
                  <small>
                    {scopeText(closing.scope)}, <Moment at={closing.at} now={now} />
                  </small>
                </td>
                <td className="nowrap">
                  {countText(closing.count)} of {countText(closing.open)} open
                </td>
                <td className="muted told">{closing.sentence}</td>
                <td className="wide-cell">
                  <CommandLine command={closing.remedy} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}
