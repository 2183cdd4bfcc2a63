import type { AdmissionRule } from '../admission-rule.ts';

/**
 * Source page, default contents: a young critical, or one that our own list names as emerging. The page says what
 * critical means: exploitable, facing the internet, in production. Here unknown lowers no severity, so each of
 * them is asked for by name.
 */
export const EMERGING: AdmissionRule = {
  id: 'default.emerging',
  title: 'Emerging vulnerabilities of infrastructure',
  sentence:
    'Critical, published in the last 30 days, with an exploit, publicly accessible and in production; or listed as emerging.',
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
            { fact: 'risk', risk: 'exploit_available', is: 'yes' },
            { fact: 'risk', risk: 'publicly_accessible', is: 'yes' },
            { fact: 'risk', risk: 'in_production', is: 'yes' },
          ],
        },
        { fact: 'listed as emerging' },
      ],
    },
  ],
};
