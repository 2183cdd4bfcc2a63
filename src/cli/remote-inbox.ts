import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { ZodType } from 'zod';
import { FolderPlaces, optionsAt } from '#app/import/folder-places.ts';
import type { ImportOptions } from '#app/import/import-options.ts';
import { InboxError, type InboxErrorCode, REFUSALS } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import { inboxRuleListSchema } from '#contract/admission-rules.ts';
import {
  attackPathListSchema,
  blastRadiusSchema,
  fixPlanSchema,
  pathMapSchema,
  waysToSchema,
  whatIfSchema,
} from '#contract/attack-path.ts';
import {
  automationRuleListSchema,
  ruleChangesSchema,
  rulesFileSchema,
  rulesPreviewSchema,
} from '#contract/automation-rule.ts';
import { controlListSchema, controlSchema } from '#contract/control.ts';
import { deliveryResultSchema } from '#contract/delivery.ts';
import { feedListSchema } from '#contract/feed.ts';
import { importAnswerSchema, undoneImportSchema } from '#contract/import.ts';
import { inboxPageSchema } from '#contract/inbox-page.ts';
import { issueAboveSchema } from '#contract/issue-above.ts';
import {
  bulkActionResultSchema,
  commentResultSchema,
  issueActionResultSchema,
  undoneActionSchema,
} from '#contract/issue-action.ts';
import { issueDetailSchema } from '#contract/issue-detail.ts';
import { issueHistorySchema } from '#contract/issue-history.ts';
import { issueNamesSchema } from '#contract/issue-names.ts';
import { mappingListSchema } from '#contract/mapping.ts';
import { problemSchema } from '#contract/problem.ts';
import { RESOURCES_MAX, type Resource, resourceListSchema } from '#contract/resource.ts';
import { sourceListSchema } from '#contract/source.ts';
import type { InboxAccess, ListPage, ListRequest, ReportResult } from './inbox-access.ts';
import type { ReportFile } from './parts.ts';

/** What one page of the server may hold. */
const PAGE = 200;

export interface RemoteServer {
  /** Address of the server, such as `https://inbox.example.com`. */
  readonly server: string;
  /** An API token; null: the server is asked without one, which it refuses unless it needs none. */
  readonly token: string | null;
  readonly request: typeof fetch;
}

/** The inbox of a server, over `/api/v1`. Throws `usage` for an address that is none. */
export function remoteInbox(remote: RemoteServer): InboxAccess {
  const api = new Api(remote);
  return {
    list: (request) => listPages(api, request),
    exportIssues: ({ format, query, all }) =>
      api.stream('export', { format, query: query ?? '', all: String(all) }),
    find: async (name) =>
      (await api.get(`issue-names/${encodeURIComponent(name)}`, {}, issueNamesSchema)).ids,
    explain: (id) => api.get(`issues/${encodeURIComponent(id)}`, {}, issueDetailSchema),
    history: (id) => api.get(`issues/${encodeURIComponent(id)}/history`, {}, issueHistorySchema),
    act: (id, { do: what, ...said }) =>
      api.ask(`issues/${encodeURIComponent(id)}/${what}`, said, issueActionResultSchema),
    actOnMany: (request) => api.ask('issues/actions', request, bulkActionResultSchema),
    undoAction: (action) => api.ask(`actions/${encodeURIComponent(action)}/undo`, {}, undoneActionSchema),
    comment: async (id, said) =>
      (await api.ask(`issues/${encodeURIComponent(id)}/comments`, { text: said }, commentResultSchema)).id,
    createTicket: async (id, receiver) =>
      (await api.ask(`issues/${encodeURIComponent(id)}/ticket`, { receiver }, deliveryResultSchema)).delivery,
    runWorkflow: async (id, receiver, inputs) =>
      (await api.ask(`issues/${encodeURIComponent(id)}/workflow`, { receiver, inputs }, deliveryResultSchema))
        .delivery,
    compare: (id, other) =>
      api.get(`issues/${encodeURIComponent(id)}/above/${encodeURIComponent(other)}`, {}, issueAboveSchema),
    importReports: (files, options) => sendReports(api, files, options),
    mappings: async () => (await api.get('mappings', {}, mappingListSchema)).items,
    keepMapping: async (mapping) => (await api.ask('mappings', mapping, mappingListSchema)).items,
    removeMapping: async (name) => {
      await api.ask('mappings/remove', { name }, mappingListSchema);
    },
    rules: async () => (await api.get('rules', {}, inboxRuleListSchema)).items,
    automation: () => api.get('rules/automation', {}, automationRuleListSchema),
    changeRules: async (edit) => (await api.ask('rules/automation', edit, ruleChangesSchema)).changes,
    previewRules: (edit) => api.ask('rules/automation/preview', edit, rulesPreviewSchema),
    diffRules: async (text) => (await api.ask('rules/automation/diff', { text }, ruleChangesSchema)).changes,
    exportRules: async () => (await api.get('rules/automation/export', {}, rulesFileSchema)).text,
    resources: (ids) => resourcesOf(api, ids),
    paths: (lens) => api.get('attack-paths', lens === 'outside' ? {} : { lens }, attackPathListSchema),
    pathMap: (issue) => api.get('attack-paths/map', issue === null ? {} : { issue }, pathMapSchema),
    fixPlan: (order) => api.get('attack-paths/fix-plan', order === 'risk' ? {} : { order }, fixPlanSchema),
    blastRadius: (of) => api.get('attack-paths/blast-radius', { of }, blastRadiusSchema),
    waysTo: (resource, lens) =>
      api.get(
        'attack-paths/who-can-reach',
        lens === 'outside' ? { resource } : { resource, lens },
        waysToSchema,
      ),
    whatIf: (gate) => api.get('attack-paths/what-if', { gate }, whatIfSchema),
    undoImport: (scanId) =>
      api.post(`scans/${encodeURIComponent(scanId)}/undo`, {}, Readable.from([]), undoneImportSchema),
    sources: async () => (await api.get('sources', {}, sourceListSchema)).items,
    feeds: async () => (await api.get('feeds', {}, feedListSchema)).items,
    controls: async () => (await api.get('controls', {}, controlListSchema)).items,
    control: (id) => api.get(`controls/${encodeURIComponent(id)}`, {}, controlSchema),
    close: () => Promise.resolve(),
  };
}

