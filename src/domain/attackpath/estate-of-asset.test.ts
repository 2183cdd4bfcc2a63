import { expect, test } from 'vitest';
import { estateOfAsset } from './estate-of-asset.ts';

const ARN = 'k8s:arn:aws:eks:eu-west-1:111111111111:cluster/shop';

test.each([
  ['account-admin:aws:111111111111', 'aws:111111111111'],
  ['k8s:shop/cluster-admin', 'k8s:shop'],
  ['k8s:shop//Pod/shop/web', 'k8s:shop'],
  ['k8s:shop/rbac.authorization.k8s.io/Group//a/b', 'k8s:shop'],
  [`${ARN}/cluster-admin`, ARN],
  [`${ARN}//ServiceAccount/shop/web`, ARN],
  ['k8s:shop', null],
  ['aws:arn:aws:s3:::data', null],
])('%s is of %s', (asset, expected) => {
  expect(estateOfAsset(asset)).toBe(expected);
});
