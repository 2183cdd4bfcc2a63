import { createContext, use } from 'react';
import type { Session } from '../../../src/contract/session.ts';

/** Who is signed in, for everything inside the frame. */
export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = use(SessionContext);
  if (session === null) throw new Error('The frame shows a screen only for a session.');
  return session;
}
