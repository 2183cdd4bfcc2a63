import { expect, test } from 'vitest';
import type { FindingSummary } from '../finding/finding-state.ts';
import { pipelineFlawOf } from './pipeline-flaw.ts';

const flawOf = (
  toolCheck: string | null,
  {
    isPublic = true,
    advisory = null,
  }: { readonly isPublic?: boolean; readonly advisory?: string | null } = {},
) =>
  pipelineFlawOf({
    fingerprint: 'f',
    issueId: 'i',
    toolCheck,
    advisory,
    summary: {
      title: 'A title',
      sources: ['github'],
      publishedAt: null,
      ...(isPublic ? { inPublicRepository: true } : {}),
    } as unknown as FindingSummary,
    repository: { key: 'repo:github.com/lab/shop', kind: 'repository', name: 'github.com/lab/shop' },
  });

test.each([
  ['codeql:actions/untrusted-checkout/critical', {}, 'pull-request'],
  ['zizmor:zizmor/dangerous-triggers', {}, 'pull-request'],
  ['semgrep:yaml.github-actions.security.pull-request-target-code-checkout', {}, 'pull-request'],
  ['codeql:actions/untrusted-checkout/critical', { isPublic: false }, undefined],
  ['zizmor:zizmor/self-hosted-runner', {}, 'pull-request'],
  ['zizmor:zizmor/self-hosted-runner', { isPublic: false }, undefined],
  ['poutine:pr_runs_on_self_hosted', {}, 'pull-request'],
  ['zizmor:zizmor/unpinned-uses', { isPublic: false }, 'mutable-action'],
  ['codeql:js/sql-injection', {}, undefined],
  [null, { advisory: 'MAL-2026-1234', isPublic: false }, 'package'],
  [null, { advisory: 'CVE-2026-1234' }, undefined],
])('%s %j is %s', (check, about, kind) => {
  expect(flawOf(check, about)?.kind).toBe(kind);
});

test('a malicious package is likelier than an action that may be moved', () => {
  const [taken, moved] = [flawOf(null, { advisory: 'MAL-2026-1' }), flawOf('zizmor:unpinned-uses')];
  expect(taken?.probability).toBeGreaterThan(moved?.probability ?? 1);
});
