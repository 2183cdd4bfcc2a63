import { actOnIssue } from '#app/act-on-issue.ts';
import { actOnIssues } from '#app/act-on-issues.ts';
import { changeAutomation, diffRulesFile, previewAutomation } from '#app/change-automation.ts';
import { keepMapping, listMappings, removeMapping } from '#app/change-mappings.ts';
import { commentOnIssue } from '#app/comment-on-issue.ts';
import { compareIssues } from '#app/compare-issues.ts';
import type { AppContext } from '#app/context.ts';
import { explainIssue } from '#app/explain-issue.ts';
import { exportInbox } from '#app/export-inbox.ts';
import { findIssue } from '#app/find-issue.ts';
import { importReports } from '#app/import-reports.ts';
import { exportAutomation, listAutomation, showRunningChange } from '#app/list-automation.ts';
import { listControls, showControl } from '#app/list-controls.ts';
import { type FeedStatus, listFeeds } from '#app/list-feeds.ts';
import { listHistory } from '#app/list-history.ts';
import { listInbox } from '#app/list-inbox.ts';
import { listPaths } from '#app/list-paths.ts';
import { listRules } from '#app/list-rules.ts';
import { listSources } from '#app/list-sources.ts';
import { mapPath } from '#app/map-path.ts';
import { planFixes } from '#app/plan-fixes.ts';
import { showResources } from '#app/show-resources.ts';
import { tellBlastRadius, tellWaysTo } from '#app/tell-reach.ts';
import { tryFixes } from '#app/try-fixes.ts';
import { undoAction } from '#app/undo-action.ts';
import { undoImport } from '#app/undo-import.ts';
import { UNNARROWED } from '#app/unnarrowed.ts';
import { createTicket, runWorkflow } from '#app/want-delivery.ts';
import { instantText } from '#base/instant.ts';
import type { Feed } from '#contract/feed.ts';
import { actionOfBody } from '#contract/from-domain/action-of-body.ts';
import { FINDINGS_OF, writeExport } from '#contract/from-domain/export/write-export.ts';
import { listingFilter } from '#contract/from-domain/listing-filter.ts';
import {
  presentBlastRadius,
  presentFixPlan,
  presentPathList,
  presentPathMap,
  presentWaysTo,
  presentWhatIf,
} from '#contract/from-domain/present-attack-path.ts';
import {
  editOfInput,
  presentAutomationList,
  presentRuleChange,
  presentRulesPreview,
} from '#contract/from-domain/present-automation.ts';
import { presentControl } from '#contract/from-domain/present-control.ts';
import { presentDelivery } from '#contract/from-domain/present-delivery.ts';
import { presentHistory } from '#contract/from-domain/present-history.ts';
import { presentIssue } from '#contract/from-domain/present-issue.ts';
import { presentIssueDetail } from '#contract/from-domain/present-issue-detail.ts';
import { presentMapping } from '#contract/from-domain/present-mapping.ts';
import { presentResource } from '#contract/from-domain/present-resource.ts';
import { presentRule } from '#contract/from-domain/present-rule.ts';
import { presentSource } from '#contract/from-domain/present-source.ts';
import { presentUndoneImport } from '#contract/from-domain/present-undone-import.ts';
import type { InboxPageRequest } from '#domain/ports/inbox-store.ts';
import type { InboxAccess, ListPage, ListRequest } from './inbox-access.ts';
import type { OpenedContext } from './parts.ts';

const PAGE = 1_000;

