import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AttackPath } from '../../../../src/contract/attack-path.ts';
import type { IssueDetail } from '../../../../src/contract/issue-detail.ts';
import { getAttackPaths } from '../../shared/api/paths-api.ts';
import { asProblem } from '../../shared/api-problem.ts';
import { Fold } from '../../shared/fold.tsx';
import { counted } from '../../shared/number-text.ts';
import { severityWords } from '../../shared/words.ts';

function passes(path: AttackPath, issue: string): boolean {
  return [path, ...path.alternatives].some(({ steps }) =>
    steps.some(({ gates }) => gates.some((gate) => gate.issue === issue)),
  );
}

/** The attack paths that this issue opens the way for. */
export function PathsThroughBlock({ issue }: { issue: IssueDetail }) {
  const isOnPaths = issue.attackPaths > 0 && issue.type !== 'attack_path';
  const paths = useQuery({
    queryKey: ['paths'],
    queryFn: ({ signal }) => getAttackPaths(signal),
    enabled: isOnPaths,
  });
  if (!isOnPaths) return null;
  const through = (paths.data?.items ?? []).filter((path) => passes(path, issue.id));
  return (
    <Fold name="paths" title="Attack paths through it" aside={counted(issue.attackPaths, 'path')}>
      {paths.isError && (
        <p className="told critical" role="alert">
          {asProblem(paths.error).detail}
        </p>
      )}
      {paths.isSuccess && through.length === 0 && (
        <p className="muted">
          Another flaw opens the same step of each and is shown there. Once that one is mended, this one still
          opens it.
        </p>
      )}
      <ul className="changes">
        {through.map((path) => (
          <li key={path.id}>
            <Link className="link told" to="/issues/$id/map" params={{ id: path.id }}>
              {path.title}
            </Link>
            <span className="to">
              <span className={path.severity}>{severityWords[path.severity]}</span>
            </span>
          </li>
        ))}
      </ul>
    </Fold>
  );
}
