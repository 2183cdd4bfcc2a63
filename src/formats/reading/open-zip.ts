import { type Entry, fromBufferPromise, openPromise, type ZipFile } from 'yauzl';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { InputLimits } from '#domain/ports/input-limits.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { type ArchiveMember, archiveMember } from './archive-member.ts';
import { decodeReport, isZip } from './decode-report.ts';
import { GrowthLimit, refuseBomb } from './growth-limit.ts';
import { refusedMember } from './refused-member.ts';

/** Where the archive is: in a file, or in memory. */
export type ZipSource = { readonly path: string } | { readonly bytes: Buffer };

/** How deep an archive may lie in archives: in one. */
const NESTING_MAX = 1;
const NESTED_BYTES_MAX = 64 * 1024 * 1024;
const LOCAL_HEADER_BYTES = 30;

/** What the members of one file have in common, those of an archive in it included. */
class Bounds {
  readonly limits: InputLimits;
  readonly growth: GrowthLimit;
  #members = 0;

  constructor(compressedBytes: number, limits: InputLimits) {
    this.limits = limits;
    this.growth = new GrowthLimit(compressedBytes, limits);
  }

  addMembers(count: number, name: string): void {
    this.#members += count;
    const most = this.limits['archive-members'];
    if (this.#members > most)
      throw new InboxError(
        'too_large',
        `The archive "${name}" has more than ${most} members. Unpack it and import the folder, or raise archive-members of SECURITY_INBOX_LIMITS.`,
      );
  }
}

/**
 * The members of a zip archive as reports, those of an archive in it included, but of none deeper. Folders and what
 * macOS puts beside files are left out. A member is valid until the next one is asked for. Throws for an archive that
 * cannot be listed, is too large or whose members share bytes; a member that cannot be read throws when it is opened
 * (reliability §6.1).
 */
export async function* openZip(
  source: ZipSource,
  name: string,
  limits: InputLimits,
): AsyncGenerator<ReportInput> {
  const zip = await openArchive(source, name);
  try {
    yield* membersOf(zip, name, 0, new Bounds(zip.fileSize, limits));
  } finally {
    zip.close();
  }
}

async function* membersOf(
  zip: ZipFile,
  name: string,
  nesting: number,
  bounds: Bounds,
): AsyncGenerator<ReportInput> {
  for (const { entry, label, refusal } of await listMembers(zip, name, bounds)) {
    const memberName = `${name}!${label}`;
    if (refusal !== null) yield refusedMember(memberName, refusal);
    else if (await isNestedZip(zip, entry)) yield* openNested(zip, entry, memberName, nesting + 1, bounds);
    else {
      const counted = bounds.growth.forMember();
      yield {
        name: memberName,
        open: () => counted(decodeReport(readEntry(zip, entry, memberName, bounds.limits), bounds.limits)),
      };
    }
  }
}

async function openArchive(source: ZipSource, name: string): Promise<ZipFile> {
  // Without `decodeStrings` the library does not refuse a whole archive because of one member's name.
  const options = { lazyEntries: true, autoClose: false, decodeStrings: false };
  try {
    return 'path' in source
      ? await openPromise(source.path, options)
      : await fromBufferPromise(source.bytes, options);
  } catch (cause) {
    throw broken(name, cause);
  }
}

async function listMembers(zip: ZipFile, name: string, bounds: Bounds): Promise<readonly ArchiveMember[]> {
  bounds.addMembers(zip.entryCount, name);
  // A number, whatever its type says. The library moves it on while it lists; now it is where the list begins.
  const listAt = Number(zip.readEntryCursor);
  const entries: Entry[] = [];
  let declared = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      // While a member is read the library holds it to the size that is declared here.
      declared += entry.uncompressedSize;
      refuseBomb(zip.fileSize, declared, bounds.limits);
      entries.push(entry);
    }
  } catch (cause) {
    throw broken(name, cause);
  }
  await refuseOverlaps(zip, entries, listAt, name);
  return entries.map((entry) => archiveMember(entry, name)).filter((member) => member !== null);
}

/** Members that share bytes make of a small archive a large one. */
async function refuseOverlaps(
  zip: ZipFile,
  entries: readonly Entry[],
  listAt: number,
  name: string,
): Promise<void> {
  const begins = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  for (const [index, entry] of begins.entries()) {
    const next = begins[index + 1]?.relativeOffsetOfLocalHeader ?? listAt;
    if ((await endOf(zip, entry)) <= next) continue;
    throw new InboxError(
      'report_broken',
      `Members of the archive "${name}" overlap; no program that packs files makes such an archive. Pack the reports again.`,
    );
  }
}

async function endOf(zip: ZipFile, entry: Entry): Promise<number> {
  try {
    const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true });
    return fileDataStart + entry.compressedSize;
  } catch {
    // What is wrong with it the member says when it is opened; no header is shorter than this.
    return entry.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES;
  }
}

async function* readEntry(
  zip: ZipFile,
  entry: Entry,
  name: string,
  limits: InputLimits,
): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted()) {
    throw new InboxError(
      'report_encrypted',
      `"${name}" is encrypted. Unpack the archive and import the report itself.`,
    );
  }
  // The archive as a whole may be dense enough for all of it, and one member still be a bomb.
  refuseBomb(entry.compressedSize, entry.uncompressedSize, limits);
  try {
    yield* await zip.openReadStreamPromise(entry);
  } catch (cause) {
    throw broken(name, cause);
  }
}

async function isNestedZip(zip: ZipFile, entry: Entry): Promise<boolean> {
  if (entry.isEncrypted() || !entry.canDecodeFileData()) return false;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) return isZip(chunk as Uint8Array);
  } catch {
    // A damaged member says so when it is opened as a report.
  }
  return false;
}

async function* openNested(
  zip: ZipFile,
  entry: Entry,
  name: string,
  nesting: number,
  bounds: Bounds,
): AsyncGenerator<ReportInput> {
  try {
    const inner = await openArchive(
      { bytes: await readNested(zip, entry, name, nesting, bounds.limits) },
      name,
    );
    yield* membersOf(inner, name, nesting, bounds);
  } catch (refusal) {
    if (!(refusal instanceof InboxError)) throw refusal;
    yield refusedMember(name, refusal);
  }
}

async function readNested(
  zip: ZipFile,
  entry: Entry,
  name: string,
  nesting: number,
  limits: InputLimits,
): Promise<Buffer> {
  if (nesting > NESTING_MAX) {
    throw new InboxError(
      'report_too_deep',
      `"${name}" is an archive in an archive in an archive. Unpack it and import what is in it.`,
    );
  }
  if (entry.uncompressedSize > NESTED_BYTES_MAX) {
    throw new InboxError(
      'too_large',
      `"${name}" is an archive of more than 64 MB inside another. Unpack the outer one first.`,
    );
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of readEntry(zip, entry, name, limits)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function broken(name: string, cause: unknown): unknown {
  if (cause instanceof InboxError) return cause;
  return new InboxError(
    'report_broken',
    `The archive "${name}" is damaged or of a kind that cannot be read: ${oneLine(String((cause as Error).message), 200)}.`,
    { cause },
  );
}
