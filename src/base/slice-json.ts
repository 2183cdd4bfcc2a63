import { InboxError } from './inbox-error.ts';
import { JsonSlicer, type SliceOptions } from './json-slicer.ts';
import { readElements, type SliceEvent } from './unread-element.ts';

/** `JsonSlicer` over a stream of bytes, event by event. */
export function sliceJson(
  input: AsyncIterable<Uint8Array>,
  options: SliceOptions,
): AsyncIterableIterator<SliceEvent> {
  return new OneByOne(sliceJsonInRuns(input, options));
}

/** The same in runs of events, for who has to wait for none of them: each wait costs as much as a small entry. */
export async function* sliceJsonInRuns(
  input: AsyncIterable<Uint8Array>,
  options: SliceOptions,
): AsyncGenerator<Iterable<SliceEvent>> {
  const slicer = new JsonSlicer(options);
  for await (const chunk of input) {
    yield readElements(slicer.push(chunk), options.recall);
    if (options.ignoresRest === true && slicer.sawDocument) return;
  }
  yield readElements(slicer.end(), options.recall);
  if (!slicer.sawDocument)
    throw new InboxError('report_empty', 'The file holds no JSON value; a report was expected.');
}

/** The elements of runs. A generator would wait for each of them several times. */
class OneByOne<T> implements AsyncIterableIterator<T> {
  readonly #runs: AsyncGenerator<Iterable<T>>;
  #run: Iterator<T> | null = null;

  constructor(runs: AsyncGenerator<Iterable<T>>) {
    this.#runs = runs;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<T, undefined>> {
    try {
      const next = this.#run?.next();
      return next === undefined || next.done === true ? this.#nextOfRuns() : Promise.resolve(next);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #nextOfRuns(): Promise<IteratorResult<T, undefined>> {
    while (true) {
      const { value: run, done } = await this.#runs.next();
      if (done === true) return { value: undefined, done };
      this.#run = run[Symbol.iterator]();
      const next = this.#run.next();
      if (next.done !== true) return next;
    }
  }

  async return(): Promise<IteratorResult<T, undefined>> {
    await this.#runs.return(undefined);
    return { value: undefined, done: true };
  }
}
