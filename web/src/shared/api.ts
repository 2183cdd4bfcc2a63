import type { z } from 'zod';
import { type AcceptanceList, acceptanceListSchema } from '../../../src/contract/acceptance.ts';
import {
  type InboxRule,
  inboxRuleListSchema,
  inboxRuleSchema,
} from '../../../src/contract/admission-rules.ts';
import {
  type AttackPathList,
  attackPathListSchema,
  type BlastRadius,
  blastRadiusSchema,
  type FixList,
  type FixPlan,
  fixListSchema,
  fixPlanSchema,
  type PathMap,
  pathMapSchema,
  type WaysTo,
  type WhatIf,
  waysToSchema,
  whatIfSchema,
} from '../../../src/contract/attack-path.ts';
import {
  type AutomationRuleList,
  automationRuleListSchema,
  type RuleChange,
  type RulesEdit,
  type RulesPreview,
  ruleChangesSchema,
  rulesFileSchema,
  rulesPreviewSchema,
} from '../../../src/contract/automation-rule.ts';
import {
  type Delivery,
  deliveryListSchema,
  deliveryResultSchema,
  type TicketsBody,
  type TicketsResult,
  ticketsResultSchema,
  withdrawnDeliveriesSchema,
  withdrawnDeliverySchema,
} from '../../../src/contract/delivery.ts';
import {
  type AdvisoryList,
  advisoryListSchema,
  type Estate,
  estateSchema,
  type FindingList,
  findingListSchema,
  type NeighbourList,
  neighbourListSchema,
  type SignalList,
  signalListSchema,
} from '../../../src/contract/explorer.ts';
import type { ExportFormat } from '../../../src/contract/export.ts';
import { type FeedList, feedListSchema } from '../../../src/contract/feed.ts';
import {
  type ImportAnswer,
  importAnswerSchema,
  type RunningImportList,
  runningImportListSchema,
} from '../../../src/contract/import.ts';
import {
  type InboxPage,
  type IssueGrouping,
  type IssueGroups,
  inboxPageSchema,
  issueGroupsSchema,
} from '../../../src/contract/inbox-page.ts';
import { type IssueAbove, issueAboveSchema } from '../../../src/contract/issue-above.ts';
import {
  assigneesSchema,
  type BulkActionBody,
  type BulkActionResult,
  bulkActionResultSchema,
  commentResultSchema,
  type IssueActionBody,
  type IssueActionResult,
  issueActionResultSchema,
  undoneActionSchema,
} from '../../../src/contract/issue-action.ts';
import { type IssueDetail, issueDetailSchema } from '../../../src/contract/issue-detail.ts';
import { type IssueHistory, issueHistorySchema } from '../../../src/contract/issue-history.ts';
import { type Mapping, mappingListSchema } from '../../../src/contract/mapping.ts';
import { type MissingInputList, missingInputListSchema } from '../../../src/contract/missing-input.ts';
import { type Overview, overviewSchema } from '../../../src/contract/overview.ts';
import { problemSchema } from '../../../src/contract/problem.ts';
import { type QueryFieldList, queryFieldListSchema } from '../../../src/contract/query-field.ts';
import { type Receiver, type ReceiverBody, receiverListSchema } from '../../../src/contract/receiver.ts';
import { type Resource, resourceListSchema } from '../../../src/contract/resource.ts';
import { type Session, sessionSchema } from '../../../src/contract/session.ts';
import { type SourceList, sourceListSchema } from '../../../src/contract/source.ts';
import { type ViewBody, type ViewList, viewListSchema } from '../../../src/contract/view.ts';
import { type WatchBody, type WatchList, watchListSchema } from '../../../src/contract/watch.ts';
import { ApiProblem, readProblem, serverUnreachable, unknownShape } from './api-problem.ts';
import { idText, sentIds } from './id-text.ts';
import { type InboxFilter, inboxParameters } from './inbox-address.ts';
import { shownText } from './shown-text.ts';

/** How many rows one page of the list asks for. */
const PAGE_SIZE = 100;

async function request(path: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(`/api/v1${sentIds(path)}`, { credentials: 'same-origin', ...init });
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw new ApiProblem(serverUnreachable, { cause });
  }
  if (!response.ok) throw new ApiProblem(await readProblem(response));
  return response;
}

async function readAs<T>(schema: z.ZodType<T>, path: string, init: RequestInit): Promise<T> {
  const response = await request(path, init);
  const body = parsed(await response.text());
  // A refusal that came after the status was sent.
  const problem = problemSchema.safeParse(body);
  if (problem.success) throw new ApiProblem(problem.data);
  const answer = schema.safeParse(body);
  if (!answer.success) throw new ApiProblem(unknownShape(path), { cause: answer.error });
  return answer.data;
}

