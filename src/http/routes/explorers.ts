import { z } from 'zod';
import type { CutPage } from '#app/cut-page.ts';
import { listAdvisories } from '#app/list-advisories.ts';
import { listFindings } from '#app/list-findings.ts';
import { listMissing } from '#app/list-missing.ts';
import { listNeighbours, listResources } from '#app/list-resources.ts';
import { listSignals } from '#app/list-signals.ts';
import { mapSurroundings } from '#app/map-surroundings.ts';
import { instantText } from '#base/instant.ts';
import { pathMapSchema } from '#contract/attack-path.ts';
import {
  advisoryListSchema,
  advisoryQuerySchema,
  estateQuerySchema,
  estateSchema,
  findingListSchema,
  findingQuerySchema,
  neighbourListSchema,
  signalListSchema,
  signalQuerySchema,
} from '#contract/explorer.ts';
import {
  presentAdvisory,
  presentFinding,
  presentListedResource,
  presentNeighbours,
  presentSignal,
  presentSurroundings,
} from '#contract/from-domain/present-explorer.ts';
import { missingInputListSchema } from '#contract/missing-input.ts';
import { RESOURCE_ID_MAX } from '#contract/resource.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import { PLACES, readPlace, writePlace } from '../place-cursor.ts';
import type { ServerParts } from '../server-parts.ts';

/** Lists of what is stored, page by page. */
export function explorerRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/findings',
    schema: {
      summary: 'One page of the open findings, in the order of their issues',
      querystring: findingQuerySchema,
      response: { 200: findingListSchema },
    },
    handler: async (request) => {
      const { cursor, limit, resource = null } = request.query;
      const page = await listFindings(contextOf(request, parts), {
        ...ofIssues(request.query),
        resource,
        after: readPlace(PLACES.finding, cursor),
        limit,
      });
      return presentPage(page, presentFinding, ({ place }) => [place.rank, place.issue, place.fingerprint]);
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/estate',
    schema: {
      summary: 'One page of the resources, by id',
      querystring: estateQuerySchema,
      response: { 200: estateSchema },
    },
    handler: async (request) => {
      const { cursor, limit, type = [], risk = [], q = '', owner = null, gone } = request.query;
      const page = await listResources(contextOf(request, parts), {
        types: type,
        risks: risk,
        text: q === '' ? null : q,
        owner,
        isGone: gone,
        after: readPlace(PLACES.resource, cursor),
        limit,
      });
      return {
        ...presentPage(page, presentListedResource, ({ key }) => [key]),
        types: page.types.map((each) => ({ ...each })),
        isMore: page.isMore,
      };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/neighbours',
    schema: {
      summary: 'What is one relation away from a resource',
      querystring: z.object({ id: z.string().min(1).max(RESOURCE_ID_MAX) }),
      response: { 200: neighbourListSchema },
    },
    handler: async (request) =>
      presentNeighbours(await listNeighbours(contextOf(request, parts), { key: request.query.id })),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/surroundings',
    schema: {
      summary: 'What is around the resources of an issue, in columns by relations, at most 60 things',
      querystring: z.object({ issue: z.string().min(1).max(100) }),
      response: { 200: pathMapSchema },
    },
    handler: async (request) =>
      presentSurroundings(await mapSurroundings(contextOf(request, parts), { id: request.query.issue })),
  });
  app.route({
    method: 'GET',
    url: '/api/v1/missing',
    schema: {
      summary: 'Inputs that nobody supplied and for want of which risks of resources are unknown',
      response: { 200: missingInputListSchema },
    },
    handler: async (request) => {
      const { items, countedAt } = await listMissing(contextOf(request, parts));
      return { items: items.map((input) => ({ ...input })), countedAt: instantText(countedAt) };
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/signals',
    schema: {
      summary: 'One page of the signals, the latest first',
      querystring: signalQuerySchema,
      response: { 200: signalListSchema },
    },
    handler: async (request) => {
      const { cursor, limit, q = '', resource = null, attack } = request.query;
      const page = await listSignals(contextOf(request, parts), {
        text: q === '' ? null : q,
        resource,
        isAttack: attack,
        after: readPlace(PLACES.signal, cursor),
        limit,
      });
      return presentPage(page, presentSignal, ({ place }) => [place.at, place.resource, place.id]);
    },
  });
  app.route({
    method: 'GET',
    url: '/api/v1/advisories',
    schema: {
      summary: 'One page of the advisories of open findings, in the order of their issues',
      querystring: advisoryQuerySchema,
      response: { 200: advisoryListSchema },
    },
    handler: async (request) => {
      const { cursor, limit, exploited } = request.query;
      const page = await listAdvisories(contextOf(request, parts), {
        ...ofIssues(request.query),
        isKnownExploited: exploited,
        after: readPlace(PLACES.advisory, cursor),
        limit,
      });
      return presentPage(page, presentAdvisory, ({ place }) => [place.rank, place.issue]);
    },
  });
}

function ofIssues({
  severity = [],
  type = [],
  risk = [],
  query,
}: Pick<z.infer<typeof findingQuerySchema>, 'severity' | 'type' | 'risk' | 'query'>) {
  return {
    severities: severity,
    types: type,
    risks: risk,
    query: query === undefined || query.trim() === '' ? null : query,
  };
}

function presentPage<Row, Item>(
  { rows, total, last }: CutPage<Row>,
  present: (row: Row) => Item,
  placeOf: (row: Row) => readonly (string | number | bigint)[],
): { items: Item[]; total: number; nextCursor: string | null } {
  return {
    items: rows.map(present),
    total,
    nextCursor: last === null ? null : writePlace(placeOf(last)),
  };
}
