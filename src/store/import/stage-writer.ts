import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { from as copyFrom } from 'pg-copy-streams';
import { asRefusal, type Connection } from '../database.ts';
import { STAGE_COLUMNS } from './stage.ts';

const BLOCK_CHARACTERS = 64 * 1024;

/**
 * Sends rows of all scans of a session to the stage by one COPY that stays open while reports are read, so
 * that the database stores them while the next ones are parsed. Before any other statement of the
 * connection the COPY has to be ended.
 */
export class StageWriter {
  readonly #connection: Connection;
  #text = '';
  #lines = 0;
  #stream: ReturnType<typeof copyFrom> | null = null;
  #failure: unknown = null;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Whether rows are still on their way, so that the connection takes no other statement. */
  get isOpen(): boolean {
    return this.#stream !== null;
  }

  /** How many rows of this session were sent so far. */
  get lines(): number {
    return this.#lines;
  }

  /** Adds a line made by `copyLine`. Await it: it answers once there is room for more. */
  write(line: string): Promise<void> | void {
    this.#text += line;
    this.#lines += 1;
    if (this.#text.length >= BLOCK_CHARACTERS) return this.#send();
  }

  /** Afterwards all rows are in the stage. */
  async end(): Promise<void> {
    if (this.#text !== '') await this.#send();
    const stream = this.#stream;
    if (stream === null) return;
    this.#stream = null;
    try {
      stream.end();
      await finished(stream);
    } catch (error) {
      throw asRefusal(this.#failure ?? error);
    }
  }

  async #send(): Promise<void> {
    const block = Buffer.from(this.#text);
    this.#text = '';
    if (this.#failure !== null) throw asRefusal(this.#failure);
    if (this.#stream === null) {
      this.#stream = this.#connection.query(
        copyFrom(`copy stage_sighting (${STAGE_COLUMNS.join(', ')}) from stdin`),
      );
      // One that fails between two blocks is told with the next one.
      this.#stream.on('error', (error) => {
        this.#failure = error;
      });
    }
    const { writableNeedDrain } = this.#stream;
    if (this.#stream.write(block) && !writableNeedDrain) return;
    try {
      await once(this.#stream, 'drain');
    } catch (error) {
      throw asRefusal(error);
    }
  }
}