async function resourcesOf(api: Api, ids: readonly string[]): Promise<readonly Resource[]> {
  const resources: Resource[] = [];
  for (let from = 0; from < ids.length; from += RESOURCES_MAX) {
    const page = await api.get(
      'resources',
      { id: ids.slice(from, from + RESOURCES_MAX) },
      resourceListSchema,
    );
    resources.push(...page.items);
  }
  return resources;
}

async function* listPages(api: Api, { all, query, limit }: ListRequest): AsyncGenerator<ListPage> {
  const filter = { all: String(all), query: query ?? '' };
  let cursor = '';
  let left = limit ?? Number.POSITIVE_INFINITY;
  do {
    const page = await api.get(
      'issues',
      { ...filter, limit: String(Math.min(left, PAGE)), cursor },
      inboxPageSchema,
    );
    yield page;
    left -= page.items.length;
    cursor = page.nextCursor ?? '';
  } while (cursor !== '' && left > 0);
}

async function sendReports(
  api: Api,
  files: readonly ReportFile[],
  options: ImportOptions,
): Promise<readonly ReportResult[]> {
  refuseWhatServersDoNotTake(files, options);
  const { format, mapping, source, complete, confirm, separate, root, environment, services, team } = options;
  // A server is told the name of the file alone: what the folders around it say goes with it.
  const places = new FolderPlaces();
  for (const { path, name, identity } of files)
    for (const file of [
      { path, name },
      ...(identity === undefined ? [] : [{ path: identity, name: identity }]),
    ])
      await places.learn({ name: file.name, open: () => createReadStream(file.path) });
  const results: ReportResult[] = [];
  for (const { path, name } of files) {
    const { account, region, scope } = optionsAt(name, options, places);
    const pairs = Object.entries(scope).map(([key, value]) => `${key}=${value}`);
    const query = {
      name: basename(name),
      format: format ?? '',
      mapping: mapping ?? '',
      source: source ?? '',
      scope: pairs.join(','),
      complete: complete ? 'true' : '',
      confirm: confirm ? 'true' : '',
      separate: separate ? 'true' : '',
      root: root ?? '',
      account: account ?? '',
      region: region ?? '',
      env: environment ?? '',
      service: services,
      team: team ?? '',
    };
    const answer = await api.post('imports', query, createReadStream(path), importAnswerSchema);
    results.push(...answer.results);
  }
  return results;
}

/** A server takes one file a time, and commas stand between the pairs of its scope. What it would take otherwise than it is meant is refused. */
function refuseWhatServersDoNotTake(
  files: readonly ReportFile[],
  { separate, scope, mapping }: ImportOptions,
): void {
  if ((mapping?.length ?? 0) > MAPPING_MAX)
    throw usage(
      `With --server a mapping has at most ${MAPPING_MAX} characters. "mappings apply FILE --name NAME" keeps a longer one; then --mapping NAME.`,
    );
  if (Object.values(scope).some((value) => value.includes(',')))
    throw usage('With --server the value of a --scope has no comma.');
  if (files.length > 1 && !separate) {
    throw usage(
      `With --server each of the ${files.length} files becomes a scan of its own. Say so with --separate, or send the files of one scan as one archive.`,
    );
  }
}

/** It travels in the address. */
const MAPPING_MAX = 4_000;

/** Parameters by name, in a list those that are repeated. An empty text is none. */
type Query = Readonly<Record<string, string | readonly string[]>>;

class Api {
  readonly #base: URL;
  readonly #remote: RemoteServer;

  constructor(remote: RemoteServer) {
    const url = URL.parse(remote.server);
    if (url === null || !['http:', 'https:'].includes(url.protocol))
      throw usage(
        `--server takes an address such as https://inbox.example.com; "${oneLine(remote.server, 100)}" is none.`,
      );
    this.#base = new URL('api/v1/', url.href.endsWith('/') ? url : `${url.href}/`);
    this.#remote = remote;
  }

