import type { Instant } from '#base/instant.ts';
import { AWS_PRIVILEGE_TYPES } from '#domain/risk/aws-privileged-access.ts';
import type { Connection } from '../database.ts';
import type { AppliedScan } from '../import/applied-scan.ts';
import { recountImage } from '../import/recount-image.ts';
import { IssueIds } from '../issue-ids.ts';
import type { Organisation } from '../organisation.ts';
import { addIssuesSpokenOf } from './add-issues-spoken-of.ts';
import { addIssuesTouching } from './add-issues-touching.ts';
import { awsEstates } from './aws-organisation.ts';
import { saveWords } from './declared-words.ts';
import { evaluateEstates, isAws } from './evaluate-estates.ts';
import { deletedResources, dropGoneResources, type GoneResources } from './gone-resources.ts';
import { completeLists, inventoryUnits, saveInventoryCoverage } from './inventory-coverage.ts';
import { withoutLaterLooks } from './later-looks.ts';
import { NO_MACHINES_MOVED, saveOutsideMachines } from './outside-machines.ts';
import { placeResources } from './place-resources.ts';
import { fileByProjectId } from './project-accounts.ts';
import { saveAliases } from './save-aliases.ts';
import { allResourceKeys, keysMadeFrom, saveCatalogue } from './save-catalogue.ts';
import { saveCreators } from './save-creators.ts';
import { saveData } from './save-data.ts';
import { saveDnsNames } from './save-dns-names.ts';
import { saveMembers } from './save-members.ts';
import { saveRelations } from './save-relations.ts';
import { mentionResources, saveCoverage, saveResources } from './save-resources.ts';
import { saveSignals } from './save-signals.ts';
import { addressesLookedAt, estatesWithAddresses } from './seen-answers.ts';
import { attackedBeside } from './spread-attacks.ts';

export interface AppliedEstate {
  /** Whether anything was said of any resource. */
  readonly isMoved: boolean;
  /** The issues to assess anew. */
  readonly issueIds: Iterable<string>;
  readonly gone: Pick<GoneResources, 'closed' | 'held' | 'heldWhy'>;
  /** Entries of a catalogue that it no longer names. */
  readonly takenBack: number;
  /** Stores of which something was said, and that no inventory describes. */
  readonly storesUnknown: readonly string[];
}

