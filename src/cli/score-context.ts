import { InboxError } from '#base/inbox-error.ts';
import { DAY_MS, dateText, type Instant } from '#base/instant.ts';
import { oneLine } from '#base/text.ts';
import type { VulnerabilityContext } from '#domain/severity/adjust-vulnerability.ts';

const RISK_WORDS = ['yes', 'no', 'unknown'] as const;
const EXPLOIT_WORDS = ['weaponised', 'poc', 'none', 'unknown'] as const;
const KEYS = 'public, production, exploit, epss, published';

/**
 * Reads `--context public=yes,production=no,exploit=poc,epss=0.02,published=2026-10-01`; several
 * `--context` are one. What is not given is unknown. Throws `usage`.
 */
export function parseScoreContext(texts: readonly string[], now: Instant): VulnerabilityContext {
  const given = new Map<string, string>();
  for (const pair of texts
    .flatMap((text) => text.split(','))
    .map((part) => part.trim())
    .filter((part) => part !== '')) {
    const at = pair.indexOf('=');
    const key = at === -1 ? pair : pair.slice(0, at);
    if (at === -1) throw usage(`--context takes pairs such as public=yes; "${oneLine(pair, 60)}" is none.`);
    if (given.has(key)) throw usage(`"${oneLine(key, 60)}" stands twice in --context.`);
    given.set(key, pair.slice(at + 1));
  }
  const take = (key: string): string => {
    const value = given.get(key) ?? 'unknown';
    given.delete(key);
    return value;
  };
  const context: VulnerabilityContext = {
    public: oneOf('public', take('public'), RISK_WORDS),
    production: oneOf('production', take('production'), RISK_WORDS),
    exploit: oneOf('exploit', take('exploit'), EXPLOIT_WORDS),
    epss: probability(take('epss')),
    publishedDaysAgo: daysSince(take('published'), now),
  };
  const [stranger] = given.keys();
  if (stranger !== undefined) throw usage(`--context knows no "${oneLine(stranger, 60)}": expected ${KEYS}.`);
  return context;
}

function oneOf<Word extends string>(key: string, value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found !== undefined) return found;
  throw usage(`--context ${key} is one of ${words.join(', ')}; "${oneLine(value, 60)}" is none of them.`);
}

function probability(value: string): number | null {
  if (value === 'unknown') return null;
  const number = /^\d*\.?\d+(?:e-?\d{1,3})?$/i.test(value) ? Number(value) : Number.NaN;
  if (number >= 0 && number <= 1) return number;
  throw usage(`--context epss is a probability from 0 to 1 or unknown; "${oneLine(value, 60)}" is neither.`);
}

function daysSince(value: string, now: Instant): number | null {
  if (value === 'unknown') return null;
  const published = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(value) : Number.NaN;
  // The 31st of April parses as the 1st of May. A day tells no hour, so whole days are counted.
  if (!Number.isNaN(published) && dateText(published) === value)
    return Math.floor((now - published) / DAY_MS);
  throw usage(
    `--context published is a date such as 2026-10-01 or unknown; "${oneLine(value, 60)}" is neither.`,
  );
}

function usage(message: string): InboxError {
  return new InboxError('usage', message);
}
