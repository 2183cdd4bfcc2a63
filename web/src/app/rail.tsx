import { Link } from '@tanstack/react-router';
import type { Session } from '../../../src/contract/session.ts';
import { Icon } from '../shared/icon.tsx';
import { switchTheme } from '../shared/theme.ts';

/** The screens, and below them what holds for all of them. */
export function Rail({
  session,
  onHelp,
  onSignOut,
}: {
  session: Session;
  onHelp: () => void;
  onSignOut: () => void;
}) {
  return (
    <nav className="rail" aria-label="Screens">
      <span className="mark wide">
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <path d="M2 4h16" stroke="var(--accent)" strokeWidth="3" />
          <path d="M2 10h11M2 16h6" stroke="currentColor" strokeWidth="3" />
        </svg>
      </span>
      <Link
        to="/"
        aria-label="Inbox"
        title="Inbox  (g i)"
        activeOptions={{ exact: true, includeSearch: false }}
      >
        <Icon name="inbox" />
      </Link>
      <Link to="/sources" aria-label="Sources" title="Sources  (g o)">
        <Icon name="sources" />
      </Link>
      <span className="gap wide" />
      <button type="button" className="wide" aria-label="All keys" title="All keys  (?)" onClick={onHelp}>
        <Icon name="help" />
      </button>
      <button type="button" aria-label="Light or dark" title="Light or dark" onClick={switchTheme}>
        <Icon name="theme" />
      </button>
      <button
        type="button"
        aria-label={`Sign out ${session.name}`}
        title={`Sign out ${session.name}`}
        onClick={onSignOut}
      >
        <span className="me" aria-hidden="true">
          {[...session.name].slice(0, 2).join('').toUpperCase()}
        </span>
      </button>
    </nav>
  );
}
