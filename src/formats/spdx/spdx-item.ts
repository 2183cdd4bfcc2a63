import type { ReportItem } from '#domain/ports/report-format.ts';

/** A package, as far as it is read. */
export interface SpdxPackage {
  readonly name: string;
  readonly version: string | undefined;
  readonly purl: string | undefined;
  /** `CONTAINER`, `LIBRARY`, … */
  readonly purpose: string | undefined;
  /** References of the category SECURITY but for CPEs, which are names. */
  readonly references: readonly { readonly at: string; readonly type: string; readonly locator: string }[];
}

/** What a document holds, in its order, whatever it was written in. */
export type SpdxItem =
  | { readonly kind: 'package'; readonly value: SpdxPackage }
  | { readonly kind: 'bad'; readonly reject: Extract<ReportItem, { kind: 'reject' }> }
  | {
      readonly kind: 'document';
      readonly key: 'version' | 'name' | 'created' | 'creator';
      readonly text: string;
    };

/** What a document says of itself. */
export interface SpdxSurvey {
  version: string | undefined;
  name: string | undefined;
  created: string | undefined;
  readonly creators: string[];
  /** It has a package with a package URL. */
  hasPackages: boolean;
  /** The first package that is a container. */
  container: SpdxPackage | undefined;
}

const CREATORS_MAX = 100;

export function emptySurvey(): SpdxSurvey {
  return {
    version: undefined,
    name: undefined,
    created: undefined,
    creators: [],
    hasPackages: false,
    container: undefined,
  };
}

export function surveyItem(survey: SpdxSurvey, item: SpdxItem): void {
  if (item.kind === 'package' && item.value.purl !== undefined) survey.hasPackages = true;
  if (item.kind === 'package' && survey.container === undefined && isContainer(item.value))
    survey.container = { ...item.value, references: [] };
  if (item.kind !== 'document') return;
  if (item.key !== 'creator') survey[item.key] ??= item.text;
  else if (survey.creators.length < CREATORS_MAX) survey.creators.push(item.text);
}

function isContainer({ purpose, purl }: SpdxPackage): boolean {
  return purpose === 'CONTAINER' || purl?.startsWith('pkg:oci/') === true;
}

/** True for references that a package has beside its CPEs. */
export function isAboutSecurity(category: string | undefined, type: string | undefined): boolean {
  return category === 'SECURITY' && type !== undefined && !/(?:^|\/)cpe2[23]Type$/.test(type);
}
