import type { FindingType } from '#domain/finding/finding-type.ts';
import type { FindingObservation, Observation } from '#domain/finding/observation.ts';
import { placeText } from '#domain/finding/place-text.ts';
import type { ReportInput } from '#domain/ports/report-input.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { Severity } from '#domain/severity/severity.ts';
import type { AppContext } from './context.ts';
import type { ImportOptions } from './import/import-options.ts';
import type { ImportedFile } from './import/import-result.ts';
import { namedFormat } from './import/named-format.ts';
import { refusal } from './import/refusal.ts';

/** So many of the findings and rejects of a file are shown. */
const SHOWN_MAX = 20;

/** What a file would give, without anything of it being stored. */
export interface ReportPreview {
  readonly file: string;
  /** Folder of the format; null where none claims it. */
  readonly format: string | null;
  readonly title: string | null;
  readonly records: number;
  readonly findings: number;
  readonly resources: number;
  readonly signals: number;
  readonly rejected: number;
  /** The first of them. */
  readonly first: readonly PreviewedFinding[];
  readonly rejects: ImportedFile['rejects'];
  readonly error: ImportedFile['error'];
}

export interface PreviewedFinding {
  /** Where it stands in the file. */
  readonly at: string;
  readonly type: FindingType;
  /** Null: unrated. */
  readonly severity: Severity | null;
  /** The advisory, or `tool:check`. */
  readonly subject: string;
  readonly resource: string;
  readonly place: string;
  readonly state: FindingObservation['state']['is'];
  readonly title: string;
}

/**
 * Reads reports as an import would and tells what stands in them; nothing is stored, and no database is needed, so that kept
 * mappings are not looked at. One
 * answer per file or archive member, in order.
 */
export async function previewReports(
  parts: Pick<AppContext, 'formats' | 'recognise' | 'openInputs'>,
  request: {
    readonly files: readonly { readonly path: string; readonly name: string }[];
    readonly options: ImportOptions;
  },
): Promise<readonly ReportPreview[]> {
  const previews: ReportPreview[] = [];
  for (const { path, name } of request.files) {
    try {
      for await (const input of parts.openInputs(path, name))
        previews.push(await previewOne(parts, input, request.options));
    } catch (error) {
      previews.push({ ...emptyPreview(name), error: refusal(error) });
    }
  }
  return previews;
}

async function previewOne(
  parts: Pick<AppContext, 'formats' | 'recognise'>,
  input: ReportInput,
  options: ImportOptions,
): Promise<ReportPreview> {
  const preview = emptyPreview(input.name);
  try {
    const named = options.format === null ? null : namedFormat(parts, options.format);
    const format = await parts.recognise(input, named, options.mapping ?? null, []);
    preview.format = format.id;
    preview.title = format.title;
    const context = {
      root: options.root,
      account: options.account,
      region: options.region,
      cluster: options.scope['cluster'] ?? null,
      repository: options.scope['repository'] ?? null,
      artifact: options.scope['artifact'] ?? null,
    };
    for await (const item of format.read(input, context)) {
      if (item.kind === 'record' || item.kind === 'reject') preview.records++;
      if (item.kind === 'reject') {
        preview.rejected++;
        const { at, code, message } = item;
        if (preview.rejects.length < SHOWN_MAX) preview.rejects.push({ at, code, message });
      } else if (item.kind !== 'scan') {
        for (const each of item.observations) look(preview, item.kind === 'record' ? item.at : '', each);
      }
    }
  } catch (error) {
    const { code, message } = refusal(error);
    preview.error = { code, message };
  }
  return preview;
}

type OpenPreview = {
  -readonly [Member in keyof ReportPreview]: ReportPreview[Member];
} & { readonly first: PreviewedFinding[]; readonly rejects: ImportedFile['rejects'][number][] };

function emptyPreview(file: string): OpenPreview {
  return {
    file,
    format: null,
    title: null,
    records: 0,
    findings: 0,
    resources: 0,
    signals: 0,
    rejected: 0,
    first: [],
    rejects: [],
    error: null,
  };
}

function look(preview: OpenPreview, at: string, observation: Observation): void {
  if (observation.kind === 'resource') preview.resources++;
  if (observation.kind === 'signal') preview.signals++;
  if (observation.kind !== 'finding') return;
  preview.findings++;
  if (preview.first.length === SHOWN_MAX) return;
  const { type, severity, subject, resource, place, state, title } = observation;
  preview.first.push({
    at,
    type,
    severity,
    subject: subject.is === 'advisory' ? subject.id : `${subject.tool}:${subject.check}`,
    resource: resourceText(resource),
    place: placeText(place),
    state: state.is,
    title,
  });
}

/** As the report names it; what it does not name is what the import's options or its source stand for. */
function resourceText(resource: ResourceDescription): string {
  switch (resource.kind) {
    case 'image':
      return `image ${resource.reference}`;
    case 'cloud':
      return resource.id;
    case 'account':
      return `account ${resource.account}`;
    case 'kubernetes':
      return `${resource.objectKind} ${resource.namespace === '' ? '' : `${resource.namespace}/`}${resource.name}`;
    case 'cluster':
      return `cluster ${resource.cluster ?? 'without a name'}`;
    case 'endpoint':
      return resource.url;
    default:
      return resource.name === null ? `${resource.kind} of its source` : `${resource.kind} ${resource.name}`;
  }
}
