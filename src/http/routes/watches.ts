import type { AppContext } from '#app/context.ts';
import { isFolder, listWatches, unwatchLocation, watchLocation } from '#app/watch-location.ts';
import { InboxError } from '#base/inbox-error.ts';
import { instantText } from '#base/instant.ts';
import { type WatchList, watchBodySchema, watchListSchema, watchRemovalSchema } from '#contract/watch.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
import { readImportQuery } from '../read-import-query.ts';
import type { ServerParts } from '../server-parts.ts';

/** Places that are looked at for reports. */
export function watchRoutes(app: App, parts: ServerParts): void {
  app.route({
    method: 'GET',
    url: '/api/v1/watches',
    schema: {
      summary: 'Folders and addresses that are looked at for reports, with what became of the last look',
      response: { 200: watchListSchema },
    },
    handler: (request) => present(contextOf(request, parts)),
  });
  app.route({
    method: 'POST',
    url: '/api/v1/watches',
    schema: {
      summary: 'Look at a folder of the server, or at an address, on a schedule, and read what is new there',
      body: watchBodySchema,
      response: { 200: watchListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      const { location, everyMinutes, allowPrivate = false, reports = {} } = request.body;
      // Who administers the inbox from elsewhere is not thereby who may read the disk of its machine.
      if (parts.publicUrl !== null && isFolder(location))
        throw new InboxError(
          'forbidden',
          'A folder of a server that is reached from elsewhere is watched by whoever runs it: "sources watch FOLDER" there. Addresses can be watched from here.',
        );
      await watchLocation(ctx, {
        location,
        everyMinutes,
        allowsPrivate: allowPrivate,
        options: readImportQuery({ ...reports, name: 'watched' }),
      });
      return present(ctx);
    },
  });
  app.route({
    method: 'POST',
    url: '/api/v1/watches/remove',
    schema: {
      summary: 'Look at a place no longer; what it brought stays',
      body: watchRemovalSchema,
      response: { 200: watchListSchema },
    },
    handler: async (request) => {
      const ctx = contextOf(request, parts);
      await unwatchLocation(ctx, request.body);
      return present(ctx);
    },
  });
}

async function present(ctx: AppContext): Promise<WatchList> {
  const watches = await listWatches(ctx);
  return {
    items: watches.map(({ id, location, everyMinutes, nextAt, createdBy, last }) => ({
      id,
      location,
      everyMinutes,
      nextAt: instantText(nextAt),
      addedBy: createdBy,
      last:
        last === null
          ? null
          : {
              at: instantText(last.at),
              state: last.state === 'unread' ? 'failed' : last.state,
              sentence: last.sentence,
            },
    })),
  };
}
