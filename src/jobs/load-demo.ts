import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { changeAutomation } from '#app/change-automation.ts';
import type { AppContext } from '#app/context.ts';
import type { ImportOptions } from '#app/import/import-options.ts';
import { isImported } from '#app/import/import-result.ts';
import { importReports } from '#app/import-reports.ts';
import { listSources } from '#app/list-sources.ts';
import { updateFeed } from '#app/update-feed.ts';
import { InboxError } from '#base/inbox-error.ts';
import { DAY_MS, parseInstant } from '#base/instant.ts';
import { counted } from '#base/text.ts';
import { shiftTimes } from './shift-times.ts';

/** A small complete estate: what is imported in which order, as a person would on the command line. */
interface World {
  readonly title: string;
  /** The moment at which the world was written; its times move so that this is now. */
  readonly anchor: string;
  readonly steps: readonly WorldStep[];
}

type WorldStep =
  | {
      readonly import: readonly string[];
      readonly options?: Partial<ImportOptions>;
      /** The files as they were told so many days before; absent: as they are dated. */
      readonly daysAgo?: number;
    }
  | { readonly feed: string; readonly from: string }
  | { readonly rules: string };

const NO_OPTIONS: ImportOptions = {
  format: null,
  source: null,
  scope: {},
  complete: false,
  confirm: false,
  separate: false,
  root: null,
  account: null,
  region: null,
  environment: null,
  services: [],
  team: null,
};

/** Loads a world into an empty inbox, with its times relative to now, so that it shows the same next year. */
export async function loadDemo(
  ctx: AppContext,
  folder: string,
  tell: (sentence: string) => void,
): Promise<void> {
  if ((await listSources(ctx)).length > 0) return;
  const world = JSON.parse(await readFile(join(folder, 'world.json'), 'utf8')) as World;
  const anchor = parseInstant(world.anchor);
  if (anchor === null)
    throw new InboxError(
      'report_broken',
      `${folder}/world.json has no anchor: a time such as 2026-11-01T00:00:00Z was expected.`,
    );
  tell(`Loading ${world.title}.`);
  const sinceAnchor = ctx.clock.now() - anchor;
  for (const step of world.steps) {
    if ('feed' in step) await readFeed(ctx, folder, step.feed, step.from, sinceAnchor);
    else if ('rules' in step)
      await changeAutomation(ctx, { what: 'file', text: await readFile(join(folder, step.rules), 'utf8') });
    else {
      const { daysAgo = 0, options } = step;
      const shifted = shiftedContext(ctx, sinceAnchor, daysAgo * DAY_MS);
      await importStep(
        shifted,
        folder,
        step.import,
        { ...NO_OPTIONS, ...options },
        daysAgo === 0 ? tell : () => undefined,
      );
    }
  }
}

/** Reads what it reads as it would have been dated, and takes it in then: so long ago. */
function shiftedContext(ctx: AppContext, byMs: number, agoMs: number): AppContext {
  return {
    ...ctx,
    clock: { now: () => ctx.clock.now() - agoMs },
    async *openInputs(path, name) {
      for await (const input of ctx.openInputs(path, name))
        yield { name: input.name, open: () => shiftTimes(input.open(), byMs - agoMs) };
    },
  };
}

async function readFeed(
  ctx: AppContext,
  folder: string,
  id: string,
  file: string,
  byMs: number,
): Promise<void> {
  const feed = ctx.feeds.find((each) => each.id === id);
  if (feed === undefined) throw new InboxError('usage', `There is no feed "${id}".`);
  const bytes = await readFile(join(folder, file));
  await updateFeed(ctx, {
    feed,
    files: [{ name: file, open: () => shiftTimes([bytes], byMs) }],
    origin: file,
    isConfirmed: true,
  });
}

async function importStep(
  ctx: AppContext,
  folder: string,
  files: readonly string[],
  options: ImportOptions,
  tell: (sentence: string) => void,
): Promise<void> {
  const results = await importReports(ctx, {
    files: files.map((name) => ({ path: join(folder, name), name })),
    options,
  });
  for (const result of results) {
    if (!isImported(result) || result.error !== null)
      throw new InboxError('report_broken', `${result.file}: ${result.error?.message ?? 'not read'}`);
    tell(
      `  ${result.file}: ${result.format}, ${counted(result.findings, 'finding')}, ${counted(result.resources, 'resource')}, ${counted(result.signals, 'signal')}`,
    );
  }
}
