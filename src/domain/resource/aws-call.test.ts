import { expect, test } from 'vitest';
import { awsCall, nameInArn } from './aws-call.ts';

test.each<[Parameters<typeof awsCall>, string]>([
  [['ecs describe-tasks', [['--tasks', 'a'], ['--all']]], 'aws ecs describe-tasks --tasks a --all'],
  [
    ['s3api get-bucket-policy', [['--bucket', 'logs']], 'logs'],
    'aws s3api get-bucket-policy --bucket logs > s3api-get-bucket-policy-logs.json 2>&1',
  ],
  [['glue get-resource-policy', [], ''], 'aws glue get-resource-policy > glue-get-resource-policy.json 2>&1'],
  [
    ['x get-y', [['--name', "a'; rm -rf ~"]], "a'/!(b)"],
    `aws x get-y --name 'a'\\''; rm -rf ~' > 'x-get-y-a'\\''%2F%21(b).json' 2>&1`,
  ],
  [['x get-y', [['--name', '']], '\ud800'], "aws x get-y --name '' > x-get-y-%EF%BF%BD.json 2>&1"],
])('%j is %s', (call, expected) => {
  expect(awsCall(...call)).toBe(expected);
});

test.each([
  ['arn:aws:ecs:r:1:task/c/t-1', 't-1'],
  ['arn:aws:sns:r:1:news', 'news'],
  ['a/b', 'a/b'],
])('the name in %s is %s', (arn, name) => {
  expect(nameInArn(arn)).toBe(name);
});
