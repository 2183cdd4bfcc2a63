import type { ReadContext } from '#domain/ports/report-format.ts';
import { pathRoots, sourcePath } from './source-path.ts';

/**
 * How a report of source code without base folders of its own spells its files: relative to `--root`, with slashes; a
 * path that stays absolute stays so (design: identity, resource). A path that is missing is empty.
 */
export function sourceFiles({ root }: ReadContext): (path: string | undefined) => string {
  const roots = pathRoots({}, undefined, [], root);
  return (path) => (path === undefined ? '' : sourcePath(path, undefined, roots));
}
