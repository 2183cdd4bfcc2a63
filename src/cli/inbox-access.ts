import type { ImportOptions } from '#app/import/import-options.ts';
import type { InboxRule } from '#contract/admission-rules.ts';
import type {
  AttackPathList,
  BlastRadius,
  FixPlan,
  PathMap,
  PlanOrder,
  WaysTo,
  WhatIf,
} from '#contract/attack-path.ts';
import type { AutomationRuleList, RuleChange, RulesEdit, RulesPreview } from '#contract/automation-rule.ts';
import type { Control } from '#contract/control.ts';
import type { Delivery } from '#contract/delivery.ts';
import type { ExportFormat } from '#contract/export.ts';
import type { Feed } from '#contract/feed.ts';
import type { UndoneImport } from '#contract/import.ts';
import type { InboxPage } from '#contract/inbox-page.ts';
import type { IssueAbove } from '#contract/issue-above.ts';
import type {
  BulkActionBody,
  BulkActionResult,
  IssueActionBody,
  IssueActionResult,
} from '#contract/issue-action.ts';
import type { IssueDetail } from '#contract/issue-detail.ts';
import type { IssueHistory } from '#contract/issue-history.ts';
import type { Mapping } from '#contract/mapping.ts';
import type { Resource } from '#contract/resource.ts';
import type { Source } from '#contract/source.ts';
import type { Lens } from '#domain/attackpath/lens-steps.ts';
import type { ReportFile } from './parts.ts';

/**
 * The inbox as the command line sees it, in wire shapes: the data on this machine, or a server's. Both
 * answer the same, so that a verb prints the same.
 */
export interface InboxAccess {
  /** The ranked list, page by page, up to `limit` issues; null: all of it. There is always a first page. */
  list(request: ListRequest): AsyncIterable<ListPage>;
  /** The text of an export, a piece at a time. */
  exportIssues(request: ExportRequest): AsyncIterable<string>;
  /** Ids of the issues that a name can mean, at most 10. */
  find(name: string): Promise<readonly string[]>;
  /** Throws `not_found`. */
  explain(id: string): Promise<IssueDetail>;
  /** What happened to it, newest first, at most 200. Throws `not_found`. */
  history(id: string): Promise<IssueHistory>;
  /** Does something to one issue. Throws `not_found` and `usage`. */
  act(id: string, action: IssueActionBody): Promise<IssueActionResult>;
  /** Does the same to many; with `tell` it is only counted. Throws `conflict` where they are not as many as expected. */
  actOnMany(request: BulkActionBody): Promise<BulkActionResult>;
  /** Takes back what an action did. Throws `not_found`. */
  undoAction(action: string): Promise<{ readonly issues: number; readonly kept: number }>;
  /** Answers the id of the comment. */
  comment(id: string, text: string): Promise<string>;
  /** Wants a ticket in a tracker; a server makes it. */
  createTicket(id: string, receiver: string): Promise<Delivery>;
  /** Sends a signed message with inputs to a webhook; a server sends it. */
  runWorkflow(id: string, receiver: string, inputs: Readonly<Record<string, string>>): Promise<Delivery>;
  /** Whether the first ranks above the second. Throws `not_found`. */
  compare(id: string, other: string): Promise<IssueAbove>;
  /** One result per file or member of an archive, in order. */
  importReports(files: readonly ReportFile[], options: ImportOptions): Promise<readonly ReportResult[]>;
  /** How reports are read that no format knows, by name. */
  mappings(): Promise<readonly Mapping[]>;
  /** Answers all of them. Throws `usage` with the place of a mistake. */
  keepMapping(mapping: { readonly name: string; readonly text: string }): Promise<readonly Mapping[]>;
  /** Throws `not_found`. */
  removeMapping(name: string): Promise<void>;
  /** The rules of admission, the default ones first. */
  rules(): Promise<readonly InboxRule[]>;
  /** The rules that act on findings, and how far a change of them has come. */
  automation(): Promise<AutomationRuleList>;
  /** `tell` is told of how many issues how many are done, where it happens on this machine. Throws `usage` and `not_found`, and then nothing has changed. */
  changeRules(edit: RulesEdit, tell: (done: number, all: number) => void): Promise<readonly RuleChange[]>;
  previewRules(edit: RulesEdit): Promise<RulesPreview>;
  /** What a rules file would change. */
  diffRules(text: string): Promise<readonly RuleChange[]>;
  /** All of them as a rules file. */
  exportRules(): Promise<string>;
  /** One per id, in their order. */
  resources(ids: readonly string[]): Promise<readonly Resource[]>;
  /** Through a lens: `outside`, `insider`, `vendor`. */
  paths(lens: Lens): Promise<AttackPathList>;
  /** The map of the path of an issue; of the first where it is null. */
  pathMap(issue: string | null): Promise<PathMap>;
  fixPlan(order: PlanOrder): Promise<FixPlan>;
  /** Throws `not_found` for a word that means no gate. */
  whatIf(gates: readonly string[]): Promise<WhatIf>;
  /** Of a resource or an issue. Throws `not_found`. */
  blastRadius(of: string): Promise<BlastRadius>;
  /** Throws `not_found` for a resource that is not known. */
  waysTo(resource: string, lens: Lens): Promise<WaysTo>;
  /** Takes one scan back. Throws `not_found` and `conflict`. */
  undoImport(scanId: string): Promise<UndoneImport>;
  sources(): Promise<readonly Source[]>;
  feeds(): Promise<readonly Feed[]>;
  controls(): Promise<readonly Control[]>;
  /** Throws `not_found`. */
  control(id: string): Promise<Control>;
  close(): Promise<void>;
}

export interface ExportRequest extends Omit<ListRequest, 'limit'> {
  readonly format: ExportFormat;
}

export interface ListRequest {
  /** What no rule admitted too. */
  readonly all: boolean;
  /** In the query language; null: everything. */
  readonly query: string | null;
  readonly limit: number | null;
}

export type ListPage = Pick<InboxPage, 'items' | 'total' | 'admittedTotal' | 'waiting' | 'holdingBack'>;

/** What became of one file (design: `import --json`). */
export type ReportResult = ReadReport | FailedReport;

export interface ReadReport {
  readonly file: string;
  readonly format: string;
  readonly source: string | null;
  readonly scope: Readonly<Record<string, string>>;
  readonly complete: boolean;
  readonly records: number;
  readonly findings: number;
  readonly passed: number;
  readonly resources: number;
  readonly relations: number;
  readonly signals: number;
  readonly rejects: readonly { readonly at: string; readonly code: string; readonly message: string }[];
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly closed: number;
  readonly held: number;
  readonly regressed: number;
  /** Where the report broke off; null: it was read to its end. */
  readonly error: ReportError | null;
  /** What moved and why. */
  readonly sentences: readonly string[];
}

export interface FailedReport {
  readonly file: string;
  /** Null: not recognised. */
  readonly format: string | null;
  readonly error: ReportError;
}

export interface ReportError {
  /** A code of the closed union of refusals; a text, because a newer server may know more. */
  readonly code: string;
  readonly message: string;
}
