/** How sensitive what a resource holds is, least first (attack-paths §7.2). */
const DATA_CLASSES = ['public', 'internal', 'confidential', 'restricted'] as const;

export type DataClass = (typeof DATA_CLASSES)[number];

export type DataType = 'pii' | 'phi' | 'pci' | 'credentials' | 'source' | 'financial' | 'telemetry';

/** One thing that says what a resource holds. */
export interface DataClue {
  /** Null where it tells a type of data and no class. */
  readonly dataClass: DataClass | null;
  readonly types: readonly DataType[];
  /** 0 to 1, by the kind of place. */
  readonly confidence: number;
  /** Where it was read, for people. */
  readonly reason: string;
}

export interface DerivedData {
  /** The highest class of the surest clues; null when nothing tells. */
  readonly dataClass: DataClass | null;
  readonly types: readonly DataType[];
  /** Every clue, surest first; of very many those that tell most. */
  readonly clues: readonly DataClue[];
}

const TAG_CONFIDENCE = 0.6;
/** Of what a name alone says, of a store or of a column in it. */
export const NAME_CONFIDENCE = 0.3;

/** Tag keys whose value is a class, without separators and in lower case. */
const CLASS_KEYS = new Set([
  'dataclassification',
  'dataclass',
  'classification',
  'sensitivity',
  'confidentiality',
]);

/** Tag keys that name a type of data or a rule about one, by themselves (`pii: true`) or as a value (`compliance: pci`). */
const TYPE_WORDS: ReadonlyMap<string, DataType> = new Map([
  ['pii', 'pii'],
  ['gdpr', 'pii'],
  ['phi', 'phi'],
  ['hipaa', 'phi'],
  ['pci', 'pci'],
  ['pcidss', 'pci'],
  ['sox', 'financial'],
]);

const CLASS_WORDS: ReadonlyMap<string, DataClass> = new Map([
  ['public', 'public'],
  ['open', 'public'],
  ['internal', 'internal'],
  ['private', 'internal'],
  ['low', 'internal'],
  ['confidential', 'confidential'],
  ['sensitive', 'confidential'],
  ['medium', 'confidential'],
  ['restricted', 'restricted'],
  ['secret', 'restricted'],
  ['highlyconfidential', 'restricted'],
  ['high', 'restricted'],
  ['critical', 'restricted'],
]);

/** Words of a name that speak of what is stored under it; weak, because a name is only a name. */
const NAME_WORDS: ReadonlyMap<string, Pick<DataClue, 'dataClass' | 'types'>> = new Map([
  ['backup', { dataClass: 'confidential', types: [] }],
  ['backups', { dataClass: 'confidential', types: [] }],
  ['dump', { dataClass: 'confidential', types: [] }],
  ['dumps', { dataClass: 'confidential', types: [] }],
  ['customer', { dataClass: 'confidential', types: ['pii'] }],
  ['customers', { dataClass: 'confidential', types: ['pii'] }],
  ['invoice', { dataClass: 'confidential', types: ['financial'] }],
  ['invoices', { dataClass: 'confidential', types: ['financial'] }],
  ['kyc', { dataClass: 'restricted', types: ['pii'] }],
  ['tfstate', { dataClass: 'restricted', types: ['credentials'] }],
  ['audit', { dataClass: 'internal', types: ['telemetry'] }],
]);

/** Clues that are kept and shown of one store: a scanner may say something of each of its files. */
const CLUES_MAX = 100;

/** What a data store holds as far as its tags and its name tell; scanners of data say more than both. */
export function deriveDataClass(
  tags: Readonly<Record<string, string>>,
  name: string,
  scanned: readonly DataClue[] = [],
): DerivedData {
  const clues = [...scanned, ...tagClues(tags), ...nameClues(name)].toSorted(
    (a, b) => b.confidence - a.confidence,
  );
  const telling = clues.filter((clue) => clue.dataClass !== null);
  const surest = telling[0]?.confidence;
  const classes = telling.filter((clue) => clue.confidence === surest).map((clue) => clue.dataClass);
  return {
    dataClass: DATA_CLASSES.findLast((each) => classes.includes(each)) ?? null,
    types: [...new Set(clues.flatMap((clue) => clue.types))].sort(),
    clues: clues.length > CLUES_MAX ? mostTelling(clues) : clues,
  };
}

/** Those that tell a class before those that do not, in the order in which they stood. */
function mostTelling(clues: readonly DataClue[]): readonly DataClue[] {
  const kept = new Set(
    [
      ...clues.filter((clue) => clue.dataClass !== null),
      ...clues.filter((clue) => clue.dataClass === null),
    ].slice(0, CLUES_MAX),
  );
  return clues.filter((clue) => kept.has(clue));
}

/** The type of data that a word names, or a rule about one: `gdpr`; null for any other word. */
export function typeOfRule(word: string): DataType | null {
  return TYPE_WORDS.get(plain(word)) ?? null;
}

/** Whether tags say that a store holds what must not leave it. */
export function isTaggedSensitive(tags: Readonly<Record<string, string>>): boolean {
  return isSensitiveClass(deriveDataClass(tags, '').dataClass);
}

/** Whether data of this class must not leave the store. */
export function isSensitiveClass(dataClass: DataClass | null): boolean {
  return dataClass === 'confidential' || dataClass === 'restricted';
}

function tagClues(tags: Readonly<Record<string, string>>): readonly DataClue[] {
  return Object.entries(tags).flatMap(([key, value]): readonly DataClue[] => {
    const plainKey = plain(key);
    const reason = `tag ${key}`;
    if (CLASS_KEYS.has(plainKey)) {
      const dataClass = CLASS_WORDS.get(plain(value)) ?? null;
      const type = TYPE_WORDS.get(plain(value));
      if (dataClass === null && type === undefined) return [];
      return [{ dataClass, types: type === undefined ? [] : [type], confidence: TAG_CONFIDENCE, reason }];
    }
    const ofKey = TYPE_WORDS.get(plainKey);
    if (ofKey !== undefined && !NEGATIONS.has(plain(value)))
      return [{ dataClass: 'restricted', types: [ofKey], confidence: TAG_CONFIDENCE, reason }];
    if (plainKey !== 'compliance') return [];
    const types = value.split(/[\s,;:/+|]+/).flatMap((word) => TYPE_WORDS.get(plain(word)) ?? []);
    return types.length === 0 ? [] : [{ dataClass: 'restricted', types, confidence: TAG_CONFIDENCE, reason }];
  });
}

/** Values by which a tag for a type says that there is none of it, or that nobody knows. */
const NEGATIONS = new Set([
  ...['', 'false', 'no', 'n', 'none', 'off', '0', 'na', 'never'],
  ...['notapplicable', 'outofscope', 'notinscope', 'exempt'],
  ...['unknown', 'tbd', 'unclassified', 'undefined', 'null'],
]);

function nameClues(name: string): readonly DataClue[] {
  const words = new Set(
    name
      .slice(0, 500)
      .toLowerCase()
      .split(/[^a-z0-9]+/),
  );
  return [...words].flatMap((word) => {
    const clue = NAME_WORDS.get(word);
    return clue === undefined
      ? []
      : [{ ...clue, confidence: NAME_CONFIDENCE, reason: `the word "${word}" in its name` }];
  });
}

function plain(text: string): string {
  return text
    .slice(0, 100)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
}
