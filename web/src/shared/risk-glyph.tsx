import type { DetectedRisk, RiskState } from '../../../src/contract/detected-risk.ts';
import { riskSentence } from './words.ts';

const drawings: Record<DetectedRisk, string> = {
  publicly_accessible: 'r-public',
  privileged_access: 'r-privileged',
  under_attack: 'r-attack',
  exploit_available: 'r-exploit',
  in_production: 'r-prod',
};

/**
 * One of the five marks: *yes* its glyph, *unknown* a dotted ring, *no* an empty place. The three
 * differ in shape, never by colour alone.
 */
export function RiskGlyph({ risk, state }: { risk: DetectedRisk; state: RiskState }) {
  if (state === 'no') return <i data-risk={risk} data-state="no" title={riskSentence(risk, state)} />;
  return (
    <svg className={state === 'yes' ? 'g' : 'g u'} aria-hidden="true" data-risk={risk} data-state={state}>
      <title>{riskSentence(risk, state)}</title>
      <use href={`#${state === 'yes' ? drawings[risk] : 'r-unknown'}`} />
    </svg>
  );
}
