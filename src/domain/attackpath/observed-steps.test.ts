import { expect, test } from 'vitest';
import { administratorOf } from './administrator.ts';
import { asset, INTERNET, principal, step, store, verdict, workload } from './attack-path.test-sample.ts';
import type { AttackStep } from './attack-step.ts';
import { derivePaths } from './derive-paths.ts';
import { withObserved } from './observed-steps.ts';
import type { PathAsset, PathFacts } from './path-facts.ts';

const ESTATE = 'aws:111111111111';
const FLAW = step('network-exploit', workload('reach'), workload('exec'), { probability: 0.05 });
const STEPS: readonly AttackStep[] = [
  step('public-endpoint', INTERNET, workload('reach'), { probability: 0.5 }),
  FLAW,
  step('workload-role', workload('exec'), principal('role')),
  step('administrator', principal('role'), administratorOf(ESTATE)),
];
const SIGNAL = { sentence: 'GuardDuty saw a shell on web.', provenance: 'guardduty', at: 5 };

function assets(...attacked: readonly string[]): ReadonlyMap<string, PathAsset> {
  return new Map(
    ['web', 'role', 'db'].map((key) => {
      const one = asset(key, key === 'web' ? 'ec2-instance' : key === 'db' ? 'rds-instance' : 'iam-role');
      const underAttack = attacked.includes(key)
        ? { ...verdict('yes'), evidence: [SIGNAL] }
        : one.context.underAttack;
      return [key, { ...one, context: { ...one.context, underAttack } }];
    }),
  );
}

test('what gives more on what is attacked is as likely as can be, says so, and names the signal', () => {
  const seen = withObserved(STEPS, assets('web'));
  expect(seen.map(({ probability, isObserved }) => [probability, isObserved])).toEqual([
    [0.5, undefined],
    [0.95, true],
    [0.95, undefined],
    [0.95, undefined],
  ]);
  expect(seen[1]).toMatchObject({
    sentence: `${FLAW.sentence}; an attack on web was seen`,
    gates: FLAW.gates,
    evidence: [SIGNAL],
  });
});

test('of many signals three are named', () => {
  const signals = Array.from({ length: 5 }, (_, at) => ({ ...SIGNAL, sentence: `Signal ${at}.` }));
  const known = new Map(
    [...assets('web')].map(([key, one]) => [
      key,
      { ...one, context: { ...one.context, underAttack: { ...verdict('yes'), evidence: signals } } },
    ]),
  );
  expect(withObserved([FLAW], known)[0]?.evidence.map(({ sentence }) => sentence)).toEqual([
    'Signal 0.',
    'Signal 1.',
    'Signal 2.',
  ]);
});

test('a flaw that leads straight to what is behind is one of what has it', () => {
  const query = step('code-exploit', workload('reach'), store('db'), { probability: 0.25 });
  expect(withObserved([query], assets('web'))[0]).toMatchObject({ probability: 0.95, isObserved: true });
  expect(withObserved([query], assets('db'))[0]).toBe(query);
});

test('a likelier one is no less likely for that, and none is where nothing was seen', () => {
  const sure = { ...FLAW, probability: 0.99 };
  expect(withObserved([sure], assets('web'))[0]?.probability).toBe(0.99);
  expect(withObserved(STEPS, assets())).toEqual(STEPS);
});

test('an attack makes a path likelier, and as severe as any', () => {
  const path = (known: ReadonlyMap<string, PathAsset>) => {
    const facts: PathFacts = {
      assets: known,
      estates: new Map([[ESTATE, { production: 'yes', evidence: [], name: 'account 1' }]]),
      steps: withObserved(STEPS, known),
    };
    return derivePaths(facts).paths[0];
  };
  expect(path(assets())?.severity).toBe('medium');
  expect(path(assets('web'))).toMatchObject({
    severity: 'critical',
    why: expect.stringContaining('an attack that was seen'),
  });
  expect(path(assets('web'))?.likelihood).toBeGreaterThan(0.3);
  expect(path(assets())?.likelihood).toBeLessThan(0.03);
});