/** Stores resources, relations and signals of a scan, and evaluates the estates that they touch. */
export async function applyEstate(
  connection: Connection,
  organisation: Organisation,
  now: Instant,
  scanId: string,
  told: AppliedScan,
): Promise<AppliedEstate> {
  const touched = new Set<string>();
  const estates = new Set<string>();
  const filed = await fileByProjectId(connection, organisation, told, touched);
  const scan = await withoutLaterLooks(connection, organisation.shard, filed);
  const cluster = listedCluster(scan);
  if (cluster !== null) estates.add(cluster);
  await mentionResources(connection, organisation.shard, scan, touched);
  const deleted = deletedResources(scan);
  const { described, movesPrivileges, movesOrganisation, before } = await saveResources(
    connection,
    organisation,
    scan,
    deleted,
    touched,
    estates,
  );
  await saveWords(connection, organisation.shard, scan, touched);
  if (cluster !== null) await saveCoverage(connection, organisation.shard, scan, cluster);
  if (movesOrganisation)
    for (const estate of await awsEstates(connection, organisation.shard)) estates.add(estate);
  const lookedAt = await estatesWithAddresses(connection, organisation.shard, addressesLookedAt(scan));
  for (const estate of lookedAt) estates.add(estate);
  const units = inventoryUnits(scan, cluster);
  const gone = await dropGoneResources(connection, organisation, scan, units, deleted, described);
  for (const estate of gone.estates) estates.add(estate);
  const types = units.map(({ type }) => type);
  const allBefore = await completeLists(connection, organisation.shard, units, types);
  const listsBefore = await completeLists(connection, organisation.shard, units, AWS_PRIVILEGE_TYPES);
  await saveInventoryCoverage(connection, organisation.shard, scanId, scan, units, gone.heldBy);
  const lists = await completeLists(connection, organisation.shard, units, AWS_PRIVILEGE_TYPES);
  const listsMove = (await completeLists(connection, organisation.shard, units, types)) !== allBefore;
  const othersMove = lists !== listsBefore || [...gone.estates].some(isAws);
  const images = await saveRelations(connection, organisation, scan, touched);
  for (const image of gone.images) images.add(image);
  await saveMembers(connection, organisation.shard, scan, touched);
  const named = await saveAliases(connection, organisation.shard, scan);
  // The planner would take tables that have just been filled for small ones until the server looks at them by itself.
  if (described.size >= ANALYZE_FROM)
    await connection.query('analyze resource (shard, key, estate, type), resource_alias (shard, alias, key)');
  const aliases = new Set([...named, ...(await saveDnsNames(connection, organisation.shard, scan, named))]);
  const storesUnknown = await saveData(connection, organisation.shard, scan, touched);
  const created = await saveCreators(connection, organisation.shard, scan);
  const { names } = await saveSignals(connection, organisation, now, scan, touched);
  const catalogue = await saveCatalogue(connection, organisation.shard, scan);
  for (const repository of catalogue.repositories) touched.add(repository);
  const outside = [...estates].some(isAws)
    ? await saveOutsideMachines(connection, organisation)
    : NO_MACHINES_MOVED;
  for (const key of [...outside.told.keys(), ...outside.left]) touched.add(key);
  for (const estate of outside.estates) estates.add(estate);
  const placed = await placeResources(
    connection,
    organisation.shard,
    estates,
    new Set([
      ...described,
      ...touched,
      ...created,
      ...(await runnersOfImages(connection, organisation.shard, touched)),
      ...(await keysMadeFrom(connection, organisation.shard, catalogue.repositories)),
      ...(catalogue.isMoved ? await allResourceKeys(connection, organisation.shard) : []),
    ]),
  );
  for (const key of placed.keys) touched.add(key);
  for (const key of await attackedBeside(connection, organisation.shard, now, {
    keys: touched,
    names: new Set([...aliases, ...names]),
  }))
    touched.add(key);
  for (const key of await evaluateEstates(
    connection,
    organisation,
    now,
    estates,
    movesPrivileges || othersMove ? 'all' : 'exposure',
    before === null || gone.estates.size > 0 || listsMove || movesOrganisation || lookedAt.length > 0
      ? null
      : new Map([...before, ...outside.told]),
  ))
    touched.add(key);
  const issueIds = new IssueIds();
  await addIssuesTouching(
    connection,
    organisation,
    new Set([...touched, ...gone.images, ...gone.keys]),
    issueIds,
    placed.leftServices,
  );
  issueIds.addAll(gone.issueIds);
  await addIssuesSpokenOf(connection, organisation, catalogue.advisories, issueIds);
  for (const imageKey of images)
    await recountImage(connection, organisation, now, imageKey, scan.end.reportAt, issueIds);
  const isMoved = touched.size > 0 || estates.size > 0 || gone.estates.size > 0;
  return { isMoved, issueIds, gone, takenBack: catalogue.takenBack, storesUnknown };
}

const ANALYZE_FROM = 2_000;

/** What runs one of these images: it may be a part of the service that the image was built for. */
async function runnersOfImages(
  connection: Connection,
  shard: bigint,
  keys: ReadonlySet<string>,
): Promise<readonly string[]> {
  const images = [...keys].filter((key) => key.startsWith('image:'));
  if (images.length === 0) return [];
  const result = await connection.query<{ key: string }>({
    name: 'runners-of-images',
    text: `select distinct from_key as key from relation where shard = $1 and kind = 'runs-image' and to_key = any($2::text[])`,
    values: [shard, images],
  });
  return result.rows.map(({ key }) => key);
}

/** The cluster of which this scan is an inventory; null for any other scan. */
function listedCluster({ request, inventoryCovers }: AppliedScan): string | null {
  const cluster = request.scope.keys['cluster'];
  return cluster === undefined || inventoryCovers.size === 0 ? null : `k8s:${cluster}`;
}
