import { Link } from '@tanstack/react-router';
import type { Severity } from '../../../src/contract/severity.ts';
import type { ChangedPath } from './changed-paths.ts';
import { Icon } from './icon.tsx';
import { likelihoodText } from './number-text.ts';
import { severityWords } from './words.ts';

/** What becomes of attack paths in a try, one line each: its severity, and what that becomes. */
export function ChangedPaths({ items }: { items: readonly ChangedPath[] }) {
  if (items.length === 0) return null;
  return (
    <ul className="changes" data-testid="changes">
      {items.map((path) => (
        <li key={path.id} data-becomes={path.becomes}>
          {path.becomes === 'new' ? (
            <span className="told">{path.title}</span>
          ) : (
            <Link className="told" to="/issues/$id" params={{ id: path.id }}>
              {path.title}
            </Link>
          )}
          <span className="to nowrap">
            <Outcome path={path} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** A severity and what it becomes; null is resolved. */
export function SeverityChange({ from, to }: { from: Severity | null; to: Severity | null }) {
  return (
    <>
      {from !== null && (
        <>
          <span className={from}>{severityWords[from]}</span> <Icon name="arrow" />{' '}
        </>
      )}
      {to === null ? <span className="good">resolved</span> : <span className={to}>{severityWords[to]}</span>}
    </>
  );
}

function Outcome({ path }: { path: ChangedPath }) {
  const { becomes, severity, severityAfter, likelihood, likelihoodAfter } = path;
  if (becomes === 'gone' || becomes === 'lower') return <SeverityChange from={severity} to={severityAfter} />;
  if (becomes === 'new')
    return (
      <>
        the next best way, <SeverityChange from={null} to={severityAfter} />
      </>
    );
  if (becomes === 'smaller') return <>fewer ways or targets</>;
  return (
    <>
      likelihood {likelihood === null ? 'none' : likelihoodText(likelihood)} <Icon name="arrow" />{' '}
      {likelihoodAfter === null ? 'none' : likelihoodText(likelihoodAfter)}
    </>
  );
}
