import { InboxError } from '#base/inbox-error.ts';

/** One bound on what comes in, which whoever runs the product may move. */
interface Limit {
  readonly usual: number;
  readonly least: number;
  readonly most: number;
  /** What it bounds, for people. */
  readonly sentence: string;
}

const GB_MB = 1_024;

/** The bounds of reliability §6.1 and §6.6 that can be moved; those that keep a parser from breaking are fixed, where it stands. */
export const INPUT_LIMITS = {
  'upload-mb': limit(4 * GB_MB, 1, 1_000 * GB_MB, 'MB of one upload that shows a token'),
  'page-upload-mb': limit(256, 1, 1_000 * GB_MB, 'MB of one file that a page sends'),
  'uploads-a-day-mb': limit(
    10 * GB_MB,
    1,
    10_000 * GB_MB,
    'MB that one token or signed-in person sends in a day',
  ),
  'uploads-a-minute': limit(60, 1, 100_000, 'uploads that one token or signed-in person sends in a minute'),
  'requests-a-second': limit(
    20,
    1,
    100_000,
    'requests of one token or signed-in person in a second; five times as many at once',
  ),
  'unpacked-mb': limit(
    8 * GB_MB,
    1,
    1_000 * GB_MB,
    'MB that a compressed file, or all of an archive, grows to',
  ),
  'unpacked-times': limit(200, 2, 1_000_000, 'how many times its size that is, beyond the first 10 MB'),
  'archive-members': limit(2_000, 1, 10_000_000, 'members of an archive, those of archives in it included'),
  'findings-of-a-report': limit(2_000_000, 1, 1_000_000_000, 'findings of one report'),
  'closing-percent': limit(
    30,
    0,
    100,
    'percent of a scope that go at once without a person, or as many as the next says',
  ),
  'closing-findings': limit(
    20,
    0,
    1_000_000_000,
    'findings that go at once without a person, however small their scope is',
  ),
  'import-heap-mb': limit(512, 64, 1_000 * GB_MB, 'MB of memory of one import that was uploaded'),
  'import-seconds': limit(60, 1, 1_000_000, 'seconds of the processor of one such import'),
  'import-seconds-each-100-mb': limit(30, 1, 1_000_000, 'as many more for each 100 MB that it reads'),
} as const satisfies Readonly<Record<string, Limit>>;

export type LimitName = keyof typeof INPUT_LIMITS;

/** Each bound as it counts here. */
export type InputLimits = Readonly<Record<LimitName, number>>;

export const USUAL_LIMITS = Object.fromEntries(
  Object.entries(INPUT_LIMITS).map(([name, { usual }]) => [name, usual]),
) as InputLimits;

function limit(usual: number, least: number, most: number, sentence: string): Limit {
  return { usual, least, most, sentence };
}

/**
 * The bounds with what a setting says of them: `name=number`, several with commas between them. Throws `usage` for a
 * name that there is not and a number that is none or out of its range: a bound that is taken for another is worse
 * than no start.
 */
export function readLimits(setting: string): InputLimits {
  const said = setting.split(',').map((part) => part.trim());
  return Object.fromEntries([
    ...Object.entries(USUAL_LIMITS),
    ...said.filter((part) => part !== '').map(readLimit),
  ]) as InputLimits;
}

function readLimit(part: string): readonly [LimitName, number] {
  const [, name = '', digits = ''] = /^([a-z\d-]+)\s*=\s*(\d{1,15})$/.exec(part) ?? [];
  if (!isLimit(name))
    throw new InboxError(
      'usage',
      `SECURITY_INBOX_LIMITS: "${part}" is no limit. Expected name=number, with a name of ${Object.keys(INPUT_LIMITS).join(', ')}.`,
    );
  const { least, most } = INPUT_LIMITS[name];
  const value = Number(digits);
  if (value < least || value > most)
    throw new InboxError(
      'usage',
      `SECURITY_INBOX_LIMITS: ${name} goes from ${least} to ${most}, not ${value}.`,
    );
  return [name, value];
}

function isLimit(name: string): name is LimitName {
  return Object.hasOwn(INPUT_LIMITS, name);
}
