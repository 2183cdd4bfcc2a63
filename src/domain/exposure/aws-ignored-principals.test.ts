import { expect, test } from 'vitest';
import { recordsOf, resource } from '../../../test/support/aws-world.ts';

const queue = (AWS: string) =>
  resource('sqs-queue', 'jobs', {
    Policy: {
      Statement: [{ Effect: 'Allow', Principal: { AWS }, Action: 'sqs:SendMessage', Resource: '*' }],
    },
  });

test.each([
  ['arn:aws:iam::*:root', true],
  ['arn:aws:iam::1111*:role/web', true],
  ['arn:aws:iam::111111111111:role/web', false],
  ['AIDAEXAMPLE', false],
])('a principal %s is ignored, with a word about it: %s', (principal, isIgnored) => {
  const jobs = queue(principal);
  const [way] = recordsOf([jobs], jobs);
  expect(way?.verdict).toBe('no');
  expect(way?.evidence.some(({ sentence }) => sentence.includes(`names ${principal}, which is nobody`))).toBe(
    isIgnored,
  );
});
