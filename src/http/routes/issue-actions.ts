import { z } from 'zod';
import { actOnIssue } from '#app/act-on-issue.ts';
import { actOnIssues } from '#app/act-on-issues.ts';
import { commentOnIssue, deleteComment, editComment } from '#app/comment-on-issue.ts';
import { undoAction } from '#app/undo-action.ts';
import { actionOfBody } from '#contract/from-domain/action-of-body.ts';
import { presentIssue } from '#contract/from-domain/present-issue.ts';
import {
  admitBodySchema,
  assignBodySchema,
  bulkActionBodySchema,
  bulkActionResultSchema,
  commentBodySchema,
  commentResultSchema,
  dueBodySchema,
  type IssueActionBody,
  issueActionResultSchema,
  muteBodySchema,
  snoozeBodySchema,
  teamBodySchema,
  undoneActionSchema,
} from '#contract/issue-action.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';
import { answerSlowly } from '../slow-answer.ts';
import { selectionOf } from './selection-of.ts';

const id = z.string().min(1).max(100);
const params = z.object({ id });

/** What can be done to one issue: the last part of its address, what it says, and what it takes. */
const ACTIONS = [
  ['admit', 'Take an issue into the inbox by hand', admitBodySchema],
  ['unadmit', 'Take back that an issue was taken in by hand', null],
  ['mute', 'Mute an issue, for a time or until it is unmuted', muteBodySchema],
  ['unmute', 'Take a mute back', null],
  [
    'snooze',
    'Snooze an issue until an instant, until it gets worse, or until the first of both',
    snoozeBodySchema,
  ],
  ['wake', 'End the snooze of an issue', null],
  ['start', 'Say that somebody works on an issue', null],
  ['stop', 'Say that nobody works on an issue any more', null],
  ['assign', 'Assign an issue to a person, or to nobody', assignBodySchema],
  ['team', 'Say whose an issue is, or leave that to rules and tags', teamBodySchema],
  ['due', 'Say until when an issue is to be fixed, or that there is no such date', dueBodySchema],
] as const;

export function issueActionRoutes(app: App, parts: ServerParts): void {
  for (const [name, summary, body] of ACTIONS)
    app.route({
      method: 'POST',
      url: `/api/v1/issues/:id/${name}`,
      schema: {
        summary,
        params,
        ...(body !== null && { body }),
        response: { 200: issueActionResultSchema },
      },
      handler: async (request) => {
        const said = (body === null ? {} : request.body) as object;
        const { issue, action } = await actOnIssue(contextOf(request, parts), {
          id: request.params.id,
          action: actionOfBody({ ...said, do: name } as IssueActionBody),
        });
        return { issue: presentIssue(issue), action };
      },
    });
  app.route({
    method: 'POST',
    url: '/api/v1/issues/actions',
    schema: {
      summary: 'Do the same to many issues: to some by their ids, or to all of a listing',
      body: bulkActionBodySchema,
      response: { 200: bulkActionResultSchema },
    },
    handler: (request, reply) => {
      const { action, expected = null, tell = false, ...which } = request.body;
      const work = actOnIssues(contextOf(request, parts), {
        selection: selectionOf(which),
        action: actionOfBody(action),
        isTold: tell,
        expected,
      });
      return answerSlowly(request, reply, work, Promise.resolve(), parts.signOfLifeMs) as typeof work;
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/actions/:id/undo',
    schema: {
      summary: 'Take back what an action decided, of however many issues',
      params,
      response: { 200: undoneActionSchema },
    },
    handler: (request, reply) => {
      const work = undoAction(contextOf(request, parts), { action: request.params.id });
      return answerSlowly(request, reply, work, Promise.resolve(), parts.signOfLifeMs) as typeof work;
    },
  });
  commentRoutes(app, parts);
}

function commentRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'POST',
    url: '/api/v1/issues/:id/comments',
    schema: {
      summary: 'Say something about an issue',
      params,
      body: commentBodySchema,
      response: { 200: commentResultSchema },
    },
    handler: async (request) => ({
      id: await commentOnIssue(contextOf(request, parts), { ...request.params, ...request.body }),
    }),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/comments/:id/edit',
    schema: {
      summary: 'Change what one said',
      params,
      body: commentBodySchema,
      response: { 200: commentResultSchema },
    },
    handler: async (request) => {
      const { id: comment } = request.params;
      await editComment(contextOf(request, parts), { comment, text: request.body.text });
      return { id: comment };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/comments/:id/delete',
    schema: { summary: 'Delete what was said', params, response: { 200: commentResultSchema } },
    handler: async (request) => {
      const { id: comment } = request.params;
      await deleteComment(contextOf(request, parts), { comment });
      return { id: comment };
    },
  });
}
