import { describe, expect, it } from 'vitest';
import { requestParameter } from './request-parameter.ts';

describe('requestParameter', () => {
  it.each([
    ['s3api-get-bucket-policy-logs.json', 'get-bucket-policy', 'logs'],
    ['/in/acct/s3-get-bucket-policy/my.bucket', 'get-bucket-policy', 'my.bucket'],
    ['dump.zip!eu-west-1/s3api-get-bucket-acl-a-b.json', 'get-bucket-acl', 'a-b'],
    ['elbv2-describe-target-health-arn%3Aaws%3Ax.json', 'describe-target-health', 'arn:aws:x'],
    ['%E0%A4%A-get-bucket-acl-%E0%A4%A.json', 'get-bucket-acl', '%E0%A4%A'],
    ['s3api-get-bucket-policy.json', 'get-bucket-policy', undefined],
    ['forget-bucket-policy-x.json', 'get-bucket-policy', undefined],
    ['report.json', 'get-bucket-policy', undefined],
  ])('%s', (name, call, expected) => {
    expect(requestParameter(name, call)).toBe(expected);
  });
});
