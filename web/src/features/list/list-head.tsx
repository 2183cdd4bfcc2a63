import { detectedRiskSchema } from '../../../../src/contract/detected-risk.ts';
import { RiskGlyph } from '../../shared/risk-glyph.tsx';

/** The names of the columns. The five glyphs here are the legend of those in the rows. */
export function ListHead() {
  return (
    // biome-ignore-start lint/a11y/useSemanticElements: a grid of virtual rows cannot be a table
    // biome-ignore-start lint/a11y/useFocusableInteractive: rows take the focus
    <div role="row" className="cols" aria-rowindex={1}>
      <span role="columnheader" className="rank">
        <span className="sr">Rank</span>
      </span>
      <span role="columnheader" className="sev">
        Severity
      </span>
      <span role="columnheader" className="what">
        <span>Issue</span>
        <span className="type">Type</span>
      </span>
      <span role="columnheader" className="risks">
        <span className="sr">
          Detected risks: public, privileged, under attack, exploit available, in production
        </span>
        <i />
        {detectedRiskSchema.options.map((risk) => (
          <RiskGlyph key={risk} risk={risk} state="yes" />
        ))}
      </span>
      <span role="columnheader" className="impact" title="Resources · services">
        Impact
      </span>
      <span role="columnheader" className="paths" title="Attack paths through it">
        Paths
      </span>
      <span role="columnheader" className="owner">
        Owner
      </span>
      <span role="columnheader" className="due">
        Due
      </span>
      <span role="columnheader" className="age">
        Age
      </span>
    </div>
    // biome-ignore-end lint/a11y/useSemanticElements: a grid of virtual rows cannot be a table
    // biome-ignore-end lint/a11y/useFocusableInteractive: rows take the focus
  );
}
