import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { INTERNET, principal, step, store, target, workload } from './attack-path.test-sample.ts';
import type { AttackStep } from './attack-step.ts';
import { WaySearch } from './find-paths.ts';
import { costOfProbability } from './likelihood.ts';
import { includesState, type State, stateKey } from './state.ts';
import { stepRule } from './step-rules.ts';
import type { Target } from './target.ts';
import { byLikelihood, byLikelihoodOver, type FoundWays, STEPS_MAX, type Way } from './way.ts';

const findWays = (steps: readonly AttackStep[], targets: readonly Target[]): FoundWays =>
  new WaySearch(steps, targets).ways();

/** Every way that never comes back to a state, the obvious way. */
function enumerate(steps: readonly AttackStep[], targets: readonly Target[]): readonly Way[] {
  const found: Way[] = [];
  const outside = new Set(
    steps.flatMap(({ rule, to }) => (stepRule(rule).category === 'entry' ? [stateKey(to)] : [])),
  );
  const walk = (path: readonly AttackStep[], seen: ReadonlySet<string>): void => {
    const last = path.at(-1) as AttackStep;
    for (const each of targets)
      if (includesState(last.to, each.state)) {
        const [entry, first] = path as [AttackStep, AttackStep | undefined];
        const isReached = entry.to.family === 'workload' && entry.to.capability === 'reach';
        found.push({
          pivot: (isReached ? first?.flawed?.key : undefined) ?? entry.to.asset,
          target: each,
          cost: path.reduce((sum, { probability }) => sum + costOfProbability(probability), 0),
          steps: path,
        });
      }
    for (const next of steps) {
      if (stepRule(next.rule).category === 'entry' || !includesState(last.to, next.from)) continue;
      if (seen.has(stateKey(next.to)) || outside.has(stateKey(next.to))) continue;
      walk([...path, next], new Set([...seen, stateKey(next.to)]));
    }
  };
  for (const entry of steps)
    if (stepRule(entry.rule).category === 'entry') walk([entry], new Set([stateKey(entry.to)]));
  return found.filter(({ steps: path }) => path.length <= STEPS_MAX);
}

const nameOf = ({ pivot, steps, target: { state } }: Way): string =>
  `${pivot} ${steps[0]?.to.asset} ${stateKey(state)}`;

/** The least cost by pivot, entry and target. */
const best = (ways: readonly Way[]): ReadonlyMap<string, number> => {
  const costs = new Map<string, number>();
  for (const way of ways)
    costs.set(nameOf(way), Math.min(costs.get(nameOf(way)) ?? Number.POSITIVE_INFINITY, way.cost));
  return new Map([...costs].sort());
};

const flawed = (key: string): Pick<AttackStep, 'flawed'> => ({ flawed: { key, kind: 'image', name: key } });

const small = fc
  .tuple(
    fc.array(
      fc.record({
        from: fc.nat(7),
        to: fc.nat(7),
        probability: fc.constantFrom(0.95, 0.85, 0.45, 0.1),
        gate: fc.nat(5),
      }),
      { maxLength: 14 },
    ),
    fc.boolean(),
    // Where nobody is likely to get in, somebody inside may be likelier to come round to the same place.
    fc.constantFrom(0.95, 0.1),
  )
  .map(([edges, isTrusting, probability]) => {
    const states: readonly State[] = [
      workload('reach', 'a'),
      workload('exec', 'a'),
      workload('root', 'a'),
      workload('reach', 'b'),
      workload('exec', 'b'),
      principal('p'),
      principal('q'),
      store('s'),
    ];
    const entries = [0, 3].map((at) =>
      step('public-endpoint', INTERNET, states[at] as State, { gate: `entry ${at}` }),
    );
    return [
      ...entries,
      ...(isTrusting
        ? ['entry 5', 'entry 6'].map((gate) =>
            step('open-trust', INTERNET, principal('p'), { gate, probability }),
          )
        : []),
      ...edges
        .filter(({ from, to }) => from !== to)
        .map(({ from, to, probability, gate }) =>
          step('network-exploit', states[from] as State, states[to] as State, {
            probability,
            gate: `gate ${gate}`,
            // One finding is on one thing.
            ...flawed(`image ${gate % 3}`),
          }),
        ),
    ];
  });

