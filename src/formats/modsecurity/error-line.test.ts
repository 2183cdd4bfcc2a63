import { expect, test } from 'vitest';
import { mapErrorLine } from './error-line.ts';

const RULE = '[id "942100"] [msg "SQLi"] [severity "CRITICAL"]';
const APACHE = `[Sat Nov 28 10:00:00.5 2026] [security2:error] [client 203.0.113.9:4711] ModSecurity: Warning. x ${RULE} [hostname "shop.example.com"]`;
const NGINX = `2026/11/28 10:00:00 [warn] 1#1: ModSecurity: Warning. x ${RULE}, client: 203.0.113.9, server: shop.example.com, request: "GET /", host: "api.example.com"`;

function signalOf(line: string, time: unknown = undefined) {
  const item = mapErrorLine(line, time, '[0]');
  const [signal] = item.kind === 'record' ? item.observations : [];
  return signal?.kind === 'signal' ? signal : null;
}

test.each([
  ['Apache', APACHE, Date.UTC(2026, 10, 28, 10, 0, 0, 500), ['shop.example.com']],
  ['nginx', NGINX, Date.UTC(2026, 10, 28, 10), ['api.example.com', 'shop.example.com']],
  [
    'nginx without a name',
    NGINX.replace('server: shop.example.com', 'server: _'),
    Date.UTC(2026, 10, 28, 10),
    ['api.example.com'],
  ],
])('a line of %s', (_, line, lastAt, names) => {
  expect(signalOf(line)).toMatchObject({
    rule: '942100',
    title: 'SQLi',
    lastAt,
    names,
    sourceAddress: '203.0.113.9',
    isAttack: true,
  });
});

test('a line of Coraza has its time beside it', () => {
  const line = `Coraza: Warning. x [client "203.0.113.9"] ${RULE} [hostname ""]`;
  expect(signalOf(line, '2026-11-28T10:00:00Z')).toMatchObject({
    lastAt: Date.UTC(2026, 10, 28, 10),
    names: [],
    sourceAddress: '203.0.113.9',
  });
});

test.each([
  ['of the server itself', `2026/11/28 10:00:00 [error] 1#1: upstream timed out ${RULE}`],
  ['of the engine that names no rule', '2026/11/28 10:00:00 [notice] 1#1: ModSecurity: rules loaded'],
])('a line %s says nothing', (_, line) => {
  expect(mapErrorLine(line, undefined, '[0]')).toEqual({ kind: 'record', at: '[0]', observations: [] });
});

test('without a time it is rejected', () => {
  expect(mapErrorLine(`ModSecurity: Warning. x ${RULE}`, 'noon', '[0]')).toEqual({
    kind: 'reject',
    at: '[0]',
    code: 'missing_field',
    message: 'Expected a line with a time at its beginning, found none that can be read.',
  });
});
