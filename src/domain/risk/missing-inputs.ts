import type { DetectedRisk } from './detected-risk.ts';

/** Resources of one nature of which a risk is unknown for want of the same input, as told with the verdict. */
export interface Lack {
  readonly risk: DetectedRisk;
  /** What is missing, in words, with the command that supplies it behind a colon where one does. */
  readonly told: string;
  readonly resources: number;
}

/** One input that nobody supplied, and what turns on it. */
export interface MissingInput {
  readonly risk: DetectedRisk;
  /** The one that most resources lack. */
  readonly what: string;
  /** How many others the same command supplies. */
  readonly others: number;
  /** A line to copy; null where no command is known. */
  readonly command: string | null;
  /** Of how many resources the risk is unknown for want of it; one that lacks two counts at both. */
  readonly resources: number;
}

const COMMAND = /^(.+?): ((?:aws|az|gcloud|kubectl|security-inbox|terraform|trivy) .+)$/s;

/** What is missing, by the command that supplies it, that of most resources first (attack-paths §1.5: unknown names what would tell). */
export function missingInputs(lacks: readonly Lack[], limit: number): readonly MissingInput[] {
  const groups = Map.groupBy(
    lacks.map((lack) => ({ ...lack, ...parted(lack.told) })),
    ({ risk, what, command }) => JSON.stringify([risk, command ?? what]),
  );
  return [...groups.values()]
    .map((group): MissingInput => {
      const byWhat = Map.groupBy(group, ({ what }) => what);
      const sums = [...byWhat].map(([what, each]) => ({ what, resources: sumOf(each) }));
      const [most] = sums.toSorted((a, b) => b.resources - a.resources || (a.what < b.what ? -1 : 1));
      const [{ risk, command }] = group as [(typeof group)[number]];
      return { risk, what: most?.what ?? '', others: sums.length - 1, command, resources: sumOf(group) };
    })
    .sort((a, b) => b.resources - a.resources || (a.what < b.what ? -1 : 1))
    .slice(0, limit);
}

/** As the domain words it where any inventory would do. */
const ANY_INVENTORY = / \("security-inbox formats" lists the commands\)$/;

function parted(told: string): { readonly what: string; readonly command: string | null } {
  if (ANY_INVENTORY.test(told))
    return { what: told.replace(ANY_INVENTORY, ''), command: 'security-inbox formats' };
  const [, what = told, command = null] = COMMAND.exec(told) ?? [];
  return { what, command };
}

function sumOf(lacks: readonly { readonly resources: number }[]): number {
  return lacks.reduce((sum, { resources }) => sum + resources, 0);
}
