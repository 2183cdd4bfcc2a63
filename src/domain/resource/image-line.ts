/**
 * A tag without its changing parts, so that the builds of one line of an image share it
 * (design: identity, images): `v1.2.3`, `2024-11-20`, `3f2a1bc` give `#`; `1.25-alpine3.18` gives
 * `#-alpine#`; `pr-7` gives `pr-#`; `latest` stays.
 */
export function tagLine(tag: string): string {
  return tag
    .toLowerCase()
    .replace(/(?<![a-z0-9])(?=[a-f]*\d)[0-9a-f]{7,}(?![a-z0-9])/g, '#')
    .replace(/(?<![a-z0-9])v(?=\d)/g, '')
    .replace(/[\d._]*\d[\d._]*/g, '#')
    .replace(/#(?:[-+._]?#)+/g, '#');
}
