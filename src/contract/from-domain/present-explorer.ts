import { instantText, instantTextOrNull } from '#base/instant.ts';
import type * as domain from '#domain/ports/explorer-store.ts';
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
