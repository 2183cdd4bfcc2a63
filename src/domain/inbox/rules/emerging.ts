import type { AdmissionRule } from '../admission-rule.ts';

/** Source page, default contents: a young critical, or one that our own list names as emerging. */
export const EMERGING: AdmissionRule = {
  id: 'default.emerging',
  title: 'Emerging vulnerabilities of infrastructure',
  sentence: 'Critical and published in the last 30 days, or listed as emerging.',
  types: ['infrastructure_vulnerability'],
  when: [
    {
      fact: 'any of',
      conditions: [
        {
          fact: 'all of',
          conditions: [
            { fact: 'severity', atLeast: 'critical' },
            { fact: 'published', withinDays: 30 },
          ],
        },
        { fact: 'listed as emerging' },
      ],
    },
  ],
};
