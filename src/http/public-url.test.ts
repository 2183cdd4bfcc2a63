import { describe, expect, test } from 'vitest';
import type { Person } from '#domain/ports/people-store.ts';
import { checkListenHost, isLoopbackHost, readPublicUrl } from './public-url.ts';

const person = (role: Person['role']): Person => ({ id: role, name: role, role, createdAt: 0 });

describe('a public URL', () => {
  test.each(['https://inbox.example.com', 'https://inbox.example.com/', 'http://10.0.0.5:7070'])(
    '%s is one',
    (text) => {
      expect(readPublicUrl(text).pathname).toBe('/');
    },
  );

  test.each([
    '',
    'inbox.example.com',
    'ftp://inbox.example.com',
    'https://inbox.example.com/inbox',
    'https://inbox.example.com?x',
    'https://a:b@inbox.example.com',
    'javascript:alert(1)',
  ])('%j is none', (text) => {
    expect(() => readPublicUrl(text)).toThrow(expect.objectContaining({ code: 'usage' }));
  });
});

describe('a host to listen on', () => {
  test.each(['127.0.0.1', '127.0.0.2', '::1', '[::1]', 'localhost'])(
    '%s is for this machine only, and needs nothing',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
      expect(() => checkListenHost(host, null, [])).not.toThrow();
    },
  );

  test.each(['0.0.0.0', '::', '10.0.0.5', 'inbox.example.com', '127.0.0.1.example.com', ''])(
    '%j needs a public URL and an administrator',
    (host) => {
      const url = new URL('https://inbox.example.com');
      expect(isLoopbackHost(host)).toBe(false);
      expect(() => checkListenHost(host, null, [person('administer')])).toThrow('public-url');
      expect(() => checkListenHost(host, url, [person('read'), person('triage')])).toThrow('administrator');
      expect(() => checkListenHost(host, url, [person('read'), person('administer')])).not.toThrow();
    },
  );
});
