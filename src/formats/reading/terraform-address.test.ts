import { expect, test } from 'vitest';
import { addressInBlock, addressInKey } from './terraform-address.ts';

test.each([
  ['resource "aws_s3_bucket" "logs" {\n  acl = "x"\n}', 'aws_s3_bucket.logs'],
  ['  data "aws_iam_policy_document" "p" {', 'aws_iam_policy_document.p'],
  ['module "net" {\n', 'module.net'],
  ['  acl = "public-read"', undefined],
  ['FROM alpine', undefined],
  [undefined, undefined],
])('%j begins the block %s', (text, address) => {
  expect(addressInBlock(text)).toBe(address);
});

test.each([
  ['aws_s3_bucket[logs].acl', 'aws_s3_bucket.logs'],
  ['resource.aws_s3_bucket[logs] does have static websites inside', 'aws_s3_bucket.logs'],
  ["'aws_s3_bucket.versioning' is missing", undefined],
  ['metadata.name={{example}}.spec', undefined],
  [undefined, undefined],
])('%j names %s', (text, address) => {
  expect(addressInKey(text)).toBe(address);
});
