import type { AdmissionRule } from '../admission-rule.ts';

/** Every secret that nobody has seen refused: an untested one may well work. */
export const SECRET: AdmissionRule = {
  id: 'default.secret',
  title: 'Secrets that may work',
  sentence: 'Not known to be inactive.',
  types: ['secret'],
  when: [{ fact: 'secret not known to be inactive' }],
};
