/** Names that hold only within a source carry its id behind an `@`: `repo:@nightly`, `k8s:@nightly:minikube/…`. */
const LOCAL = /^((?:[a-z0-9]+:)?)@([a-z0-9-]+)(?=[/:|#]|$)/;

/** The same name under another source; null for a name that holds everywhere, or within some other source. */
export function nameUnder(key: string, sourceId: string, into: string): string | null {
  const match = LOCAL.exec(key);
  return match === null || match[2] !== sourceId ? null : `${match[1]}@${into}${key.slice(match[0].length)}`;
}
