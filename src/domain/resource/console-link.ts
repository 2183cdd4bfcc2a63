/**
 * The page of a resource in the console of its cloud, by its key; null where the cloud has no page that is found by the id
 * alone (Google Cloud, clusters), and for what is in none.
 */
export function consoleLink(key: string): string | null {
  if (/^aws:arn:aws:[a-z0-9-]+:/.test(key))
    return `https://console.aws.amazon.com/go/view?arn=${encodeURIComponent(key.slice('aws:'.length))}`;
  if (/^azure:\/subscriptions\//.test(key))
    return `https://portal.azure.com/#resource${encodeURI(key.slice('azure:'.length)).replaceAll('#', '%23')}`;
  return null;
}
