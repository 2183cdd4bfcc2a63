import { InboxError } from '#base/inbox-error.ts';
import type { Person } from '#domain/ports/people-store.ts';

/** Reads a public URL: an origin and nothing behind it. Throws `usage`. */
export function readPublicUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol) || url.href !== `${url.origin}/`) {
    throw new InboxError(
      'usage',
      'A public URL is an address such as https://inbox.example.com, without a path, a query or a name to sign in with.',
    );
  }
  return url;
}

/** `localhost`, 127.0.0.0/8 and ::1: what only this machine can reach. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/**
 * Whether the server may listen on a host. Beyond loopback somebody must be able to administer it, and
 * it must know by which address it is reached, or any page could speak to it under a name of its own
 * (design: data, organisation and actor). Throws `usage`.
 */
export function checkListenHost(host: string, publicUrl: URL | null, people: readonly Person[]): void {
  if (isLoopbackHost(host)) return;
  if (publicUrl === null) {
    throw new InboxError(
      'usage',
      `The host ${host} can be reached from other machines, which needs the address that browsers will use. Give it with --public-url https://…, or leave out --host.`,
    );
  }
  if (!people.some((person) => person.role === 'administer')) {
    throw new InboxError(
      'usage',
      `The host ${host} can be reached from other machines, and nobody is an administrator yet. Make one first: "person add NAME --role administer".`,
    );
  }
}
