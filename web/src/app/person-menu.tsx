import type { Session } from '../../../src/contract/session.ts';

const ID = 'person';

const may: Readonly<Record<Session['role'], string>> = {
  read: 'may look',
  triage: 'may decide about issues',
  administer: 'may change people, rules and sources',
};

/** Who is signed in and what they may do, with the way out behind it: a press by mistake must not cost a fresh link. */
export function PersonMenu({ session, onSignOut }: { session: Session; onSignOut: () => void }) {
  return (
    <>
      <button
        type="button"
        className="wide"
        popoverTarget={ID}
        aria-label={`Signed in as ${session.name}`}
        title={`Signed in as ${session.name}`}
      >
        <span className="me" aria-hidden="true">
          {[...session.name].slice(0, 2).join('').toUpperCase()}
        </span>
      </button>
      <div id={ID} popover="auto" className="person">
        <p className="told">
          <b>{session.name}</b> <span className="muted">{may[session.role]}</span>
        </p>
        <p className="muted">Whoever signed out needs a fresh link to come back.</p>
        <button type="button" className="btn" onClick={onSignOut}>
          Sign out
        </button>
      </div>
    </>
  );
}
