import { z } from 'zod';
import { decideFix, listFixes } from '#app/decide-fix.ts';
import { listPaths } from '#app/list-paths.ts';
import { mapPath } from '#app/map-path.ts';
import { planFixes } from '#app/plan-fixes.ts';
import { tellBlastRadius, tellWaysTo } from '#app/tell-reach.ts';
import { tryFixes } from '#app/try-fixes.ts';
import {
  attackPathListSchema,
  blastRadiusSchema,
  fixListSchema,
  fixPlanSchema,
  lensSchema,
  pathMapSchema,
  planOrderSchema,
  waysToSchema,
  whatIfSchema,
} from '#contract/attack-path.ts';
import {
  presentBlastRadius,
  presentFixes,
  presentFixPlan,
  presentPathList,
  presentPathMap,
  presentWaysTo,
  presentWhatIf,
} from '#contract/from-domain/present-attack-path.ts';
import { assignBodySchema, dueBodySchema } from '#contract/issue-action.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

const GATE_MAX = 2_048;
const GATES_MAX = 100;

const gateSchema = z.string().min(1).max(GATE_MAX);

/** Ids of gates hold every character that stands in addresses, so they are parameters and no part of the path. */
const querySchema = z.object({
  gate: z.union([gateSchema.transform((one) => [one]), z.array(gateSchema).min(1).max(GATES_MAX)]),
});

const fixParams = z.object({ id: z.string().min(1).max(100) });

export function attackPathRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/attack-paths',
    schema: {
      summary: 'Attack paths of open issues, in the order of the inbox, with every step',
      querystring: z.object({ lens: lensSchema.default('outside') }),
      response: { 200: attackPathListSchema },
    },
    handler: async (request) => presentPathList(await listPaths(contextOf(request, parts), request.query)),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/attack-paths/fix-plan',
    schema: {
      summary: 'The fixes that take the most risk of attack paths, one after another',
      querystring: z.object({ order: planOrderSchema.default('risk') }),
      response: { 200: fixPlanSchema },
    },
    handler: async (request) => presentFixPlan(await planFixes(contextOf(request, parts), request.query)),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/attack-paths/map',
    schema: {
      summary: 'What one attack path passes, in columns by the number of steps',
      querystring: z.object({ issue: gateSchema.optional() }),
      response: { 200: pathMapSchema },
    },
    handler: async (request) =>
      presentPathMap(await mapPath(contextOf(request, parts), { issue: request.query.issue ?? null })),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/attack-paths/what-if',
    schema: {
      summary: 'What becomes of attack paths, issues and the inbox when gates are closed or issues mended',
      querystring: querySchema,
      response: { 200: whatIfSchema },
    },
    handler: async (request) =>
      presentWhatIf(await tryFixes(contextOf(request, parts), { words: request.query.gate })),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/attack-paths/fixes',
    schema: {
      summary: 'Fixes of attack paths that somebody is to do or that have a due date',
      response: { 200: fixListSchema },
    },
    handler: async (request) => presentFixes(await listFixes(contextOf(request, parts))),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/attack-paths/fixes/:id/assign',
    schema: {
      summary: 'Assign a fix to a person, or to nobody',
      params: fixParams,
      body: assignBodySchema,
      response: { 200: fixListSchema },
    },
    handler: async (request) =>
      presentFixes(await decideFix(contextOf(request, parts), { ...request.params, ...request.body })),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/attack-paths/fixes/:id/due',
    schema: {
      summary: 'Say until when a fix is to be done, or that there is no such date',
      params: fixParams,
      body: dueBodySchema,
      response: { 200: fixListSchema },
    },
    handler: async (request) => {
      const { due } = request.body;
      return presentFixes(
        await decideFix(contextOf(request, parts), {
          ...request.params,
          dueAt: due === null ? null : Date.parse(due),
        }),
      );
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/attack-paths/blast-radius',
    schema: {
      summary: 'What whoever takes a resource, or what an issue is about, gets to',
      querystring: z.object({ of: gateSchema }),
      response: { 200: blastRadiusSchema },
    },
    handler: async (request) =>
      presentBlastRadius(await tellBlastRadius(contextOf(request, parts), request.query)),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/attack-paths/who-can-reach',
    schema: {
      summary: 'The best way from each entry to a resource',
      querystring: z.object({ resource: gateSchema, lens: lensSchema.default('outside') }),
      response: { 200: waysToSchema },
    },
    handler: async (request) => presentWaysTo(await tellWaysTo(contextOf(request, parts), request.query)),
  });
}
