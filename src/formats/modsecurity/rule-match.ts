import type { Severity } from '#domain/severity/severity.ts';

/** A rule that a request met. */
export interface RuleMatch {
  readonly id: string;
  readonly message: string;
  /** ModSecurity's own scale, that of syslog: 0 emergency to 7 debug; null when not said. */
  readonly level: number | null;
  readonly tags: readonly string[];
  /** The request was refused because of it. */
  readonly isDenied: boolean;
}

const LEVELS = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];

/** Words and numbers of severities. */
export function levelOf(text: string | number | undefined): number | null {
  const number = typeof text === 'number' || (text !== undefined && /^\d$/.test(text)) ? Number(text) : -1;
  if (Number.isInteger(number) && number >= 0 && number <= 7) return number;
  const index = LEVELS.indexOf(String(text ?? '').toLowerCase());
  return index < 0 ? null : index;
}

/** The rule set gives every attack that it is sure of "critical": that is high here, and not certain to succeed. */
export function severityOfLevel(level: number | null): Severity | null {
  if (level === null) return null;
  if (level <= 2) return 'high';
  if (level === 3) return 'medium';
  return level === 4 ? 'low' : 'info';
}

/** Core Rule Set: rules that report the sums of others, and those that decide by them. */
const REPORTING = /^980\d{3}$/;
const DECIDING = /^9(?:49|59)\d{3}$/;
/** Protocol rules and the strict levels meet ordinary requests. */
const DOUBTFUL_TAGS =
  /^(?:attack-protocol|attack-generic|attack-disclosure|attack-reputation-ip|paranoia-level\/[34])$/;

/** Null for an attack, else why it is none (README, what counts as an attack). */
export function whyNoAttack({ id, level, tags, isDenied }: RuleMatch): string | null {
  if (REPORTING.test(id)) return 'The rule only reports what others found.';
  if (isDenied || DECIDING.test(id)) return null;
  if (level === null || level > 3) return 'The rule warns of something unusual, and nothing was refused.';
  if (tags.some((tag) => DOUBTFUL_TAGS.test(tag)))
    return 'The rule also meets ordinary requests, and nothing was refused.';
  return null;
}

const TECHNIQUE_OF_TAG: Readonly<Record<string, string>> = {
  'attack-sqli': 'T1190',
  'attack-rce': 'T1190',
  'attack-lfi': 'T1190',
  'attack-rfi': 'T1190',
  'attack-injection-php': 'T1190',
  'attack-injection-java': 'T1190',
  'attack-ssrf': 'T1190',
  'attack-xss': 'T1189',
  'attack-reputation-scanner': 'T1595.002',
};

export function techniquesOf(tags: readonly string[]): readonly string[] {
  return [
    ...new Set(
      tags.flatMap((tag) => (Object.hasOwn(TECHNIQUE_OF_TAG, tag) ? [TECHNIQUE_OF_TAG[tag] as string] : [])),
    ),
  ];
}

/** The match that says most: attacks first, rules of their own before sums, then the worst. */
export function worstMatch(matches: readonly RuleMatch[]): RuleMatch | null {
  const order = (match: RuleMatch) =>
    (whyNoAttack(match) === null ? 0 : 100) + (DECIDING.test(match.id) ? 10 : 0) + (match.level ?? 8);
  return matches.toSorted((a, b) => order(a) - order(b))[0] ?? null;
}

const FIELD = /\[(id|msg|severity|tag|hostname|uri|unique_id) "((?:[^"\\]|\\.)*)"\]/g;

/** What a message of the engine says in brackets: `[id "930100"] [msg "…"]`. */
export interface MessageFields {
  readonly match: RuleMatch;
  readonly hostname: string | undefined;
}

/** Null where the message names no rule. */
export function readMessage(text: string): MessageFields | null {
  const fields: Record<'id' | 'msg' | 'severity' | 'hostname', string | undefined> = {
    id: undefined,
    msg: undefined,
    severity: undefined,
    hostname: undefined,
  };
  const tags: string[] = [];
  for (const [, name, value = ''] of text.slice(0, 64 * 1024).matchAll(FIELD)) {
    if (name === 'tag') tags.push(value);
    else if (name === 'id' || name === 'msg' || name === 'severity' || name === 'hostname')
      fields[name] ??= value === '' ? undefined : value;
  }
  if (fields.id === undefined) return null;
  const match = {
    id: fields.id,
    message: fields.msg ?? `Rule ${fields.id}`,
    level: levelOf(fields.severity),
    tags: tags.slice(0, 40),
    isDenied: /(?:ModSecurity|Coraza): (?:Access denied|Request denied)|^Access denied/.test(text),
  };
  return { match, hostname: fields.hostname };
}
