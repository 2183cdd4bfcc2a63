import { Readable } from 'node:stream';
import { extract, type Header } from 'tar-stream';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';
import type { InputLimits } from '#domain/ports/input-limits.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { memberLabel, memberRefusal } from './archive-member.ts';
import { type ByteSource, decodeReport, isZip } from './decode-report.ts';
import { GrowthLimit } from './growth-limit.ts';
import { refusedMember } from './refused-member.ts';

/** A header of an archive, and what its members are padded to. */
export const TAR_BLOCK_BYTES = 512;
const CHECKSUM_AT = 148;
const CHECKSUM_BYTES = 8;
const MARK_AT = 257;
/** A member of a stream can not be begun again, so each is kept while it is read. */
const MEMBER_BYTES_MAX = 64 * 1024 * 1024;

/** True for the first block of a tar archive (POSIX and GNU): its mark, and a checksum that is right. */
export function isTar(first: Uint8Array): boolean {
  const block = Buffer.from(first.buffer, first.byteOffset, Math.min(first.length, TAR_BLOCK_BYTES));
  if (block.length < TAR_BLOCK_BYTES || block.toString('latin1', MARK_AT, MARK_AT + 5) !== 'ustar')
    return false;
  const said = Number.parseInt(block.toString('latin1', CHECKSUM_AT, CHECKSUM_AT + CHECKSUM_BYTES), 8);
  // The checksum itself counts as blanks.
  const rest = Buffer.concat([block.subarray(0, CHECKSUM_AT), block.subarray(CHECKSUM_AT + CHECKSUM_BYTES)]);
  return rest.reduce((sum, byte) => sum + byte, CHECKSUM_BYTES * 0x20) === said;
}

/**
 * The members of a tar archive as reports. Folders and what macOS puts beside files are left out. A member is valid until
 * the next one is asked for. Throws `too_large` for an archive with too many members and `report_broken` where it is
 * damaged or cut off, behind the members before; what is wrong with one member it throws when it is opened (reliability §6.1).
 *
 * @param source the archive, decompressed
 * @param compressedBytes how large the archive is as it came
 */
export async function* openTar(
  source: ByteSource,
  name: string,
  compressedBytes: number,
  limits: InputLimits,
): AsyncGenerator<ReportInput> {
  const growth = new GrowthLimit(compressedBytes, limits);
  const entries = extract();
  const stream = Readable.from(source, { objectMode: false });
  stream.on('error', (cause) => entries.destroy(cause));
  stream.pipe(entries);
  let members = 0;
  try {
    for await (const entry of entries) {
      if (++members > limits['archive-members']) throw tooMany(name, limits['archive-members']);
      const label = memberLabel(entry.header.name.replace(/^(?:\.\/)+/, ''));
      const memberName = `${name}!${label}`;
      if (isNoReport(entry.header, label)) {
        entry.resume();
        continue;
      }
      const refusal = refusalOf(entry.header, label, name);
      if (refusal !== null) {
        entry.resume();
        yield refusedMember(memberName, refusal);
        continue;
      }
      const chunks: Uint8Array[] = [];
      for await (const chunk of entry) chunks.push(chunk as Uint8Array);
      const counted = growth.forMember();
      // A few chunks, as the first may be of a byte.
      if (isZip(Buffer.concat(chunks.slice(0, 4))))
        yield refusedMember(memberName, archiveInside(memberName));
      else yield { name: memberName, open: () => counted(decodeReport(chunks, limits)) };
    }
  } catch (cause) {
    throw cause instanceof InboxError ? cause : broken(name, cause);
  } finally {
    stream.destroy();
    entries.destroy();
  }
}

function isNoReport({ type }: Header, label: string): boolean {
  const file = label.split('/').at(-1) ?? '';
  return type === 'directory' || label === '' || file === '.DS_Store' || file.startsWith('._');
}

function refusalOf({ name, type, size = 0 }: Header, label: string, archive: string): InboxError | null {
  const strange = type === 'file' || type === 'contiguous-file' ? null : strangeKind(type);
  const named = { name, nameBytes: Buffer.byteLength(name), strange };
  const refusal = memberRefusal(named, label, archive);
  if (refusal !== null || size <= MEMBER_BYTES_MAX) return refusal;
  return new InboxError(
    'too_large',
    `"${archive}!${label}" is larger than the 64 MB that a member of a tar archive may have. Unpack the archive and import the folder, or pack it as zip.`,
  );
}

function strangeKind(type: Header['type']): string {
  return type === 'symlink' || type === 'link' ? 'a link' : 'a device, pipe or socket';
}

function archiveInside(memberName: string): InboxError {
  return new InboxError(
    'report_too_deep',
    `"${memberName}" is an archive in an archive. Unpack the outer one and import what is in it.`,
  );
}

function tooMany(name: string, most: number): InboxError {
  return new InboxError(
    'too_large',
    `The archive "${name}" has more than ${most} members. Unpack it and import the folder, or raise archive-members of SECURITY_INBOX_LIMITS.`,
  );
}

function broken(name: string, cause: unknown): InboxError {
  return new InboxError(
    'report_broken',
    `The archive "${name}" is damaged or cut off; what stands before the damage is read: ${oneLine(String((cause as Error).message), 200)}.`,
    { cause },
  );
}
