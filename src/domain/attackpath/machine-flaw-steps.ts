import type { AttackStep } from './attack-step.ts';
import { nodeOf } from './cluster-state.ts';
import type { ClusterFacts } from './cluster-steps.ts';
import { findingGate } from './gate.ts';
import type { Weakness } from './path-facts.ts';
import type { State } from './state.ts';
import { stepRule } from './step-rules.ts';
import { shownName } from './step-text.ts';

/** Of one cluster, the likeliest; more do the same. */
export const FLAWS_MAX = 8;

/** Ways out, and how many flaws were left out. */
export interface MachineFlawSteps {
  readonly steps: readonly AttackStep[];
  readonly leftOut: number;
}

/** What runs containers, and root on some machine of it. */
interface Machines {
  readonly node: State;
  /** As people call what they are the machines of. */
  readonly name: string;
  /** For each machine the keys that it goes by. */
  readonly machines: readonly (readonly string[])[];
}

/**
 * Out of any container onto its machine by flaws of that (attack-paths §4.3, C8). On which machine a container runs changes
 * by the hour: a flaw that only some of them have is as much less likely to be there.
 */
export function machineFlawSteps(
  weaknesses: readonly Weakness[],
  containers: readonly { readonly key: string; readonly name: string }[],
  { node, name, machines }: Machines,
): MachineFlawSteps {
  const { technique } = stepRule('machine-flaw');
  const flaws = weaknesses
    .flatMap((flaw) => {
      const on = machines.filter(
        (keys) => flaw.gives === 'root' && keys.some((key) => flaw.on.includes(key)),
      );
      return on.length === 0 ? [] : [{ flaw, share: on.length / machines.length }];
    })
    .toSorted(
      (a, b) =>
        b.flaw.probability * b.share - a.flaw.probability * a.share ||
        (a.flaw.fingerprint < b.flaw.fingerprint ? -1 : 1),
    );
  const leftOut = containers.length === 0 ? 0 : Math.max(0, flaws.length - FLAWS_MAX);
  const steps = flaws.slice(0, FLAWS_MAX).flatMap(({ flaw, share }) =>
    containers.map((container): AttackStep => {
      const flawed = shownName(flaw.flawed.name);
      return {
        rule: 'machine-flaw',
        from: { asset: container.key, family: 'workload', capability: 'exec' },
        to: node,
        probability: flaw.probability * share,
        sentence: `${flawed}, a machine of ${name}, has ${shownName(flaw.name)}: it lets code in ${shownName(container.name)} out onto the machine, and ${flaw.why}`,
        gates: [findingGate(flaw.fingerprint, flaw.issueId, `mend ${shownName(flaw.name)} in ${flawed}`)],
        evidence: flaw.evidence,
        assumptions: [
          ...flaw.assumptions,
          ...(share === 1
            ? []
            : [`It runs on a machine that has the flaw, as ${percent(share)} of them do.`]),
        ],
        technique,
        flawed: flaw.flawed,
        exploit: flaw.exploit,
      };
    }),
  );
  return { steps, leftOut };
}

/** Of a cluster of Kubernetes, from all of its workloads. */
export function nodeFlawSteps(
  weaknesses: readonly Weakness[],
  { estate, resources, about, machineOf = new Map() }: ClusterFacts,
): MachineFlawSteps {
  const nodes = resources.filter(({ type }) => type === 'node');
  return machineFlawSteps(
    weaknesses,
    resources.filter(({ type }) => type === 'workload'),
    {
      node: nodeOf(estate),
      name: shownName(about.name),
      machines: nodes.map(({ key }) => [
        key,
        ...(machineOf.get(key) === undefined ? [] : [machineOf.get(key) as string]),
      ]),
    },
  );
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
