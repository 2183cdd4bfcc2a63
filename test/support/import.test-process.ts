/**
 * An importer of its own: imports the files into the database and prints the result as its last line.
 * Given a number, it kills itself with SIGKILL at that message to the database.
 *
 *     import.test-process.ts ADDRESS-AS-JSON MESSAGE|never FILE...
 */
import { openPool, type Pool } from '../../src/store/database.ts';
import { inboxOn } from './test-inbox.ts';

const [address = '{}', dieAt = 'never', ...files] = process.argv.slice(2);
let messages = 0;

/** The server sees an importer die between two of its messages, or in the middle of one. */
function dieAtMessage(pool: Pool, number: number): void {
  pool.on('connect', (client) => {
    const { stream } = (
      client as unknown as {
        readonly connection: { readonly stream: { write(...args: unknown[]): boolean } };
      }
    ).connection;
    const write = stream.write.bind(stream);
    stream.write = (...args) => {
      const isWritten = write(...args);
      if (++messages === number) process.kill(process.pid, 'SIGKILL');
      return isWritten;
    };
  });
}

const parsed = JSON.parse(address);
const pool = openPool(parsed);
dieAtMessage(pool, Number(dieAt));
const inbox = inboxOn({ address: parsed, pool, drop: () => pool.end() });
const results = await inbox.importFiles(files, { source: 'importer' });
console.log(JSON.stringify({ messages, results }));
await pool.end();
