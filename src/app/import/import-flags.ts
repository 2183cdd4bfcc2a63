import type { SourceRef } from '#domain/ports/import-store.ts';
import type { ImportOptions } from './import-options.ts';

/**
 * What a person said of an import, as words of a command line, so that the same import can be done again: the
 * same scope, the same coverage. `--confirm` is left out. A source is called by its id, which no renaming changes.
 */
export function importFlags(
  options: ImportOptions,
  source: Pick<SourceRef, 'id' | 'isNamed'>,
): readonly string[] {
  const { format, scope, complete, separate, root, account, region, environment, services, team } = options;
  const said = (flag: string, value: string | null): readonly string[] =>
    value === null ? [] : [flag, value];
  return [
    ...said('--format', format),
    ...(source.isNamed ? ['--source', source.id] : []),
    ...Object.entries(scope).flatMap(([key, value]) => ['--scope', `${key}=${value}`]),
    ...said('--root', root),
    ...said('--account', account),
    ...said('--region', region),
    ...said('--env', environment),
    ...services.flatMap((service) => ['--service', service]),
    ...said('--team', team),
    ...(complete ? ['--complete'] : []),
    ...(separate ? ['--separate'] : []),
  ];
}
