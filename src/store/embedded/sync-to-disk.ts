import { open } from 'node:fs/promises';

/** Waits until a file's bytes, or a folder's list of names, are on the disk. Windows gives no handle for it; there nothing is done. */
export async function syncToDisk(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
