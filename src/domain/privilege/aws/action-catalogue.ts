import CATALOGUE from './data/action-catalogue.json' with { type: 'json' };

/** What AWS publishes of an action: what kinds of resources a statement may name for it. */
export interface CataloguedAction {
  /** As AWS spells it: `iam:PassRole`. */
  readonly name: string;
  /** In lower case, as it is asked for. */
  readonly lower: string;
  readonly index: number;
  /** Classes of attack-paths §1.3: read, write, credential, grant and so on. They describe: what decides asks for the action itself. */
  readonly flags: readonly string[];
  /** Whether a request names a resource of each of the types, or of one of them. */
  readonly needs: 'all' | 'any';
  /** Types of resources; none for an action that only a statement about `*` can allow. */
  readonly on: readonly string[];
}

interface Entry {
  readonly flags: readonly string[];
  readonly needs: string;
  readonly on: readonly string[];
}

/** The actions that matter to privileges and attack paths, with an index of their own. */
export const INTERESTING_ACTIONS: readonly CataloguedAction[] = Object.entries(
  CATALOGUE.actions as Readonly<Record<string, Entry>>,
).map(([name, { flags, needs, on }], index) => ({
  name,
  lower: name.toLowerCase(),
  index,
  flags,
  needs: needs === 'all' ? 'all' : 'any',
  on,
}));

const BY_NAME: ReadonlyMap<string, CataloguedAction> = new Map(
  INTERESTING_ACTIONS.map((action) => [action.lower, action]),
);

/** The action by its name in lower case; undefined for one that is not interesting. */
export function cataloguedAction(lower: string): CataloguedAction | undefined {
  return BY_NAME.get(lower);
}

/** Words of 32 bits that hold one for each interesting action. */
export const ACTION_WORDS = Math.ceil(INTERESTING_ACTIONS.length / 32);

/** A few interesting actions: the words that are not empty, and their bits. */
export interface ActionSet {
  readonly words: readonly number[];
  readonly bits: readonly number[];
}

/** The set of some actions, by their names in any case; all of them have to be in the catalogue. */
export function actionSet(actions: readonly string[]): ActionSet {
  const byWord = new Map<number, number>();
  for (const action of actions) {
    const index = BY_NAME.get(action.toLowerCase())?.index;
    if (index === undefined) throw new Error(`${action} is not in the catalogue of actions`);
    byWord.set(index >> 5, (byWord.get(index >> 5) ?? 0) | (1 << (index & 31)));
  }
  return { words: [...byWord.keys()], bits: [...byWord.values()] };
}

/** Whether only a statement whose resource is exactly `*` can be about the action. */
export function isWithoutResource(lower: string): boolean {
  return BY_NAME.get(lower)?.on.length === 0;
}

/** Patterns of ARNs, cut where partition and account stand. */
const PATTERNS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(CATALOGUE.resources as Readonly<Record<string, string>>).map(([type, pattern]) => [
    type,
    pattern.split(/\{(?:partition|account)\}/),
  ]),
);

/** The pattern of the ARNs of a type in an account: `arn:aws:iam::111111111111:role/*`. */
export function arnPattern(service: string, type: string, partition: string, account: string): string {
  const [before, between, after] = PATTERNS.get(`${service}:${type}`) ?? ['*'];
  if (between === undefined) return before as string;
  return `${before}${partition}${between}${after === undefined ? '' : `${account}${after}`}`;
}
