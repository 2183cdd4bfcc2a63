import type { FindingSummary } from './finding-state.ts';

/** The summary of a finding of which only this is known. */
export function sampleSummary(told: Partial<FindingSummary> = {}): FindingSummary {
  return {
    title: 'A flaw',
    severity: null,
    fix: null,
    fixable: null,
    vectors: [],
    distribution: null,
    publishedAt: null,
    exploits: [],
    implies: [],
    secretState: null,
    about: 'security',
    locations: [],
    scopes: [],
    sources: ['trivy'],
    ...told,
  };
}
