import type { z } from 'zod';
import { type DetectedRisk, detectedRiskSchema } from '../../../src/contract/detected-risk.ts';
import { type FindingType, findingTypeSchema } from '../../../src/contract/finding-type.ts';
import { type IssueGrouping, issueGroupingSchema } from '../../../src/contract/inbox-page.ts';
import { type Severity, severitySchema } from '../../../src/contract/severity.ts';

/** What narrows the list. Everything here is in the address, so that a list can be linked. */
export interface InboxFilter {
  /** What no rule admitted is listed too. */
  readonly all: boolean;
  readonly severity: readonly Severity[];
  readonly type: readonly FindingType[];
  readonly risk: readonly DetectedRisk[];
  /** A query of words and conditions; empty: any. */
  readonly q: string;
}

/** The search part of the inbox's address. Absence is the default, so a plain list has a plain address. */
export interface InboxSearch {
  all?: true;
  severity?: Severity[];
  type?: FindingType[];
  risk?: DetectedRisk[];
  q?: string;
  by?: IssueGrouping;
  /** The issue that the panel shows. */
  issue?: string;
}

/** A change of the address: what is undefined leaves it. */
export type InboxChange = { [Name in keyof InboxSearch]: InboxSearch[Name] | undefined };

/** Nothing narrows or groups the list; what was open stays. */
export const NOTHING: InboxChange = {
  all: undefined,
  severity: undefined,
  type: undefined,
  risk: undefined,
  q: undefined,
  by: undefined,
};

function words<Word extends string>(schema: z.ZodType<Word>, text: unknown): Word[] | undefined {
  if (typeof text !== 'string') return undefined;
  const known = text.split(',').flatMap((part) => {
    const word = schema.safeParse(part);
    return word.success ? [word.data] : [];
  });
  return known.length === 0 ? undefined : [...new Set(known)];
}

/** The longest query that the server reads. */
export const QUERY_LENGTH_MAX = 2_000;

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, QUERY_LENGTH_MAX) : undefined;
}

/** Reads an address. A word that is not known is left out: an old link still opens a list. */
export function readInboxSearch(raw: Record<string, unknown>): InboxSearch {
  const search: InboxSearch = {};
  if (raw.all === 'true') search.all = true;
  const severity = words(severitySchema, raw.severity);
  if (severity) search.severity = severity;
  const type = words(findingTypeSchema, raw.type);
  if (type) search.type = type;
  const risk = words(detectedRiskSchema, raw.risk);
  if (risk) search.risk = risk;
  const q = text(raw.q);
  if (q) search.q = q;
  const by = issueGroupingSchema.safeParse(raw.by);
  if (by.success) search.by = by.data;
  const issue = text(raw.issue);
  if (issue) search.issue = issue;
  return search;
}

export function filterOf(search: InboxSearch): InboxFilter {
  return {
    all: search.all ?? false,
    severity: search.severity ?? [],
    type: search.type ?? [],
    risk: search.risk ?? [],
    q: search.q ?? '',
  };
}

/** Whether anything narrows the list. */
export function isNarrowed(filter: InboxFilter): boolean {
  return filter.severity.length + filter.type.length + filter.risk.length > 0 || filter.q !== '';
}

/** A choice switched on or off; undefined when none is left, which drops it from the address. */
export function toggled<Word>(chosen: readonly Word[] | undefined, word: Word): Word[] | undefined {
  const without = (chosen ?? []).filter((other) => other !== word);
  if (without.length === (chosen ?? []).length) return [...without, word];
  return without.length === 0 ? undefined : without;
}

/** A query that leaves out what a condition fits, or no longer does. */
export function withoutWord(query: string, condition: string): string | undefined {
  const words = query.split(' ').filter((word) => word !== '');
  const not = `-${condition}`;
  const next = words.includes(not) ? words.filter((word) => word !== not) : [...words, not];
  return next.length === 0 ? undefined : next.join(' ');
}

/** What the list is grouped by after one more press of the key; undefined: by nothing. */
export function nextGrouping(by: IssueGrouping | undefined): IssueGrouping | undefined {
  const all = issueGroupingSchema.options;
  return by === undefined ? all[0] : all[all.indexOf(by) + 1];
}
