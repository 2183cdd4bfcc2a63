import type { CSSProperties } from 'react';
import { counted } from '../../shared/number-text.ts';

/** The head of what no rule admits yet, between the inbox and the rest of the same order. */
export function WaitingHead({
  count,
  rowIndex,
  style,
}: {
  count: number;
  rowIndex: number;
  style: CSSProperties;
}) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a grid of virtual rows cannot be a table
    // biome-ignore lint/a11y/useFocusableInteractive: rows of issues take the focus
    <div role="row" className="group" aria-rowindex={rowIndex} style={style} data-testid="not-admitted-head">
      {/* biome-ignore lint/a11y/useSemanticElements: see above */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: see above */}
      <span role="gridcell" className="line">
        <b>Not admitted</b>
        <span className="muted aside">the same order, over all the rest</span>
        <span className="right">
          <span className="wide">
            <kbd>+</kbd> takes an issue in
          </span>
          <span>{counted(count, 'issue')}</span>
        </span>
      </span>
    </div>
  );
}