/** The inbox whose data lie on this machine. */
export function localInbox({ ctx, close }: OpenedContext, version: string): InboxAccess {
  return {
    list: (request) => listPages(ctx, request),
    exportIssues: ({ format, query, all }) =>
      writeExport(format, exportInbox(ctx, { ...UNNARROWED, query, all, findings: FINDINGS_OF[format] }), {
        now: ctx.clock.now(),
        version,
      }),
    find: (name) => findIssue(ctx, { name }),
    explain: async (id) => presentIssueDetail(await explainIssue(ctx, { id })),
    history: async (id) => presentHistory(await listHistory(ctx, { id })),
    act: async (id, action) => {
      const { issue, ...done } = await actOnIssue(ctx, { id, action: actionOfBody(action) });
      return { issue: presentIssue(issue), ...done };
    },
    actOnMany: ({ ids, listing, action, expected = null, tell = false }) =>
      actOnIssues(ctx, {
        selection: ids === undefined ? { listing: listingFilter(listing ?? {}) } : { ids },
        action: actionOfBody(action),
        isTold: tell,
        expected,
      }),
    undoAction: (action) => undoAction(ctx, { action }),
    comment: (id, text) => commentOnIssue(ctx, { id, text }),
    createTicket: async (id, receiver) => presentDelivery(await createTicket(ctx, { id, receiver })),
    runWorkflow: async (id, receiver, inputs) =>
      presentDelivery(await runWorkflow(ctx, { id, receiver, inputs })),
    compare: (id, other) => compareIssues(ctx, { id, other }),
    importReports: (files, options) => importReports(ctx, { files, options }),
    mappings: async () => (await listMappings(ctx)).map(presentMapping),
    keepMapping: async (mapping) => {
      await keepMapping(ctx, mapping);
      return (await listMappings(ctx)).map(presentMapping);
    },
    removeMapping: (name) => removeMapping(ctx, { name }),
    rules: async () => (await listRules(ctx)).map(presentRule),
    automation: async () => {
      const running = await showRunningChange(ctx);
      return presentAutomationList(await listAutomation(ctx), running);
    },
    changeRules: async (edit, tell) =>
      (await changeAutomation(ctx, editOfInput(edit), tell)).map(presentRuleChange),
    previewRules: async (edit) => presentRulesPreview(await previewAutomation(ctx, editOfInput(edit))),
    diffRules: async (text) => (await diffRulesFile(ctx, { text })).map(presentRuleChange),
    exportRules: () => exportAutomation(ctx),
    resources: async (ids) => {
      const views = await showResources(ctx, { ids });
      return ids.map((id, index) => presentResource(id, views[index] ?? null));
    },
    paths: async (lens) => presentPathList(await listPaths(ctx, { lens })),
    pathMap: async (issue) => presentPathMap(await mapPath(ctx, { issue })),
    fixPlan: async (order) => presentFixPlan(await planFixes(ctx, { order })),
    blastRadius: async (of) => presentBlastRadius(await tellBlastRadius(ctx, { of })),
    waysTo: async (resource, lens) => presentWaysTo(await tellWaysTo(ctx, { resource, lens })),
    whatIf: async (words) => presentWhatIf(await tryFixes(ctx, { words })),
    undoImport: async (scanId) => presentUndoneImport(await undoImport(ctx, { scanId })),
    sources: async () => (await listSources(ctx)).map(presentSource),
    feeds: async () => (await listFeeds(ctx)).map(feedEntry),
    controls: async () => (await listControls(ctx)).map(presentControl),
    control: async (id) => presentControl(await showControl(ctx, { id })),
    close,
  };
}

async function* listPages(ctx: AppContext, { all, query, limit }: ListRequest): AsyncGenerator<ListPage> {
  let after: InboxPageRequest['after'] = null;
  let left = limit ?? Number.POSITIVE_INFINITY;
  do {
    const listing = await listInbox(ctx, {
      ...UNNARROWED,
      all,
      query,
      after,
      limit: Math.min(left, PAGE),
    });
    const { items, totals, holdingBack } = listing;
    yield {
      items: items.map(presentIssue),
      total: totals.total,
      admittedTotal: totals.admitted,
      waiting: totals.waiting,
      holdingBack: [...holdingBack],
    };
    left -= items.length;
    after = listing.next;
  } while (after !== null && left > 0);
}

function feedEntry({ id, title, state, contentAt, readAt, entries, sentence }: FeedStatus): Feed {
  return {
    id,
    name: title,
    state,
    asOf: contentAt === null ? null : instantText(contentAt),
    fetchedAt: readAt === null ? null : instantText(readAt),
    entries,
    sentence,
  };
}
