import type { IssueAction } from '../../src/app/issue-action.ts';
import type { Instant } from '../../src/base/instant.ts';
import { type Severity, severityRank } from '../../src/domain/severity/severity.ts';
import { type NaiveRules, NO_RULES, PATH, RulesOf } from './naive-rules.ts';

/**
 * An inbox written from the specification, as plainly as it can be said: everything is computed anew from all reports
 * and all words of people each time. Images without an inventory around them, flaws with a word for a severity, rules of
 * every type; one way into a cluster, which is there while its door is open and a flaw is behind it. What the product stores is held against it, command by command.
 */

export const WORDS = ['low', 'medium', 'high', 'critical'] as const satisfies readonly Severity[];
export type Word = (typeof WORDS)[number];

/** One report of an image: what it shows, and how bad each is. */
interface Shown {
  readonly scan: string;
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
      readonly was: { readonly severity: Severity; readonly resources: number } | null;
    };
type Decision = Said & { readonly at: Instant };

export interface NaiveRow {
  readonly flaw: string;
  readonly status: 'open' | 'in_progress' | 'snoozed' | 'resolved';
  /** What is only said of issues that are not resolved. */
  readonly stand: {
    readonly severity: Severity;
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

export interface NaiveTicket {
  readonly flaw: string;
  readonly rule: 'tell' | 'told';
  readonly state: 'passed_over' | 'waiting' | 'made';
  readonly isClosed: boolean;
}

/** A risk that somebody asks to accept. */
export interface NaiveRequest {
  readonly flaw: string;
  readonly until: Instant;
}

interface Member extends Omit<Finding, 'severity'> {
  readonly severity: Severity;
  readonly ticket: 'tell' | 'told' | null;
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
  #tickets: readonly NaiveTicket[] = [];
  #requests: readonly NaiveRequest[] = [];
  /** The flaws of which the vendor says that nothing is to be done. */
  #harmless: ReadonlySet<string> = new Set();
  #way = { isOpen: false, isFlawed: false };
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

  report(image: string, shown: Shown): void {
    this.#reports.set(image, [...(this.#reports.get(image) ?? []), shown]);
    this.#settle();
  }

  unreport(image: string, scan: string): void {
    this.#reports.set(
      image,
      (this.#reports.get(image) ?? []).filter((report) => report.scan !== scan),
    );
    this.#settle();
  }

  rule(rules: NaiveRules): void {
    this.#rules = rules;
    this.#settle(true);
  }

  door(isOpen: boolean): void {
    this.#way = { ...this.#way, isOpen };
    this.#findWay();
  }

  flawBehindIt(isThere: boolean): void {
    this.#way = { ...this.#way, isFlawed: isThere };
    this.#findWay();
  }

  /** A path is a finding as any other: it is there, or was. */
  #findWay(): void {
    const isThere = this.#way.isOpen && this.#way.isFlawed;
    const seen = this.#reports.get(PATH) ?? [];
    if (isThere !== (seen.at(-1)?.flaws.has(PATH) ?? false))
      this.report(PATH, { scan: '', at: this.#now, flaws: new Map(isThere ? [[PATH, 'high']] : []) });
    else this.#settle();
  }

  vex(harmless: readonly string[]): void {
    this.#harmless = new Set(harmless);
    this.#settle();
  }

  /** Of one issue one request waits, the newest. */
  ask(request: NaiveRequest): void {
    this.#requests = [...this.#requests.filter(({ flaw }) => flaw !== request.flaw), request];
    this.#settle();
  }

  /** Answers what was asked, as somebody else agrees or not; the words are then those of whoever asked. */
  answer(request: NaiveRequest, isApproved: boolean): void {
    this.#requests = this.#requests.filter((each) => each !== request);
    if (isApproved)
      this.act([request.flaw], { do: 'mute', reason: '', because: 'risk_accepted', until: request.until });
  }

  /** Those that wait, the oldest first; of an issue that is gone none does until it is back. */
  get requests(): readonly NaiveRequest[] {
    const there = new Set(this.rows().map(({ flaw }) => flaw));
    return this.#requests.filter(({ flaw, until }) => until > this.#now && there.has(flaw));
  }

  get tickets(): readonly NaiveTicket[] {
    return this.#tickets;
  }

  /** All that wait are made, where they are still wanted; all that are made are told what became of their issues. */
  deliver(): void {
    const rows = new Map(this.rows().map((row) => [row.flaw, row]));
    const rules = new RulesOf(this.#rules, this.#now);
    this.#tickets = this.#tickets.flatMap((ticket): readonly NaiveTicket[] => {
      const stand = rows.get(ticket.flaw)?.stand ?? null;
      if (ticket.state === 'passed_over') return [ticket];
      if (ticket.state === 'made') return [{ ...ticket, isClosed: stand === null }];
      const isWanted = stand !== null && !stand.isMuted && rules.isInForce(ticket.rule);
      return isWanted ? [{ ...ticket, state: 'made' }] : [];
    });
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
        resources: resourcesOf(pool),
        findings: members.length,
        isMuted: members.every((member) => member.isMuted),
        isAdmitted: pool.some((member) => member.isAdmitted),
        dueAt: earliest(pool.map((member) => member.dueAt)),
        assignee: pool.flatMap((member) => member.assignee ?? [])[0] ?? null,
        team: pool.flatMap(({ key }) => this.#word(key, 'team')?.team ?? [])[0] ?? lead.team,
        snoozedUntil: snooze?.until ?? null,
        regressedAt: latest(candidates.map((member) => member.reopenedAt)),
      };
      const status = snooze !== null ? 'snoozed' : isStarted ? 'in_progress' : 'open';
      return { flaw, status, stand };
    });
  }

