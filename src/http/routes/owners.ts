import { acceptOwner, applyOwners, listOwners, withdrawOwner } from '#app/change-owners.ts';
import {
  acceptOwnerBodySchema,
  ownerRowsAnswerSchema,
  ownerRowsBodySchema,
  toldOwnersSchema,
} from '#contract/owner-preference.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import type { ServerParts } from '../server-parts.ts';

/** What the organisation says about whose things are. */
export function ownerRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/owners',
    schema: {
      summary: 'What tags mean about owners, which names own nothing, and whose resources were accepted',
      response: { 200: toldOwnersSchema },
    },
    handler: async (request) => {
      const { tags, exclusions, accepted } = await listOwners(contextOf(request, parts));
      return { tags: [...tags], exclusions: [...exclusions], accepted: [...accepted] };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/owners',
    schema: {
      summary: 'Say what tags mean and which names own nothing, in the place of what was said before',
      body: ownerRowsBodySchema,
      response: { 200: ownerRowsAnswerSchema },
    },
    handler: async (request) => {
      const rows = await applyOwners(contextOf(request, parts), { text: JSON.stringify(request.body) });
      return { tags: rows.tags.length, exclusions: rows.exclusions.length, faults: [...rows.faults] };
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/owners/accept',
    schema: {
      summary: 'Say whose a resource is, or with an owner of null leave it to tags and catalogues again',
      body: acceptOwnerBodySchema,
      response: { 200: toldOwnersSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      const { resource, owner } = request.body;
      if (owner === null) await withdrawOwner(ctx, { resource });
      else await acceptOwner(ctx, { resource, owner });
      const { tags, exclusions, accepted } = await listOwners(ctx);
      return { tags: [...tags], exclusions: [...exclusions], accepted: [...accepted] };
    },
  });
}
