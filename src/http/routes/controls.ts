import { z } from 'zod';
import { editControl, resetControl } from '#app/edit-control.ts';
import { listControls, showControl } from '#app/list-controls.ts';
import { controlEditBodySchema, controlListSchema, controlSchema } from '#contract/control.ts';
import { presentControl } from '#contract/from-domain/present-control.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

const params = z.object({ id: z.string().min(1).max(100) });

export function controlRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/controls',
    schema: {
      summary: 'The catalogue of controls, as they count for the organisation',
      response: { 200: controlListSchema },
    },
    handler: async (request) => ({
      items: (await listControls(contextOf(request, parts))).map(presentControl),
    }),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/controls/:id',
    schema: { summary: 'One control', params, response: { 200: controlSchema } },
    handler: async (request) => presentControl(await showControl(contextOf(request, parts), request.params)),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/controls/:id/edit',
    schema: {
      summary: 'Change how a control counts for the organisation; its issues are assessed anew at once',
      params,
      body: controlEditBodySchema,
      response: { 200: controlSchema },
    },
    handler: async (request) =>
      presentControl(
        await editControl(contextOf(request, parts), { id: request.params.id, request: request.body }),
      ),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/controls/:id/reset',
    schema: {
      summary: 'Let a control count as the catalogue has it again',
      params,
      response: { 200: controlSchema },
    },
    handler: async (request) => presentControl(await resetControl(contextOf(request, parts), request.params)),
  });
}
