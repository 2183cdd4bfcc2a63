import { type Instant, instantText } from '#base/instant.ts';
import type { RunningImport } from '#contract/import.ts';

/** How far one upload is. */
interface Work {
  readonly name: string;
  readonly size: number | null;
  readonly begunAt: Instant;
  received: number;
  read: number | null;
}

/** The uploads that a server is at work on: whoever leaves the page that sent one, or never had it, sees how far it is. */
export class RunningImports {
  readonly #works = new Set<Work>();

  /** Follows one upload until what is done with it has ended, however that ends. */
  async during<T>(
    upload: Pick<Work, 'name' | 'size' | 'begunAt'>,
    use: (work: { receive(bytes: number): void; read(bytes: number): void }) => Promise<T>,
  ): Promise<T> {
    const work: Work = { ...upload, received: 0, read: null };
    this.#works.add(work);
    try {
      return await use({
        receive: (bytes) => {
          work.received += bytes;
        },
        read: (bytes) => {
          work.read = bytes;
        },
      });
    } finally {
      this.#works.delete(work);
    }
  }

  /** The oldest first. */
  list(): readonly RunningImport[] {
    return [...this.#works].map(({ begunAt, ...work }) => ({ ...work, begunAt: instantText(begunAt) }));
  }
}
