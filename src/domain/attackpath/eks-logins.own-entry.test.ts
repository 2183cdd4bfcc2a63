import { describe, expect, test } from 'vitest';
import { allow, resource, role } from '../privilege/aws/iam-principal.test-sample.ts';
import type { EstateResource } from '../risk/estate.ts';
import { awsFacts } from './aws-search.test-sample.ts';
import { awsSteps } from './aws-steps.ts';

const ARN = 'arn:aws:eks:eu-west-1:111111111111:cluster/shop';
const AT_ARN = `k8s:${ARN}/cluster-admin`;
const trust = { Service: 'ec2.amazonaws.com' };

const cluster = (mode: string | null) =>
  resource('eks-cluster', ARN, {
    name: 'shop',
    arn: ARN,
    ...(mode === null ? {} : { accessConfig: { authenticationMode: mode } }),
  });

const logins = (mode: string | null, held: EstateResource) =>
  awsSteps(awsFacts([held, cluster(mode)], { held: [held.key] })).steps.filter(
    ({ rule }) => rule === 'cluster-login',
  );

describe('whoever may give himself an access entry administers a cluster of EKS', () => {
  const ENTRY = ARN.replace(':cluster/', ':access-entry/');
  const may = (...statements: Parameters<typeof role>[2]) => role('ops', trust, statements);
  const CREATES = allow('eks:CreateAccessEntry', { Resource: ARN });
  const ASSOCIATES = allow('eks:AssociateAccessPolicy', { Resource: `${ENTRY}/role/111111111111/ops/*` });
  const TURNS = allow('eks:UpdateClusterConfig', { Resource: ARN });
  const by = (mode: string | null, held: EstateResource) =>
    logins(mode, held).map(({ kind, to, gates, assumptions }) => [
      kind,
      to.asset,
      gates.length,
      assumptions.length,
    ]);

  test.each<[string, string | null, EstateResource, readonly unknown[]]>([
    ['by both rights', 'API', may(CREATES, ASSOCIATES), [['own-access-entry', AT_ARN, 2, 0]]],
    ['in both modes', 'API_AND_CONFIG_MAP', may(CREATES, ASSOCIATES), [['own-access-entry', AT_ARN, 2, 0]]],
    [
      'where the mode is not told, assumed',
      null,
      may(CREATES, ASSOCIATES),
      [['own-access-entry', AT_ARN, 2, 1]],
    ],
    ['not where entries do not count', 'CONFIG_MAP', may(CREATES, ASSOCIATES), []],
    [
      'but by turning the mode',
      'CONFIG_MAP',
      may(CREATES, ASSOCIATES, TURNS),
      [['own-access-entry', AT_ARN, 3, 0]],
    ],
    ['not without a policy for it', 'API', may(CREATES), []],
    ['not without the entry', 'API', may(ASSOCIATES), []],
    [
      'not of another cluster',
      'API',
      may(allow('eks:CreateAccessEntry', { Resource: `${ARN}2` }), ASSOCIATES),
      [],
    ],
  ])('%s', (_what, mode, held, expected) => {
    expect(by(mode, held)).toEqual(expected);
  });

  test('under conditions it is less likely', () => {
    const under = { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } };
    const [step] = logins(
      'API',
      may(allow(['eks:CreateAccessEntry'], { Resource: ARN, ...under }), ASSOCIATES),
    );
    expect(step?.probability).toBeLessThan(0.95);
    expect(step?.assumptions).toHaveLength(1);
  });

  test('an administrator of the account gets no step of his own: paths end at him', () => {
    expect(logins('API', may(allow('*')))).toEqual([]);
  });
});
