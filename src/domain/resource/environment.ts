import type { RiskState } from '../risk/detected-risk.ts';
import { tagKeyText, tagsByKey } from './tag-key.ts';

/** What is known about where a resource belongs, in the words of its inventory. */
export interface EnvironmentClues {
  /** `--env` of the import: it wins over everything. */
  readonly explicit?: string | null | undefined;
  readonly tags: Readonly<Record<string, string>>;
  /** What the resource is in or was made from, the nearest first. */
  readonly surroundings?: readonly Surrounding[] | undefined;
  /** Path of the file that describes it: `envs/prod/main.tf`. */
  readonly path?: string | null | undefined;
  /** Its own name or DNS name, which says least. */
  readonly name?: string | null | undefined;
}

/** Something that a resource is in or was made from: its namespace, scaling group, stack, VPC, account. */
export interface Surrounding {
  /** What it is, in words: `namespace`, `scaling group`, `VPC`, `account`, `cluster`. */
  readonly what: string;
  /** Null where it has no name that people gave. */
  readonly name: string | null;
  readonly tags: Readonly<Record<string, string>>;
}

export interface DerivedEnvironment {
  /** `production`, `staging`, `development`, `test`, `sandbox`, `non-production`, or the tag's own word; null when nothing tells. */
  readonly environment: string | null;
  readonly production: RiskState;
  /** The sentence that says where it was read, and what disagrees; null when nothing tells. */
  readonly evidence: string | null;
  /** Whatever else names an environment, a sentence each, in the order of precedence. */
  readonly others: readonly string[];
}

/** Tag and label keys that name an environment, in lower case, strongest first (design: attack-paths, production). */
const KEYS = [
  'env',
  'environment',
  'tags.datadoghq.com/env',
  'deployment.environment.name',
  'deployment.environment',
  'deployment_environment',
  'app.kubernetes.io/env',
  'app.kubernetes.io/environment',
  'stage',
];

const PRODUCTION = ['prod', 'production', 'prd', 'live'];

/** Before a word for production, apart from it or not, they say that it is something else. */
const NEGATIONS = ['non', 'not', 'no', 'un', 'near', 'pseudo', 'quasi', 'semi'];

/** Words of a tag's value. They have to be whole: `product` and `reproduction` name no environment. */
const WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    production: PRODUCTION,
    staging: ['stg', 'stage', 'staging', 'uat', 'acceptance', ...PRODUCTION.map((word) => `pre${word}`)],
    development: ['dev', 'devel', 'develop', 'development', 'local'],
    test: ['test', 'testing', 'tst', 'qa', 'qas', 'integration', 'e2e', 'ci', 'perf'],
    sandbox: ['sandbox', 'sbx', 'demo', 'playground', 'poc', 'lab', 'training'],
    'non-production': PRODUCTION.flatMap((word) => [
      ...NEGATIONS.map((negation) => `${negation}${word}`),
      `${word}like`,
    ]),
  }).flatMap(([environment, words]) => words.map((word) => [word, environment] as const)),
);

/** Words of which a name may hold one by chance (`live-chat`, `ci`, `demo`): they count in a tag's value only. */
const ONLY_IN_TAGS = new Set([
  'live',
  'stage',
  'acceptance',
  'local',
  'integration',
  'ci',
  'perf',
  'demo',
  'lab',
  'training',
  'poc',
  'e2e',
  'develop',
  'prelive',
  'livelike',
  ...NEGATIONS.map((negation) => `${negation}live`),
]);

/** Single letters that stand for an environment when they are a tag's whole value. */
const LETTERS: ReadonlyMap<string, string> = new Map([
  ['p', 'production'],
  ['s', 'staging'],
  ['d', 'development'],
  ['t', 'test'],
]);

const VALUE_MAX = 200;

interface Hit {
  /** Null for a tag whose value is no word that is known. */
  readonly environment: string | null;
  readonly value: string;
  readonly place: string;
  /** 0 to 1, by the kind of place. */
  readonly confidence: number;
}

const CONFIDENCE = {
  person: 1,
  ownTag: 0.95,
  inheritedTag: 0.8,
  surroundingName: 0.6,
  path: 0.5,
  ownName: 0.3,
};

/**
 * The environment of a resource: `--env` of the import, its own tags, the tags of what it is in, the names of
 * that, the path of its description, its own name; the first that tells decides, all others are kept, and one
 * that disagrees is named in the evidence (attack-paths §7.1). Production is *no* only where
 * another environment is named; a tag with a word that nobody knows is *unknown*, and so is silence.
 */
