import { z } from 'zod';
import { admitIssue, unadmitIssue } from '#app/admit-issue.ts';
import { assignIssue, listAssignees } from '#app/assign-issue.ts';
import { compareIssues } from '#app/compare-issues.ts';
import { explainIssue } from '#app/explain-issue.ts';
import { findIssue } from '#app/find-issue.ts';
import { listHistory } from '#app/list-history.ts';
import { listInbox } from '#app/list-inbox.ts';
import { muteIssue, unmuteIssue } from '#app/mute-issue.ts';
import { setDueDate } from '#app/set-due-date.ts';
import { snoozeIssue, wakeIssue } from '#app/snooze-issue.ts';
import { startIssue, stopIssue } from '#app/start-issue.ts';
import { presentHistory } from '#contract/from-domain/present-history.ts';
import { presentIssue } from '#contract/from-domain/present-issue.ts';
import { presentIssueDetail } from '#contract/from-domain/present-issue-detail.ts';
import { inboxPageSchema, inboxQuerySchema } from '#contract/inbox-page.ts';
import { issueAboveSchema } from '#contract/issue-above.ts';
import {
  admitBodySchema,
  assignBodySchema,
  assigneesSchema,
  dueBodySchema,
  issueActionResultSchema,
  muteBodySchema,
  snoozeBodySchema,
} from '#contract/issue-action.ts';
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
      const {
        cursor,
        limit,
        all,
        severity = [],
        type = [],
        risk = [],
        status = [],
        muted,
        q,
        query = null,
      } = request.query;
      const after = cursor === undefined ? null : readCursor(cursor);
      const text = q === undefined || q.trim() === '' ? null : q;
      return presentInboxPage(
        await listInbox(contextOf(request, parts), {
          after,
          limit,
          all,
          severities: severity,
          types: type,
          risks: risk,
          statuses: status,
          muted: muted ? 'only' : 'no',
          text,
          query,
        }),
      );
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
    method: 'POST',
    url: '/api/v1/issues/:id/admit',
    schema: {
      summary: 'Take an issue into the inbox by hand',
      params,
      body: admitBodySchema,
      response: { 200: issueActionResultSchema },
    },
    handler: async (request) => {
      const row = await admitIssue(contextOf(request, parts), {
        id: request.params.id,
        reason: request.body.reason ?? null,
      });
      return { issue: presentIssue(row) };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/issues/:id/mute',
    schema: {
      summary: 'Mute an issue, for a time or until it is unmuted',
      params,
      body: muteBodySchema,
      response: { 200: issueActionResultSchema },
    },
    handler: async (request) => {
      const { reason, until } = request.body;
      const row = await muteIssue(contextOf(request, parts), {
        id: request.params.id,
        reason,
        until: until === undefined ? null : Date.parse(until),
      });
      return { issue: presentIssue(row) };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/issues/:id/unmute',
    schema: { summary: 'Take a mute back', params, response: { 200: issueActionResultSchema } },
    handler: async (request) => ({
      issue: presentIssue(await unmuteIssue(contextOf(request, parts), request.params)),
    }),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/issues/:id/snooze',
    schema: {
      summary: 'Snooze an issue until an instant, until it gets worse, or until the first of both',
      params,
      body: snoozeBodySchema,
      response: { 200: issueActionResultSchema },
    },
    handler: async (request) => {
      const { until, untilWorse } = request.body;
      const row = await snoozeIssue(contextOf(request, parts), {
        id: request.params.id,
        until: until === undefined ? null : Date.parse(until),
        untilWorse,
      });
      return { issue: presentIssue(row) };
    },
  });
  const plain = [
    ['wake', 'End the snooze of an issue', wakeIssue],
    ['start', 'Say that somebody works on an issue', startIssue],
    ['stop', 'Say that nobody works on an issue any more', stopIssue],
  ] as const;
  for (const [name, summary, act] of plain)
    app.route({
      method: 'POST',
      url: `/api/v1/issues/:id/${name}`,
      schema: { summary, params, response: { 200: issueActionResultSchema } },
      handler: async (request) => ({
        issue: presentIssue(await act(contextOf(request, parts), request.params)),
      }),
    });
  app.route({
    method: 'POST',
    url: '/api/v1/issues/:id/unadmit',
    schema: {
      summary: 'Take back that an issue was taken in by hand',
      params,
      response: { 200: issueActionResultSchema },
    },
    handler: async (request) => ({
      issue: presentIssue(await unadmitIssue(contextOf(request, parts), request.params)),
    }),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/issues/:id/assign',
    schema: {
      summary: 'Assign an issue to a person, or to nobody',
      params,
      body: assignBodySchema,
      response: { 200: issueActionResultSchema },
    },
    handler: async (request) => ({
      issue: presentIssue(
        await assignIssue(contextOf(request, parts), { id: request.params.id, ...request.body }),
      ),
    }),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/issues/:id/due',
    schema: {
      summary: 'Say until when an issue is to be fixed, or that there is no such date',
      params,
      body: dueBodySchema,
      response: { 200: issueActionResultSchema },
    },
    handler: async (request) => {
      const { due } = request.body;
      const row = await setDueDate(contextOf(request, parts), {
        id: request.params.id,
        due: due === null ? null : Date.parse(due),
      });
      return { issue: presentIssue(row) };
    },
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
