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
    config: { access: 'public' },
    schema: {
      summary: 'Sign in with the secret of a sign-in link',
      body: signInBodySchema,
      response: { 200: sessionSchema },
    },
    handler: async (request, reply) => {
      await limits.signIn(request);
      const { secret, actor } = await openSession(parts.context, { link: request.body.token });
      reply.setCookie(
        sessionCookieName(publicUrl, request.headers.host),
        secret,
        sessionCookieOptions(publicUrl),
      );
      return { name: actor.name, role: actor.role };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/session',
    schema: { summary: 'Who is signed in', response: { 200: sessionSchema } },
    handler: async (request) => {
      const { name, role } = contextOf(request, parts).actor;
      return { name, role };
    },
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
