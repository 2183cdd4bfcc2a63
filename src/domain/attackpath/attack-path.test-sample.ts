import type { ExposureRecord } from '../exposure/exposure-record.ts';
import { unknownResource } from '../risk/deployment.ts';
import type { RiskState, RiskVerdict } from '../risk/detected-risk.ts';
import type { AttackStep } from './attack-step.ts';
import { configuredGate } from './gate.ts';
import type { PathAsset, PathFacts } from './path-facts.ts';
import type { State } from './state.ts';
import type { StepRuleId } from './step-rules.ts';
import type { Target } from './target.ts';

export const verdict = (state: RiskState): RiskVerdict => ({ state, evidence: [], missing: [] });

/** A resource of which little is known. */
export function asset(key: string, type: string, more: Partial<PathAsset> = {}): PathAsset {
  return {
    context: unknownResource(key, 'cloud', key.slice(key.lastIndexOf('/') + 1)),
    type,
    estate: 'aws:111111111111',
    exposure: [],
    privilege: { level: 'none', reasons: [] },
    data: null,
    described: { provenance: 'aws', at: 0 },
    ...more,
  };
}

/** A way in that stands open to the internet. */
export function openWay(surface: string, more: Partial<ExposureRecord> = {}): ExposureRecord {
  return {
    surface,
    audience: 'internet',
    auth: 'none',
    verdict: 'yes',
    via: [],
    gates: ['sgr-1'],
    evidence: [{ sentence: `${surface} is open.`, provenance: 'aws', at: 0 }],
    missing: [],
    ...more,
  };
}

export const INTERNET: State = { asset: 'internet', family: 'origin', capability: 'reach' };

export const workload = (capability: 'reach' | 'exec' | 'root', name = 'web'): State => ({
  asset: name,
  family: 'workload',
  capability,
});
export const principal = (name: string): State => ({ asset: name, family: 'principal', capability: 'use' });
export const store = (name: string): State => ({ asset: name, family: 'datastore', capability: 'read' });

/** What somebody wants of it: sensitive data of production, unless it is said. */
export const target = (state: State, more: Partial<Target> = {}): Target => ({
  state,
  class: 'sensitive-data',
  tier: 1,
  name: state.asset,
  production: 'yes',
  evidence: [],
  ...more,
});

/** A step by a rule, closed by one setting that is called after its ends unless it is given. */
export function step(
  rule: StepRuleId,
  from: State,
  to: State,
  more: Partial<AttackStep> & { readonly gate?: string } = {},
): AttackStep {
  const { gate = `${from.asset} ${to.asset}`, ...rest } = more;
  return {
    rule,
    from,
    to,
    probability: 0.95,
    sentence: `${from.asset} leads to ${to.asset}`,
    gates: [configuredGate('setting', gate, `close ${gate}`)],
    evidence: [],
    assumptions: [],
    technique: null,
    ...rest,
  };
}

/** The facts as they are once these gates are closed. */
export function withoutGates(facts: PathFacts, gates: readonly string[]): PathFacts {
  const closed = new Set(gates);
  return { ...facts, steps: facts.steps.filter((step) => !step.gates.some(({ id }) => closed.has(id))) };
}