  /** Mutes that ran out and snoozes that woke are over for good; tickets are wanted as soon as a rule asks for them. */
  #settle(isRuleChange = false): void {
    this.#endWhatIsOver();
    this.#wantTickets(isRuleChange);
  }

  #endWhatIsOver(): void {
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

  /** One for each issue and rule, ever; what a rule finds when it is made, it passes over while it goes on to match. */
  #wantTickets(isRuleChange: boolean): void {
    const rows = new Map(this.rows().map((row) => [row.flaw, row]));
    const members = this.#findings()
      .filter((finding) => finding.isOpen)
      .map((finding) => this.#member(finding));
    this.#tickets = this.#tickets.filter(
      ({ flaw, rule, state }) =>
        state !== 'passed_over' || members.some((member) => member.flaw === flaw && member.ticket === rule),
    );
    for (const { flaw, ticket: rule, isMuted, isAdmitted } of members) {
      const row = rows.get(flaw);
      if (rule === null || isMuted || row?.stand?.isMuted !== false || row.status === 'snoozed') continue;
      if (rule === 'told' && !isAdmitted) continue;
      if (this.#tickets.some((ticket) => ticket.flaw === flaw && ticket.rule === rule)) continue;
      const state = isRuleChange && rule === 'tell' ? 'passed_over' : 'waiting';
      this.#tickets = [...this.#tickets, { flaw, rule, state, isClosed: false }];
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
      severityRank(pool[0]?.severity ?? 'info') > severityRank(was.severity) ||
      resourcesOf(pool) > was.resources ||
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
      (a, b) =>
        severityRank(b.severity) - severityRank(a.severity) ||
        (this.#order(a.key) < this.#order(b.key) ? -1 : 1),
    );
    return { candidates, pool };
  }

  #member(finding: Finding): Member {
    const key = keyOf(finding);
    const rules = new RulesOf(this.#rules, this.#now);
    const severity = rules.severity(finding);
    const counts = { ...finding, severity };
    const mute = this.#word(key, 'mute');
    const isKept = mute !== undefined && !mute.on && !mute.isOver;
    const isMuted =
      (mute?.on === true && (mute.until === null || mute.until > this.#now)) ||
      ((rules.mutes(counts) || this.#harmless.has(finding.flaw)) && !isKept);
    const due = this.#word(key, 'due');
    const assign = this.#word(key, 'assign');
    const { person, team } = rules.assigns(counts);
    return {
      ...counts,
      key,
      isMuted,
      isAdmitted: this.#word(key, 'admit')?.on === true || finding.flaw === PATH || rules.admits(counts),
      dueAt: due !== undefined ? due.due : isMuted ? null : rules.dueAt(counts),
      team,
      assignee: assign === undefined ? person : assign.assignee,
      ticket: rules.ticket(counts),
    };
  }

  #word<Kind extends Decision['kind']>(
    key: string,
    kind: Kind,
  ): Extract<Decision, { kind: Kind }> | undefined {
    return this.#decisions.get(key)?.get(kind) as Extract<Decision, { kind: Kind }> | undefined;
  }

  /**
   * A finding is what the reports of its image say of it, one after the other. One that is older than one before it
   * changes nothing (identity §11).
   */
  #findings(): readonly Finding[] {
    return [...this.#reports].flatMap(([image, reports]) => {
      const findings = new Map<string, Finding>();
      let latestAt = 0;
      for (const { at, flaws } of reports) {
        if (at < latestAt) continue;
        latestAt = at;
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

/** A path is about its workload and about the cluster. */
function resourcesOf(pool: readonly Member[]): number {
  return pool.reduce((sum, { flaw }) => sum + (flaw === PATH ? 2 : 1), 0);
}

export function keyOf({ image, flaw }: { readonly image: string; readonly flaw: string }): string {
  return `${image} ${flaw}`;
}

function earliest(values: readonly (Instant | null)[]): Instant | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}

function latest(values: readonly (Instant | null)[]): Instant | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}
