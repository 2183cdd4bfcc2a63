/** What an organisation chose about the severity of vulnerabilities. */
export interface ScoringSettings {
  /** `base`: the score of the vector as it was published counts, and context is shown only. */
  readonly severityBasis: 'adjusted' | 'base';
  /** `reference`: the reference product's EPSS rule, by which low scores always lower and high ones never raise. */
  readonly epssRule: 'ours' | 'reference';
}
