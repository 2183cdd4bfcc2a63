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

test('it is named by its advisory, else by its title, and says who told it when', () => {
  const repository = {
    key: 'repo:github.com/lab/shop',
    kind: 'repository',
    name: 'github.com/lab/shop',
  } as const;
  const found = (advisory: string | null) =>
    pipelineFlawOf({
      fingerprint: 'f',
      issueId: 'i',
      toolCheck: advisory === null ? 'zizmor:zizmor/unpinned-uses' : null,
      advisory,
      summary: {
        title: 'A title..',
        sources: ['github', 'osv'],
        publishedAt: 5,
      } as unknown as FindingSummary,
      repository,
    });
  const evidence = [{ sentence: 'A title.', provenance: 'github, osv', at: 5 }];
  expect(found('MAL-2026-1')).toMatchObject({
    fingerprint: 'f',
    issueId: 'i',
    name: 'MAL-2026-1',
    words: 'its pipeline installs a package that is known to be malicious',
    repository,
    evidence,
  });
  expect(found(null)).toMatchObject({
    name: 'A title..',
    words: 'its pipeline runs an action of somebody else by a name that can be moved',
    evidence,
  });
});
