import { z } from 'zod';
import { changeAutomation, diffRulesFile, previewAutomation } from '#app/change-automation.ts';
import { exportAutomation, listAutomation, showRunningChange } from '#app/list-automation.ts';
import {
  automationRuleListSchema,
  ruleChangesSchema,
  rulesEditSchema,
  rulesFileSchema,
  rulesPreviewSchema,
} from '#contract/automation-rule.ts';
import {
  editOfInput,
  presentAutomationList,
  presentRuleChange,
  presentRulesPreview,
} from '#contract/from-domain/present-automation.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';
import { answerSlowly } from '../slow-answer.ts';

/** Rules of the organisation that act on findings. */
export function automationRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/rules/automation',
    schema: {
      summary:
        'The rules that act on findings, with what each does now, and how far a change of them has come',
      response: { 200: automationRuleListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      const running = await showRunningChange(ctx);
      return presentAutomationList(await listAutomation(ctx), running);
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/rules/automation/export',
    schema: { summary: 'All of them as a rules file', response: { 200: rulesFileSchema } },
    handler: async (request) => ({ text: await exportAutomation(contextOf(request, parts)) }),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/rules/automation',
    schema: {
      summary: 'Change the rules that act on findings; issues follow before the answer',
      body: rulesEditSchema,
      response: { 200: ruleChangesSchema },
    },
    handler: (request, reply) => {
      const work = changeAutomation(contextOf(request, parts), editOfInput(request.body));
      const answer = work.then((changes) => ({ changes: changes.map(presentRuleChange) }));
      return answerSlowly(request, reply, answer, Promise.resolve(), parts.signOfLifeMs) as typeof answer;
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/rules/automation/preview',
    schema: {
      summary: 'What such a change would do to findings and to the inbox, exactly; nothing is changed',
      body: rulesEditSchema,
      response: { 200: rulesPreviewSchema },
    },
    handler: (request, reply) => {
      const work = previewAutomation(contextOf(request, parts), editOfInput(request.body));
      const answer = work.then(presentRulesPreview);
      return answerSlowly(request, reply, answer, Promise.resolve(), parts.signOfLifeMs) as typeof answer;
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/rules/automation/diff',
    schema: {
      summary: 'What differs between a rules file and the rules that are there',
      body: z.strictObject({ text: z.string().max(1_000_000) }),
      response: { 200: ruleChangesSchema },
    },
    handler: async (request) => ({
      changes: (await diffRulesFile(contextOf(request, parts), request.body)).map(presentRuleChange),
    }),
  });
}
