import { describe, expect, test } from 'vitest';
import { serverArguments } from './server-settings.ts';

const GB = 1024 ** 3;
const SOCKET = { host: '/tmp/run', port: 5432 };
const MACHINE = { memoryBytes: 4 * GB, isThrowaway: false };

/** The settings by name, as the server takes them. */
function settingsOf(args: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    args
      .filter((_, index) => args[index - 1] === '-c')
      .map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  );
}

describe('an embedded server', () => {
  test('is reached by its socket alone, keeps what it acknowledged and follows no setting of its host', () => {
    const args = serverArguments('/data/postgres', SOCKET, MACHINE);
    expect([args.slice(0, 2), args.slice(-2)]).toEqual([
      ['-D', '/data/postgres'],
      ['-p', '5432'],
    ]);
    expect(settingsOf(args)).toEqual({
      listen_addresses: '',
      unix_socket_directories: '/tmp/run',
      unix_socket_permissions: '0700',
      cluster_name: 'security-inbox',
      shared_buffers: '256MB',
      dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'mmap',
      max_wal_size: '2GB',
      jit: 'off',
      random_page_cost: '1.1',
      fsync: 'on',
      full_page_writes: 'on',
      synchronous_commit: 'on',
      timezone: 'UTC',
      log_timezone: 'UTC',
      log_checkpoints: 'off',
      ssl: 'off',
    });
  });

  test('listens on the address that it is given where there are no sockets, and has none', () => {
    const args = serverArguments('C:/data', { host: '127.0.0.1', port: 50_000 }, MACHINE);
    expect(settingsOf(args)).toMatchObject({ listen_addresses: '127.0.0.1', unix_socket_directories: '' });
  });

  test('forces nothing to the disk where its data are thrown away', () => {
    const args = serverArguments('/data', SOCKET, { ...MACHINE, isThrowaway: true });
    expect(settingsOf(args)).toMatchObject({
      fsync: 'off',
      full_page_writes: 'off',
      synchronous_commit: 'off',
    });
  });

  test.each([
    [1, '128MB'],
    [2, '128MB'],
    [6, '384MB'],
    [8, '512MB'],
    [64, '512MB'],
  ])('shares of %i GB %s', (gigabytes, buffers) => {
    const args = serverArguments('/data', SOCKET, { ...MACHINE, memoryBytes: gigabytes * GB });
    expect(settingsOf(args)['shared_buffers']).toBe(buffers);
  });
});
