import { InboxError } from '#base/inbox-error.ts';
import { asNumber, asObject, asText, type JsonObject } from '#base/json-value.ts';
import { sliceJson } from '#base/slice-json.ts';
import type { ReportFormat, ReportHead, ReportItem } from '#domain/ports/report-format.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import { firstCharacter } from '../reading/first-character.ts';
import { noObject, toItem, unreadable } from '../reading/read-entries.ts';
import { readSurroundings } from '../reading/read-surroundings.ts';
import { mapVulnerability } from './map-vulnerability.ts';
import { describeProject, type SnykProject } from './snyk-project.ts';

/** JSON reports of Snyk's command line: packages of projects and images. (Those of Snyk Code and of Snyk IaC are SARIF.) */
export const snyk: ReportFormat = {
  id: 'snyk',
  title: 'Snyk (open source and container)',
  command: 'snyk test --all-projects --json > snyk.json',
  claims,
  read,
};

const NOUN = 'a vulnerability';
const IGNORED = 2;

function claims(head: ReportHead): boolean {
  const project = asObject(Array.isArray(head.json) ? head.json[0] : head.json);
  if (project === undefined || head.shape !== 'json') return false;
  if (isFailure(project)) return true;
  if (!Array.isArray(project.vulnerabilities)) return false;
  const first = asObject(project.vulnerabilities[0]);
  if (first === undefined) return asNumber(project.dependencyCount) !== undefined && 'ok' in project;
  // Its entries come first and may fill the head.
  return asText(first.id) !== undefined && Array.isArray(first.from) && 'version' in first;
}

/** What Snyk writes when it could not look. */
function isFailure(project: JsonObject): boolean {
  return project.ok === false && asText(project.error) !== undefined && 'path' in project;
}

async function* read(input: ReportInput): AsyncGenerator<ReportItem> {
  const isList = (await firstCharacter(input)) === '[';
  const lists = ['vulnerabilities', 'applications.*.vulnerabilities', 'filtered.ignore'].map((list) =>
    isList ? `*.${list}` : list,
  );
  const { root, headers } = await readSurroundings(input, lists);
  const tested = isList ? numbered(headers) : [[0, root] as const];
  if (tested.length > 0 && tested.every(([, project]) => isFailure(project)))
    throw new InboxError(
      'report_broken',
      `snyk failed and looked at nothing: ${asText(tested[0]?.[1].error)?.slice(0, 300)}`,
    );
  const projects = new Map(tested.map(([index, project]) => [index, describeProject(project)]));
  const waiting = [...projects];
  let before: SnykProject | undefined;
  for await (const event of sliceJson(input.open(), { patterns: lists.map((list) => `${list}.*`) })) {
    if (event.kind === 'close') continue;
    const index = isList ? Number(event.path.slice(1, event.path.indexOf(']'))) : 0;
    while (waiting[0] !== undefined && waiting[0][0] <= index) {
      const [, project] = waiting.shift() as (typeof waiting)[number];
      yield* open(project, before);
      before = project;
    }
    const entry = event.kind === 'element' ? asObject(event.value) : undefined;
    const project = projects.get(index) as SnykProject;
    if (event.pattern === IGNORED) {
      const reading = entry === undefined ? '' : mapVulnerability(entry, project);
      if (typeof reading !== 'string') yield { kind: 'beside', observations: reading };
    } else if (event.kind === 'bad') yield unreadable(event.path, NOUN, event.message);
    else
      yield entry === undefined
        ? noObject(event.path, NOUN)
        : toItem(event.path, NOUN, mapVulnerability(entry, project));
  }
  for (const [, project] of waiting) {
    yield* open(project, before);
    before = project;
  }
}

/** The projects of a list by their place in it. */
function numbered(headers: ReadonlyMap<string, JsonObject>): readonly (readonly [number, JsonObject])[] {
  return [...headers].flatMap(([path, project]) => {
    const index = /^\[(\d+)\]$/.exec(path)?.[1];
    return index === undefined ? [] : [[Number(index), project] as const];
  });
}

/** Projects of one scope are one scan; each says that it was looked at, also where nothing was found. */
function* open(project: SnykProject, before: SnykProject | undefined): Generator<ReportItem> {
  const isSame = project.scan.scope.is === 'artifact' && before?.scan.scope.is === 'artifact';
  if (!isSame) yield { kind: 'scan', scan: project.scan };
  if (project.cover !== undefined)
    yield {
      kind: 'beside',
      observations: [{ kind: 'coverage', cover: project.cover, findingClass: 'libraries' }],
    };
}
