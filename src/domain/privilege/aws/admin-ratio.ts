import type { Instant } from '#base/instant.ts';
import { matchesGlob } from '../aws-policy-statement.ts';
import { NO_REQUEST, type Question } from './caller.ts';
import { NO, WEAKENED } from './certainty.ts';
import { allowMeets, denyMisses } from './condition.ts';
import NAMES from './data/action-names.json' with { type: 'json' };
import type { CompiledStatement } from './policy-document.ts';
import type { Rights } from './rights.ts';

/** Every action of AWS in lower case, by service. */
const SERVICES: readonly (readonly [service: string, first: number, names: readonly string[]])[] = (() => {
  let first = 0;
  return Object.entries(NAMES as Readonly<Record<string, Readonly<Record<string, string>>>>).map(
    ([service, verbs]) => {
      const names = Object.entries(verbs).flatMap(([verb, rests]) =>
        rests.split(' ').map((rest) => `${service}:${verb}${rest}`.toLowerCase()),
      );
      first += names.length;
      return [service, first - names.length, names] as const;
    },
  );
})();
const ACTIONS = SERVICES.reduce((sum, [, , names]) => sum + names.length, 0);
const WORDS = Math.ceil(ACTIONS / 32);

/**
 * The share of all actions of AWS that somebody may take on everything, or on all but what is named, as evidence (attack-paths §3.3). It decides
 * nothing: an administrator over many services has half of them, somebody with all but what matters nine tenths.
 */
export class AdminRatio {
  readonly #now: Instant;
  readonly #byPattern = new Map<string, Uint32Array>();

  constructor(now: Instant) {
    this.#now = now;
  }

  /** From 0 to 1. */
  of({ identity, boundary, controls, caller }: Rights): number {
    const question: Question = {
      caller,
      action: '*',
      resource: '*',
      target: null,
      request: NO_REQUEST,
      now: this.#now,
    };
    const allows = ({ allows: is, resources, tests }: CompiledStatement): boolean =>
      is && isEverything(resources) && allowMeets(tests, question) >= WEAKENED;
    const denies = ({ allows: is, resources, tests }: CompiledStatement): boolean =>
      !is && isEverything(resources) && denyMisses(tests, question) === NO;
    const layers = boundary === null ? [identity, ...controls] : [identity, boundary, ...controls];
    const denied = this.#union(layers.flat().filter(denies));
    const left = layers
      .map((layer) => this.#union(layer.filter(allows)))
      .reduce((one, other) => one.map((word, index) => word & (other[index] as number)));
    return left.reduce((sum, word, index) => sum + bitsIn(word & ~(denied[index] as number)), 0) / ACTIONS;
  }

  #union(statements: readonly CompiledStatement[]): Uint32Array {
    const union = new Uint32Array(WORDS);
    for (const { actions } of statements) {
      const own = new Uint32Array(WORDS);
      for (const pattern of actions.patterns) merge(own, this.#matching(pattern));
      merge(union, actions.except ? own.map((word) => ~word) : own);
    }
    // Beyond the last action there are bits of no action.
    union[WORDS - 1] = (union[WORDS - 1] as number) & (2 ** (ACTIONS % 32) - 1);
    return union;
  }

  #matching(pattern: string): Uint32Array {
    let matching = this.#byPattern.get(pattern);
    if (matching === undefined) {
      matching = new Uint32Array(WORDS);
      const own = /^([^:*?]+):/.exec(pattern)?.[1];
      for (const [service, first, names] of SERVICES)
        if (own === undefined || own === service)
          for (const [index, name] of names.entries())
            if (matchesGlob(pattern, name)) {
              const place = first + index;
              matching[place >> 5] = (matching[place >> 5] as number) | (1 << (place & 31));
            }
      this.#byPattern.set(pattern, matching);
    }
    return matching;
  }
}

/** All, or all but some: what is left out by its name is a few resources of very many. */
function isEverything(resources: CompiledStatement['resources']): boolean {
  return resources === null || resources.except !== resources.patterns.includes('*');
}

function merge(into: Uint32Array, other: Uint32Array): void {
  for (let word = 0; word < WORDS; word++) into[word] = (into[word] as number) | (other[word] as number);
}

function bitsIn(word: number): number {
  let left = word;
  let count = 0;
  while (left !== 0) {
    left &= left - 1;
    count++;
  }
  return count;
}
