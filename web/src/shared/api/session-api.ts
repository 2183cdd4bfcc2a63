import { type Session, sessionSchema } from '../../../../src/contract/session.ts';
import { post, readAs, request } from './call-api.ts';

export function getSession(signal: AbortSignal): Promise<Session> {
  return readAs(sessionSchema, '/session', { signal });
}

/** Turns the token of a sign-in link into a session. The token works once. */
export function signIn(token: string): Promise<Session> {
  return readAs(sessionSchema, '/session', post({ token }));
}

export async function signOut(): Promise<void> {
  await request('/session', { method: 'DELETE' });
}