/** JSON with every text made safe to look at; undefined where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text, (name, value) =>
      typeof value === 'string' ? (name === 'id' ? idText(value) : shownText(value)) : value,
    );
  } catch {
    return undefined;
  }
}

function post(body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

/** The same, for what may take longer than an answer may be silent. */
function postSlowly(body: unknown): RequestInit {
  const init = post(body);
  return { ...init, headers: { ...init.headers, prefer: 'progress' } };
}

const issuePath = (id: string) => `/issues/${encodeURIComponent(id)}`;

/** One page of the ranked list; `cursor` null is the first. */
export function getInboxPage(
  filter: InboxFilter,
  cursor: string | null,
  signal: AbortSignal,
): Promise<InboxPage> {
  const parameters = inboxParameters(filter);
  parameters.set('limit', String(PAGE_SIZE));
  if (cursor !== null) parameters.set('cursor', cursor);
  return readAs(inboxPageSchema, `/issues?${parameters}`, { signal });
}

/** The same list in groups, with the first issues of each. */
export function getIssueGroups(
  filter: InboxFilter,
  by: IssueGrouping,
  signal: AbortSignal,
): Promise<IssueGroups> {
  const parameters = inboxParameters(filter);
  parameters.set('by', by);
  return readAs(issueGroupsSchema, `/issue-groups?${parameters}`, { signal });
}

/** The first issues that hold these words, admitted or not. */
export function findIssues(words: string, signal: AbortSignal): Promise<InboxPage> {
  return readAs(inboxPageSchema, `/issues?${new URLSearchParams({ all: 'true', limit: '8', q: words })}`, {
    signal,
  });
}

export function getIssue(id: string, signal: AbortSignal): Promise<IssueDetail> {
  return readAs(issueDetailSchema, issuePath(id), { signal });
}

/** Why the issue `id` stands above, or not above, the issue `other`. */
export function getAbove(id: string, other: string, signal: AbortSignal): Promise<IssueAbove> {
  return readAs(issueAboveSchema, `${issuePath(id)}/above/${encodeURIComponent(other)}`, { signal });
}

/** Does one thing to one issue. */
export function actOnIssue(id: string, { do: verb, ...body }: IssueActionBody): Promise<IssueActionResult> {
  return readAs(issueActionResultSchema, `${issuePath(id)}/${verb}`, post(body));
}

/** Does one thing to many issues, or counts them. */
export function actOnIssues(body: BulkActionBody): Promise<BulkActionResult> {
  return readAs(bulkActionResultSchema, '/issues/actions', postSlowly(body));
}

/** Takes back what an action decided. */
export function undoAction(action: string): Promise<{ readonly issues: number; readonly kept: number }> {
  return readAs(undoneActionSchema, `/actions/${encodeURIComponent(action)}/undo`, postSlowly({}));
}

export function addComment(id: string, text: string): Promise<{ readonly id: string }> {
  return readAs(commentResultSchema, `${issuePath(id)}/comments`, post({ text }));
}

/** What people decided about an issue, newest first. */
export function getHistory(id: string, signal: AbortSignal): Promise<IssueHistory> {
  return readAs(issueHistorySchema, `${issuePath(id)}/history`, { signal });
}

/** The names of those to whom an issue can be assigned. */
export function getAssignees(signal: AbortSignal): Promise<{ readonly items: readonly string[] }> {
  return readAs(assigneesSchema, '/assignees', { signal });
}

/** Attack paths of open issues, in the order of the inbox. */
export function getAttackPaths(signal: AbortSignal): Promise<AttackPathList> {
  return readAs(attackPathListSchema, '/attack-paths', { signal });
}

export function getFixPlan(signal: AbortSignal): Promise<FixPlan> {
  return readAs(fixPlanSchema, '/attack-paths/fix-plan', { signal });
}

/** Gives a fix of attack paths to a person, or to nobody. */
export function assignFix(id: string, assignee: string | null): Promise<FixList> {
  return readAs(fixListSchema, `/attack-paths/fixes/${encodeURIComponent(id)}/assign`, post({ assignee }));
}

/** What becomes of attack paths when these gates are closed: ids of gates, or of issues whose findings are gates. */
export function getWhatIf(gates: readonly string[], signal: AbortSignal): Promise<WhatIf> {
  return readAs(
    whatIfSchema,
    `/attack-paths/what-if?${new URLSearchParams(gates.map((gate) => ['gate', gate]))}`,
    {
      signal,
    },
  );
}

export function getPathMap(issue: string, signal: AbortSignal): Promise<PathMap> {
  return readAs(pathMapSchema, `/attack-paths/map?${new URLSearchParams({ issue })}`, { signal });
}

/** The rules of the organisation, by type and in the order in which they are asked. */
export function getAutomation(signal: AbortSignal): Promise<AutomationRuleList> {
  return readAs(automationRuleListSchema, '/rules/automation', { signal });
}

