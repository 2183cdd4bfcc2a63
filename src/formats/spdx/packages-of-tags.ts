import { InboxError } from '#base/inbox-error.ts';
import { textLines } from '#base/text-lines.ts';
import { isAboutSecurity, type SpdxItem, type SpdxPackage } from './spdx-item.ts';

const LINE_MAX = 1024 * 1024;
const REFERENCES_MAX = 10_000;

interface OpenPackage {
  name: string;
  version: string | undefined;
  purl: string | undefined;
  purpose: string | undefined;
  references: SpdxPackage['references'][number][];
}

const DOCUMENT_TAGS = {
  SPDXVersion: 'version',
  DocumentName: 'name',
  Created: 'created',
  Creator: 'creator',
} as const;

/** The packages of a document of tags and values, one by one, and what it says of itself. */
export async function* packagesOfTags(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SpdxItem> {
  let open: OpenPackage | null = null;
  let isInText = false;
  let number = 0;
  const tooLong = () =>
    new InboxError(
      'too_large',
      'Expected lines of at most 1 MB, found a longer one; no tag needs that. Write the document as JSON.',
    );
  for await (const { text } of textLines(bytes, LINE_MAX, tooLong)) {
    number++;
    // Values of several lines stand between <text> and </text>.
    if (isInText) {
      isInText = !text.includes('</text>');
      continue;
    }
    const colon = text.indexOf(':');
    if (colon <= 0 || text.startsWith('#')) continue;
    const tag = text.slice(0, colon).trim();
    const value = text.slice(colon + 1).trim();
    isInText = value.includes('<text>') && !value.includes('</text>');
    if (Object.hasOwn(DOCUMENT_TAGS, tag))
      yield { kind: 'document', key: DOCUMENT_TAGS[tag as keyof typeof DOCUMENT_TAGS], text: value };
    else if (tag === 'PackageName' || tag === 'FileName' || tag === 'SnippetSPDXID') {
      if (open !== null) yield { kind: 'package', value: open };
      open =
        tag === 'PackageName'
          ? { name: value, version: undefined, purl: undefined, purpose: undefined, references: [] }
          : null;
    } else if (open !== null) addTag(open, tag, value, number);
  }
  if (open !== null) yield { kind: 'package', value: open };
}

function addTag(open: OpenPackage, tag: string, value: string, number: number): void {
  if (tag === 'PackageVersion') open.version = value;
  if (tag === 'PrimaryPackagePurpose') open.purpose = value;
  if (tag !== 'ExternalRef') return;
  const [category, type, locator] = value.split(/\s+/, 3);
  if (type === 'purl') open.purl ??= locator;
  if (isAboutSecurity(category, type) && open.references.length < REFERENCES_MAX)
    open.references.push({ at: `line ${number}`, type: type ?? '', locator: locator ?? '' });
}
