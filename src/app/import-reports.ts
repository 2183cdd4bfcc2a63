import type { ImportSession } from '#domain/ports/import-store.ts';
import type { KeptMapping } from '#domain/ports/mapping-store.ts';
import type { ReportFormat } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { mappingOf } from './change-mappings.ts';
import { type AppContext, permit } from './context.ts';
import { boundOptions } from './import/bound-options.ts';
import { FolderPlaces, mayNameAccount, optionsAt } from './import/folder-places.ts';
import type { ImportOptions } from './import/import-options.ts';
import { type ImportResult, isImported } from './import/import-result.ts';
import { namedFormat } from './import/named-format.ts';
import { OpenScans } from './import/open-scans.ts';
import { readReport } from './import/read-report.ts';
import { refusal } from './import/refusal.ts';
import { type MatchedBom, matchBoms } from './match-boms.ts';

export interface ImportRequest {
  readonly files: readonly {
    readonly path: string;
    readonly name: string;
    /** A file beside it that tells whose account it is about (`aws sts get-caller-identity`). */
    readonly identity?: string;
  }[];
  readonly options: ImportOptions;
}

/**
 * Reads reports into the inbox. Each scan is applied in one transaction; a file that cannot be read does
 * not keep the others out. Answers one result per file or archive member, in order.
 */
export async function importReports(
  ctx: AppContext,
  request: ImportRequest,
): Promise<readonly ImportResult[]> {
  permit(ctx, 'ingest');
  const bound = boundOptions(ctx.actor, request.options);
  const kept = await ctx.mappings.list();
  const options = { ...bound, mapping: mappingOf(bound.mapping ?? null, kept) };
  const session = await ctx.imports.openSession(ctx.clock);
  let results: readonly ImportResult[];
  try {
    results = await importAll(ctx, session, { ...request, options }, kept);
  } finally {
    await session.close();
  }
  return withMatches(results, await matchBoms(ctx));
}

/** What advisories say of the packages that were read is told with the last report of their scope. */
function withMatches(
  results: readonly ImportResult[],
  matched: readonly MatchedBom[],
): readonly ImportResult[] {
  const told = [...results];
  for (const { scope, sentence } of matched) {
    const index = told.findLastIndex(
      (each) => isImported(each) && JSON.stringify(each.scope) === JSON.stringify(scope),
    );
    const result = told[index];
    if (result !== undefined && isImported(result))
      told[index] = { ...result, sentences: [...result.sentences, sentence] };
  }
  return told;
}

async function importAll(
  ctx: AppContext,
  session: ImportSession,
  { files, options }: ImportRequest,
  kept: readonly KeptMapping[],
): Promise<readonly ImportResult[]> {
  const scans = new OpenScans(ctx, session, options);
  const places = await placesOf(ctx, files);
  for (const { path, name } of files) {
    try {
      for await (const input of ctx.openInputs(path, name))
        await importOne(ctx, scans, input, optionsAt(input.name, options, places), kept);
    } catch (error) {
      scans.fail(name, null, refusal(error));
    }
  }
  await scans.finishAll();
  return scans.results();
}

/** What the files say of the accounts of their folders, before the first of them is read. */
async function placesOf(ctx: AppContext, files: ImportRequest['files']): Promise<FolderPlaces> {
  const places = new FolderPlaces();
  const beside = files.flatMap(({ identity }) => identity ?? []).map((path) => ({ path, name: path }));
  for (const { path, name } of [...beside, ...files]) {
    if (!mayNameAccount(name)) continue;
    try {
      for await (const input of ctx.openInputs(path, name)) await places.learn(input);
    } catch (error) {
      // It is opened again to be read, and fails there by its name.
      refusal(error);
    }
  }
  return places;
}

async function importOne(
  ctx: AppContext,
  scans: OpenScans,
  input: ReportInput,
  options: ImportOptions,
  kept: readonly KeptMapping[],
): Promise<void> {
  let named: ReportFormat | null = null;
  let format: ReportFormat;
  try {
    named = options.format === null ? null : namedFormat(ctx, options.format);
    format = await ctx.recognise(input, named, options.mapping ?? null, kept);
  } catch (error) {
    scans.fail(input.name, named?.id ?? null, refusal(error));
    return;
  }
  await readReport(ctx, scans, input, format, options);
}
