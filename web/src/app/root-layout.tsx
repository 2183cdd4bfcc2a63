import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { HelpKeys } from '../features/help/help-keys.tsx';
import { Palette } from '../features/palette/palette.tsx';
import { SignedOut } from '../pages/signed-out.tsx';
import { signOut } from '../shared/api/session-api.ts';
import { asNotInitialised, isSignedOut } from '../shared/api-problem.ts';
import { ProblemFace } from '../shared/problem-face.tsx';
import { screens } from '../shared/screens.ts';
import { switchTheme } from '../shared/theme.ts';
import { availableHandlers, type KeyHandlers, useKeys } from '../shared/use-keys.ts';
import { availableOffers, type Offer } from '../shared/use-offers.ts';
import { Rail } from './rail.tsx';
import { SessionContext } from './session-context.ts';
import { sessionQuery } from './session-query.ts';

/** The frame of every screen that asks for a session: the rail, the screen, the keys of all screens. */
export function RootLayout() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [helping, setHelping] = useState(false);
  const [offered, setOffered] = useState<{ handlers: KeyHandlers; offers: readonly Offer[] } | null>(null);
  const session = useQuery(sessionQuery);
  const leave = useMutation({
    mutationFn: signOut,
    // The cache holds what only a signed-in person may see.
    onSuccess: () => {
      client.clear();
      location.assign('/');
    },
  });
  const search = () => setOffered({ handlers: availableHandlers(), offers: availableOffers() });
  useKeys({
    palette: search,
    help: () => setHelping(true),
    theme: switchTheme,
    'sign-out': () => leave.mutate(),
    'rules-file': () => navigate({ to: '/automation', search: { as: 'file' } }),
    receivers: () => navigate({ to: '/automation', search: { as: 'receivers' } }),
    ...Object.fromEntries(screens.map(({ letter, to }) => [`go-${letter}`, () => navigate({ to })])),
  });

  if (session.isPending) {
    return (
      <main className="alone">
        <p className="sr" role="status">
          Loading
        </p>
      </main>
    );
  }
  if (session.isError) {
    const notInitialised = asNotInitialised(session.error);
    return (
      <main id="main" className="alone">
        {isSignedOut(session.error) || notInitialised !== null ? (
          <SignedOut refusal={notInitialised} />
        ) : (
          <ProblemFace error={session.error} retry={() => session.refetch()} />
        )}
      </main>
    );
  }
  return (
    <SessionContext value={session.data}>
      <a className="skip" href="#main">
        Go to the content
      </a>
      <div className="frame">
        <Rail
          session={session.data}
          onSearch={search}
          onHelp={() => setHelping(true)}
          onSignOut={() => leave.mutate()}
        />
        <Outlet />
      </div>
      {offered !== null && (
        <Palette
          {...offered}
          onIssue={(id) => navigate({ to: '/issues/$id', params: { id } })}
          onClose={() => setOffered(null)}
        />
      )}
      {helping && <HelpKeys onClose={() => setHelping(false)} />}
    </SessionContext>
  );
}