/** How many visits are not too many, for each way to search. */
const MODES = [
  ['all ways', Number.POSITIVE_INFINITY],
  ['the likeliest alone', 0],
] as const;

const WANTED = [target(store('s')), target(principal('q')), target(workload('exec', 'a'))];

describe('the search', () => {
  test('finds what enumeration finds: of each pivot, entry and target the best way', () => {
    fc.assert(
      fc.property(small, (steps) => {
        expect(best(findWays(steps, WANTED).ways)).toEqual(best(enumerate(steps, WANTED)));
      }),
      { numRuns: 300 },
    );
  });

  test('goes no way any more of which one gate was taken', () => {
    fc.assert(
      fc.property(small, (steps) => {
        for (const way of findWays(steps, WANTED).ways)
          for (const each of way.steps) {
            const [gate] = each.gates;
            const left = steps.filter(({ gates }) => !gates.some(({ id }) => id === gate?.id));
            const ways = findWays(left, WANTED).ways;
            expect(ways.flatMap((other) => other.steps)).not.toContain(each);
            expect(best(ways)).toEqual(best(enumerate(left, WANTED)));
          }
      }),
      { numRuns: 60 },
    );
  });

  const plain = ({ ways }: FoundWays) =>
    ways.map((way) => [nameOf(way), way.cost, way.steps.map(({ gates }) => gates)]);

  test.each(MODES)(
    '%s: while gates close and open, they are those of the steps that are left',
    (_, visitsMax) => {
      const gates = [
        'entry 0',
        'entry 3',
        'entry 5',
        'entry 6',
        'gate 0',
        'gate 1',
        'gate 2',
        'gate 3',
        'gate 4',
        'gate 5',
      ];
      fc.assert(
        fc.property(small, fc.array(fc.subarray(gates), { maxLength: 4 }), (steps, changes) => {
          const search = new WaySearch(steps, WANTED, visitsMax);
          const numbers = [...Array(search.states.gates.gateCount).keys()];
          for (const closed of [...changes, []]) {
            const left = steps.filter(({ gates: own }) => !own.some(({ id }) => closed.includes(id)));
            const found = search.ways(
              numbers.filter((gate) => closed.includes(search.states.gateAt(gate).id)),
            );
            expect(plain(found).sort()).toEqual(plain(new WaySearch(left, WANTED, visitsMax).ways()).sort());
          }
        }),
        { numRuns: 300 },
      );
    },
  );

  test('where too much leads to targets, to each the likeliest way is left, and that is told', () => {
    fc.assert(
      fc.property(small, (steps) => {
        const likeliest = (ways: readonly Way[]) =>
          new Map(
            WANTED.map(({ state }) => [
              stateKey(state),
              Math.min(...ways.flatMap((way) => (way.target.state === state ? [way.cost] : []))),
            ]),
          );
        const found = new WaySearch(steps, WANTED, 0).ways();
        expect(likeliest(found.ways)).toEqual(likeliest(findWays(steps, WANTED).ways));
        if (found.ways.length > 0)
          expect(found.notes).toEqual([
            'So much leads to 3 targets that to each only the likeliest way was looked for: other ways are left out.',
          ]);
      }),
    );
  });

  test('how much is too much goes by what leads to each target, where somebody gets', () => {
    const each = <T>(count: number, make: (at: number) => T): readonly T[] =>
      Array.from({ length: count }, (_, at) => make(at));
    const around = (count: number) => [
      step('open-trust', INTERNET, principal('hub')),
      ...each(1_000, (at) => step('assume-role', principal('hub'), principal(`idle-${at}`))),
      ...each(count, (at) => step('assume-role', principal('hub'), principal(`role-${at}`))),
      ...each(count ** 2, (at) => [
        step('reads-data', principal(`role-${at % count}`), store(`store-${Math.floor(at / count)}`)),
        step('reads-data', principal(`nobody-${at % count}`), store(`other-${Math.floor(at / count)}`)),
        step('reads-data', principal(`nobody-${at % count}`), store(`store-${Math.floor(at / count)}`)),
      ]).flat(),
    ];
    const wanted = (name: string, count: number) =>
      Array.from({ length: count }, (_, at) => target(store(`${name}-${at}`)));
    const notesOf = (count: number) =>
      findWays(around(count), [...wanted('store', count), ...wanted('other', count)]).notes;
    expect(notesOf(240)).toEqual([]);
    expect(notesOf(270)).toEqual([
      'So much leads to 540 targets that to each only the likeliest way was looked for: other ways are left out.',
    ]);
  });

  test('is the same for steps in any order', () => {
    fc.assert(
      fc.property(
        small.chain((steps) =>
          fc.tuple(fc.constant(steps), fc.shuffledSubarray(steps, { minLength: steps.length })),
        ),
        ([steps, shuffled]) => {
          const told = (all: readonly AttackStep[]) =>
            findWays(all, WANTED).ways.map((way) => [
              nameOf(way),
              way.cost,
              way.steps.map(({ gates }) => gates),
            ]);
          expect(told(shuffled).sort()).toEqual(told(steps).sort());
        },
      ),
    );
  });

  test('a step more never takes a way, nor moves what others are about', () => {
    fc.assert(
      fc.property(small, fc.nat(), (steps, place) => {
        // A way in more takes those that lead round to where it leads: they are about it then.
        const without = steps.filter(
          ({ rule }, index) => stepRule(rule).category === 'entry' || index !== place % steps.length,
        );
        const before = best(findWays(without, WANTED).ways);
        const after = best(findWays(steps, WANTED).ways);
        for (const [name, cost] of before) expect(after.get(name)).toBeLessThanOrEqual(cost);
      }),
    );
  });

  test.each(MODES)('%s: tells what it leaves out for its length', (_, visitsMax) => {
    const chain = Array.from({ length: 14 }, (_, at) =>
      step('assume-role', principal(`r${at}`), principal(`r${at + 1}`)),
    );
    const steps = [step('open-trust', INTERNET, principal('r0')), ...chain];
    const found = (name: string) => new WaySearch(steps, [target(principal(name))], visitsMax).ways();
    expect(found('r11').ways).toHaveLength(1);
    for (const name of ['r12', 'r14']) {
      expect(found(name).ways).toEqual([]);
      expect(found(name).notes[0]).toBe('1 way of more than 12 steps is left out.');
    }
  });

  test.each(MODES)('%s: one state may be wanted twice, for other reasons', (_, visitsMax) => {
    const targets = [target(principal('p')), target(principal('p'), { class: 'delivery' })];
    const { ways } = new WaySearch([step('open-trust', INTERNET, principal('p'))], targets, visitsMax).ways();
    expect(ways.map((way) => way.target)).toEqual(targets);
  });

  test('of ways from one entry over one pivot that are as good, the one whose step comes first in the order of its gates', () => {
    const flaws = ['b', 'a'].map((gate) =>
      step('network-exploit', workload('reach'), workload('exec'), { gate, ...flawed('image') }),
    );
    const { ways } = findWays(
      [step('public-endpoint', INTERNET, workload('reach')), ...flaws],
      [target(workload('exec'))],
    );
    expect(ways.map(({ steps }) => steps[1])).toEqual([flaws[1]]);
  });

  test('ways over edges are in the order of their steps', () => {
    fc.assert(
      fc.property(small, fc.boolean(), (steps, isLikely) => {
        const all = isLikely ? steps.map((each) => ({ ...each, probability: 0.85 })) : steps;
        const search = new WaySearch(all, [...WANTED, target({ ...store('s'), capability: 'list' })]);
        const { ways } = search.ways();
        for (const given of [ways, ways.toReversed()])
          expect(given.toSorted(byLikelihoodOver(search.states))).toEqual(given.toSorted(byLikelihood));
      }),
      { numRuns: 300 },
    );
  });

  test.each(MODES)(
    '%s: whatever gates are closed after one another, they are as if looked for anew',
    (_, visitsMax) => {
      const nodes = 60;
      const name = (number: number): string => `r${number % nodes}`;
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1)), { minLength: 150, maxLength: 300 }),
          fc.array(fc.oneof(fc.nat(3), fc.nat(100)), { minLength: 1, maxLength: 12 }),
          (edges, flips) => {
            const steps = [
              ...[0, 1, 2].map((at) => step('open-trust', INTERNET, principal(name(at)), { gate: `g${at}` })),
              // Few have a gate in common, so that little changes with it.
              ...edges.map(([from, to], at) =>
                step('assume-role', principal(name(from)), principal(name(to)), { gate: `g${at % 100}` }),
              ),
              // What hangs on one step comes and goes with it.
              ...Array.from({ length: 100 }, (_, at) =>
                step('assume-role', principal(at === 0 ? 'r0' : `tail${at - 1}`), principal(`tail${at}`)),
              ),
            ];
            const targets = ['r7', 'r31', 'tail3', 'tail8'].map((each) => target(principal(each)));
            const search = new WaySearch(steps, targets, visitsMax);
            const closed = new Set<string>();
            const told = (of: WaySearch) =>
              of
                .ways([...closed].flatMap((id) => of.states.gatesOfId(id)))
                .ways.map((way) => [nameOf(way), way.cost, way.steps.map(({ to }) => stateKey(to))]);
            for (const flip of flips) {
              if (!closed.delete(`g${flip}`)) closed.add(`g${flip}`);
              expect(told(search)).toEqual(told(new WaySearch(steps, targets, visitsMax)));
            }
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  test('tells how many it leaves out for their number', () => {
    const entries = Array.from({ length: 230 }, (_, at) => `entry-${at}`);
    const stores = Array.from({ length: 218 }, (_, at) => `store-${at}`);
    const { ways, notes } = findWays(
      [
        ...entries.flatMap((name) => [
          step('open-trust', INTERNET, principal(name)),
          step('assume-role', principal(name), principal('hub')),
        ]),
        ...stores.map((name) => step('reads-data', principal('hub'), store(name))),
      ],
      stores.map((name) => target(store(name))),
    );
    expect([ways.length, notes]).toEqual([50_000, ['140 ways beyond the first 50000 are left out.']]);
  });

  test('of as likely ways those of fewer steps come first, then by the rules of their steps, then by what these lead to', () => {
    const to = (...steps: readonly AttackStep[]): Way => ({ pivot: 'p', target: WANTED[0]!, cost: 9, steps });
    const entry = step('open-trust', INTERNET, principal('p'));
    const sorted = [
      to(entry),
      to(entry, step('assume-role', principal('p'), principal('b'))),
      to(entry, step('iam-escalation', principal('p'), principal('a'))),
      to(entry, step('iam-escalation', principal('p'), principal('c'))),
    ];
    expect(sorted.toReversed().sort(byLikelihood)).toEqual(sorted);
    expect(
      [to(entry), { ...to(entry, entry, entry), cost: 8 }].sort(byLikelihood).map(({ cost }) => cost),
    ).toEqual([8, 9]);
  });

  test('a way to data that is open itself is about the data', () => {
    const { ways } = findWays([step('public-data', INTERNET, store('s'))], WANTED);
    expect(ways.map(({ pivot, steps }) => [pivot, steps.length])).toEqual([['s', 1]]);
  });
});
