import type { Observation } from '#domain/finding/observation.ts';
import type { ReadContext, ReportFormat, ReportItem } from '#domain/ports/report-format.ts';
import { openBytes } from '../../src/formats/reading/open-input.ts';

const NOTHING_SAID = { root: null, account: null, region: null, cluster: null } satisfies ReadContext;

interface AboutReport extends Partial<ReadContext> {
  readonly name?: string;
}

/** What a format reads of a report, of which nothing is said beside it. */
export async function itemsOf(
  format: Pick<ReportFormat, 'read'>,
  report: string | object,
  { name = 'report.json', ...said }: AboutReport = {},
): Promise<readonly ReportItem[]> {
  const items: ReportItem[] = [];
  const bytes = Buffer.from(typeof report === 'string' ? report : JSON.stringify(report));
  for await (const input of openBytes(bytes, name))
    for await (const item of format.read(input, { ...NOTHING_SAID, ...said })) items.push(item);
  return items;
}

/** The observations among them, those of records and those beside. */
export async function observationsOf(
  format: Pick<ReportFormat, 'read'>,
  report: string | object,
  about?: AboutReport,
): Promise<readonly Observation[]> {
  return (await itemsOf(format, report, about)).flatMap((item) =>
    item.kind === 'record' || item.kind === 'beside' ? item.observations : [],
  );
}
