import type { Endpoint } from './endpoint.ts';

/** The only role of an embedded cluster, and its owner. */
export const SUPERUSER = 'inbox';
/** The database that the product lives in. */
export const DATABASE = 'inbox';

const MB = 1024 * 1024;

/**
 * The settings of the embedded server as command-line arguments, so that they follow the program and
 * not the day the cluster was made. `memoryBytes` is what this machine or container has; what is
 * throwaway is never forced to the disk.
 */
export function serverArguments(
  clusterDirectory: string,
  endpoint: Endpoint,
  { memoryBytes, isThrowaway }: { readonly memoryBytes: number; readonly isThrowaway: boolean },
): readonly string[] {
  const listening = endpoint.host.startsWith('/')
    ? {
        listen_addresses: '',
        unix_socket_directories: endpoint.host,
        unix_socket_permissions: '0700',
      }
    : { listen_addresses: endpoint.host, unix_socket_directories: '' };
  const forced = isThrowaway ? 'off' : 'on';
  const settings = {
    ...listening,
    cluster_name: 'security-inbox',
    shared_buffers: `${sharedBuffersMb(memoryBytes)}MB`,
    // Segments in /dev/shm are removed when systemd logs their user out.
    dynamic_shared_memory_type: process.platform === 'win32' ? 'windows' : 'mmap',
    max_wal_size: '2GB',
    jit: 'off',
    random_page_cost: '1.1',
    fsync: forced,
    full_page_writes: forced,
    synchronous_commit: forced,
    timezone: 'UTC',
    log_timezone: 'UTC',
    log_checkpoints: 'off',
    ssl: 'off',
  };
  return [
    '-D',
    clusterDirectory,
    ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    '-p',
    String(endpoint.port),
  ];
}

/** A sixteenth of the memory, from 128 to 512 MB. */
function sharedBuffersMb(memoryBytes: number): number {
  return Math.round(Math.min(512, Math.max(128, memoryBytes / 16 / MB)));
}
