import type { Writable } from 'node:stream';

/** The reader went away (`| head`): there is nobody to write to, and nothing to complain about. */
export class ReaderGone extends Error {}

/** Writes to a stream at the speed of its reader. */
export class Output {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
    // Each write answers its own failure; without a listener the stream would end the process as well.
    stream.on('error', () => undefined);
  }

  /** Throws `ReaderGone` once the other end of the pipe is closed, and the stream's own error where it fails otherwise. */
  write(text: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#stream.write(text, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(isReaderGone(error) ? new ReaderGone() : error);
      });
    });
  }

  line(text: string): Promise<void> {
    return this.write(`${text}\n`);
  }
}

function isReaderGone(error: Error): boolean {
  return 'code' in error && (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED');
}
