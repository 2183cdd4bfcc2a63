import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authenticate, type Credential } from '#app/authenticate.ts';
import type { Actor, AppContext } from '#app/context.ts';
import { InboxError } from '#base/inbox-error.ts';
import { isSameOrigin } from './allowed-hosts.ts';
import { isLoopbackHost } from './public-url.ts';
import type { RateLimits } from './rate-limits.ts';
import type { ServerParts } from './server-parts.ts';
import { sessionCookieName } from './session-cookie.ts';

/**
 * Who may call a route without signing in: anybody (`public`), or anybody on this machine as long as
 * nobody else can reach the server (`local`). A route that says nothing is for people who signed in.
 */
export type Access = 'public' | 'local';

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
    /** It answers before there is an administrator too: the pages of the web app, and signing in. */
    isForFirst?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; null on routes that anybody may call. */
    actor: Actor | null;
    /** What they showed. */
    credential: Credential | null;
  }
}

/** Makes out who asks before a route sees the request, and turns away who may not. */
export function authenticateRequests(app: FastifyInstance, parts: ServerParts, limits: RateLimits): void {
  app.decorateRequest('actor', null);
  app.decorateRequest('credential', null);
  const refuseUninitialised = untilFirst(parts, limits);
  app.addHook('onRequest', async (request) => {
    refuseForeignPages(request, parts.publicUrl);
    const { access, isForFirst, isProbe } = request.routeOptions.config;
    // Without a pattern it is no route: the answer is the web app or that there is nothing.
    if (request.routeOptions.url === undefined) return;
    if (isForFirst !== true && isProbe !== true) await refuseUninitialised(request);
    if (access === 'public') return;
    const credential = credentialOf(request, parts.publicUrl);
    if (credential === null && access === 'local' && isLocal(request, parts.publicUrl)) return;
    if (credential !== null) {
      // Whoever guesses too often is not looked up any more.
      limits.anonymousLeft(request);
      request.actor = await authenticate(parts.context, credential);
    }
    if (request.actor === null) {
      limits.anonymous(request);
      throw new InboxError('unauthenticated', unknownCaller(credential));
    }
    request.credential = credential;
    limits.caller(request);
    if (request.actor.role === 'ingest' && request.routeOptions.config.isUpload !== true)
      throw new InboxError(
        'forbidden',
        'This token only uploads reports; it reads and changes nothing. Use one of kind "pat" or "svc".',
      );
  });
}

/** Refuses requests until there is an administrator; then it asks no more (reliability §6.4). */
function untilFirst(
  { context }: ServerParts,
  limits: RateLimits,
): (request: FastifyRequest) => Promise<void> {
  let isInitialised = false;
  return async (request) => {
    if (isInitialised) return;
    limits.anonymousLeft(request);
    isInitialised = (await context.people.oldestAdministrator()) !== null;
    if (isInitialised) return;
    limits.anonymous(request);
    throw new InboxError(
      'not_initialised',
      'This server is not initialised: nobody is its administrator yet. Open the link that it printed when it started, or print a fresh one with "sign-in" on its machine.',
    );
  };
}

/** The verbs' context for a request; its actor has been made out. */
export function contextOf(request: FastifyRequest, parts: ServerParts): AppContext {
  if (request.actor === null) throw new Error('A route that needs an actor was declared public.');
  return { ...parts.context, actor: request.actor };
}

const BEARER = /^Bearer +([\w.~+/=-]{1,500})$/i;

/** A token, where one is shown, counts alone: nobody acts as the person of a cookie by a wrong token. */
function credentialOf(request: FastifyRequest, publicUrl: URL | null): Credential | null {
  const { authorization, host } = request.headers;
  if (authorization !== undefined) return { kind: 'token', secret: BEARER.exec(authorization)?.[1] ?? '' };
  const secret = request.cookies[sessionCookieName(publicUrl, host)];
  return secret === undefined ? null : { kind: 'session', secret };
}

function unknownCaller(credential: Credential | null): string {
  if (credential === null)
    return 'Nobody is signed in. Print a link with "sign-in", or send a token as "Authorization: Bearer sinb_…".';
  return credential.kind === 'token'
    ? 'The token is not valid: mistyped, expired or revoked. Make one with "token create".'
    : 'The session is over. Print a fresh link with "sign-in".';
}

function isLocal(request: FastifyRequest, publicUrl: URL | null): boolean {
  return publicUrl === null && isLoopbackHost(request.ip.replace(/^::ffff:/, ''));
}

const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A browser sends a person's cookie along with what any page asks for; only our own page may change things by it. */
function refuseForeignPages(request: FastifyRequest, publicUrl: URL | null): void {
  const { authorization, cookie, host, origin } = request.headers;
  if (READING.has(request.method) || authorization !== undefined) return;
  const fetchSite = request.headers['sec-fetch-site'];
  if (origin === undefined && fetchSite === undefined && cookie === undefined) return;
  if (
    isSameOrigin(
      { host, origin, fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined },
      publicUrl,
    )
  )
    return;
  throw new InboxError(
    'forbidden',
    'The request comes from a page of another origin. Open the page of this server, or send a token instead of a cookie.',
  );
}
