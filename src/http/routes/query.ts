import { z } from 'zod';
import { listQueryFields } from '#app/list-query-fields.ts';
import { ruleTypeSchema } from '#contract/automation-rule.ts';
import { queryFieldListSchema } from '#contract/query-field.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

export function queryRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/query/fields',
    schema: {
      summary: 'The fields of the query language, for completion',
      querystring: z.object({
        /** Those for which conditions of rules of this type can ask; absent: those of lists. */
        rules: ruleTypeSchema.optional(),
      }),
      response: { 200: queryFieldListSchema },
    },
    handler: async (request) => ({
      items: (
        await listQueryFields(contextOf(request, parts), { ruleType: request.query.rules ?? null })
      ).map((field) => ({
        name: field.name,
        aliases: [...field.aliases],
        kind: field.kind,
        values: [...field.values],
        list: field.list,
        of: field.of,
        sentence: field.sentence,
        example: field.example,
      })),
    }),
  });
}
