import type { JsonObject } from '#base/json-value.ts';
import type { ObservedPackage } from '#domain/finding/observation.ts';
import type { BomComponent } from './bom-survey.ts';

/** One vulnerability of a bill of materials, in the shape that CycloneDX gives it in JSON, whatever it was written in. */
export interface BomEntry {
  readonly at: string;
  /** Null where the entry is no object, or too large. */
  readonly vulnerability: JsonObject | null;
  /** Why a too large entry could not be read. */
  readonly problem?: string | undefined;
  /** The component in which the entry stands (extension of 1.2); else `affects` tells. */
  readonly component?: BomComponent | undefined;
}

/** The packages that a component is, and has in it. */
export interface BomPackages {
  readonly packages: readonly ObservedPackage[];
}
