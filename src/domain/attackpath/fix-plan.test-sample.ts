import { administratorOf } from './administrator.ts';
import { asset, INTERNET, principal, step, workload } from './attack-path.test-sample.ts';
import type { AttackStep } from './attack-step.ts';
import { findingGate } from './gate.ts';
import type { PathFacts } from './path-facts.ts';

export const ESTATE = 'aws:111111111111';
const image = (name: string) => ({ flawed: { key: `image:${name}`, kind: 'image' as const, name } });
/** From the internet to a machine by a flaw of its image, and on to the role. */
export const way = (name: string, flaw: string, probability = 0.85): readonly AttackStep[] => [
  step('public-endpoint', INTERNET, workload('reach', name)),
  step('network-exploit', workload('reach', name), workload('exec', name), {
    probability,
    gates: [findingGate(flaw, `issue${flaw}`, `mend ${flaw}`)],
    ...image(name),
  }),
  step('workload-role', workload('exec', name), principal('role')),
];
export const ADMIN = step('administrator', principal('role'), administratorOf(ESTATE), {
  gate: 'rights of role',
});

export const facts = (...steps: readonly AttackStep[]): PathFacts => ({
  assets: new Map(
    ['a', 'b', 'role'].map((key) => [key, asset(key, key === 'role' ? 'iam-role' : 'ec2-instance')]),
  ),
  estates: new Map([[ESTATE, { production: 'yes', evidence: [], name: 'account' }]]),
  steps,
});
/** Two machines, each with a flaw, that lead to one administrator. */
export const TWO = facts(...way('a', 'CVE-1'), ...way('b', 'CVE-2', 0.45), ADMIN);
