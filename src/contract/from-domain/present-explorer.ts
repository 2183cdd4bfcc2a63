import { instantText, instantTextOrNull } from '#base/instant.ts';
import type * as domain from '#domain/ports/explorer-store.ts';
import { estateName } from '#domain/resource/estate-name.ts';
import type { SeverityCounts } from '#domain/severity/severity.ts';
import type { PathMap } from '../attack-path.ts';
import type {
  ListedAdvisory,
  ListedFinding,
  ListedResource,
  ListedSignal,
  NeighbourList,
} from '../explorer.ts';

export function presentFinding(row: domain.ListedFinding): ListedFinding {
  const { key, kind, name } = row.resource;
  return {
    id: row.place.fingerprint,
    title: row.title,
    type: row.type,
    issue: {
      id: row.place.issue,
      title: row.issueTitle,
      severity: row.issueSeverity,
      admitted: row.isAdmitted,
    },
    severity: row.severity,
    resource: { id: key, kind, name },
    place: row.where,
    firstSeen: instantText(row.firstSeen),
    fix: row.fix,
  };
}

export function presentListedResource({
  key,
  goneAt,
  services,
  ...row
}: domain.ListedResource): ListedResource {
  return {
    ...row,
    id: key,
    services: [...services],
    riskStates: { ...row.riskStates },
    goneAt: instantTextOrNull(goneAt),
  };
}

export function presentNeighbours(rows: readonly domain.Neighbour[]): NeighbourList {
  return {
    items: rows.map(({ relation, isFrom, key, kind, name }) => ({
      relation,
      direction: isFrom ? 'to' : 'from',
      id: key,
      kind,
      name,
    })),
  };
}

export function presentSignal(row: domain.ListedSignal): ListedSignal {
  const { place, title, tool, rule, severity, source, resourceName, account, firstAt, count, isAttack } = row;
  return {
    id: place.id,
    title,
    tool,
    rule,
    severity,
    source,
    resource: { id: place.resource, name: resourceName },
    account,
    firstAt: instantText(firstAt),
    lastAt: instantText(place.at),
    count,
    attack: isAttack,
  };
}

export function presentAdvisory({
  place,
  advisory,
  isAdmitted,
  knownExploited,
  epss,
  publishedAt,
  ...row
}: domain.ListedAdvisory): ListedAdvisory {
  return {
    ...row,
    id: advisory,
    issue: place.issue,
    admitted: isAdmitted,
    knownExploited:
      knownExploited === null
        ? null
        : {
            addedAt: instantTextOrNull(knownExploited.addedAt),
            ransomware: knownExploited.isRansomware,
          },
    epss: epss === null ? null : { ...epss },
    publishedAt: instantTextOrNull(publishedAt),
  };
}

const RELATION_WORDS: Readonly<Record<domain.Neighbour['relation'], string>> = {
  'runs-image': 'runs the image',
  'part-of': 'is part of',
  'runs-on': 'runs on',
  'runs-as': 'runs as',
};

/** The graph around an issue, as maps are: columns from 0, what needs something left of it. */
export function presentSurroundings({
  id,
  title,
  things,
  relations,
  counts,
  hidden,
}: domain.Surroundings & {
  readonly id: string;
  readonly title: string;
  readonly counts: ReadonlyMap<string, SeverityCounts>;
}): PathMap {
  const least = Math.min(0, ...things.map(({ column }) => column));
  const names = new Map(things.map(({ key, name }) => [key, name]));
  return {
    id,
    title,
    hidden,
    nodes: things.map(({ key, column, kind, name, account, environment, team, risks, issues }) => ({
      id: key,
      layer: column - least,
      kind: kind ?? 'only named',
      name,
      count: 1,
      badges: [...risks],
      issues: [...issues],
      account: account === null ? null : estateName(account),
      environment,
      data: [],
      findings: { ...counts.get(key) },
      owner: team,
      link: null,
    })),
    edges: relations.map(({ relation, from, to }) => ({
      from,
      to,
      rule: relation,
      sentence: `${names.get(from) ?? from} ${RELATION_WORDS[relation]} ${names.get(to) ?? to}`,
    })),
  };
}
