import { z } from 'zod';
import { closeSession } from '#app/close-session.ts';
import { openSession } from '#app/open-session.ts';
import { InboxError } from '#base/inbox-error.ts';
import { sessionSchema, signInBodySchema } from '#contract/session.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { RateLimits } from '../rate-limits.ts';
import type { ServerParts } from '../server-parts.ts';
import { sessionCookieName, sessionCookieOptions } from '../session-cookie.ts';

export function sessionRoutes(app: App, parts: ServerParts, limits: RateLimits): void {
  const { publicUrl } = parts;
  app.route({
    method: 'POST',
    url: '/api/v1/session',
    config: { access: 'public', isForFirst: true },
    schema: {
      summary: 'Sign in with the secret of a sign-in link',
      body: signInBodySchema,
      response: { 200: sessionSchema },
    },
    handler: async (request, reply) => {
      limits.signIn(request);
      const host = request.headers.host ?? '';
      const cookie = sessionCookieName(publicUrl, host);
      const { secret, lifetimeMs, person } = await openSession(parts.context, {
        link: request.body.token,
        host,
        previous: request.cookies[cookie] ?? null,
      });
      reply.setCookie(cookie, secret, {
        ...sessionCookieOptions(publicUrl),
        maxAge: lifetimeMs / 1_000,
      });
      return { name: person.name, role: person.role };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/session',
    schema: { summary: 'Who is signed in', response: { 200: sessionSchema } },
    handler: async (request) => sessionSchema.parse(contextOf(request, parts).actor),
  });
  app.route({
    method: 'DELETE',
    url: '/api/v1/session',
    schema: { summary: 'Sign out', response: { 204: z.undefined() } },
    handler: async (request, reply) => {
      if (request.credential?.kind !== 'session')
        throw new InboxError('usage', 'A token has no session to end; "token revoke" makes it useless.');
      await closeSession(contextOf(request, parts), { secret: request.credential.secret });
      reply.clearCookie(sessionCookieName(publicUrl, request.headers.host), sessionCookieOptions(publicUrl));
      return reply.code(204).send();
    },
  });
}
