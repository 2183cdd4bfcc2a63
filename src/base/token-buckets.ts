/** What a bucket holds when it is full, and how long an empty one takes to fill. */
export interface BucketSize {
  readonly capacity: number;
  readonly fillMs: number;
}

/**
 * A token bucket for each key, all of one size, in memory. Beyond `keysMax` the key that asked longest ago is
 * forgotten: its bucket is the likeliest to be full again, and a full one and none are the same.
 */
export class TokenBuckets {
  readonly #size: BucketSize;
  readonly #keysMax: number;
  /** When each is full again, in the order of the last time that it was asked for. */
  readonly #fullAt = new Map<string, number>();

  constructor(size: BucketSize, keysMax = 10_000) {
    this.#size = size;
    this.#keysMax = keysMax;
  }

  /**
   * Takes from a key's bucket and answers 0; where too little is left, takes nothing and answers in how many
   * milliseconds there is enough (infinity for more than a bucket holds).
   */
  take(key: string, cost: number, now: number): number {
    const wait = this.waitFor(key, cost, now);
    const fullAt = now + this.#missing(key, now) + (wait === 0 ? this.#msOf(cost) : 0);
    this.#fullAt.delete(key);
    this.#fullAt.set(key, fullAt);
    if (this.#fullAt.size > this.#keysMax) {
      const [oldest] = this.#fullAt.keys();
      if (oldest !== undefined) this.#fullAt.delete(oldest);
    }
    return wait;
  }

  /** What `take` would answer; takes nothing and remembers nothing. */
  waitFor(key: string, cost: number, now: number): number {
    if (cost > this.#size.capacity) return Number.POSITIVE_INFINITY;
    return Math.max(0, Math.ceil(this.#missing(key, now) + this.#msOf(cost) - this.#size.fillMs));
  }

  #msOf(cost: number): number {
    return (cost / this.#size.capacity) * this.#size.fillMs;
  }

  /** How far a bucket is from full, in time. A clock that was set back empties it, and does no more. */
  #missing(key: string, now: number): number {
    return Math.min(this.#size.fillMs, Math.max(0, (this.#fullAt.get(key) ?? now) - now));
  }
}
