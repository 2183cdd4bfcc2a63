import { type Entry, fromBufferPromise, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { decodeReport, refuseBomb } from './decode-report.ts';

/** Where the archive is: in a file, or in memory. */
export type ZipSource = { readonly path: string } | { readonly bytes: Buffer };

const MEMBERS_MAX = 2_000;
const NESTING_MAX = 2;
const NESTED_BYTES_MAX = 64 * 1024 * 1024;
const NAME_LENGTH_MAX = 255;

const UNIX = 3;
const FILE_TYPE_MASK = 0o170000;
const SYMBOLIC_LINK = 0o120000;

/** True for the first bytes of a zip archive, also of an empty one. */
export function isZip(first: Uint8Array): boolean {
  return (
    first[0] === 0x50 &&
    first[1] === 0x4b &&
    ((first[2] === 3 && first[3] === 4) || (first[2] === 5 && first[3] === 6))
  );
}

/**
 * The members of a zip archive as reports, archives in it included, two deep. Folders, symbolic
 * links and what macOS puts beside files are left out. A member is valid until the next one is
 * asked for. Throws for an archive that cannot be listed or is too large; a member that cannot be
 * read throws when it is opened.
 */
export async function* openZip(source: ZipSource, name: string, nesting = 1): AsyncGenerator<ReportInput> {
  const zip = await openArchive(source, name);
  try {
    for (const entry of await listEntries(zip, name)) {
      const label = labelOf(entry);
      if (isNoReport(entry, label)) continue;
      const member = {
        name: `${name}!${label}`,
        open: () => decodeReport(readEntry(zip, entry, `${name}!${label}`)),
      };
      if (await isNestedZip(zip, entry)) yield* openNested(zip, entry, member.name, nesting);
      else yield member;
    }
  } finally {
    zip.close();
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

async function listEntries(zip: ZipFile, name: string): Promise<Entry[]> {
  if (zip.entryCount > MEMBERS_MAX) {
    throw new InboxError(
      'too_large',
      `The archive "${name}" has more than ${MEMBERS_MAX} members. Unpack it and import the folder.`,
    );
  }
  const entries: Entry[] = [];
  let declared = 0;
  try {
    for await (const entry of zip.eachEntry()) {
      // While a member is read the library holds it to the size that is declared here.
      declared += entry.uncompressedSize;
      refuseBomb(zip.fileSize, declared);
      entries.push(entry);
    }
  } catch (cause) {
    throw broken(name, cause);
  }
  return entries;
}

async function* readEntry(zip: ZipFile, entry: Entry, name: string): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted()) {
    throw new InboxError(
      'report_encrypted',
      `"${name}" is encrypted. Unpack the archive and import the report itself.`,
    );
  }
  // The archive as a whole may be dense enough for all of it, and one member still be a bomb.
  refuseBomb(entry.compressedSize, entry.uncompressedSize);
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
): AsyncGenerator<ReportInput> {
  try {
    yield* openZip({ bytes: await readNested(zip, entry, name, nesting) }, name, nesting + 1);
  } catch (refusal) {
    if (!(refusal instanceof InboxError)) throw refusal;
    yield refused(name, refusal);
  }
}

async function readNested(zip: ZipFile, entry: Entry, name: string, nesting: number): Promise<Buffer> {
  if (nesting >= NESTING_MAX) {
    throw new InboxError(
      'too_large',
      `"${name}" is an archive nested deeper than ${NESTING_MAX}. Unpack it and import what is in it.`,
    );
  }
  if (entry.uncompressedSize > NESTED_BYTES_MAX) {
    throw new InboxError(
      'too_large',
      `"${name}" is an archive of more than 64 MB inside another. Unpack the outer one first.`,
    );
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of readEntry(zip, entry, name)) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** An input that only says why it cannot be read. */
function refused(name: string, refusal: InboxError): ReportInput {
  return {
    name,
    open: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(refusal) }) }),
  };
}

/** The member's name, as a label of one line. */
function labelOf(entry: Entry): string {
  return oneLine(
    getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false),
    NAME_LENGTH_MAX,
  );
}

function isNoReport(entry: Entry, label: string): boolean {
  if (label.endsWith('/') || label.startsWith('__MACOSX/') || label.split('/').at(-1) === '.DS_Store')
    return true;
  return (
    entry.versionMadeBy >> 8 === UNIX &&
    ((entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK) === SYMBOLIC_LINK
  );
}

function broken(name: string, cause: unknown): unknown {
  if (cause instanceof InboxError) return cause;
  return new InboxError(
    'report_broken',
    `The archive "${name}" is damaged or of a kind that cannot be read: ${oneLine(String((cause as Error).message), 200)}.`,
    { cause },
  );
}
