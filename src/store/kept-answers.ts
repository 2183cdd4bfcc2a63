import type { Instant } from '#base/instant.ts';
import type { Clock } from '#domain/ports/clock.ts';

/** An answer with the time as of which it holds. */
export interface KeptAnswer<Answer> {
  readonly answer: Answer;
  readonly at: Instant;
}

/** What took less is worked out whenever it is asked for. */
const QUICK_MS = 500;
/** What is older is not worth showing: whoever asks waits. */
const OLD_MS = 15 * 60_000;

/**
 * Answers over everything there is. One that takes long is shown as it was last, with its time, while it is worked out
 * anew beside it; of those who ask for it at once nobody works it out twice.
 */
export class KeptAnswers<Answer> {
  readonly #clock: Clock;
  readonly #kept = new Map<string, KeptAnswer<Answer> & { readonly tookMs: number }>();
  readonly #inWork = new Map<string, Promise<KeptAnswer<Answer>>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** By a name for what is asked; throws what working it out throws, unless an older answer is shown. */
  of(name: string, workOut: () => Promise<Answer>): Promise<KeptAnswer<Answer>> {
    const kept = this.#kept.get(name);
    const fresh = this.#inWork.get(name) ?? this.#start(name, workOut);
    if (kept === undefined || kept.tookMs < QUICK_MS || this.#clock.now() - kept.at > OLD_MS) return fresh;
    // Whoever asks next is told what fails now.
    fresh.catch(() => this.#kept.delete(name));
    return Promise.resolve(kept);
  }

  #start(name: string, workOut: () => Promise<Answer>): Promise<KeptAnswer<Answer>> {
    const at = this.#clock.now();
    const begunAt = performance.now();
    const work = workOut().then((answer) => {
      const kept = { answer, at, tookMs: performance.now() - begunAt };
      this.#kept.set(name, kept);
      return kept;
    });
    const inWork = work.finally(() => this.#inWork.delete(name));
    this.#inWork.set(name, inWork);
    return inWork;
  }
}
