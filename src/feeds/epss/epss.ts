import { parseInstant } from '#base/instant.ts';
import { asNumber } from '#base/json-value.ts';
import { oneLine } from '#base/text.ts';
import { textLines } from '#base/text-lines.ts';
import type { EpssFact, FeedHeader, FeedItem, IntelligenceFeed } from '#domain/ports/intelligence-feed.ts';
import { cveId } from '../reading/cve-id.ts';
import { feedBroken, feedBytes, headText } from '../reading/feed-bytes.ts';

const COLUMNS = 'cve,epss,percentile';
const COMMENT = '#model_version:';
const LINE_LENGTH_MAX = 64 * 1024;
const lineTooLong = () =>
  feedBroken('A line is longer than 64 KB; a text file with short lines was expected.');

/** FIRST's daily probability that a vulnerability will be exploited within 30 days. */
export const epss: IntelligenceFeed = {
  id: 'epss',
  title: 'Exploit Prediction Scoring System',
  defaultUrl: 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz',
  licence: 'free to use with attribution to FIRST.org',
  claims: (head) => {
    const text = headText(head);
    return text.startsWith(COMMENT) || text.startsWith(COLUMNS);
  },
  read,
};

async function* read(input: AsyncIterable<Uint8Array>): AsyncGenerator<FeedItem> {
  let number = 0;
  let sawColumns = false;
  let facts = 0;
  for await (const { text, isLast } of textLines(feedBytes(input), LINE_LENGTH_MAX, lineTooLong)) {
    number++;
    if (!sawColumns) {
      if (text.startsWith(COMMENT)) {
        yield mapEpssComment(text);
      } else if (text === COLUMNS) {
        sawColumns = true;
      } else {
        throw feedBroken(
          `The EPSS columns "${COLUMNS}" were expected in line ${number}; found "${oneLine(text, 80)}".`,
        );
      }
      continue;
    }
    if (text === '') continue;
    const fact = mapEpssLine(text);
    if (fact !== null) {
      facts++;
      yield fact;
    } else if (isLast) {
      throw feedBroken(`The EPSS file is cut off in line ${number}.`);
    } else {
      const message = 'Expected a CVE id and two numbers from 0 to 1.';
      yield { kind: 'reject', at: `line ${number}`, code: 'unknown_value', message };
    }
  }
  if (facts === 0) throw feedBroken('The EPSS file holds no score.');
}

/** `#model_version:v2025.03.14,score_date:2025-12-26T12:55:00Z`, the time in any of its generations or missing. */
export function mapEpssComment(comment: string): FeedHeader {
  const model = /model_version:([^,\s]{1,40})/.exec(comment)?.[1] ?? null;
  const date = /score_date:([^,\s]{1,40})/.exec(comment)?.[1];
  return { kind: 'header', publishedAt: parseInstant(date), version: model };
}

/** One row; null when it does not hold what it should. */
export function mapEpssLine(line: string): EpssFact | null {
  const [cve, score, percentile, ...others] = line.split(',', 4);
  const advisory = cveId(cve);
  const probability = share(score);
  const rank = share(percentile);
  if (advisory === null || probability === null || rank === null || others.length > 0) return null;
  return { kind: 'epss', advisory, score: probability, percentile: rank };
}

function share(text: string | undefined): number | null {
  // The smallest scores of some days are written as 1e-05.
  const number =
    text !== undefined && /^\d(\.\d{1,12})?e-\d{1,2}$/i.test(text) ? Number(text) : asNumber(text);
  return number !== undefined && number >= 0 && number <= 1 ? number : null;
}