  get<T>(path: string, query: Query, schema: ZodType<T>): Promise<T> {
    return this.#call(path, query, {}, schema);
  }

  /** The text of an answer as it comes. Throws where it breaks off. */
  async *stream(path: string, query: Query): AsyncGenerator<string> {
    const response = await this.#asked(path, query, {});
    if (!response.ok || response.body === null) {
      const text = await response.text().catch(() => '');
      throw refusalOf(response.status, jsonOrNull(text), this.#base.host);
    }
    try {
      yield* response.body.pipeThrough(new TextDecoderStream());
    } catch (cause) {
      throw lost(this.#base.host, false, cause);
    }
  }

  /** Posts a value; what it changes may take longer than an answer may be silent. */
  ask<T>(path: string, body: unknown, schema: ZodType<T>): Promise<T> {
    const headers = { 'content-type': 'application/json', prefer: 'progress' };
    return this.#call(path, {}, { method: 'POST', body: JSON.stringify(body), headers }, schema);
  }

  post<T>(path: string, query: Query, body: Readable, schema: ZodType<T>): Promise<T> {
    const stream = Readable.toWeb(body) as ReadableStream<Uint8Array>;
    return this.#call(
      path,
      query,
      {
        method: 'POST',
        body: stream,
        duplex: 'half',
        // A report may be worked on for longer than an answer may be silent.
        headers: { 'content-type': 'application/octet-stream', prefer: 'progress' },
      },
      schema,
    );
  }

  async #call<T>(path: string, query: Query, init: RequestInit, schema: ZodType<T>): Promise<T> {
    const isChange = init.method === 'POST';
    const response = await this.#asked(path, query, init);
    const text = await response.text().catch((cause: unknown) => {
      throw lost(this.#base.host, isChange, cause);
    });
    const body = jsonOrNull(text);
    if (!response.ok) throw refusalOf(response.status, body, this.#base.host);
    // A refusal that came after the status was sent.
    if (problemSchema.safeParse(body).success) throw refusalOf(response.status, body, this.#base.host);
    const parsed = schema.safeParse(body);
    if (parsed.success) return parsed.data;
    throw new InboxError(
      'server_unreachable',
      `What answers at ${this.#base.host} is no Security Inbox of this version. Check --server.`,
      { cause: parsed.error },
    );
  }

  #asked(path: string, query: Query, init: RequestInit): Promise<Response> {
    const url = new URL(path, this.#base);
    for (const [name, value] of Object.entries(query))
      for (const each of typeof value === 'string' ? [value] : value)
        if (each !== '') url.searchParams.append(name, each);
    const headers = new Headers(init.headers);
    headers.set('accept', 'application/json');
    if (this.#remote.token !== null) headers.set('authorization', `Bearer ${this.#remote.token}`);
    return this.#answerOf(url, { ...init, headers }, init.method === 'POST');
  }

  async #answerOf(url: URL, init: RequestInit, isChange: boolean): Promise<Response> {
    try {
      // A token must not follow a redirect to another server.
      return await this.#remote.request(url, { ...init, redirect: 'manual' });
    } catch (cause) {
      if (isCut(cause)) throw lost(this.#base.host, isChange, cause);
      throw new InboxError(
        'server_unreachable',
        `No server answers at ${this.#base.host}. Check --server, or start it with "serve" there.`,
        { cause },
      );
    }
  }
}

/** What the system and Node's client call a connection that was there and is gone, or an answer that did not come. */
const CUT = new Set([
  'ECONNRESET',
  'EPIPE',
  'UND_ERR_SOCKET',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'HPE_INVALID_EOF_STATE',
]);

function isCut(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause)
    if ('code' in each && typeof each.code === 'string' && CUT.has(each.code)) return true;
  return false;
}

/** Nobody knows what became of a request whose answer was lost: it is neither said to have failed nor to have been done. */
function lost(host: string, isChange: boolean, cause: unknown): InboxError {
  return new InboxError(
    'server_unreachable',
    isChange
      ? `The connection to ${host} was lost before its answer came. What was sent may have been stored, or may still be worked on: "sources list --server" shows when each source last had a report. To send the same file again is safe; what was stored of it is not stored twice.`
      : `The connection to ${host} was lost before its answer came. Try again.`,
    { cause },
  );
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What answers is no server of ours; the caller says so.
    return null;
  }
}

function refusalOf(status: number, body: unknown, host: string): InboxError {
  const problem = problemSchema.safeParse(body);
  if (problem.success) {
    const { code, detail } = problem.data;
    return new InboxError(isKnownCode(code) ? code : 'internal', oneLine(detail, 1_000));
  }
  return new InboxError(
    'server_unreachable',
    `${host} answered with status ${status} and no reason. Check --server: is it a Security Inbox?`,
  );
}

function isKnownCode(code: string): code is InboxErrorCode {
  return Object.hasOwn(REFUSALS, code);
}

function usage(message: string): InboxError {
  return new InboxError('usage', message);
}
