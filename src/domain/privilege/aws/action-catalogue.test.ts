import { expect, test } from 'vitest';
import { cataloguedAction, INTERESTING_ACTIONS } from './action-catalogue.ts';

/** Classes of attack-paths §1.3 that some action has; what AWS calls writing deletes and administers too. */
const CLASSES = 'read list write exec credential grant decrypt encrypt snapshot pass assume tag'.split(' ');

test('every interesting action has a class, and no other than the known ones', () => {
  expect(INTERESTING_ACTIONS.filter(({ flags }) => flags.length === 0)).toEqual([]);
  expect([...new Set(INTERESTING_ACTIONS.flatMap(({ flags }) => flags))].sort()).toEqual(CLASSES.toSorted());
});

test.each([
  ['ssm:GetParameter', 'credential read'],
  ['secretsmanager:GetSecretValue', 'credential read'],
  ['iam:CreateAccessKey', 'credential write'],
  ['lambda:GetFunction', 'credential read'],
  ['ssm:StartSession', 'exec write'],
  ['lambda:UpdateFunctionCode', 'exec write'],
  ['iam:PassRole', 'pass write'],
  ['sts:AssumeRole', 'assume write'],
  ['kms:Decrypt', 'decrypt write'],
  ['kms:Encrypt', 'encrypt write'],
  ['ec2:CreateSnapshot', 'snapshot write'],
  ['s3:PutBucketPolicy', 'grant write'],
  ['iam:UpdateAssumeRolePolicy', 'grant write'],
  ['s3:GetObject', 'read'],
])('%s is %s', (action, classes) => {
  expect(cataloguedAction(action.toLowerCase())?.flags.join(' ')).toBe(classes);
});
