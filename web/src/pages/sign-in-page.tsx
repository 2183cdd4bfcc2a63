import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { getSession, signIn } from '../shared/api/session-api.ts';
import { asProblem } from '../shared/api-problem.ts';
import { SignedOut } from './signed-out.tsx';

/**
 * Where a sign-in link leads: `/sign-in#<token>`. The token is taken out of the address before it is
 * sent, so that neither history nor a copied address holds it. A link that was used already still
 * opens the inbox for whoever is signed in.
 */
export function SignInPage() {
  const [token] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const client = useQueryClient();
  const navigate = useNavigate();
  const enter = useMutation({
    mutationFn: (secret: string) =>
      secret === '' ? getSession(new AbortController().signal) : signIn(secret).catch(signedInAlready),
    onSuccess: async (session) => {
      client.setQueryData(['session'], session);
      await navigate({ to: '/', replace: true });
    },
  });
  const sent = useRef(false);
  const { mutate } = enter;
  useEffect(() => {
    history.replaceState(history.state, '', location.pathname);
    if (sent.current) return;
    sent.current = true;
    mutate(token);
  }, [mutate, token]);

  if (!enter.isError) {
    return (
      <main id="main" className="alone">
        <p role="status">Signing in</p>
      </main>
    );
  }
  return (
    <main id="main" className="alone">
      <SignedOut refusal={token === '' ? null : asProblem(enter.error)} />
    </main>
  );
}

/** The session that exists although the link's token was refused; else the refusal itself. */
async function signedInAlready(refusal: unknown) {
  try {
    return await getSession(new AbortController().signal);
  } catch {
    throw refusal;
  }
}
