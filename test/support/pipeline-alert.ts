/** What CodeQL says of a workflow of a repository that checks out what strangers send, or a check of another name, as GitHub's alerts tell it. */
export function pipelineAlert(
  isPrivate: boolean | undefined,
  id = 'actions/untrusted-checkout/critical',
  number = 1,
): object {
  return {
    number,
    state: 'open',
    html_url: `https://github.com/Acme/Shop/security/code-scanning/${number}`,
    rule: {
      id,
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
  };
}

/** An account of AWS in which pipelines of that repository are a role that may do everything. */
export function deployerAccount(): object {
  const issuer = 'token.actions.githubusercontent.com';
  const allow = (Action: string, more: object) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, ...more }],
  });
  return {
    UserDetailList: [],
    GroupDetailList: [],
    Policies: [],
    RoleDetailList: [
      {
        RoleName: 'deployer',
        Arn: 'arn:aws:iam::111111111111:role/deployer',
        AssumeRolePolicyDocument: allow('sts:AssumeRoleWithWebIdentity', {
          Principal: { Federated: `arn:aws:iam::111111111111:oidc-provider/${issuer}` },
          Condition: { StringLike: { [`${issuer}:sub`]: 'repo:Acme/Shop:*' } },
        }),
        AttachedManagedPolicies: [],
        RolePolicyList: [{ PolicyName: 'all', PolicyDocument: allow('*', { Resource: '*' }) }],
      },
    ],
  };
}
