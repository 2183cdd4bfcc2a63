import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HOUR_MS } from '../src/base/instant.ts';
import { prowlerFinding } from './support/prowler-finding.ts';
import { openTestInbox, START, type TestInbox } from './support/test-inbox.ts';

let inbox: TestInbox;
let hour = 0;
beforeEach(async () => {
  inbox = await openTestInbox();
  hour = 0;
});
afterEach(() => inbox.close());

const next = (): number => {
  const at = START + hour++ * HOUR_MS;
  inbox.clock.set(at);
  return at;
};

/** Open attack paths as `list` shows them. */
async function open(): Promise<readonly string[]> {
  const issues = await inbox.list({ all: false });
  return issues.filter(({ type }) => type === 'attack_path').map(({ title }) => title);
}

describe('a pipeline that strangers run', () => {
  const ROLE = 'arn:aws:iam::111111111111:role/deployer';
  const ISSUER = 'token.actions.githubusercontent.com';
  const allow = (Action: string, more: object) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, ...more }],
  });
  const account = () =>
    inbox.importReport(
      {
        UserDetailList: [],
        GroupDetailList: [],
        Policies: [],
        RoleDetailList: [
          {
            RoleName: 'deployer',
            Arn: ROLE,
            AssumeRolePolicyDocument: allow('sts:AssumeRoleWithWebIdentity', {
              Principal: { Federated: `arn:aws:iam::111111111111:oidc-provider/${ISSUER}` },
              Condition: { StringLike: { [`${ISSUER}:sub`]: 'repo:Acme/Shop:*' } },
            }),
            AttachedManagedPolicies: [],
            RolePolicyList: [{ PolicyName: 'all', PolicyDocument: allow('*', { Resource: '*' }) }],
          },
        ],
      },
      { account: '111111111111' },
      `account-${next()}.json`,
    );
  const alert = (isPrivate: boolean | undefined) => ({
    number: 1,
    state: 'open',
    html_url: 'https://github.com/Acme/Shop/security/code-scanning/1',
    rule: {
      id: 'actions/untrusted-checkout/critical',
      severity: 'error',
      description: 'Checkout of untrusted code',
      tags: ['security', 'external/cwe/cwe-829'],
    },
    tool: { name: 'CodeQL' },
    most_recent_instance: {
      ref: 'refs/heads/main',
      state: 'open',
      location: { path: '.github/workflows/build.yml', start_line: 9 },
    },
    ...(isPrivate === undefined
      ? {}
      : { repository: { html_url: 'https://github.com/Acme/Shop', private: isPrivate } }),
  });
  const alerts = (isPrivate: boolean | undefined) =>
    inbox.importReport([alert(isPrivate)], { source: 'github' }, `alerts-${next()}.json`);

  test.each<[string, boolean | undefined, number]>([
    ['a public repository', false, 1],
    ['a private one', true, 0],
    ['one of which nobody tells', undefined, 0],
  ])('of %s, whose role administers the account', async (_what, isPrivate, paths) => {
    await account();
    await alerts(isPrivate);
    expect(await open()).toHaveLength(paths);
    if (paths === 0) return;
    expect((await open())[0]).toMatch(/acme\/shop/i);
    await alerts(true);
    expect(await open()).toEqual([]);
  });
});

test('a name that points to nothing is a way in for as long as a scanner says so', async () => {
  const record = {
    uid: 'arn:aws:route53:::hostedzone/Z1',
    name: 'old.example.com',
    type: 'AwsRoute53HostedZone',
  };
  const said = (isFailed: boolean) =>
    inbox.importReport([prowlerFinding(next(), record, 'route53_dangling_ip_subdomain_takeover', isFailed)], {
      source: 'prowler',
    });
  await said(true);
  expect(await open()).toEqual([
    'A name that points to nothing can be taken: what people load from old.example.com',
  ]);
  await said(false);
  expect(await open()).toEqual([]);
});
