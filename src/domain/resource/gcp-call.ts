import { shellWord } from './shell-word.ts';

/** What the asset inventory of Google Cloud holds at a place (`--project=shop`), of all types or of these. */
export function assetCall(
  place: string,
  content: 'resource' | 'iam-policy' | 'org-policy' | 'access-policy',
  ...types: readonly string[]
): string {
  const asked = types.length === 0 ? '' : ` --asset-types=${types.join()}`;
  return `gcloud asset list ${shellWord(place)} --content-type=${content}${asked} --format=json`;
}

/** A project as a place to list. */
export function projectPlace(account: string | null): string {
  return `--project=${account ?? 'PROJECT'}`;
}

/** The organisation in a chain of ancestors (`organizations/1`) as a place to list. */
export function organisationPlace(ancestors: readonly string[]): string {
  const [, id] =
    /^organizations\/(.+)$/.exec(ancestors.find((each) => each.startsWith('organizations/')) ?? '') ?? [];
  return `--organization=${id ?? 'ORGANIZATION'}`;
}

/** A role by its name: one of Google's, of a project or of an organisation. */
export function roleCall(role: string): string {
  const [, kind, holder, id] = /^(project|organization)s\/([^/]+)\/roles\/([^/]+)$/.exec(role) ?? [];
  const named = id === undefined ? shellWord(role) : `${shellWord(id)} ${shellWord(`--${kind}=${holder}`)}`;
  return `gcloud iam roles describe ${named} --format=json`;
}
