import type { JsonValue } from '#base/json-value.ts';
import type { ReportHead } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { describeJsonHead } from './json-head.ts';
import { rootOfXml } from './xml-records.ts';

/** How much of a report is looked at to tell whose it is. */
export const HEAD_BYTES = 256 * 1024;

/**
 * Says what the beginning of a report looks like. Never throws: a text that is cut off, broken or
 * hostile gives what could be understood of it, at the least its text.
 */
export function describeHead(name: string, bytes: Uint8Array): ReportHead {
  const text = textOf(bytes);
  const start = text.search(/\S/);
  if (start < 0) return head(name, 'empty', text);
  if (text[start] === '<') {
    const root = rootOfXml(text.slice(start));
    return root === null ? head(name, 'text', text) : { ...head(name, 'xml', text), root };
  }
  const json = describeJsonHead(text, start);
  return json === null ? head(name, 'text', text) : head(name, json.shape, text, json.value);
}

function textOf(bytes: Uint8Array): string {
  const length = Math.min(bytes.length, HEAD_BYTES);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

const heads = new WeakMap<ReportInput, ReportHead>();

/** The head of an input: its first bytes, read and described. */
export async function readHead(input: ReportInput): Promise<ReportHead> {
  const known = heads.get(input);
  if (known !== undefined) return known;
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of input.open()) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= HEAD_BYTES) break;
  }
  const read = describeHead(input.name, Buffer.concat(chunks));
  heads.set(input, read);
  return read;
}

function head(name: string, shape: ReportHead['shape'], text: string, json: JsonValue = null): ReportHead {
  return { name, shape, json, root: null, text };
}