/** All of them as a rules file. */
export function getRulesFile(signal: AbortSignal): Promise<{ readonly text: string }> {
  return readAs(rulesFileSchema, '/rules/automation/export', { signal });
}

/** What a change of the rules would do, exactly; nothing is changed. */
export function previewRules(edit: RulesEdit, signal: AbortSignal): Promise<RulesPreview> {
  return readAs(rulesPreviewSchema, '/rules/automation/preview', { ...post(edit), signal });
}

export function changeRules(edit: RulesEdit): Promise<{ readonly changes: readonly RuleChange[] }> {
  return readAs(ruleChangesSchema, '/rules/automation', post(edit));
}

/** The rules of admission, the default ones first. */
export function getInboxRules(signal: AbortSignal): Promise<{ readonly items: readonly InboxRule[] }> {
  return readAs(inboxRuleListSchema, '/rules', { signal });
}

export function switchInboxRule(id: string, isOn: boolean): Promise<InboxRule> {
  return readAs(inboxRuleSchema, `/rules/${encodeURIComponent(id)}/${isOn ? 'enable' : 'disable'}`, post({}));
}

/** What whoever takes a resource, or what an issue is about, gets to. */
export function getBlastRadius(of: string, signal: AbortSignal): Promise<BlastRadius> {
  return readAs(blastRadiusSchema, `/attack-paths/blast-radius?${new URLSearchParams({ of })}`, { signal });
}

/** From where a resource can be reached, the likeliest first. */
export function getWaysTo(resource: string, signal: AbortSignal): Promise<WaysTo> {
  return readAs(waysToSchema, `/attack-paths/who-can-reach?${new URLSearchParams({ resource })}`, { signal });
}

/** One page of a list of an explorer; `cursor` null is the first. */
function page<T>(
  schema: z.ZodType<T>,
  path: string,
  parameters: URLSearchParams,
  cursor: string | null,
  signal: AbortSignal,
): Promise<T> {
  const asked = new URLSearchParams(parameters);
  asked.set('limit', String(PAGE_SIZE));
  if (cursor !== null) asked.set('cursor', cursor);
  return readAs(schema, `/${path}?${asked}`, { signal });
}

type ReadPage<T> = (parameters: URLSearchParams, cursor: string | null, signal: AbortSignal) => Promise<T>;

export const getFindings: ReadPage<FindingList> = (...asked) => page(findingListSchema, 'findings', ...asked);
export const getEstate: ReadPage<Estate> = (...asked) => page(estateSchema, 'estate', ...asked);
export const getSignals: ReadPage<SignalList> = (...asked) => page(signalListSchema, 'signals', ...asked);
export const getAdvisories: ReadPage<AdvisoryList> = (...asked) =>
  page(advisoryListSchema, 'advisories', ...asked);

/** A resource; of an id that is not known the kind is null. */
export async function getResource(id: string, signal: AbortSignal): Promise<Resource> {
  const path = `/resources?${new URLSearchParams({ id })}`;
  const { items } = await readAs(resourceListSchema, path, { signal });
  const [resource] = items;
  if (resource === undefined) throw new ApiProblem(unknownShape(path));
  return resource;
}

export function getNeighbours(id: string, signal: AbortSignal): Promise<NeighbourList> {
  return readAs(neighbourListSchema, `/neighbours?${new URLSearchParams({ id })}`, { signal });
}

export function getOverview(weeks: number, signal: AbortSignal): Promise<Overview> {
  return readAs(overviewSchema, `/overview?${new URLSearchParams({ weeks: String(weeks) })}`, { signal });
}

export function getSession(signal: AbortSignal): Promise<Session> {
  return readAs(sessionSchema, '/session', { signal });
}

/** Turns the token of a sign-in link into a session. The token works once. */
export function signIn(token: string): Promise<Session> {
  return readAs(sessionSchema, '/session', post({ token }));
}

export async function signOut(): Promise<void> {
  await request('/session', { method: 'DELETE' });
}

/** The fields of the query language, with the values that there are. */
export function getQueryFields(signal: AbortSignal): Promise<QueryFieldList> {
  return readAs(queryFieldListSchema, '/query/fields', { signal });
}

export function getSources(signal: AbortSignal): Promise<SourceList> {
  return readAs(sourceListSchema, '/sources', { signal });
}

/** Folders and addresses that the server looks at for reports. */
export function getWatches(signal: AbortSignal): Promise<WatchList> {
  return readAs(watchListSchema, '/watches', { signal });
}

export function addWatch(watch: WatchBody): Promise<WatchList> {
  return readAs(watchListSchema, '/watches', post(watch));
}

/** What it brought stays. */
export function removeWatch(id: string): Promise<WatchList> {
  return readAs(watchListSchema, '/watches/remove', post({ id }));
}

