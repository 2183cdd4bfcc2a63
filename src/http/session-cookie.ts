import type { CookieSerializeOptions } from '@fastify/cookie';

/**
 * The name of the session's cookie. Over https the prefix `__Host-` makes browsers refuse one that
 * another host set. Over http the port is part of it: cookies know no ports, and two servers on one
 * machine would otherwise sign each other's people out.
 */
export function sessionCookieName(publicUrl: URL | null, host: string | undefined): string {
  if (publicUrl?.protocol === 'https:') return '__Host-sid';
  return `security-inbox-${/:(\d+)$/.exec(host ?? '')?.[1] ?? '80'}`;
}

export function sessionCookieOptions(publicUrl: URL | null): CookieSerializeOptions {
  return {
    httpOnly: true,
    sameSite: 'strict',
    path: '/',
    secure: publicUrl?.protocol === 'https:',
  };
}
