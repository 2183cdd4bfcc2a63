import { isDeepStrictEqual } from 'node:util';
import { administratorOf } from './administrator.ts';
import {
  asset,
  INTERNET,
  principal,
  step,
  store,
  verdict,
  withoutGates,
  workload,
} from './attack-path.test-sample.ts';
import type { FoundPaths, PathOutline } from './attack-path.ts';
import type { AttackStep } from './attack-step.ts';
import { PathModel } from './derive-paths.ts';
import { findingGate } from './gate.ts';
import type { PathFacts } from './path-facts.ts';

const ESTATE = 'aws:111111111111';
const MACHINES = 12;
const ROLES = 8;
const BUCKETS = 4;
const STEPS = 90;

/** Evenly from 0 to below 1, the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** An account in which anything may lead to anything that it could: machines, roles, data, gates that steps share. */
function randomFacts(next: () => number): PathFacts {
  const below = (bound: number): number => Math.floor(next() * bound);
  const machine = () => `machine-${below(MACHINES)}`;
  const role = () => principal(`role-${below(ROLES)}`);
  const bucket = () => store(`bucket-${below(BUCKETS)}`);
  const kinds: readonly (() => AttackStep)[] = [
    () => step('public-endpoint', INTERNET, workload('reach', machine())),
    () => {
      const name = machine();
      return step('network-exploit', workload('reach', name), workload('exec', name), {
        flawed: { key: `image:${below(6)}`, kind: 'image', name: 'image' },
      });
    },
    () => step('workload-role', workload('exec', machine()), role()),
    () => step('container-escape', workload('exec', machine()), workload('root', machine())),
    () => step('assume-role', role(), role(), { kind: 'same-account' }),
    () => step('reads-data', role(), bucket()),
    () => step('found-credential', bucket(), role(), { kind: 's3-bucket' }),
    () => step('administrator', role(), administratorOf(ESTATE)),
  ];
  const shared = Array.from({ length: 20 }, (_, gate) =>
    findingGate(`flaw-${gate}`, `issue-${gate}`, `mend ${gate}`),
  );
  const steps = Array.from({ length: STEPS }, (): AttackStep => {
    const made = (kinds[below(kinds.length)] as () => AttackStep)();
    const gates = [shared[below(shared.length)] as (typeof shared)[number]];
    return {
      ...made,
      probability: 0.05 + 0.9 * next(),
      gates: next() < 0.2 ? [...made.gates, ...gates] : next() < 0.5 ? gates : made.gates,
    };
  });
  const names = (of: string, count: number, type: string) =>
    Array.from({ length: count }, (_, at) => asset(`${of}-${at}`, type));
  const assets = [
    ...names('machine', MACHINES, 'ec2-instance'),
    ...names('role', ROLES, 'iam-role'),
    ...names('bucket', BUCKETS, 's3-bucket').map((each) => ({
      ...each,
      context: { ...each.context, production: verdict('yes') },
    })),
  ];
  return {
    assets: new Map(assets.map((each) => [each.context.key, each])),
    estates: new Map([[ESTATE, { production: 'yes', evidence: [], name: 'account' }]]),
    steps,
  };
}

/** What paths that are told in full are, without what is told beside that. */
export function outlinesOf({ paths, notes }: FoundPaths): FoundPaths<PathOutline> {
  return {
    paths: paths.map(({ shape, title, pivot, targetClass, severity, why, likelihood }) => ({
      shape,
      title,
      pivot,
      targetClass,
      severity,
      why,
      likelihood,
    })),
    notes,
  };
}

/** Flips of one account before the next is made up. */
const FLIPS_OF_ONE = 50;

/**
 * Closes and opens gates of random accounts one after another, in a model that lives on, and compares what it answers each
 * time with what is derived anew from the steps that are left; with alternatives, and where only the likeliest ways are looked
 * for. Answers how many issues were compared; throws at the first difference.
 */
export function compareFlips(flips: number, seed: number): number {
  const next = randomFrom(seed);
  let issues = 0;
  for (let done = 0; done < flips; ) {
    const facts = randomFacts(next);
    const gates = [...new Set(facts.steps.flatMap((each) => each.gates.map(({ id }) => id)))];
    const visitsMax = next() < 0.5 ? -1 : undefined;
    const model = new PathModel(facts, visitsMax);
    const closed = new Set<string>();
    for (let flip = 0; flip < FLIPS_OF_ONE && done < flips; flip++, done++) {
      const gate = gates[Math.floor(next() * gates.length)] as string;
      if (!closed.delete(gate)) closed.add(gate);
      // Where most is closed nothing is left to compare.
      if (closed.size > gates.length / 4) closed.clear();
      // As a question that has nothing to do with the one before.
      else if (next() < 0.2) {
        closed.clear();
        closed.add(gate);
      }
      const outlines = model.outlines(closed);
      const found = model.derive(closed);
      const anew = new PathModel(withoutGates(facts, [...closed]), visitsMax).derive();
      if (!isDeepStrictEqual(found, anew) || !isDeepStrictEqual(outlines, outlinesOf(anew)))
        throw new Error(`Seed ${seed}, flip ${done}: closing ${[...closed].join(', ')} differs`);
      issues += found.paths.length;
    }
  }
  return issues;
}
