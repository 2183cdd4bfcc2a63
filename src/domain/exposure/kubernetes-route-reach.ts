import { NO_ADDRESSES } from '#base/address-set.ts';
import { objectFacts, type RouteFacts, type ServiceFacts } from '../resource/facts/kubernetes-facts.ts';
import { selects } from '../resource/facts/kubernetes-selector.ts';
import { type EstateResource, evidence } from '../risk/estate.ts';
import type { KubernetesEstate, Placed } from './kubernetes-estate.ts';
import type { Entry } from './kubernetes-ingress-front.ts';
import { admitting, onward, type Reach } from './kubernetes-way.ts';
import { EVERYWHERE } from './passage.ts';

/**
 * A door of a gateway as a route has it that is attached there: null where its listener takes no route of that
 * namespace or for none of its hosts (Gateway API, `allowedRoutes`); unknown while the labels that it asks for are not told.
 */
export function takingRoute(
  entry: Entry,
  gatewayNamespace: string,
  route: Placed<RouteFacts>,
  estate: KubernetesEstate,
): Entry | null {
  if (entry.listener === null) return entry;
  const { hosts, routesFrom, routeNamespaces } = entry.listener;
  const { namespace } = route.facts;
  if (routesFrom === 'Same' && gatewayNamespace !== namespace) return null;
  const meets =
    hosts.length === 0 ||
    route.facts.hosts.length === 0 ||
    hosts.some((one) => route.facts.hosts.some((other) => hostsMeet(one, other)));
  if (!meets) return null;
  if (routesFrom !== 'Selector' || routeNamespaces === undefined) return entry;
  const labels = estate.namespaceLabels(namespace);
  if (labels === null)
    return {
      ...entry,
      reach: unsure(entry.reach, `labels of the namespace ${namespace}: kubectl get namespaces -o json`),
    };
  return selects(routeNamespaces, labels) ? entry : null;
}

/**
 * A way that a route leads on as a service of another namespace has it: that namespace has to grant it to such routes
 * (Gateway API, `ReferenceGrant`). Ingresses name services of their own namespace alone, and meshes ask for no grant.
 */
export function acrossNamespaces<R extends Reach>(
  way: R,
  by: EstateResource,
  service: ServiceFacts,
  estate: KubernetesEstate,
): R {
  if (by.type !== 'http-route') return way;
  const { objectKind, namespace } = objectFacts(by.facts);
  if (namespace === service.namespace) return way;
  const isGranted = estate
    .within(estate.grants, service.namespace)
    .some(
      ({ facts: { from, services } }) =>
        from.some((each) => each.objectKind === objectKind && each.namespace === namespace) &&
        services?.includes(service.name) !== false,
    );
  if (isGranted) return way;
  if (!estate.looked('ReferenceGrant', service.namespace))
    return unsure(
      way,
      `reference grants of the namespace ${service.namespace}: kubectl get referencegrants -A -o json > referencegrants.json`,
    );
  const sentence = `The namespace ${service.namespace} grants it to no ${objectKind} of ${namespace}, so that it is not followed.`;
  const closed = { certain: NO_ADDRESSES, possible: NO_ADDRESSES, missing: [] };
  return onward(admitting(way, closed), { fact: evidence(sentence, by) });
}

function unsure<R extends Reach>(reach: R, missing: string): R {
  return admitting(reach, { certain: NO_ADDRESSES, possible: EVERYWHERE, missing: [missing] });
}

/** `*`, `*.example.com` and `shop.example.com`: whether there is a name that both mean. */
function hostsMeet(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  if (a === '*' || b === '*' || a === b) return true;
  const isWithin = (name: string, pattern: string): boolean =>
    pattern.startsWith('*.') && name.endsWith(pattern.slice(1));
  return isWithin(a, b) || isWithin(b, a);
}
