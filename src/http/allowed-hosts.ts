import { isLoopbackHost } from './public-url.ts';

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/;

/**
 * Whether a request's Host header names this server: a loopback name with any port, or the public URL's
 * host. Any other name is one that somebody else made point here (DNS rebinding).
 */
export function isAllowedHost(host: string | undefined, publicUrl: URL | null): boolean {
  if (host === undefined) return false;
  const lower = host.toLowerCase();
  if (lower === publicUrl?.host) return true;
  const name = HOST.exec(lower)?.[1];
  return name !== undefined && isLoopbackHost(name);
}

/** What tells where a request comes from. */
export interface RequestOrigin {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
}

/**
 * Whether a page of ours sent the request: its origin is the public URL's or that of the host it asks,
 * and the browser does not say otherwise. A request that says neither is no browser's of today.
 */
export function isSameOrigin({ host, origin, fetchSite }: RequestOrigin, publicUrl: URL | null): boolean {
  if (fetchSite !== undefined && fetchSite !== 'same-origin') return false;
  if (origin === undefined) return fetchSite !== undefined;
  return origin === publicUrl?.origin || origin.toLowerCase() === `http://${host?.toLowerCase()}`;
}
