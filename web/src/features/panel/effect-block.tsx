import { useQuery } from '@tanstack/react-query';
import type { IssueDetail } from '../../../../src/contract/issue-detail.ts';
import { getWhatIf } from '../../shared/api/paths-api.ts';
import { asProblem } from '../../shared/api-problem.ts';
import { changesOf } from '../../shared/changed-paths.ts';
import { ChangedPaths } from '../../shared/changed-paths-list.tsx';
import { Fold } from '../../shared/fold.tsx';
import { counted } from '../../shared/number-text.ts';

/** What becomes of its findings and of attack paths once this issue is fixed; a path says it on its map. */
export function EffectBlock({ issue }: { issue: IssueDetail }) {
  const isOnPaths = issue.attackPaths > 0 && issue.type !== 'attack_path';
  const open = issue.findings.filter(({ state }) => state === 'open').length;
  const tried = useQuery({
    queryKey: ['what-if', [issue.id]],
    queryFn: ({ signal }) => getWhatIf([issue.id], signal),
    enabled: isOnPaths,
  });
  if (issue.type === 'attack_path' || open === 0) return null;
  const changes = changesOf(tried.data?.paths ?? []);
  return (
    <Fold
      name="effect"
      title="What fixing it changes"
      aside={tried.isSuccess ? counted(changes.length, 'path changes', 'paths change') : undefined}
    >
      <p className="prose told">
        Fixing it closes this issue and its {counted(open, 'open finding')}
        {tried.isSuccess &&
          changes.length === 0 &&
          '; every attack path through it has another way as likely'}
        {!isOnPaths && '; no attack path goes through it'}.
      </p>
      {isOnPaths && tried.isPending && <p className="muted">Trying it on the attack paths</p>}
      {tried.isError && <p className="muted told">It could not be tried: {asProblem(tried.error).detail}</p>}
      <ChangedPaths items={changes} />
    </Fold>
  );
}
