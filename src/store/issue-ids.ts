import { ByteKeys } from '#base/byte-keys.ts';

const CHARACTERS = 16;

/** A set of issue ids (`issueId` in the domain): an import may touch as many issues as it has findings. */
export class IssueIds implements Iterable<string> {
  readonly #ids = new ByteKeys(CHARACTERS);
  readonly #probe = Buffer.alloc(CHARACTERS);

  get size(): number {
    return this.#ids.size;
  }

  add(id: string): void {
    if (id.length !== CHARACTERS) throw new Error(`an id of an issue has ${CHARACTERS} characters: ${id}`);
    this.#probe.write(id, 'latin1');
    this.#ids.add(this.#probe);
  }

  addAll(ids: Iterable<string>): void {
    for (const id of ids) this.add(id);
  }

  *[Symbol.iterator](): Iterator<string> {
    for (let index = 0; index < this.#ids.size; index++) yield this.#ids.keyAt(index).toString('latin1');
  }
}
