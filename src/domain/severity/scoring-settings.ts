/** What an organisation chose about how findings count. */
export interface ScoringSettings {
  /** `base`: the score of the vector as it was published counts, and context is shown only. */
  readonly severityBasis: 'adjusted' | 'base';
  /** `reference`: the reference product's EPSS rule, by which low scores always lower and high ones never raise. */
  readonly epssRule: 'ours' | 'reference';
  /** Which levels of privilege are the detected risk; the control plane alone (P4) is shown only, unless it is chosen. */
  readonly privilegedAccess: 'P0-P3' | 'P0-P4';
}
