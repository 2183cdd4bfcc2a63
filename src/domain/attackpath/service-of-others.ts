import HOSTS from './data/services-of-others.json' with { type: 'json' };

/** Whether a host belongs to a service that keeps data of many customers, each behind a login alone (attack-paths §5.1, shape 54). */
export function isServiceOfOthers(host: string): boolean {
  return (HOSTS as readonly string[]).some((suffix) => host.endsWith(`.${suffix}`));
}
