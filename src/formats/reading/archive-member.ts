import { type Entry, getFileNameLowLevel } from 'yauzl';
import { InboxError } from '#base/inbox-error.ts';
import { oneLine } from '#base/text.ts';

const NAME_BYTES_MAX = 255;

/** The type of a file as Unix keeps it in the upper half of an entry's attributes. */
const UNIX = 3;
const FILE_TYPE_MASK = 0o170000;
const FILE = 0o100000;
const FOLDER = 0o040000;
const SYMBOLIC_LINK = 0o120000;

/** An entry of a zip archive, as the import sees it. */
export interface ArchiveMember {
  readonly entry: Entry;
  /** Its name as a label of one line; never a path. */
  readonly label: string;
  /** Why it is not read whatever it holds; null: it may be. */
  readonly refusal: InboxError | null;
}

/** A member of an archive of any kind, by what it is called. */
interface NamedMember {
  readonly name: string;
  readonly nameBytes: number;
  /** What it is where it is no file; null for a file. */
  readonly strange: string | null;
}

/** The name of a member as a label of one line. */
export function memberLabel(name: string): string {
  return oneLine(name, NAME_BYTES_MAX);
}

/** What an entry is; null for folders and what macOS puts beside files, which are no reports. */
export function archiveMember(entry: Entry, archive: string): ArchiveMember | null {
  const name = nameOf(entry);
  const label = memberLabel(name);
  const type = typeOf(entry);
  if (type === FOLDER || label.endsWith('/') || label.startsWith('__MACOSX/')) return null;
  if (label.split('/').at(-1) === '.DS_Store') return null;
  const named = { name, nameBytes: entry.fileNameRaw.length, strange: wrongType(type) };
  return { entry, label, refusal: memberRefusal(named, label, archive) };
}

/** Reliability §6.1: what no archive of reports holds, and what is made to leave the folder that it is unpacked in. */
export function memberRefusal(
  { name, nameBytes, strange }: NamedMember,
  label: string,
  archive: string,
): InboxError | null {
  if (nameBytes > NAME_BYTES_MAX)
    return new InboxError(
      'too_large',
      `A member of "${archive}" has a name of more than ${NAME_BYTES_MAX} bytes. Rename it and pack it again.`,
    );
  const found = wrongName(name) ?? strange;
  if (found === null) return null;
  return new InboxError(
    'report_broken',
    `"${archive}!${label}" is ${found}; files with names inside the archive are expected. Pack the reports themselves.`,
  );
}

function wrongName(name: string): string | null {
  if (name.includes('\0')) return 'a name with a NUL character';
  if (/^(\/|[A-Za-z]:)/.test(name)) return 'an absolute path';
  if (name.split('/').includes('..')) return 'a path that leaves the archive';
  return null;
}

function wrongType(type: number): string | null {
  if (type === 0 || type === FILE) return null;
  return type === SYMBOLIC_LINK ? 'a symbolic link' : 'a device, pipe or socket';
}

/** With `/` between folders, also where Windows wrote its own. */
function nameOf(entry: Entry): string {
  return getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
}

function typeOf(entry: Entry): number {
  return entry.versionMadeBy >> 8 === UNIX ? (entry.externalFileAttributes >>> 16) & FILE_TYPE_MASK : 0;
}
