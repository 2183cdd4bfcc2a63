import type { ImportOptions } from '../../src/app/import/import-options.ts';
import type { ImportedFile } from '../../src/app/import/import-result.ts';
import { DAY_MS, type Instant } from '../../src/base/instant.ts';
import { imported, START, type TestInbox } from './test-inbox.ts';
import { imageReport, type Vulnerability } from './trivy-report.ts';

/** As many days after the start. */
export const on = (day: number): Instant => START + day * DAY_MS;

/** Imports a report on a day. */
export async function importOnDay(
  inbox: TestInbox,
  day: number,
  report: unknown,
  options: Partial<ImportOptions> = {},
): Promise<ImportedFile> {
  inbox.clock.set(on(day));
  return imported(await inbox.importReport(report, options));
}

export const SHOP = 'registry.example.com/shop:1.0';

/** A flaw in a package of its own. */
export const flaw = (id: string, more: Partial<Vulnerability> = {}): Vulnerability => ({
  id,
  pkg: id.toLowerCase(),
  ...more,
});

/** A scan of the shop's image on a day. */
export const shop = (
  day: number,
  digest: string,
  vulnerabilities: readonly Vulnerability[],
  image = SHOP,
): unknown => imageReport({ image, digest, at: on(day), vulnerabilities });
