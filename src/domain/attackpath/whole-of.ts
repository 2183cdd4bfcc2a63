/**
 * The key of what something is a part of, whose tags and owner speak for it and whose switches close it as well: the
 * storage account of a container of blobs. Null for what is a part of nothing.
 */
export function wholeOf(key: string): string | null {
  return (
    /^(azure:.*\/storageaccounts\/[^/]+)\/blobservices\/[^/]+\/containers\/[^/]+$/.exec(key)?.[1] ?? null
  );
}
