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

/**
 * Which images of one source and repository count, so that their findings are open (design: identity,
 * images). Of a line: the newest by first report, and those scanned after the newest first was; not one
 * that went unscanned for 14 days while another of the line was scanned; not a line that went unscanned
 * for 30 days while another line was. Where the inventory says which images run, it decides instead.
 * A function of times alone: the order in which reports arrived makes no difference.
 */
export function countingImages(images: readonly ScannedImage[]): ReadonlySet<string> {
  const counting = new Set<string>();
  const newestReport = Math.max(...images.map((image) => image.lastReportAt));
  for (const [, line] of Map.groupBy(images, (image) => image.line)) {
    if (line.some((image) => image.runs === true)) {
      for (const image of line) if (image.runs === true) counting.add(image.scopeId);
      continue;
    }
    const lineReport = Math.max(...line.map((image) => image.lastReportAt));
    if (lineReport + LINE_FORGOTTEN_DAYS * DAY_MS < newestReport) continue;
    const newestFirst = Math.max(...line.map((image) => image.firstReportAt));
    for (const image of line) {
      const isCurrent = image.firstReportAt === newestFirst || image.lastReportAt > newestFirst;
      const isForgotten = image.lastReportAt + IMAGE_FORGOTTEN_DAYS * DAY_MS < lineReport;
      if (isCurrent && !isForgotten) counting.add(image.scopeId);
    }
  }
  return counting;
}
