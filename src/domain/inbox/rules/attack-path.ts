import type { AdmissionRule } from '../admission-rule.ts';

/** Source page, default contents: all attack paths. */
export const ATTACK_PATH: AdmissionRule = {
  id: 'default.attack_path',
  title: 'Attack paths',
  sentence: 'Every attack path.',
  types: ['attack_path'],
  when: [],
};
