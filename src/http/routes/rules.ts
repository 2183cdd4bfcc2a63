import { z } from 'zod';
import { cloneRule, removeRule, switchRule } from '#app/change-rules.ts';
import { chooseScoring, showScoring } from '#app/choose-scoring.ts';
import { listRules } from '#app/list-rules.ts';
import {
  cloneRuleBodySchema,
  inboxRuleListSchema,
  inboxRuleSchema,
  scoringBodySchema,
  scoringSchema,
} from '#contract/admission-rules.ts';
import { presentRule } from '#contract/from-domain/present-rule.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

const params = z.object({ id: z.string().min(1).max(100) });

/** Rules of admission and the choices of scoring: what decides which findings stand in the inbox. */
export function ruleRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/rules',
    schema: { summary: 'The rules of admission', response: { 200: inboxRuleListSchema } },
    handler: async (request) => ({
      items: (await listRules(contextOf(request, parts))).map(presentRule),
    }),
  });
  for (const [word, isEnabled] of [
    ['enable', true],
    ['disable', false],
  ] as const)
    app.route({
      method: 'POST',
      url: `/api/v1/rules/:id/${word}`,
      schema: {
        summary: `Switch a rule ${isEnabled ? 'on' : 'off'}`,
        params,
        response: { 200: inboxRuleSchema },
      },
      handler: async (request) =>
        presentRule(await switchRule(contextOf(request, parts), { id: request.params.id, isEnabled })),
    });
  app.route({
    method: 'POST',
    url: '/api/v1/rules/:id/clone',
    schema: {
      summary: 'Make a rule of the organisation out of another one',
      params,
      body: cloneRuleBodySchema,
      response: { 200: inboxRuleSchema },
    },
    handler: async (request) => {
      const { title, sentence = null, types = null, when = null } = request.body;
      const { id } = request.params;
      return presentRule(await cloneRule(contextOf(request, parts), { id, title, sentence, types, when }));
    },
  });
  app.route({
    method: 'DELETE',
    url: '/api/v1/rules/:id',
    schema: {
      summary: 'Take a rule of the organisation away',
      params,
      response: { 200: inboxRuleListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      await removeRule(ctx, request.params);
      return { items: (await listRules(ctx)).map(presentRule) };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/scoring',
    schema: { summary: 'How findings count', response: { 200: scoringSchema } },
    handler: (request) => showScoring(contextOf(request, parts)),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/scoring',
    schema: {
      summary: 'Choose how findings count; all of them are assessed anew at once',
      body: scoringBodySchema,
      response: { 200: scoringSchema },
    },
    handler: (request) => chooseScoring(contextOf(request, parts), request.body),
  });
}
