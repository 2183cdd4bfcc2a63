import { describe, expect, test } from 'vitest';
import type { RiskVerdict } from './detected-risk.ts';
import { byNature, natureOf } from './nature.ts';

describe('what can never be true of a resource', () => {
  test.each([
    ['aws:arn:aws:ec2:eu-west-1::snapshot/snap-1', 'cloud', true, false],
    ['aws:arn:aws:s3:::exports', 'cloud', true, false],
    ['aws:arn:aws:iam::111122223333:user/ops/jane', 'cloud', false, true],
    ['aws:arn:aws:iam::111122223333:role/admin', 'cloud', true, true],
    ['aws:arn:aws:ec2:eu-west-1:111122223333:instance/i-1', 'cloud', true, true],
    ['aws:arn:aws:ec2:eu-west-1:111122223333:volume/vol-1', 'cloud', false, false],
    ['aws:arn:aws:rds:eu-west-1:111122223333:snapshot:night', 'cloud', true, false],
    ['aws:arn:aws:rds:eu-west-1:111122223333:db:orders', 'cloud', true, true],
    ['aws:arn:aws:constructor:eu-west-1:111122223333:constructor/x', 'cloud', true, true],
    ['aws:111122223333/eu-west-1', 'account', false, false],
    ['k8s:one//Secret/shop/tls', 'kubernetes', false, false],
    ['k8s:one//Service/shop/web', 'kubernetes', true, false],
    ['k8s:arn:aws:eks:eu-west-1:111122223333:cluster/one/apps/Deployment/shop/web', 'kubernetes', true, true],
    ['k8s:one/rbac.authorization.k8s.io/ClusterRoleBinding//anyone', 'kubernetes', false, false],
    ['k8s:one/rbac.authorization.k8s.io/Role/shop/reader', 'kubernetes', false, false],
    ['k8s:one//ServiceAccount/shop/web', 'kubernetes', false, true],
    ['aws:arn:aws:iam::111122223333:root', 'cloud', false, true],
    ['aws:arn:aws:iam::111122223333:policy/own', 'cloud', false, false],
    ['repo:github.com/acme/s3', 'repository', true, true],
  ])('%s', (key, kind, canBeReached, hasRights) => {
    const { isNoPlace, actsAsNobody } = natureOf(key, kind);
    expect({ canBeReached: isNoPlace === null, hasRights: actsAsNobody === null }).toEqual({
      canBeReached,
      hasRights,
    });
  });

  test.each(['yes', 'no', 'unknown'] as const)('a verdict that is %s', (state) => {
    const verdict: RiskVerdict = { state, evidence: [], missing: state === 'unknown' ? ['a dump'] : [] };
    expect(byNature(verdict, null)).toBe(verdict);
    expect(byNature(verdict, 'Never.')).toEqual(
      state === 'unknown'
        ? {
            state: 'no',
            evidence: [{ sentence: 'Never.', provenance: 'type of resource', at: null }],
            missing: [],
          }
        : verdict,
    );
  });

  test('what facts speak for stays unknown', () => {
    const fact = { sentence: 'It gives strangers a role.', provenance: 'kubernetes', at: 1 };
    const verdict: RiskVerdict = { state: 'unknown', evidence: [fact], missing: ['its API server'] };
    expect(byNature(verdict, 'Never.')).toBe(verdict);
  });
});
