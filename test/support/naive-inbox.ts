import type { IssueAction } from '../../src/app/issue-action.ts';
import { DAY_MS, type Instant } from '../../src/base/instant.ts';
import type { Severity } from '../../src/domain/severity/severity.ts';

/**
 * An inbox written from the specification, as plainly as it can be said: everything is computed anew from all reports
 * and all words of people each time. Images without an inventory around them, flaws with a word for a severity, rules of
 * four types. What the product stores is held against it, command by command.
 */

export const WORDS = ['low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];
type Word = (typeof WORDS)[number];

/** One report of an image: what it shows, and how bad each is. */
interface Shown {
  readonly at: Instant;
  readonly flaws: ReadonlyMap<string, Word>;
}

/** What the reports of an image say of one flaw. */
interface Finding {
  readonly image: string;
  readonly flaw: string;
  readonly severity: Word;
  readonly isOpen: boolean;
  readonly firstSeen: Instant;
  readonly reopenedAt: Instant | null;
}

/** A word of a person about a finding; the newest of each kind counts. */
type Said =
  | { readonly kind: 'mute'; readonly on: boolean; readonly until: Instant | null; readonly isOver: boolean }
  | { readonly kind: 'admit'; readonly on: boolean }
  | { readonly kind: 'progress'; readonly on: boolean }
  | { readonly kind: 'due'; readonly due: Instant | null }
  | { readonly kind: 'assign'; readonly assignee: string | null }
  | { readonly kind: 'team'; readonly team: string | null }
  | {
      readonly kind: 'snooze';
      readonly on: boolean;
      readonly until: Instant | null;
      readonly was: { readonly severity: Word; readonly resources: number } | null;
    };
type Decision = Said & { readonly at: Instant };

export interface NaiveRow {
  readonly flaw: string;
  readonly status: 'open' | 'in_progress' | 'snoozed' | 'resolved';
  /** What is only said of issues that are not resolved. */
  readonly stand: {
    readonly severity: Word;
    readonly resources: number;
    readonly findings: number;
    readonly isMuted: boolean;
    readonly isAdmitted: boolean;
    readonly dueAt: Instant | null;
    readonly assignee: string | null;
    readonly team: string | null;
    readonly snoozedUntil: Instant | null;
    readonly regressedAt: Instant | null;
  } | null;
}

export interface NaiveRules {
  readonly raises: boolean;
  readonly mutesLow: boolean;
  readonly dates: boolean;
  readonly admitsCritical: boolean;
  readonly assigns: boolean;
}

export const NO_RULES: NaiveRules = {
  raises: false,
  mutesLow: false,
  dates: false,
  admitsCritical: false,
  assigns: false,
};

/** The rules as a person writes them down. */
export function rulesText({ raises, mutesLow, dates, admitsCritical, assigns }: NaiveRules): string {
  const rule = (isOn: boolean, text: string) =>
    isOn ? `  - { ${text}, for: [infrastructure_vulnerability] }\n` : '';
  return [
    `severity:\n${rule(raises, `id: raise, name: Raise, when: "cve:${RAISED}", set: critical`)}`,
    `mute:\n${rule(mutesLow, 'id: low, name: Low, when: "severity:low", reason: false_positive')}`,
    `due_date:\n${rule(dates, 'id: dates, name: Dates, days: { critical: 2, high: 5 }')}`,
    `inbox:\n${rule(admitsCritical, 'id: take, name: Take, when: "severity:critical", reason: Critical')}`,
    `assign:\n${rule(assigns, `id: give, name: Give, when: "cve:${ASSIGNED}", person: bob`)}`,
  ].join('');
}

const RAISED = 'CVE-2026-1';
const ASSIGNED = 'CVE-2026-2';

interface Member extends Finding {
  readonly severity: Word;
  readonly isMuted: boolean;
  readonly isAdmitted: boolean;
  readonly dueAt: Instant | null;
  readonly assignee: string | null;
  readonly team: string | null;
  readonly key: string;
}

interface Done {
  readonly kind: Decision['kind'];
  readonly before: ReadonlyMap<string, Decision | undefined>;
  readonly at: Instant;
}

export class NaiveInbox {
  readonly #reports = new Map<string, Shown[]>();
  readonly #decisions = new Map<string, Map<Decision['kind'], Decision>>();
  readonly #actions: Done[] = [];
  #rules = NO_RULES;
  #now: Instant;
  /** Which of two findings comes first is a matter of their names, which this does not make up. */
  readonly #order: (key: string) => string;

  constructor(now: Instant, order: (key: string) => string) {
    this.#now = now;
    this.#order = order;
  }

  get actions(): number {
    return this.#actions.length;
  }

  pass(now: Instant): void {
    this.#now = now;
    this.#settle();
  }

  report(image: string, flaws: ReadonlyMap<string, Word>): void {
    const reports = this.#reports.get(image) ?? [];
    this.#reports.set(image, [...reports, { at: this.#now, flaws }]);
    this.#settle();
  }

  unreport(image: string): void {
    this.#reports.set(image, (this.#reports.get(image) ?? []).slice(0, -1));
    this.#settle();
  }

  rule(rules: NaiveRules): void {
    this.#rules = rules;
    this.#settle();
  }

  act(flaws: readonly string[], action: IssueAction): void {
    const rows = new Map(this.rows().map((row) => [row.flaw, row]));
    const before = new Map<string, Decision | undefined>();
    const at = this.#now;
    let kind: Decision['kind'] = 'mute';
    for (const finding of this.#findings()) {
      if (!finding.isOpen || !flaws.includes(finding.flaw)) continue;
      const stand = rows.get(finding.flaw)?.stand ?? null;
      const said = saidBy(action, stand);
      kind = said.kind;
      const key = keyOf(finding);
      const words = this.#decisions.get(key) ?? new Map<Decision['kind'], Decision>();
      before.set(key, words.get(kind));
      this.#decisions.set(key, words.set(kind, { ...said, at }));
    }
    this.#actions.push({ kind, before, at });
    this.#settle();
  }

  undo(index: number): void {
    const done = this.#actions[index];
    if (done === undefined) return;
    for (const [key, before] of done.before) {
      const words = this.#decisions.get(key);
      if (words?.get(done.kind)?.at !== done.at) continue;
      if (before === undefined) words.delete(done.kind);
      else words.set(done.kind, before);
    }
    this.#settle();
  }

  rows(): readonly NaiveRow[] {
    const byFlaw = Map.groupBy(this.#findings(), (finding) => finding.flaw);
    return [...byFlaw].map(([flaw, findings]): NaiveRow => {
      const members = findings.filter((finding) => finding.isOpen).map((finding) => this.#member(finding));
      if (members.length === 0) return { flaw, status: 'resolved', stand: null };
      const { candidates, pool } = this.#counted(members);
      const [lead] = pool as [Member];
      const snooze = this.#snoozeOf(candidates);
      const isStarted = candidates.some((member) => {
        const word = this.#word(member.key, 'progress');
        return word?.on === true && (member.reopenedAt ?? 0) <= word.at;
      });
      const stand = {
        severity: lead.severity,
        resources: pool.length,
        findings: members.length,
        isMuted: members.every((member) => member.isMuted),
        isAdmitted: pool.some((member) => member.isAdmitted),
        dueAt: earliest(pool.map((member) => member.dueAt)),
        assignee: pool.flatMap((member) => member.assignee ?? [])[0] ?? null,
        team: pool.flatMap((member) => member.team ?? [])[0] ?? null,
        snoozedUntil: snooze?.until ?? null,
        regressedAt: latest(candidates.map((member) => member.reopenedAt)),
      };
      const status = snooze !== null ? 'snoozed' : isStarted ? 'in_progress' : 'open';
      return { flaw, status, stand };
    });
  }

  /** Mutes that ran out and snoozes that woke are over for good. */
  #settle(): void {
    const byFlaw = Map.groupBy(
      this.#findings().filter((finding) => finding.isOpen),
      (finding) => finding.flaw,
    );
    for (const findings of byFlaw.values()) {
      const members = findings.map((finding) => this.#member(finding));
      const { candidates, pool } = this.#counted(members);
      const snooze = this.#snoozeOf(candidates);
      const isAwake = snooze !== null && this.#isWoken(snooze, candidates, pool);
      for (const { key } of members) {
        const words = this.#decisions.get(key);
        const mute = this.#word(key, 'mute');
        if (mute?.on === true && mute.until !== null && mute.until <= this.#now)
          words?.set('mute', { ...mute, on: false, isOver: true, at: this.#now });
        const asleep = this.#word(key, 'snooze');
        if (isAwake && asleep?.on === true) words?.set('snooze', { ...asleep, on: false, at: this.#now });
      }
    }
  }

  #isWoken(
    { until, was, at }: Extract<Decision, { kind: 'snooze' }>,
    candidates: readonly Member[],
    pool: readonly Member[],
  ): boolean {
    if (until !== null && until <= this.#now) return true;
    if (was === null) return false;
    const snoozed = candidates.filter(({ key }) => this.#word(key, 'snooze')?.on === true);
    const images = new Set(snoozed.map((member) => member.image));
    return (
      rank(pool[0]?.severity ?? 'low') > rank(was.severity) ||
      pool.length > was.resources ||
      pool.some((member) => !images.has(member.image)) ||
      (latest(candidates.map((member) => member.reopenedAt)) ?? 0) > at
    );
  }

  #snoozeOf(members: readonly Member[]): Extract<Decision, { kind: 'snooze' }> | null {
    const words = members.flatMap(({ key }) => this.#word(key, 'snooze') ?? []).filter((word) => word.on);
    return words.toSorted((a, b) => b.at - a.at)[0] ?? null;
  }

  /** Those that are not muted, else all; of them those that are admitted, else all, the one that leads first. */
  #counted(members: readonly Member[]): {
    readonly candidates: readonly Member[];
    readonly pool: readonly Member[];
  } {
    const unmuted = members.filter((member) => !member.isMuted);
    const candidates = unmuted.length > 0 ? unmuted : members;
    const admitted = candidates.filter((member) => member.isAdmitted);
    const pool = (admitted.length > 0 ? admitted : candidates).toSorted(
      (a, b) => rank(b.severity) - rank(a.severity) || (this.#order(a.key) < this.#order(b.key) ? -1 : 1),
    );
    return { candidates, pool };
  }

  #member(finding: Finding): Member {
    const key = keyOf(finding);
    const { raises, mutesLow, dates, admitsCritical, assigns } = this.#rules;
    const severity = raises && finding.flaw === RAISED ? 'critical' : finding.severity;
    const mute = this.#word(key, 'mute');
    const isKept = mute !== undefined && !mute.on && !mute.isOver;
    const isMuted =
      (mute?.on === true && (mute.until === null || mute.until > this.#now)) ||
      (mutesLow && severity === 'low' && !isKept);
    const due = this.#word(key, 'due');
    const days = { critical: 2, high: 5, medium: null, low: null }[severity];
    const byRule = dates && days !== null && !isMuted ? finding.firstSeen + days * DAY_MS : null;
    const assign = this.#word(key, 'assign');
    return {
      ...finding,
      key,
      severity,
      isMuted,
      isAdmitted: this.#word(key, 'admit')?.on === true || (admitsCritical && severity === 'critical'),
      dueAt: due === undefined ? byRule : due.due,
      team: this.#word(key, 'team')?.team ?? null,
      assignee:
        assign === undefined ? (assigns && finding.flaw === ASSIGNED ? 'bob' : null) : assign.assignee,
    };
  }

  #word<Kind extends Decision['kind']>(
    key: string,
    kind: Kind,
  ): Extract<Decision, { kind: Kind }> | undefined {
    return this.#decisions.get(key)?.get(kind) as Extract<Decision, { kind: Kind }> | undefined;
  }

  /** A finding is what the reports of its image say of it, one after the other. */
  #findings(): readonly Finding[] {
    return [...this.#reports].flatMap(([image, reports]) => {
      const findings = new Map<string, Finding>();
      for (const { at, flaws } of reports) {
        for (const [flaw, severity] of flaws) {
          const known = findings.get(flaw);
          const reopenedAt = known === undefined ? null : known.isOpen ? known.reopenedAt : at;
          findings.set(flaw, {
            image,
            flaw,
            severity,
            isOpen: true,
            firstSeen: known?.firstSeen ?? at,
            reopenedAt,
          });
        }
        for (const [flaw, finding] of findings)
          if (!flaws.has(flaw)) findings.set(flaw, { ...finding, isOpen: false });
      }
      return [...findings.values()];
    });
  }
}

function saidBy(action: IssueAction, stand: NaiveRow['stand']): Said {
  switch (action.do) {
    case 'mute':
      return { kind: 'mute', on: true, until: action.until, isOver: false };
    case 'unmute':
      return { kind: 'mute', on: false, until: null, isOver: false };
    case 'admit':
    case 'unadmit':
      return { kind: 'admit', on: action.do === 'admit' };
    case 'start':
    case 'stop':
      return { kind: 'progress', on: action.do === 'start' };
    case 'assign':
      return { kind: 'assign', assignee: action.assignee };
    case 'team':
      return { kind: 'team', team: action.team };
    case 'due':
      return { kind: 'due', due: action.due };
    case 'wake':
      return { kind: 'snooze', on: false, until: null, was: null };
    case 'snooze': {
      const { until, untilWorse } = action;
      const was =
        untilWorse && stand !== null ? { severity: stand.severity, resources: stand.resources } : null;
      return { kind: 'snooze', on: true, until, was };
    }
  }
}

export function keyOf({ image, flaw }: { readonly image: string; readonly flaw: string }): string {
  return `${image} ${flaw}`;
}

function rank(word: Word): number {
  return WORDS.indexOf(word);
}

function earliest(values: readonly (Instant | null)[]): Instant | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function latest(values: readonly (Instant | null)[]): Instant | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
