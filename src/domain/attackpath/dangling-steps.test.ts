import { expect, test } from 'vitest';
import { danglingSteps } from './dangling-steps.ts';

const RECORD = {
  key: 'aws:arn:aws:route53:::hostedzone/Z1',
  kind: 'cloud',
  name: 'old.example.com',
} as const;
const EVIDENCE = [{ sentence: 'It points nowhere.', provenance: 'prowler', at: 3 }];

test('whoever takes what a name points to writes what people load from it, until the finding is mended', () => {
  expect(
    danglingSteps([{ fingerprint: 'f', issueId: 'i', resource: RECORD, evidence: EVIDENCE }]),
  ).toMatchObject([
    {
      rule: 'dangling-name',
      from: { asset: 'internet', family: 'origin', capability: 'reach' },
      to: { asset: RECORD.key, family: 'datastore', capability: 'write' },
      probability: 0.7,
      gates: [{ is: 'finding', id: 'f', issueId: 'i' }],
      evidence: EVIDENCE,
      assumptions: ['What it points to can be had by anybody.'],
      technique: expect.stringMatching(/^T1584/),
      flawed: RECORD,
    },
  ]);
});
