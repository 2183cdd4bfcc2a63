import type { Evidence, RiskVerdict } from '../risk/detected-risk.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';

/** Facts of a verdict that people still read; the rest repeat them. */
const EVIDENCE_MAX = 10;

export function yes(sentence: string, resource: EstateResource): RiskVerdict {
  return { state: 'yes', evidence: [evidence(sentence, resource)], missing: [] };
}

export function no(sentence: string, resource: EstateResource): RiskVerdict {
  return { state: 'no', evidence: [evidence(sentence, resource)], missing: [] };
}

export function unknown(missing: string, facts: readonly Evidence[] = []): RiskVerdict {
  return { state: 'unknown', evidence: facts, missing: [missing] };
}

/** The same verdict with a further fact at its end. */
export function withFact(verdict: RiskVerdict, sentence: string, resource: EstateResource): RiskVerdict {
  return { ...verdict, evidence: [...verdict.evidence, evidence(sentence, resource)] };
}

/** One verdict of several ways: one certain way is enough for yes, and no needs all of them to be no. */
export function anyOf(ways: readonly RiskVerdict[]): RiskVerdict {
  const state = ways.some((way) => way.state === 'yes')
    ? 'yes'
    : ways.some((way) => way.state === 'unknown')
      ? 'unknown'
      : 'no';
  const deciding = ways.filter((way) => way.state === state);
  const facts = new Map(deciding.flatMap((way) => way.evidence).map((fact) => [fact.sentence, fact]));
  return {
    state,
    evidence: [...facts.values()].slice(0, EVIDENCE_MAX),
    missing: [...new Set(deciding.flatMap((way) => way.missing))].slice(0, EVIDENCE_MAX),
  };
}
