import type { Finding } from '../../../../src/contract/issue-detail.ts';

/** One way to fix, and how many open findings it is for. */
export interface Fix {
  readonly text: string;
  readonly findings: number;
}

/** The fixes of the open findings, each text once, what fixes most first, else as they came. */
export function fixesOf(findings: readonly Finding[]): Fix[] {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    if (finding.state !== 'open' || finding.fix === null) continue;
    counts.set(finding.fix, (counts.get(finding.fix) ?? 0) + 1);
  }
  return [...counts]
    .map(([text, count]) => ({ text, findings: count }))
    .sort((a, b) => b.findings - a.findings);
}

/** A line of a file that has to change, and the resource that the file is of. */
interface FixPlace {
  readonly place: string;
  readonly on: string;
}

/** Where the open findings are, for those that are in files with lines: each place once, as they came. */
export function placesOf(findings: readonly Finding[]): FixPlace[] {
  const places = new Map<string, FixPlace>();
  for (const { state, resource, sightings } of findings) {
    if (state !== 'open') continue;
    for (const { goneAt, locations } of sightings)
      for (const place of goneAt === null ? locations : [])
        if (/\S:\d+(?:\s|$)/.test(place)) places.set(`${resource.id} ${place}`, { place, on: resource.name });
  }
  return [...places.values()];
}
