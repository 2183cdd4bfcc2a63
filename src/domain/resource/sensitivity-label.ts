import TABLE from './data/sensitivity-labels.json' with { type: 'json' };
import { type DataClass, type DataType, typeOfRule } from './data-class.ts';

/** What the name of a sensitivity label tells (attack-paths §7.2). */
export interface LabelMeaning {
  /** Null where the name tells nothing: what it stands for is unknown, and not harmless. */
  readonly dataClass: DataClass | null;
  /** Rules about a type of data that the name speaks of: `Highly Confidential - GDPR`. */
  readonly types: readonly DataType[];
}

/** The names of those that a tenant of Microsoft 365 begins with, by their ids, which are the same in all of them. */
export const DEFAULT_LABELS: Readonly<Record<string, string>> = TABLE.defaultLabels;

/** Of a name that speaks of several the most sensitive counts. */
const CLASSES = TABLE.classes as readonly { readonly class: DataClass; readonly words: readonly string[] }[];
const RANKS: Readonly<Record<string, string>> = TABLE.ranks;

/**
 * What a sensitivity label says, by the table of its words, and by the rank that Azure SQL gives it where its name tells nothing.
 * Names are anybody's: `Confidential \ Project Falcon` is confidential, `Project Falcon` tells nothing.
 */
export function meaningOfLabel(name: string, rank?: string): LabelMeaning {
  let words = ` ${wordsOf(name)} `;
  const types = [...new Set(words.split(' ').flatMap((word) => typeOfRule(word) ?? []))];
  let isDenied = false;
  for (const denied of TABLE.negations)
    if (words.includes(` ${denied} `)) {
      isDenied = true;
      words = words.replaceAll(` ${denied} `, ' ');
    }
  const found = CLASSES.find((each) => each.words.some((word) => words.includes(` ${word} `)))?.class;
  const dataClass = found ?? (isDenied ? 'internal' : null) ?? classOfRank(rank);
  return { dataClass, types };
}

function classOfRank(rank: string | undefined): DataClass | null {
  const key = rank?.toLowerCase() ?? '';
  return Object.hasOwn(RANKS, key) ? (RANKS[key] as DataClass) : null;
}

function wordsOf(name: string): string {
  return name
    .slice(0, 300)
    .normalize('NFC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}
