import { deflateRawSync } from 'node:zlib';

/** One member of an archive that a test makes. */
export interface Member {
  readonly name: string | Buffer;
  readonly body: string | Buffer;
  readonly stored?: boolean;
  readonly encrypted?: boolean;
  readonly method?: number;
  readonly mode?: number;
  /** Stands for the data of the member before it, whose place it claims. */
  readonly isOverlay?: boolean;
  /** The size that the archive's list claims. */
  readonly declared?: number;
}

/** A zip archive of these members, byte by byte, so that it can also be wrong. */
export function zip(...members: readonly Member[]): Buffer {
  const locals: Buffer[] = [];
  const list: Buffer[] = [];
  let offset = 0;
  let previous = 0;
  for (const {
    name,
    body,
    stored = false,
    encrypted = false,
    method = stored ? 0 : 8,
    mode = 0o100644,
    declared,
    isOverlay = false,
  } of members) {
    const plain = Buffer.from(body as string);
    const data = stored ? plain : deflateRawSync(plain);
    const label = Buffer.from(name as string);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800 | (encrypted ? 1 : 0), 2);
    common.writeUInt16LE(method, 4);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(declared ?? plain.length, 18);
    common.writeUInt16LE(label.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, label, data]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(mode * 0x10000, 6);
    tail.writeUInt32LE(isOverlay ? previous : offset, 10);
    list.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), common, tail, label);
    if (isOverlay) continue;
    locals.push(local);
    previous = offset;
    offset += local.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006'), end]);
}
