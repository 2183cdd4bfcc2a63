import { DAY_MS } from '#base/instant.ts';
import type { SignalObservation } from '#domain/finding/observation.ts';

/**
 * Counts what is the same: a log of requests holds millions of them, and of an attack that goes on all day it is enough
 * to know how often, from when and until when. Events with an id of their own stay apart.
 */
export class SignalTally {
  readonly #apart: SignalObservation[] = [];
  readonly #counted = new Map<string, SignalObservation>();

  add(signal: SignalObservation): void {
    if (signal.externalId !== undefined) {
      this.#apart.push(signal);
      return;
    }
    const { tool, rule, isAttack, account, resources, names, lastAt } = signal;
    const key = JSON.stringify([
      tool,
      rule,
      isAttack,
      account,
      resources,
      names,
      Math.floor(lastAt / DAY_MS),
    ]);
    const earlier = this.#counted.get(key);
    this.#counted.set(key, earlier === undefined ? signal : united(earlier, signal));
  }

  values(): readonly SignalObservation[] {
    return [...this.#apart, ...this.#counted.values()];
  }
}

/** The later one tells, of two at one time the one whose text comes first: the order in the report says nothing. */
function united(a: SignalObservation, b: SignalObservation): SignalObservation {
  const isLater = a.lastAt > b.lastAt || (a.lastAt === b.lastAt && a.title <= b.title);
  return {
    ...(isLater ? a : b),
    firstAt: Math.min(a.firstAt, b.firstAt),
    lastAt: Math.max(a.lastAt, b.lastAt),
    count: a.count + b.count,
  };
}
