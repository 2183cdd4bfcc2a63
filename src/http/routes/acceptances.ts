import { z } from 'zod';
import {
  chooseAcceptanceRules,
  decideAcceptance,
  listAcceptances,
  showAcceptanceRules,
} from '#app/accept-risk.ts';
import { instantText } from '#base/instant.ts';
import { acceptanceListSchema, acceptanceRulesSchema } from '#contract/acceptance.ts';
import { presentIssue } from '#contract/from-domain/present-issue.ts';
import { issueActionResultSchema } from '#contract/issue-action.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

const params = z.object({ id: z.string().min(1).max(100) });

export function acceptanceRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/acceptances',
    schema: {
      summary: 'Risks that wait for a second person to accept them',
      response: { 200: acceptanceListSchema },
    },
    handler: async (request) => ({
      items: (await listAcceptances(contextOf(request, parts))).map(
        ({ issueId, until, askedAt, ...rest }) => ({
          ...rest,
          issue: issueId,
          until: instantText(until),
          askedAt: instantText(askedAt),
        }),
      ),
    }),
  });
  for (const [name, isApproved] of [
    ['approve', true],
    ['decline', false],
  ] as const)
    app.route({
      method: 'POST',
      url: `/api/v1/acceptances/:id/${name}`,
      schema: {
        summary: isApproved
          ? 'Agree that a risk is accepted'
          : 'Decline that a risk is accepted, or take back that one asked',
        params,
        response: { 200: issueActionResultSchema },
      },
      handler: async (request) => {
        const { issue, action } = await decideAcceptance(contextOf(request, parts), {
          ...request.params,
          isApproved,
        });
        return { issue: presentIssue(issue), action };
      },
    });
  app.route({
    method: 'GET',
    url: '/api/v1/acceptance-rules',
    schema: { summary: 'How risks are accepted', response: { 200: acceptanceRulesSchema } },
    handler: async (request) => showAcceptanceRules(contextOf(request, parts)),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/acceptance-rules',
    schema: {
      summary: 'Choose how long risks are accepted at most, and whether a second person has to agree',
      body: acceptanceRulesSchema.partial(),
      response: { 200: acceptanceRulesSchema },
    },
    handler: async (request) => chooseAcceptanceRules(contextOf(request, parts), request.body),
  });
}
