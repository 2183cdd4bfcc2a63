import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImportOptions } from '../../src/app/import/import-options.ts';
import { showResources } from '../../src/app/show-resources.ts';
import { isPublic } from '../../src/domain/exposure/audience.ts';
import type { ResourceView } from '../../src/domain/ports/resource-store.ts';
import { DETECTED_RISKS } from '../../src/domain/risk/detected-risk.ts';
import { imported, type TestInbox } from './test-inbox.ts';

const WORLDS = join(import.meta.dirname, '../worlds/reasoned');

/** Imports what a world of `test/worlds/reasoned` holds, but for its tables. */
export async function importWorld(
  inbox: TestInbox,
  world: string,
  options: (file: string) => Partial<ImportOptions>,
  { isBackwards = false } = {},
): Promise<void> {
  const names = readdirSync(join(WORLDS, world)).sort();
  for (const name of isBackwards ? names.toReversed() : names) {
    if (name.endsWith('.txt')) continue;
    imported(await inbox.importReport(readFileSync(join(WORLDS, world, name), 'utf8'), options(name), name));
  }
}

/** One file of a world as text. */
export function worldFile(world: string, name: string): string {
  return readFileSync(join(WORLDS, world, name), 'utf8');
}

/**
 * The rows of a table that somebody worked out by hand, by their first cell: columns parted by ` | `, a heading first,
 * the reason last; lines that begin with `#` part the rows.
 */
export function reasonedTable(world: string, file: string): ReadonlyMap<string, readonly string[]> {
  const [, ...lines] = readFileSync(join(WORLDS, world, file), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const rows = lines.map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(rows.map(([name = '', ...cells]) => [name, cells.slice(0, -1)]));
}

/** What the program says of the resources of a table `expected.txt`, in its columns; `prefix` stands before each name. */
export async function toldResources(
  inbox: TestInbox,
  names: Iterable<string>,
  prefix: string,
  cellsOf: (view: ResourceView) => readonly string[] = cellsOfRisks,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const told = new Map<string, readonly string[]>();
  for (const name of names) {
    const key = name.startsWith('//') ? `gcp:${name}` : `${prefix}${name}`;
    const [view] = await showResources(inbox.ctx, { ids: [key] });
    told.set(name, view === null || view === undefined ? ['not known'] : cellsOf(view));
  }
  return told;
}

/** Where a resource belongs: its owners, the one that wins first, environment, services and data. */
export function cellsOfPlace(view: ResourceView): readonly string[] {
  return [
    view.owners.map(({ name, reason }) => `${name} (${reason})`).join('; '),
    view.environment ?? '',
    view.production.state,
    view.services.join(', '),
    view.attribution?.data.dataClass ?? '',
    (view.attribution?.data.types ?? []).join(', '),
  ];
}

function cellsOfRisks(view: ResourceView): readonly string[] {
  const ways = view.exposure
    .filter(({ verdict, audience }) => verdict === 'yes' && isPublic(audience))
    .map(({ audience, surface, auth }) => `${audience} ${surface} ${auth}`);
  return [
    view.publiclyAccessible.state,
    [...new Set(ways)].sort().join(', '),
    view.privilege.level,
    view.production.state,
  ];
}

/** The whole ranked list in the columns of a table `issues.txt`, in order; `names` are what tells its rows apart, parts of their keys. */
export async function toldIssues(
  inbox: TestInbox,
  names: Iterable<string>,
): Promise<readonly (readonly string[])[]> {
  const known = [...names];
  return (await inbox.list()).map((row) => [
    known.find((name) => row.key.includes(name) || row.title.includes(name)) ?? `${row.type}: ${row.title}`,
    row.severity,
    DETECTED_RISKS.filter((risk) => row.riskStates[risk] === 'yes').join(', '),
    String(row.resources),
    String(row.services),
    row.isAdmitted ? [...row.admittedBy].sort().join(', ') : '',
  ]);
}
