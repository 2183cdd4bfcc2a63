import type { AdmissionRule } from '../admission-rule.ts';

/** The same curated set, for identities (source page, default contents). */
export const IDENTITY_RISK: AdmissionRule = {
  id: 'default.identity_risk',
  title: 'Identity risks that matter at once',
  sentence: 'The failed control is one of the curated set.',
  types: ['identity_risk'],
  when: [{ fact: 'control marked for the inbox' }],
};
