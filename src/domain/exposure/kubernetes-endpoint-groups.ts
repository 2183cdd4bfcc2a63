import { asObject, asText, type JsonObject, parseJson } from '#base/json-value.ts';
import type { Labels, ServiceFacts } from '../resource/facts/kubernetes-facts.ts';
import { assetCall, projectPlace } from '../resource/gcp-call.ts';
import { evidence } from '../risk/estate.ts';
import type { CloudDoor } from './cloud-door.ts';
import { loginAtDoor, reachOfDoor } from './kubernetes-cloud-door.ts';
import { type KubernetesEstate, nameOf, type Placed } from './kubernetes-estate.ts';
import { led } from './kubernetes-led.ts';
import type { FrontWay } from './kubernetes-service-front.ts';
import { onward, unsureReach } from './kubernetes-way.ts';

/** A port of a service whose pods GKE puts into a group of endpoints, for load balancers of somebody's own. */
interface ExposedGroup {
  readonly port: string;
  /** The group's name; null where it has none yet. */
  readonly group: string | null;
}

/** Groups of endpoints that are not those of an ingress: `{"exposed_ports": {"80": {"name": "web"}}}`, and what became of them. */
export function exposedGroups({ annotations }: { readonly annotations: Labels }): readonly ExposedGroup[] {
  const ports = asObject(read(annotations['cloud.google.com/neg'])?.['exposed_ports']) ?? {};
  const names = asObject(read(annotations['cloud.google.com/neg-status'])?.['network_endpoint_groups']) ?? {};
  return Object.entries(ports).map(([port, settings]) => ({
    port,
    group: asText(names[port]) ?? asText(asObject(settings)?.['name']) ?? null,
  }));
}

const ANNOTATION_MAX = 4_000;

function read(text: string | undefined): JsonObject | undefined {
  if (text === undefined || text.length > ANNOTATION_MAX) return undefined;
  try {
    return asObject(parseJson(text));
  } catch {
    return undefined;
  }
}

/** The ways to a service through load balancers that use its groups of endpoints, as their cloud tells (attack-paths §2.7, 2). */
export function groupFront(service: Placed<ServiceFacts>, estate: KubernetesEstate): readonly FrontWay[] {
  const { facts, resource } = service;
  const name = nameOf(resource);
  return exposedGroups(facts).flatMap(({ port: number, group }): readonly FrontWay[] => {
    const port = facts.ports.find((each) => String(each.port) === number) ?? null;
    const door = group === null ? undefined : estate.groupNamed(`${facts.namespace}/${facts.name}`, group);
    const called =
      group === null ? `the group of endpoints of port ${number}` : `the group of endpoints ${group}`;
    if (door === undefined) {
      const missing = `load balancers before ${called} of ${name}: ${assetCall(projectPlace(null), 'resource')}`;
      const fact = evidence(`${name} gives its pods to ${called}, which load balancers may use.`, resource);
      return [
        { ...unsureReach(missing, [fact]), surface: 'any', auth: 'app', login: null, source: PROXIES, port },
      ];
    }
    const ways =
      door.ways.length === 0 ? [door] : door.ways.map((way): CloudDoor => ({ ...door, ways: [way] }));
    return ways.map((each) => {
      const login = loginAtDoor(each, null);
      const front = {
        reach: onward(reachOfDoor(each, null), { via: `${name}:${number}` }),
        login: login === null ? null : { ...login, words: `the login of the ${each.name}` },
        source: PROXIES,
      };
      const surface = each.ways[0]?.surface ?? 'any';
      return { ...led(front, surface, resource, `${name}: group of endpoints ${group}`), port };
    });
  });
}

/** Load balancers of Google send from their own addresses. */
const PROXIES = { is: 'outside', keepsAddress: false } as const;
