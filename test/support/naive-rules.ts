import { DAY_MS, type Instant, instantText } from '../../src/base/instant.ts';
import type { Severity } from '../../src/domain/severity/severity.ts';

/** What the one attack path that there may be is called, where other findings have the name of a flaw. */
export const PATH = 'attack_path';

/** What a rule of the naive inbox looks at. */
export interface Ruled {
  readonly flaw: string;
  readonly severity: Severity;
  readonly firstSeen: Instant;
}

interface Rule {
  readonly type: 'severity' | 'mute' | 'due_date' | 'inbox' | 'assign' | 'ticket';
  /** As a person writes it, without its id, name and types of findings. */
  readonly text: string;
  readonly matches: (finding: Ruled) => boolean;
  /** It is about attack paths, and about nothing else. */
  readonly isOfPaths?: true;
}

const UPWARDS: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];
const isFlaw =
  (...numbers: readonly number[]) =>
  ({ flaw }: Ruled) =>
    numbers.some((number) => flaw === `CVE-2026-${number}`);
const isAt =
  (...words: readonly Severity[]) =>
  ({ severity }: Ruled) =>
    words.includes(severity);

/** Two or three of each type, so that it matters which stands first. */
const MENU = {
  raise: { type: 'severity', text: 'when: "cve:CVE-2026-1", set: critical', matches: isFlaw(1) },
  lower: {
    type: 'severity',
    text: 'when: "cve:CVE-2026-1 OR cve:CVE-2026-3", shift: down_one',
    matches: isFlaw(1, 3),
  },
  soften: { type: 'severity', text: 'shift: down_one', matches: () => true, isOfPaths: true },
  low: {
    type: 'mute',
    text: 'when: "severity:low OR severity:info", reason: false_positive',
    matches: isAt('low', 'info'),
  },
  four: { type: 'mute', text: 'when: "cve:CVE-2026-4", reason: pending_fix', matches: isFlaw(4) },
  hush: { type: 'mute', text: 'reason: risk_accepted', matches: () => true, isOfPaths: true },
  dates: { type: 'due_date', text: 'days: { critical: 2, high: 5 }', matches: () => true },
  soon: {
    type: 'due_date',
    text: 'when: "cve:CVE-2026-2", days: { high: 1, medium: 1 }',
    matches: isFlaw(2),
  },
  haste: { type: 'due_date', text: 'days: { high: 1, medium: 4 }', matches: () => true, isOfPaths: true },
  take: { type: 'inbox', text: 'when: "severity:critical", reason: Critical', matches: isAt('critical') },
  third: { type: 'inbox', text: 'when: "NOT cve:CVE-2026-1", reason: Others', matches: isFlaw(2, 3, 4) },
  give: { type: 'assign', text: 'when: "cve:CVE-2026-2", person: bob', matches: isFlaw(2) },
  hand: { type: 'assign', text: 'when: "severity:high", team: green', matches: isAt('high') },
  tell: {
    type: 'ticket',
    text: 'when: "severity:critical", receiver: shop, per_day: 500, all: true',
    matches: isAt('critical'),
  },
  told: {
    type: 'ticket',
    text: 'when: "cve:CVE-2026-2", receiver: shop, per_day: 500, existing: true',
    matches: isFlaw(2),
  },
} as const satisfies Record<string, Rule>;

const DAYS: { readonly [Name in RuleName]?: Partial<Record<Severity, number>> } = {
  dates: { critical: 2, high: 5 },
  soon: { high: 1, medium: 1 },
  haste: { high: 1, medium: 4 },
};

export type RuleName = keyof typeof MENU;
export const RULE_NAMES = Object.keys(MENU) as RuleName[];

export interface NaiveRules {
  /** Those that there are, in their order. */
  readonly order: readonly RuleName[];
  readonly switchedOff: readonly RuleName[];
  /** When the rule `four` runs out; null: it does not. */
  readonly fourUntil: Instant | null;
}

export const NO_RULES: NaiveRules = { order: [], switchedOff: [], fourUntil: null };

/** The rules as a person writes them down. */
export function rulesText({ order, switchedOff, fourUntil }: NaiveRules): string {
  return (['severity', 'mute', 'due_date', 'inbox', 'assign', 'ticket'] as const)
    .map((type) => {
      const lines = order
        .filter((name) => MENU[name].type === type)
        .map((name) => {
          const until = name === 'four' && fourUntil !== null ? `, until: ${instantText(fourUntil)}` : '';
          const off = switchedOff.includes(name) ? ', enabled: false' : '';
          return `  - { id: ${name}, name: ${name}, for: [${typeOf(name)}], ${MENU[name].text}${until}${off} }\n`;
        });
      return `${type}:\n${lines.join('')}`;
    })
    .join('');
}

function isOfPaths(name: RuleName): boolean {
  return 'isOfPaths' in MENU[name];
}

function typeOf(name: RuleName): string {
  return isOfPaths(name) ? PATH : 'infrastructure_vulnerability';
}

/** What the rules make of one finding: of each type the first that matches acts. */
export class RulesOf {
  readonly #rules: NaiveRules;
  readonly #now: Instant;

  constructor(rules: NaiveRules, now: Instant) {
    this.#rules = rules;
    this.#now = now;
  }

  severity(finding: Ruled): Severity {
    for (const name of this.#all('severity', finding)) {
      const given = name === 'raise' ? 'critical' : oneLower(finding.severity);
      // One that would change nothing is no match.
      if (given !== finding.severity) return given;
    }
    return finding.severity;
  }

  mutes(finding: Ruled): boolean {
    return this.#all('mute', finding).length > 0;
  }

  dueAt(finding: Ruled): Instant | null {
    const [first] = this.#all('due_date', finding);
    if (first === undefined) return null;
    const count = DAYS[first]?.[finding.severity];
    return count === undefined ? null : finding.firstSeen + count * DAY_MS;
  }

  admits(finding: Ruled): boolean {
    return this.#all('inbox', finding).length > 0;
  }

  assigns(finding: Ruled): { readonly person: string | null; readonly team: string | null } {
    const [first] = this.#all('assign', finding);
    return { person: first === 'give' ? 'bob' : null, team: first === 'hand' ? 'green' : null };
  }

  ticket(finding: Ruled): 'tell' | 'told' | null {
    return (this.#all('ticket', finding)[0] as 'tell' | 'told' | undefined) ?? null;
  }

  isInForce(name: RuleName): boolean {
    const { order, switchedOff } = this.#rules;
    return order.includes(name) && !switchedOff.includes(name);
  }

  #all(type: Rule['type'], finding: Ruled): readonly RuleName[] {
    const { order, fourUntil } = this.#rules;
    return order.filter(
      (name) =>
        MENU[name].type === type &&
        isOfPaths(name) === (finding.flaw === PATH) &&
        this.isInForce(name) &&
        !(name === 'four' && fourUntil !== null && fourUntil <= this.#now) &&
        MENU[name].matches(finding),
    );
  }
}

function oneLower(severity: Severity): Severity {
  return UPWARDS[Math.max(UPWARDS.indexOf(severity) - 1, 0)] ?? severity;
}
