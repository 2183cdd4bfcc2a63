import type { Control } from '../../../../src/contract/control.ts';

/** Frameworks with their requirements, each framework once: `CIS AWS 3.0.0 5.2, 5.3; SOC 2 CC6.6`. */
export function requirementsText(requirements: Control['requirements']): string {
  const byFramework = Map.groupBy(requirements, ({ framework }) => framework);
  return [...byFramework]
    .map(([framework, each]) => `${framework} ${each.map(({ id }) => id).join(', ')}`)
    .join('; ');
}
