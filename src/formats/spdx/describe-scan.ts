import { parseInstant } from '#base/instant.ts';
import { toolName } from '#domain/control/tool-check.ts';
import type { ResourceDescription } from '#domain/resource/resource-description.ts';
import type { ScanDescription } from '#domain/scan/scan-description.ts';
import { artifactName } from '../reading/artifact-name.ts';
import { parsePackageUrl } from '../reading/package-url.ts';
import { scannedImage } from '../reading/scanned-image.ts';
import type { SpdxPackage, SpdxSurvey } from './spdx-item.ts';

/** What a document is about. Whether anybody looked for flaws is not told, so it closes nothing. */
export function describeScan(survey: SpdxSurvey): {
  readonly scan: ScanDescription;
  readonly resource: ResourceDescription;
} {
  const tool = /^Tool: (.{1,100}?)(?:-v?(\d[\w.+-]{0,40}))?$/.exec(
    survey.creators.find((creator) => creator.startsWith('Tool: ')) ?? '',
  );
  const image = survey.container === undefined ? null : imageOf(survey.container);
  const name = image === null ? artifactName(survey.name) : null;
  return {
    scan: {
      tool: toolName(tool?.[1] ?? '') || 'spdx',
      toolVersion: tool?.[2],
      time: parseInstant(survey.created),
      scope: image === null ? { is: 'artifact', name } : { is: 'image', image },
      coverage: 'none',
    },
    resource: image ?? { kind: 'artifact', name },
  };
}

function imageOf({ name, version, purl: text }: SpdxPackage) {
  const purl = parsePackageUrl(text);
  const repository = purl?.type === 'oci' ? purl.qualifiers.get('repository_url') : undefined;
  const digest = [purl?.version, version].find((each) => each?.startsWith('sha256:'));
  return scannedImage({
    names: [name === '' ? undefined : name],
    repoDigests: repository === undefined || digest === undefined ? [] : [`${repository}@${digest}`],
    os: purl?.qualifiers.has('arch') === true ? 'linux' : undefined,
    architecture: purl?.qualifiers.get('arch'),
  });
}
