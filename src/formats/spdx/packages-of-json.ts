import { asArray, asObject, asText, asTexts, at, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import { noObject, unreadable } from '../reading/read-entries.ts';
import { isAboutSecurity, type SpdxItem, type SpdxPackage } from './spdx-item.ts';

/** GitHub wraps a document in `sbom`. */
const PATTERNS = ['packages.*', 'sbom.packages.*'];
const UNREAD = ['files', 'relationships', 'snippets', 'annotations', 'hasExtractedLicensingInfos'];
const NOUN = 'a package';

/** The packages of a document in JSON, one by one, and what it says of itself. */
export async function* packagesOfJson(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<SpdxItem> {
  const skip = UNREAD.flatMap((name) => [name, `sbom.${name}`]);
  for await (const event of sliceJson(bytes, { patterns: PATTERNS, skip })) {
    if (event.kind === 'bad')
      yield { kind: 'bad', reject: rejected(unreadable(event.path, NOUN, event.message)) };
    else if (event.kind === 'close') yield* saidOf(event.value);
    else {
      const value = asObject(event.value);
      if (value === undefined) yield { kind: 'bad', reject: rejected(noObject(event.path, NOUN)) };
      else yield { kind: 'package', value: packageOf(value, event.path) };
    }
  }
}

function rejected(item: ReturnType<typeof noObject>) {
  return item as Extract<typeof item, { kind: 'reject' }>;
}

function* saidOf(document: JsonObject): Generator<SpdxItem> {
  const said = [
    ['version', asText(document.spdxVersion)],
    ['name', asText(document.name)],
    ['created', asText(at(document, 'creationInfo', 'created'))],
    ...asTexts(at(document, 'creationInfo', 'creators')).map((creator) => ['creator', creator] as const),
  ] as const;
  for (const [key, text] of said) if (text !== undefined) yield { kind: 'document', key, text };
}

function packageOf(value: JsonObject, path: string): SpdxPackage {
  const references = asArray(value.externalRefs).map((each, index) => ({
    at: `${path}.externalRefs[${index}]`,
    category: asText(asObject(each)?.referenceCategory),
    type: asText(asObject(each)?.referenceType),
    locator: asText(asObject(each)?.referenceLocator) ?? '',
  }));
  return {
    name: asText(value.name) ?? '',
    version: asText(value.versionInfo),
    purl: references.find(({ type }) => type === 'purl')?.locator,
    purpose: asText(value.primaryPackagePurpose),
    references: references.flatMap(({ at: place, category, type, locator }) =>
      isAboutSecurity(category, type) ? [{ at: place, type: type ?? '', locator }] : [],
    ),
  };
}
