import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ImportOptions } from '../../../src/app/import/import-options.ts';
import { MINUTE_MS } from '../../../src/base/instant.ts';
import { layOut } from '../../support/by-hand-world.ts';
import { imported, type TestInbox } from '../../support/test-inbox.ts';
import * as scans from './scans.ts';

const CLUSTER = {
  scope: { cluster: `arn:aws:eks:eu-west-1:${scans.FRONT}:cluster/tides` },
  environment: 'production',
};

/** Reports of scanners, each of which comes again with less in it once something is mended. */
export type ReportName = 'anchor' | 'buoy' | 'tides' | 'machines' | 'leaked' | 'in-bucket' | 'checks';
const REPORTS: readonly ReportName[] = [
  'anchor',
  'buoy',
  'tides',
  'machines',
  'leaked',
  'in-bucket',
  'checks',
];

/** Something that somebody changes: a file, or a report that comes again without whatever holds one of these words. */
export type Change =
  | { readonly file: string; readonly change: (text: string) => string }
  | { readonly report: ReportName; readonly without: readonly string[] };

/** The estate as files on a disk, of which somebody changes some and hands them in again. */
export interface Estate {
  /** Makes these changes, takes back those of before, and hands in whatever is not the same any more. */
  become(changes: readonly Change[]): Promise<void>;
  remove(): Promise<void>;
}

/** Lays the estate out and imports all of it. */
export async function importEstate(inbox: TestInbox, world: string): Promise<Estate> {
  const later = () => inbox.clock.set(inbox.clock.now() + MINUTE_MS);
  await scans.tellFeeds(inbox);
  const part = async (name: string, options: Partial<ImportOptions>) => ({
    folder: await layOut(world, [name]),
    options,
    holds: (file: string) => file.startsWith(`${name}/`),
  });
  const parts = [
    await part('front', { account: scans.FRONT }),
    await part('vault', { account: '600000000002' }),
    await part('lab', { account: scans.LAB }),
    await part('cluster', CLUSTER),
    await part('cloud', {}),
  ];
  const handIn = async (files: readonly string[], options: Partial<ImportOptions>) => {
    if (files.length === 0) return;
    later();
    for (const result of await inbox.importFiles(files, options)) imported(result);
  };
  const report = async (name: ReportName, without: readonly string[] = []) => {
    later();
    const at = inbox.clock.now();
    const stays = (text: string) => !without.some((word) => text.includes(word));
    const ids = (image: string) => (scans.IMAGES[image] ?? []).filter(stays);
    const [told, source] = {
      anchor: () => [scans.trivyOf('anchor:5', at, ids('anchor:5')), 'trivy'] as const,
      buoy: () => [scans.trivyOf('buoy:2', at, ids('buoy:2')), 'trivy'] as const,
      tides: () => [scans.grypeOf(at, ['CVE-2026-4006'].filter(stays)), 'grype'] as const,
      machines: () => [scans.inspected(at, stays), 'inspector'] as const,
      leaked: () => [scans.leaked(!stays('deployer')), 'github'] as const,
      'in-bucket': () => [scans.inBucket(), 'trufflehog'] as const,
      checks: () => [scans.checked(at), 'prowler'] as const,
    }[name]();
    imported(await inbox.importReport(told, { source, confirm: true }, `${name}.json`));
  };
  for (const { folder, options } of parts) await handIn(folder.files, options);
  for (const name of REPORTS) await report(name);

  const changed = new Map<string, string>();
  let reported: readonly ReportName[] = [];
  return {
    async become(changes) {
      const files = changes.flatMap((each) => ('file' in each ? [each] : []));
      const reports = changes.flatMap((each) => ('file' in each ? [] : [each]));
      for (const { folder, options, holds } of parts) {
        const own = files.filter(({ file }) => holds(file));
        const back = [...changed].filter(([file]) => holds(file));
        for (const [file, text] of back) await writeFile(join(folder.root, file), text);
        for (const { file, change } of own) {
          const before = await readFile(join(folder.root, file), 'utf8');
          if (!changed.has(file)) changed.set(file, before);
          const after = change(before);
          if (after === before) throw new Error(`nothing is changed in ${file}`);
          await writeFile(join(folder.root, file), after);
        }
        const paths = new Set([...back.map(([file]) => file), ...own.map(({ file }) => file)]);
        await handIn(
          [...paths].map((file) => join(folder.root, file)),
          options,
        );
        for (const [file] of back) if (!own.some((each) => each.file === file)) changed.delete(file);
      }
      for (const name of reported) if (!reports.some((each) => each.report === name)) await report(name);
      for (const { report: name, without } of reports) await report(name, without);
      reported = reports.map((each) => each.report);
    },
    async remove() {
      for (const { folder } of parts) await folder.remove();
    },
  };
}
