import { expect, test } from 'vitest';
import { makeManagementServer } from './management.ts';
import { Metrics } from './metrics.ts';
import { openTestServer } from './server.test-suite.ts';

const HOST = { host: '127.0.0.1:9070' };

test('watchers have a door of their own, and then the main one tells no metrics', async () => {
  let isReady = true;
  const server = await openTestServer({ isWatchedElsewhere: true, isReady: async () => isReady });
  const management = await makeManagementServer(
    {
      ...server.parts,
      isReady: async () => isReady,
    },
    new Metrics(),
  );
  const ask = (url: string, headers: Record<string, string> = HOST) => management.inject({ url, headers });
  try {
    expect((await server.ask({ url: '/metrics' })).statusCode).toBe(404);
    expect((await server.ask({ url: '/healthz' })).body).toBe('ok\n');
    expect((await ask('/metrics')).body).toContain('security_inbox_waiting_findings 0');
    const health = await ask('/healthz');
    expect([health.statusCode, health.json()]).toEqual([
      200,
      {
        version: '1.2.3',
        uptimeSeconds: 0,
        database: 'ready',
        feeds: expect.arrayContaining([{ id: 'kev', state: expect.any(String) }]),
        overdueSources: [],
      },
    ]);
    // A page of a browser that was made to ask here by another name.
    expect((await ask('/metrics', { host: 'evil.example' })).statusCode).toBe(403);
    expect((await ask('/api/v1/issues')).statusCode).toBe(404);
    isReady = false;
    expect((await ask('/healthz')).json()).toMatchObject({ database: 'not ready', feeds: null });
    expect([(await ask('/healthz')).statusCode, (await ask('/readyz')).statusCode]).toEqual([503, 503]);
  } finally {
    await management.close();
    await server.close();
  }
});
