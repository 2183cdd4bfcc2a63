import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { openTestServer, type TestServer } from './server.test-suite.ts';

let server: TestServer;
afterEach(async () => {
  vi.useRealTimers();
  await server.close();
});

test('a body that does not end within a minute ends the connection', async () => {
  server = await openTestServer();
  const { authorization } = await server.tokenOf('carol', 'administer');
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.app.server.address() as AddressInfo;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const socket = connect(port, '127.0.0.1');
  const ended = once(socket, 'close');
  socket.on('error', () => undefined);
  socket.resume();
  await once(socket, 'connect');
  const before = vi.getTimerCount();
  socket.write(
    `POST /api/v1/networks HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"cidr":`,
  );
  while (vi.getTimerCount() === before) await new Promise((resolve) => setImmediate(resolve));
  vi.advanceTimersByTime(59_999);
  socket.write(' ');
  await new Promise((resolve) => setImmediate(resolve));
  expect(socket.destroyed).toBe(false);
  vi.advanceTimersByTime(1);
  await ended;
});
