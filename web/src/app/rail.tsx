import { Link } from '@tanstack/react-router';
import type { Session } from '../../../src/contract/session.ts';
import { Icon } from '../shared/icon.tsx';
import { type Screen, screens } from '../shared/screens.ts';
import { switchTheme } from '../shared/theme.ts';
import { PersonMenu } from './person-menu.tsx';

const all: readonly Screen[] = screens;

/** The screens, and below them what holds for all of them. */
export function Rail({
  session,
  onSearch,
  onHelp,
  onSignOut,
}: {
  session: Session;
  onSearch: () => void;
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
      {all.map(({ to, name, icon, letter, wide }) => (
        <Link
          key={to}
          to={to}
          {...(wide && { className: 'wide' })}
          aria-label={name}
          title={`${name}  (g ${letter})`}
          activeOptions={{ exact: to === '/', includeSearch: false }}
        >
          <Icon name={icon} />
        </Link>
      ))}
      <span className="gap wide" />
      <button
        type="button"
        className="wide"
        aria-label="Search and commands"
        title="Search and commands  (Ctrl K)"
        onClick={onSearch}
      >
        <Icon name="search" />
      </button>
      <button type="button" className="wide" aria-label="All keys" title="All keys  (?)" onClick={onHelp}>
        <Icon name="help" />
      </button>
      <button
        type="button"
        className="wide"
        aria-label="Light or dark"
        title="Light or dark"
        onClick={switchTheme}
      >
        <Icon name="theme" />
      </button>
      <PersonMenu session={session} onSignOut={onSignOut} />
      <button type="button" className="only-small" aria-label="More screens and commands" onClick={onSearch}>
        <Icon name="more" />
      </button>
    </nav>
  );
}
