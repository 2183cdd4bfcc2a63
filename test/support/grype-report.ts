import { type Instant, instantText } from '../../src/base/instant.ts';
import { digestOf } from './trivy-report.ts';

/** A match as Grype lists it: an advisory on a library, with the records that Grype relates to it. */
export interface Match {
  readonly id: string;
  readonly related?: readonly string[];
  readonly pkg?: string;
}

/** What `grype IMAGE -o json` writes. */
export function grypeReport(report: {
  readonly image: string;
  readonly digest?: string;
  readonly imageId?: string;
  readonly at: Instant;
  readonly matches: readonly Match[];
}): unknown {
  const { image, digest, imageId, at, matches } = report;
  const repository = image.slice(0, image.lastIndexOf(':'));
  return {
    matches: matches.map(({ id, related = [], pkg = 'lodash' }) => ({
      vulnerability: {
        id,
        dataSource: `https://example.com/${id}`,
        namespace: 'github:language:javascript',
        severity: 'High',
        urls: [],
        cvss: [],
        fix: { versions: ['2.0.0'], state: 'fixed' },
        advisories: [],
      },
      relatedVulnerabilities: related.map((each) => ({
        id: each,
        dataSource: `https://example.com/${each}`,
        namespace: 'nvd:cpe',
        severity: 'High',
        urls: [],
        cvss: [],
      })),
      artifact: {
        id: pkg,
        name: pkg,
        version: '1.0.0',
        type: 'npm',
        locations: [],
        language: 'javascript',
        purl: `pkg:npm/${pkg}@1.0.0`,
      },
    })),
    source: {
      type: 'image',
      target: {
        userInput: image,
        imageID: imageId === undefined ? '' : digestOf(imageId),
        manifestDigest: '',
        tags: [image],
        repoDigests: digest === undefined ? [] : [`${repository}@${digestOf(digest)}`],
        architecture: 'amd64',
        os: 'linux',
      },
    },
    distro: { name: '', version: '', idLike: null },
    descriptor: { name: 'grype', version: '0.104.0', timestamp: instantText(at) },
  };
}
