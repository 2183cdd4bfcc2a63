import type { AdmissionRule } from '../admission-rule.ts';

/** The curated set of controls, found in a file before it runs. */
export const IAC_MISCONFIGURATION: AdmissionRule = {
  id: 'default.iac_misconfiguration',
  title: 'Infrastructure code that would matter at once',
  sentence: 'The failed control is one of the curated set.',
  types: ['iac_misconfiguration'],
  when: [{ fact: 'control marked for the inbox' }],
};
