import { asObject, asText, type JsonObject } from '#base/json-value.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import { readHead } from '../reading/describe-head.ts';
import { firstEntry } from '../reading/json-entries.ts';
import { readEntries, readLooseEntries } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { feedScan } from '../reading/scans.ts';
import { mapGraphAlert, mapRestAlert } from './map-alert.ts';

/** Alerts of Dependabot, as GitHub's REST and GraphQL interfaces answer them. */
export const githubDependabot: ReportFormat = {
  id: 'github-dependabot',
  title: 'GitHub Dependabot alerts',
  command: "gh api --paginate '/repos/OWNER/NAME/dependabot/alerts' > dependabot.json",
  claims,
  read,
};

const NOUN = 'an alert';
const GRAPH = '"vulnerabilityAlerts"';
/** Where an answer of GraphQL has repositories. */
const REPOSITORIES = [
  'data.repository',
  'data.search.nodes.*',
  'data.search.edges.*.node',
  'data.organization.repositories.nodes.*',
  'data.organization.repositories.edges.*.node',
  'data.viewer.repositories.nodes.*',
  'data.user.repositories.nodes.*',
];
const ALERTS = REPOSITORIES.flatMap((repository) => [
  `${repository}.vulnerabilityAlerts.nodes`,
  `${repository}.vulnerabilityAlerts.edges`,
]);

function claims(head: ReportHead): boolean {
  const alert = firstEntry(head, []);
  if (alert === undefined) return false;
  if (asObject(alert.security_advisory) !== undefined)
    return asObject(alert.dependency) !== undefined || asObject(alert.security_vulnerability) !== undefined;
  return asObject(alert.data) !== undefined && head.text.includes(GRAPH);
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  yield feedScan('dependabot');
  const isGraph = asObject(firstEntry(await readHead(input), [])?.data) !== undefined;
  if (!isGraph) {
    yield* readLooseEntries(input, [], NOUN, mapRestAlert);
    return;
  }
  const { headers } = await readSurroundings(input, ALERTS);
  const patterns = ALERTS.map((list) => `${list}.*`);
  yield* readEntries(input, { patterns }, NOUN, (entry, { path }) =>
    mapGraphAlert(asObject(entry.node) ?? entry, repositoryAt(headers, path)),
  );
}

/** The repository around an alert; one without an owner is known within its source only. */
function repositoryAt(headers: ReadonlyMap<string, JsonObject>, path: string): ResourceDescription {
  const repository = headers.get(path.slice(0, path.lastIndexOf('.vulnerabilityAlerts'))) ?? {};
  const address = asText(repository.url);
  if (address !== undefined) return { kind: 'repository', name: address };
  const fullName = asText(repository.nameWithOwner);
  if (fullName !== undefined) return { kind: 'repository', name: `github.com/${fullName}` };
  return { kind: 'artifact', name: asText(repository.name) ?? null };
}
