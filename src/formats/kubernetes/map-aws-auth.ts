import { type asArray, asObject, asText, asTexts, at } from '#base/json-value.ts';
import type { ResourceObservation } from '#domain/finding/observation.ts';
import type { AwsLogin, AwsLoginFacts } from '#domain/resource/facts/kubernetes-facts.ts';
import { yamlValues } from '../reading/yaml-documents.ts';
import { identityFacts, type KubernetesObject, observe } from './kubernetes-object.ts';

/** Something of the map that cannot be read; what else stands in it is. */
export interface UnreadLogin {
  /** `data.mapRoles`, `data.mapRoles[2]`. */
  readonly at: string;
  readonly message: string;
}

/** Members of the map, and how each of their lines names whom it lets in. */
const LISTS = [
  ['mapRoles', 'rolearn'],
  ['mapUsers', 'userarn'],
] as const;

/** Whether an object is the map by which a cluster of EKS lets users and roles of AWS in. */
export function isAwsAuth({ objectKind, group, namespace, name }: KubernetesObject): boolean {
  return objectKind === 'ConfigMap' && group === '' && namespace === 'kube-system' && name === 'aws-auth';
}

/** Whom the map lets in, and what of it is no such line: its members are YAML in a text, which people write. */
export function mapAwsAuth(
  object: KubernetesObject,
  cluster: string | null,
): { readonly described: ResourceObservation; readonly unread: readonly UnreadLogin[] } {
  const logins: AwsLogin[] = [];
  const unread: UnreadLogin[] = [];
  for (const [list, named] of LISTS) {
    const text = asText(at(object.body, 'data', list));
    if (text === undefined) continue;
    const lines = linesOf(text);
    if (typeof lines === 'string') {
      unread.push({ at: `data.${list}`, message: `Expected a list in YAML, found ${lines}.` });
      continue;
    }
    for (const [index, line] of lines.entries()) {
      const members = asObject(line);
      const arn = asText(members?.[named]);
      if (members === undefined || arn === undefined)
        unread.push({
          at: `data.${list}[${index}]`,
          message: `Expected a line with "${named}", found none.`,
        });
      else
        logins.push({ arn, username: asText(members['username']) ?? '', groups: asTexts(members['groups']) });
    }
  }
  const facts: AwsLoginFacts = { ...identityFacts(object), logins };
  return { described: observe(object, cluster, 'config-map', facts), unread };
}

/** The lines of a list; why there are none where it is no list. */
function linesOf(text: string): ReturnType<typeof asArray> | string {
  let documents: ReturnType<typeof yamlValues>;
  try {
    documents = yamlValues(text);
  } catch {
    return 'a text that is too large, too deep or none';
  }
  const [first, ...others] = documents;
  if (first === undefined) return [];
  if (others.length > 0) return 'several documents';
  if ('fault' in first) return first.fault;
  return Array.isArray(first.value) ? first.value : 'something else';
}
