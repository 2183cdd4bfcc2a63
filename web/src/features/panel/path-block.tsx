import { Link } from '@tanstack/react-router';
import type { AttackPathStep } from '../../../../src/contract/attack-path.ts';
import type { IssueDetail } from '../../../../src/contract/issue-detail.ts';
import { Fold } from '../../shared/fold.tsx';
import { Icon } from '../../shared/icon.tsx';
import { counted, likelihoodText } from '../../shared/number-text.ts';
import { sentenceCase } from '../../shared/sentence-case.ts';

/** An attack path, step by step: what an attacker does, what that was taken from, and what would close it. */
export function PathBlock({ issue }: { issue: IssueDetail }) {
  const path = issue.attackPath;
  if (path === null)
    return issue.alsoFoundBy.length === 0 ? null : (
      <Fold name="path" title="Found by others too" aside={counted(issue.alsoFoundBy.length, 'attack path')}>
        <AlsoFound paths={issue.alsoFoundBy} />
      </Fold>
    );
  const others = path.alternatives.length + path.more;
  return (
    <Fold
      name="path"
      title="How they get there"
      aside={`${counted(others + 1, 'way')} · likelihood ${likelihoodText(path.likelihood)}`}
    >
      {path.story !== '' && <p className="prose told">{path.story}</p>}
      <ol className="path-steps" data-testid="path-steps">
        {path.steps.map((step) => (
          <Step key={`${step.from} ${step.gains} ${step.to}`} step={step} />
        ))}
      </ol>
      {path.fixes[0] !== undefined && (
        <p className="told">
          <b>Fix first:</b> {sentenceCase(path.fixes[0].sentence)}
        </p>
      )}
      <AlsoFound paths={path.alsoFoundBy} />
      {others > 0 && <p className="muted">And {counted(others, 'more way')} of the same kind.</p>}
      <p className="more">
        <Link className="btn" to="/issues/$id/map" params={{ id: issue.id }}>
          <Icon name="paths" /> Open the map <kbd>m</kbd>
        </Link>
      </p>
    </Fold>
  );
}

/** Attack paths of other sources about the same resources: perhaps the same, and issues of their own. */
function AlsoFound({ paths }: { paths: IssueDetail['alsoFoundBy'] }) {
  return paths.map(({ id, title, sources }) => (
    <p className="told" key={id}>
      Also found by {sources.join(', ')}:{' '}
      <Link to="/issues/$id" params={{ id }}>
        {title}
      </Link>
    </p>
  ));
}

function Step({ step }: { step: AttackPathStep }) {
  return (
    <li>
      <p className="prose told">{step.sentence}.</p>
      {step.assumptions.map((assumption) => (
        <p className="muted told" key={assumption}>
          Assumed: {assumption}
        </p>
      ))}
      {step.gates.map((gate) => (
        <p className="muted told" key={gate.id}>
          To close it: {gate.sentence}
          {step.otherWays > 0 && ` (${counted(step.otherWays, 'other step')} would do the same)`}
        </p>
      ))}
    </li>
  );
}
