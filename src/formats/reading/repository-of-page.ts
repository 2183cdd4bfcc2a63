import { repositoryName } from '#domain/resource/resource-key.ts';

/** `https://github.com/acme/shop/tree/main/cart` is in the repository `github.com/acme/shop`. */
export function repositoryOfPage(address: string): string {
  const name = repositoryName(address.replace(/^url:/, ''));
  const inside = /^([^/]+(?:\/[^/]+){2,}?)(?:\/-)?\/(?:tree|blob|raw|src|browse)\/.*$/.exec(name);
  return inside?.[1] ?? name;
}
