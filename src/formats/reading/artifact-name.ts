const TEMPORARY = /^(?:\/private)?\/(?:tmp|var\/tmp|var\/folders|dev\/shm)(?:\/|$)|[\\/](?:temp|tmp)[\\/]/i;
const LENGTH_MAX = 1_000;
const MOUNT_POINT =
  /^\/[^/]*$|^\/(?:github\/workspace|home\/runner\/work|bitbucket\/pipelines\/agent\/build)$/;

/**
 * The name that a scan of files gives to what it scanned; null where that names nothing: the working
 * folder (`.`), a temporary folder, or a place that containers and build machines use for every
 * project (`/src`, `/github/workspace`). (design: identity, scope)
 */
export function artifactName(path: string | undefined): string | null {
  if (path === undefined) return null;
  const name = path
    .slice(0, LENGTH_MAX)
    .trim()
    .replace(/^(?:file|dir):(?:\/\/)?/, '')
    .replace(/^(?:\.[\\/])+/, '')
    .replace(/(?!^)[\\/]+$/, '');
  if (name === '' || name === '.' || name === '..' || TEMPORARY.test(name) || MOUNT_POINT.test(name))
    return null;
  return name;
}
