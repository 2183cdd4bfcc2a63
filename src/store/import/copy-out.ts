import { to as copyTo } from 'pg-copy-streams';
import type { Connection } from '../database.ts';

/**
 * Copies the rows of a query out in PostgreSQL's binary format. `take` is given where the first field of a row
 * stands, its length (four bytes, -1 for null) before its value; the buffer is good for the call only.
 */
export async function copyRowsOut(
  connection: Connection,
  query: string,
  take: (buffer: Buffer, start: number) => void,
): Promise<void> {
  const stream = connection.query(copyTo(`copy (${query}) to stdout (format binary)`));
  // Chunks are small, and a row of packed records is large: put together one by one they would be copied again and again.
  let room: Buffer = Buffer.alloc(64 * 1024);
  let length = 0;
  let isHeaderRead = false;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (length + chunk.length > room.length) room = Buffer.concat([room], (length + chunk.length) * 2);
    length += chunk.copy(room, length);
    const pending = room.subarray(0, length);
    let position = 0;
    if (!isHeaderRead) {
      if (pending.length < 19) continue;
      position = 19 + pending.readInt32BE(15);
      isHeaderRead = true;
    }
    for (;;) {
      const end = rowEnd(pending, position);
      if (end < 0) break;
      if (pending.readInt16BE(position) === -1) {
        position = end;
        break;
      }
      take(pending, position + 2);
      position = end;
    }
    room.copyWithin(0, position, length);
    length -= position;
  }
}

/** Where the row that begins at `position` ends, or -1 when it is not all there yet. */
function rowEnd(buffer: Buffer, position: number): number {
  if (position + 2 > buffer.length) return -1;
  const fields = buffer.readInt16BE(position);
  let end = position + 2;
  for (let field = 0; field < fields; field++) {
    if (end + 4 > buffer.length) return -1;
    const length = buffer.readInt32BE(end);
    end += 4 + Math.max(0, length);
  }
  return end > buffer.length ? -1 : end;
}
