import { expect, test } from 'vitest';
import { addressInBlock, addressInKey, kindInAddress } from './terraform-address.ts';

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

test.each([
  ['aws_iam_role.ci', 'aws_iam_role'],
  ['module.net.aws_security_group.ssh[0]', 'aws_security_group'],
  ['data.aws_iam_policy_document.p', 'aws_iam_policy_document'],
  ['Pod.default.web', 'Pod'],
  ['Deployment/shop/web', 'Deployment'],
  [undefined, undefined],
])('%s is of the kind %s', (address, kind) => {
  expect(kindInAddress(address)).toBe(kind);
});
