import { asObjects, asText, type JsonObject } from '#base/json-value.ts';
import type { ObservedPackage } from '#domain/finding/observation.ts';
import { observedPackage } from '../reading/observed-package.ts';

/** The packages that a component is, and has in it: those with a package URL and a version. */
export function packagesOf(component: JsonObject | undefined): readonly ObservedPackage[] {
  if (component === undefined) return [];
  const properties = asObjects(component['properties']);
  const property = (name: string) =>
    asText(properties.find((each) => asText(each['name']) === name)?.['value']);
  const own = observedPackage(asText(component['purl']), asText(component['version']), {
    sourceName: property('aquasecurity:trivy:SrcName'),
    path: property('aquasecurity:trivy:FilePath') ?? property('syft:location:0:path'),
  });
  const inner = asObjects(component['components']).flatMap(packagesOf);
  return own === null ? inner : [own, ...inner];
}
