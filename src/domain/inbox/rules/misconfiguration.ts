import type { AdmissionRule } from '../admission-rule.ts';

/** A curated set of controls: those with which anyone can do harm now (source page, default contents). */
export const MISCONFIGURATION: AdmissionRule = {
  id: 'default.misconfiguration',
  title: 'Misconfigurations that matter at once',
  sentence: 'The failed control is one of the curated set.',
  types: ['misconfiguration'],
  when: [{ fact: 'control marked for the inbox' }],
};