/** Lists by name that all of the organisation sees. */
export function getViews(signal: AbortSignal): Promise<ViewList> {
  return readAs(viewListSchema, '/views', { signal });
}

export function shareView(view: ViewBody): Promise<ViewList> {
  return readAs(viewListSchema, '/views', post(view));
}

export function removeView(name: string): Promise<ViewList> {
  return readAs(viewListSchema, '/views/remove', post({ name }));
}

/** The graph around the resources of an issue. */
export function getSurroundings(issue: string, signal: AbortSignal): Promise<PathMap> {
  return readAs(pathMapSchema, `/surroundings?${new URLSearchParams({ issue })}`, { signal });
}

/** Risks that somebody wants to accept and nobody agreed to yet. */
export function getAcceptances(signal: AbortSignal): Promise<AcceptanceList> {
  return readAs(acceptanceListSchema, '/acceptances', { signal });
}

export function decideAcceptance(id: string, isApproved: boolean): Promise<IssueActionResult> {
  const verb = isApproved ? 'approve' : 'decline';
  return readAs(issueActionResultSchema, `/acceptances/${encodeURIComponent(id)}/${verb}`, post({}));
}

/** Trackers and webhooks outside, without their secrets. */
export function getReceivers(signal: AbortSignal): Promise<{ readonly items: readonly Receiver[] }> {
  return readAs(receiverListSchema, '/receivers', { signal });
}

/** Adds one, or puts another one in the place of the one of that name. */
export function putReceiver(receiver: ReceiverBody): Promise<{ readonly items: readonly Receiver[] }> {
  return readAs(receiverListSchema, '/receivers', post(receiver));
}

export function removeReceiver(name: string): Promise<{ readonly items: readonly Receiver[] }> {
  return readAs(receiverListSchema, '/receivers/remove', post({ name }));
}

/** Tickets of an issue and runs of workflows about it. */
export function getDeliveries(
  id: string,
  signal: AbortSignal,
): Promise<{ readonly items: readonly Delivery[] }> {
  return readAs(deliveryListSchema, `${issuePath(id)}/deliveries`, { signal });
}

export function makeTicket(id: string, receiver: string): Promise<{ readonly delivery: Delivery }> {
  return readAs(deliveryResultSchema, `${issuePath(id)}/ticket`, post({ receiver }));
}

/** The same for many issues, one each. */
export function makeTickets(body: TicketsBody): Promise<TicketsResult> {
  return readAs(ticketsResultSchema, '/issues/tickets', post(body));
}

/** Takes back what was not delivered yet. */
export function withdrawDelivery(id: string): Promise<{ readonly id: string }> {
  return readAs(withdrawnDeliverySchema, `/deliveries/${encodeURIComponent(id)}/withdraw`, post({}));
}

/** The same of many; answers how many waited still. */
export function withdrawDeliveries(ids: readonly string[]): Promise<{ readonly withdrawn: number }> {
  return readAs(withdrawnDeliveriesSchema, '/deliveries/withdraw', post({ ids }));
}

export function runWorkflow(
  id: string,
  receiver: string,
  inputs: Readonly<Record<string, string>>,
): Promise<{ readonly delivery: Delivery }> {
  return readAs(deliveryResultSchema, `${issuePath(id)}/workflow`, post({ receiver, inputs }));
}

/** Inputs that nobody supplied and for want of which risks are unknown. */
export function getMissing(signal: AbortSignal): Promise<MissingInputList> {
  return readAs(missingInputListSchema, '/missing', { signal });
}

/** Where the whole list can be fetched as a file. */
export function exportAddress(filter: InboxFilter, isGrouped: boolean, format: ExportFormat): string {
  const parameters = inboxParameters({ ...filter, all: filter.all || isGrouped });
  parameters.set('format', format);
  return `/api/v1/export?${parameters}`;
}

export function getFeeds(signal: AbortSignal): Promise<FeedList> {
  return readAs(feedListSchema, '/feeds', { signal });
}

/** Uploads that the server is at work on, and how far it is. */
export function getRunningImports(signal: AbortSignal): Promise<RunningImportList> {
  return readAs(runningImportListSchema, '/imports', { signal });
}

/** How reports are read that no format knows, by name. */
export function getMappings(signal: AbortSignal): Promise<{ readonly items: readonly Mapping[] }> {
  return readAs(mappingListSchema, '/mappings', { signal });
}

/** Sends one file as it is; the answer has a result for it, or for each member of an archive. Read by a kept mapping where one is named. */
export function importFile(file: File, mapping?: string): Promise<ImportAnswer> {
  const parameters = new URLSearchParams({ name: file.name, ...(mapping !== undefined && { mapping }) });
  return readAs(importAnswerSchema, `/imports?${parameters}`, {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: file,
  });
}