export function deriveEnvironment(clues: EnvironmentClues): DerivedEnvironment {
  const hits = hitsOf(clues);
  const decided = hits.find((hit) => hit.environment !== null);
  const unknownWord = hits.find((hit) => hit.environment === null);
  if (decided === undefined) {
    if (unknownWord === undefined)
      return { environment: null, production: 'unknown', evidence: null, others: [] };
    return {
      environment: unknownWord.value,
      production: 'unknown',
      evidence: `${unknownWord.place} says "${unknownWord.value}", which names neither production nor another known environment.`,
      others: [],
    };
  }
  const other = hits.find((hit) => hit.environment !== null && isProduction(hit) !== isProduction(decided));
  const but = other === undefined ? '' : `; ${other.place} says "${other.value}" and was not followed`;
  return {
    environment: decided.environment,
    production: isProduction(decided) ? 'yes' : 'no',
    evidence: `${decided.place} says "${decided.value}"${but}.`,
    others: hits
      .filter((hit) => hit !== decided)
      .map(({ place, value, confidence }) => `${place} says "${value}" (confidence ${confidence}).`),
  };
}

/**
 * The environment that a tag's value names, or null: `prod-eu-1` is production; `nonprod`, `pre-prod` and
 * `prod-like` are not, and a value that names two kinds (`prod-test`) names none.
 */
export function environmentOfWord(text: string): string | null {
  const value = text.slice(0, VALUE_MAX).trim().toLowerCase();
  return LETTERS.get(value) ?? environmentOfTokens(value, () => true);
}

/** The same for a name that is not meant to be an environment's, so that only unmistakable words count. */
function environmentOfName(text: string): string | null {
  return environmentOfTokens(text.slice(0, VALUE_MAX).toLowerCase(), (word) => !ONLY_IN_TAGS.has(word));
}

function hitsOf(clues: EnvironmentClues): readonly Hit[] {
  const hits: Hit[] = [];
  const explicit = clues.explicit?.slice(0, VALUE_MAX).trim() ?? '';
  if (explicit !== '')
    hits.push({
      environment: environmentOfWord(explicit),
      value: explicit,
      place: '--env of the import',
      confidence: CONFIDENCE.person,
    });
  hits.push(...tagHits(clues.tags, 'tag', CONFIDENCE.ownTag));
  const surroundings = clues.surroundings ?? [];
  for (const { what, name, tags } of surroundings)
    hits.push(...tagHits(tags, `${name === null ? what : `${what} ${name}`}: tag`, CONFIDENCE.inheritedTag));
  for (const { what, name } of surroundings) hits.push(...nameHit(what, name, CONFIDENCE.surroundingName));
  hits.push(...nameHit('path', clues.path, CONFIDENCE.path));
  hits.push(...nameHit('name', clues.name, CONFIDENCE.ownName));
  return hits;
}

function nameHit(what: string, name: string | null | undefined, confidence: number): readonly Hit[] {
  const environment = name === null || name === undefined ? null : environmentOfName(name);
  if (environment === null) return [];
  return [{ environment, value: (name ?? '').slice(0, VALUE_MAX), place: `The ${what}`, confidence }];
}

function tagHits(tags: Readonly<Record<string, string>>, place: string, confidence: number): readonly Hit[] {
  const byKey = tagsByKey(tags);
  return KEYS.flatMap((wanted) =>
    (byKey.get(tagKeyText(wanted)) ?? []).flatMap(({ key, value }) =>
      value.trim() === ''
        ? []
        : [
            {
              environment: environmentOfWord(value),
              value: value.slice(0, VALUE_MAX),
              place: `The ${place} ${key}`,
              confidence,
            },
          ],
    ),
  );
}

function environmentOfTokens(value: string, counts: (word: string) => boolean): string | null {
  const found = new Set<string>();
  const tokens = value.split(/[^a-z0-9]+/).map((token) => token.replace(/\d+$/, ''));
  for (let i = 0; i < tokens.length; i++) {
    // Two tokens first: `non-prod` and `pre-prod` are one word that was written as two.
    const known = (word: string) => (counts(word) ? WORDS.get(word) : undefined);
    const pair = known(`${tokens[i]}${tokens[i + 1] ?? '-'}`);
    const environment = pair ?? known(tokens[i] ?? '');
    if (pair !== undefined) i++;
    if (environment !== undefined) found.add(environment);
  }
  const [first] = found;
  if (first === undefined || (found.size > 1 && found.has('production'))) return null;
  // `nonprod-dev` says twice that it is not production, and once what it is.
  return [...found].find((each) => each !== 'non-production') ?? first;
}

function isProduction(hit: Hit): boolean {
  return hit.environment === 'production';
}
