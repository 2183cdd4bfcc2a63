import { z } from 'zod';
import type { AppContext } from '#app/context.ts';
import { listRatings, rateAdvisory, unrateAdvisory } from '#app/rate-advisory.ts';
import {
  advisoryRatingListSchema,
  advisoryRatingSchema,
  rateAdvisoryBodySchema,
} from '#contract/advisory-rating.ts';
import { presentRating } from '#contract/from-domain/present-rating.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

const params = z.object({ id: z.string().min(1).max(120) });

/** How the organisation rates advisories itself. */
export function advisoryRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/advisories/ratings',
    schema: {
      summary: 'The advisories that the organisation rates itself',
      response: { 200: advisoryRatingListSchema },
    },
    handler: (request) => present(contextOf(request, parts)),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/advisories/:id/rate',
    schema: {
      summary: 'Rate an advisory in place of its sources; its issues are assessed anew at once',
      params,
      body: rateAdvisoryBodySchema,
      response: { 200: advisoryRatingSchema },
    },
    handler: async (request) =>
      presentRating(
        await rateAdvisory(contextOf(request, parts), { advisory: request.params.id, ...request.body }),
      ),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/advisories/:id/unrate',
    schema: {
      summary: 'Let an advisory count as its sources rate it again',
      params,
      response: { 200: advisoryRatingListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      await unrateAdvisory(ctx, { advisory: request.params.id });
      return present(ctx);
    },
  });
}

async function present(ctx: AppContext) {
  return { items: (await listRatings(ctx)).map(presentRating) };
}
