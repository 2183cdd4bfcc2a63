import { z } from 'zod';
import { compareIssues } from '#app/compare-issues.ts';
import { explainIssue } from '#app/explain-issue.ts';
import { findIssue } from '#app/find-issue.ts';
import { listAssignees } from '#app/list-assignees.ts';
import { listHistory } from '#app/list-history.ts';
import { listInbox } from '#app/list-inbox.ts';
import { listIssueGroups } from '#app/list-issue-groups.ts';
import { listingFilter } from '#contract/from-domain/listing-filter.ts';
import { presentHistory } from '#contract/from-domain/present-history.ts';
import { presentIssue } from '#contract/from-domain/present-issue.ts';
import { presentIssueDetail } from '#contract/from-domain/present-issue-detail.ts';
import {
  inboxPageSchema,
  inboxQuerySchema,
  issueGroupQuerySchema,
  issueGroupsSchema,
} from '#contract/inbox-page.ts';
import { issueAboveSchema } from '#contract/issue-above.ts';
import { assigneesSchema } from '#contract/issue-action.ts';
import { issueDetailSchema } from '#contract/issue-detail.ts';
import { issueHistorySchema } from '#contract/issue-history.ts';
import { ISSUE_NAME_MAX, issueNamesSchema } from '#contract/issue-names.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import { readCursor } from '../inbox-cursor.ts';
import { presentInboxPage } from '../present-inbox-page.ts';
import type { ServerParts } from '../server-parts.ts';

const id = z.string().min(1).max(100);
const params = z.object({ id });

export function issueRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/issues',
    schema: {
      summary: 'One page of the ranked inbox',
      querystring: inboxQuerySchema,
      response: { 200: inboxPageSchema },
    },
    handler: async (request) => {
      const { cursor, limit } = request.query;
      const after = cursor === undefined ? null : readCursor(cursor);
      return presentInboxPage(
        await listInbox(contextOf(request, parts), { ...listingFilter(request.query), after, limit }),
      );
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/issue-groups',
    schema: {
      summary: 'The issues of a listing by fix, owner, service or account',
      querystring: issueGroupQuerySchema,
      response: { 200: issueGroupsSchema },
    },
    handler: async (request) => {
      const { groups, ...counts } = await listIssueGroups(contextOf(request, parts), {
        ...listingFilter(request.query),
        by: request.query.by,
      });
      return {
        ...counts,
        groups: groups.map(({ first, ...group }) => ({
          ...group,
          first: first.map(({ issue, place }) => ({ issue: presentIssue(issue), place })),
        })),
      };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/issues/:id',
    schema: {
      summary: 'One issue and why it stands where it stands',
      params,
      response: { 200: issueDetailSchema },
    },
    handler: async (request) =>
      presentIssueDetail(await explainIssue(contextOf(request, parts), request.params)),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/issue-names/:name',
    schema: {
      summary: 'The issues that an id, the beginning of one, a key or an advisory can mean',
      params: z.object({ name: z.string().min(1).max(ISSUE_NAME_MAX) }),
      response: { 200: issueNamesSchema },
    },
    handler: async (request) => ({
      ids: [...(await findIssue(contextOf(request, parts), request.params))],
    }),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/issues/:id/above/:other',
    schema: {
      summary: 'Whether one issue ranks above another, and the first key that differs',
      params: z.object({ id, other: id }),
      response: { 200: issueAboveSchema },
    },
    handler: async (request) => compareIssues(contextOf(request, parts), request.params),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/issues/:id/history',
    schema: {
      summary: 'What happened to an issue',
      params,
      response: { 200: issueHistorySchema },
    },
    handler: async (request) => presentHistory(await listHistory(contextOf(request, parts), request.params)),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/assignees',
    schema: {
      summary: 'To whom an issue can be assigned',
      response: { 200: assigneesSchema },
    },
    handler: async (request) => ({ items: [...(await listAssignees(contextOf(request, parts)))] }),
  });
}

/** What a listing is narrowed by, as its parameters say. */
