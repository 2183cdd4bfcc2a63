import { compareBytes } from '#base/compare.ts';
import { largest } from '#base/extremes.ts';
import { DAY_MS, type Instant } from '#base/instant.ts';

/** One scanned image of a source and repository: one scope. */
export interface ScannedImage {
  readonly scopeId: string;
  readonly line: string;
  readonly firstReportAt: Instant;
  readonly lastReportAt: Instant;
  /** The inventory runs this image: true or false; null where it says nothing about the repository. */
  readonly runs: boolean | null;
}

const IMAGE_FORGOTTEN_DAYS = 14;
const LINE_FORGOTTEN_DAYS = 30;

/** Whether an image counts, and why it does not. */
export type ImageVerdict =
  | { readonly is: 'counting' }
  /** A newer image of the line took its place: the one of this scope. */
  | { readonly is: 'replaced'; readonly by: string }
  | { readonly is: 'no longer scanned' }
  /** The inventory says that others of the line run. */
  | { readonly is: 'not running' };

/**
 * Which images of one source and repository count, so that their findings are open (design: identity,
 * images): a verdict for each scope. Of a line: the newest by first report, and those scanned after the newest first was; not one
 * that went unscanned for 14 days while another of the line was scanned; not a line that went unscanned
 * for 30 days while another line was. Where the inventory says which images run, it decides instead.
 * A function of times alone: the order in which reports arrived makes no difference.
 */
export function countImages(images: readonly ScannedImage[]): ReadonlyMap<string, ImageVerdict> {
  const verdicts = new Map<string, ImageVerdict>();
  const newestReport = largest(images.map((image) => image.lastReportAt)) ?? 0;
  for (const [, line] of Map.groupBy(images, (image) => image.line)) {
    if (line.some((image) => image.runs === true)) {
      for (const image of line)
        verdicts.set(image.scopeId, { is: image.runs === true ? 'counting' : 'not running' });
    } else {
      const lineReport = largest(line.map((image) => image.lastReportAt)) ?? 0;
      const isDead = lineReport + LINE_FORGOTTEN_DAYS * DAY_MS < newestReport;
      for (const image of line)
        verdicts.set(
          image.scopeId,
          isDead ? { is: 'no longer scanned' } : verdictInLine(image, line, lineReport),
        );
    }
  }
  return verdicts;
}

/** Of two that came first at the same time the same one, in whatever order they are listed. */
function isNewer(a: ScannedImage, b: ScannedImage): boolean {
  if (a.firstReportAt !== b.firstReportAt) return a.firstReportAt > b.firstReportAt;
  return compareBytes(a.scopeId, b.scopeId) < 0;
}

function verdictInLine(
  image: ScannedImage,
  line: readonly ScannedImage[],
  lineReport: Instant,
): ImageVerdict {
  const newest = line.reduce((a, b) => (isNewer(b, a) ? b : a));
  const isCurrent = image.firstReportAt === newest.firstReportAt || image.lastReportAt > newest.firstReportAt;
  if (!isCurrent) return { is: 'replaced', by: newest.scopeId };
  const isForgotten = image.lastReportAt + IMAGE_FORGOTTEN_DAYS * DAY_MS < lineReport;
  return { is: isForgotten ? 'no longer scanned' : 'counting' };
}
