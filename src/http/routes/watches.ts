import { listWatches } from '#app/watch-location.ts';
import { instantText } from '#base/instant.ts';
import { watchListSchema } from '#contract/watch.ts';
import type { App } from '../app.ts';
import { contextOf } from '../authentication.ts';
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
    handler: async (request) => ({
      items: (await listWatches(contextOf(request, parts))).map(
        ({ id, location, everyMinutes, nextAt, createdBy, last }) => ({
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
        }),
      ),
    }),
  });
}
