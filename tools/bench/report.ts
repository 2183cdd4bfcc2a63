import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

interface TrivyVulnerability {
  readonly VulnerabilityID: string;
  readonly PkgName: string;
  readonly [key: string]: unknown;
}

interface TrivyReport {
  readonly Results: readonly { readonly Vulnerabilities?: readonly TrivyVulnerability[] | null }[];
  readonly [key: string]: unknown;
}

const SAMPLE = new URL('../../src/formats/trivy/samples/image-centos-7.json', import.meta.url);

/**
 * Writes a Trivy image report of `count` findings: the records of a real report, each package and
 * advisory renumbered so that all are distinct. Every `changedEvery`-th has another fixed version.
 */
export async function writeTrivyReport(
  path: string,
  count: number,
  options: { readonly changedEvery?: number; readonly advisories?: number; readonly createdAt?: string } = {},
): Promise<void> {
  const sample = JSON.parse(await readFile(SAMPLE, 'utf8')) as TrivyReport;
  const records = sample.Results.flatMap((result) => result.Vulnerabilities ?? []);
  const { Results: [first] = [], ...head } = sample;
  const { Vulnerabilities: _, ...result } = first as Record<string, unknown>;
  const advisories = options.advisories ?? Math.max(1, Math.floor(count / 10));
  const out = createWriteStream(path);
  const opening = { ...head, CreatedAt: options.createdAt ?? '2026-10-01T00:00:00Z' };
  out.write(
    `${JSON.stringify(opening).slice(0, -1)},"Results":[${JSON.stringify(result).slice(0, -1)},"Vulnerabilities":[`,
  );
  for (let index = 0; index < count; index++) {
    const record = records[index % records.length] as TrivyVulnerability;
    const changed = options.changedEvery !== undefined && index % options.changedEvery === 0;
    const { PkgIdentifier: __, ...rest } = record;
    const own = {
      ...rest,
      VulnerabilityID: `CVE-2024-${100_000 + (index % advisories)}`,
      PkgName: `${record.PkgName}-${Math.floor(index / advisories)}`,
      ...(changed ? { FixedVersion: '99.0.0' } : {}),
    };
    if (!out.write(`${index === 0 ? '' : ','}${JSON.stringify(own)}`)) await once(out, 'drain');
  }
  out.end(']}]}');
  await once(out, 'finish');
}
