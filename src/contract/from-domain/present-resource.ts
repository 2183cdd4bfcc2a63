import { instantTextOrNull } from '#base/instant.ts';
import type { ResourceView } from '#domain/ports/resource-store.ts';
import {
  DETECTED_RISKS,
  type DetectedRisk,
  type Evidence,
  type RiskVerdict,
} from '#domain/risk/detected-risk.ts';
import type { Resource } from '../resource.ts';

/** A resource as the wire has it; of null, an id that is not known, everything but the id is empty. */
export function presentResource(id: string, view: ResourceView | null): Resource {
  if (view === null)
    return {
      id,
      kind: null,
      name: id,
      goneAt: null,
      riskStates: byRisk(() => 'unknown' as const),
      evidence: byRisk(() => []),
      missing: byRisk(() => []),
      privilege: { level: 'unknown', reasons: [] },
      exposure: [],
      environment: null,
      services: [],
      servicesFrom: null,
      owner: null,
      owners: [],
      data: { class: null, types: [], reasons: [] },
      issues: [],
    };
  const verdicts: Record<DetectedRisk, RiskVerdict> = {
    publicly_accessible: view.publiclyAccessible,
    privileged_access: view.privilegedAccess,
    under_attack: view.underAttack,
    exploit_available: view.exploitAvailable,
    in_production: view.production,
  };
  return {
    id: view.key,
    kind: view.kind,
    name: view.name,
    goneAt: instantTextOrNull(view.goneAt),
    riskStates: byRisk((risk) => verdicts[risk].state),
    evidence: byRisk((risk) => verdicts[risk].evidence.map(presentEvidence)),
    missing: byRisk((risk) => [...verdicts[risk].missing]),
    privilege: { level: view.privilege.level, reasons: [...view.privilege.reasons] },
    exposure: view.exposure.map((way) => ({
      audience: way.audience,
      surface: way.surface,
      auth: way.auth,
      verdict: way.verdict,
      via: [...way.via],
      gates: [...way.gates],
      missing: [...way.missing],
      evidence: way.evidence.map(presentEvidence),
      hands: way.hands ?? null,
      filteredBy: way.filteredBy ?? null,
      listening: way.listening ?? null,
      confirmed: way.confirmed === true,
      dormant: way.isDormant === true,
    })),
    environment: view.environment,
    services: [...view.services],
    servicesFrom: view.attribution?.services.reason ?? null,
    owner: view.team,
    owners: (view.attribution?.owners ?? []).map((each) => ({ ...each })),
    data: presentData(view.attribution),
    issues: [...view.issues],
  };
}

function presentData(attribution: ResourceView['attribution']): Resource['data'] {
  const { dataClass = null, types = [], clues = [] } = attribution?.data ?? {};
  return {
    class: dataClass,
    types: [...types],
    reasons: clues.map(({ reason, confidence }) => `${reason} (confidence ${confidence})`),
  };
}

function byRisk<T>(value: (risk: DetectedRisk) => T): Record<DetectedRisk, T> {
  return Object.fromEntries(DETECTED_RISKS.map((risk) => [risk, value(risk)])) as Record<DetectedRisk, T>;
}

function presentEvidence({ sentence, provenance, at, link }: Evidence): Resource['evidence'][string][number] {
  return { sentence, provenance, at: instantTextOrNull(at), link: link ?? null };
}
