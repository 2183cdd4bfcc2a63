const NAMELESS = /^(?:repo|artifact):(@[^/]+)$/;

/**
 * The keys under which findings in the same code stand: where a report names neither a repository nor its files, both
 * are what its source is about. Any other key stands for itself alone.
 */
export function keysOfCode(key: string): readonly string[] {
  const source = NAMELESS.exec(key)?.[1];
  return source === undefined ? [key] : [`repo:${source}`, `artifact:${source}`];
}
