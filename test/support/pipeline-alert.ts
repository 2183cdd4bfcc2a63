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
