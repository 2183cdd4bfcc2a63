import { describe, expect, test } from 'vitest';
import { isAllowedHost, isSameOrigin } from './allowed-hosts.ts';

const PUBLIC = new URL('https://inbox.example.com');
const ODD_PORT = new URL('https://inbox.example.com:8443');

describe('a host', () => {
  test.each([
    ['127.0.0.1:7070', true],
    ['127.0.0.1', true],
    ['127.1.2.3:80', true],
    ['localhost:7070', true],
    ['LOCALHOST:7070', true],
    ['[::1]:7070', true],
    ['inbox.example.com', false],
    ['evil.example', false],
    ['localhost.evil.example', false],
    ['127.0.0.1.evil.example:7070', false],
    ['localhost.', false],
    ['0.0.0.0:7070', false],
    ['localhost:7070@evil.example', false],
    ['localhost:7070/evil', false],
    ['', false],
    [undefined, false],
  ])('%j without a public URL: %s', (host, isAllowed) => {
    expect(isAllowedHost(host, null)).toBe(isAllowed);
  });

  test.each([
    ['inbox.example.com', PUBLIC, true],
    ['Inbox.Example.com', PUBLIC, true],
    ['inbox.example.com:8443', PUBLIC, false],
    ['inbox.example.com:8443', ODD_PORT, true],
    ['inbox.example.com', ODD_PORT, false],
    ['evil.inbox.example.com', PUBLIC, false],
    ['127.0.0.1:7070', PUBLIC, true],
  ])('%j with %s: %s', (host, publicUrl, isAllowed) => {
    expect(isAllowedHost(host, publicUrl)).toBe(isAllowed);
  });
});

describe('a page of ours', () => {
  const host = '127.0.0.1:7070';
  test.each([
    ['own page', host, 'http://127.0.0.1:7070', 'same-origin', true],
    ['own page in a browser without fetch metadata', host, 'http://127.0.0.1:7070', undefined, true],
    ['own page that hides its origin', host, undefined, 'same-origin', true],
    ['a page on another port of this machine', host, 'http://127.0.0.1:3000', 'same-site', false],
    ['the same, in a browser without fetch metadata', host, 'http://127.0.0.1:3000', undefined, false],
    ['another name of this machine', host, 'http://localhost:7070', 'cross-site', false],
    ['a foreign page', host, 'https://evil.example', 'cross-site', false],
    ['a foreign page that claims our origin', host, 'http://127.0.0.1:7070', 'cross-site', false],
    ['a sandboxed frame', host, 'null', 'cross-site', false],
    ['a sandboxed frame without fetch metadata', host, 'null', undefined, false],
    ['a bookmark', host, undefined, 'none', false],
    ['nobody knows', host, undefined, undefined, false],
    ['https on a name that is not the public one', host, 'https://127.0.0.1:7070', undefined, false],
  ])('%s', (_name, asked, origin, fetchSite, isOurs) => {
    expect(isSameOrigin({ host: asked, origin, fetchSite }, null)).toBe(isOurs);
  });

  test('is known by the public URL, also where a proxy asks by another name', () => {
    expect(
      isSameOrigin(
        { host: '127.0.0.1:7070', origin: 'https://inbox.example.com', fetchSite: 'same-origin' },
        PUBLIC,
      ),
    ).toBe(true);
    expect(
      isSameOrigin(
        { host: 'inbox.example.com', origin: 'http://evil.example', fetchSite: undefined },
        PUBLIC,
      ),
    ).toBe(false);
  });
});
