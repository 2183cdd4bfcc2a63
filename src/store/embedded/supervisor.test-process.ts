/**
 * A process of its own for the supervisor's tests: starts or adopts, prints one line of JSON, and stays
 * until its input ends; then it stops as a good program does.
 */
import { startEmbeddedPostgres } from './supervisor.ts';

const [dataDirectory = ''] = process.argv.slice(2);
const postgres = await startEmbeddedPostgres({ dataDirectory });
console.log(JSON.stringify({ owned: postgres.owned, connection: postgres.connection }));
process.stdin.resume();
process.stdin.once('end', () => void postgres.stop());
