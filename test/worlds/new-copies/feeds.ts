import { updateFeed } from '../../../src/app/update-feed.ts';
import { DAY_MS, dateText, instantText } from '../../../src/base/instant.ts';
import type { IntelligenceFeed } from '../../../src/domain/ports/intelligence-feed.ts';
import { emerging } from '../../../src/feeds/emerging/emerging.ts';
import { epss } from '../../../src/feeds/epss/epss.ts';
import { exploitdb } from '../../../src/feeds/exploitdb/exploitdb.ts';
import { kev } from '../../../src/feeds/kev/kev.ts';
import { metasploit } from '../../../src/feeds/metasploit/metasploit.ts';
import { nuclei } from '../../../src/feeds/nuclei/nuclei.ts';
import { nvd } from '../../../src/feeds/nvd/nvd.ts';
import { kevCatalogue } from '../../support/other-reports.ts';
import { START, type TestInbox } from '../../support/test-inbox.ts';

export const at = (days: number) => START + days * DAY_MS;
export const cveOf = (number: string) => `CVE-2026-${number}`;
export const NUMBERS = Array.from({ length: 11 }, (_, index) => String(1001 + index));

const ANYBODY = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H';
const STOPS = 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H';
/** Old enough that EPSS counts, but for those that are to be emerging. */
const AGES: Readonly<Record<string, number>> = { '1002': 5, '1008': 5, '1201': 60, '1202': 61 };

/** A copy of a feed, as its publisher has it on the day, or as somebody has it on a stick. */
export type Copy = (inbox: TestInbox) => Promise<unknown>;

function copy(feed: IntelligenceFeed, text: string, origin = feed.defaultUrl ?? 'a stick'): Copy {
  async function* open() {
    yield Buffer.from(text);
  }
  return (inbox) => updateFeed(inbox.ctx, { feed, files: [{ name: 'file', open }], origin });
}

function nvdPage(
  day: number,
  numbers: readonly string[],
  { rejected, modified = day }: { readonly rejected: boolean; readonly modified?: number },
): string {
  const vulnerabilities = numbers.map((number) => ({
    cve: {
      id: cveOf(number),
      published: instantText(START - (AGES[number] ?? 200) * DAY_MS),
      lastModified: instantText(at(modified)),
      vulnStatus: rejected ? 'Rejected' : 'Analyzed',
      metrics: rejected
        ? {}
        : {
            cvssMetricV31: [
              {
                source: 'nvd@nist.gov',
                type: 'Primary',
                cvssData: { vectorString: /1009|1203/.test(number) ? STOPS : ANYBODY },
              },
            ],
          },
      references: number === '1006' ? [{ url: 'https://github.com/x/shell', tags: ['Exploit'] }] : [],
    },
  }));
  return JSON.stringify({
    format: 'NVD_CVE',
    version: '2.0',
    timestamp: instantText(at(day)),
    totalResults: vulnerabilities.length,
    vulnerabilities,
  });
}

/** Exploit-DB's pairs, each with the days from the scan on which it was added. */
function exploits(...pairs: readonly (readonly [number: string, day: number])[]): string {
  const rows = pairs.map(([number, day]) => `5${number},${cveOf(number)},${dateText(at(day))},linux,remote`);
  return `id,cve,date_added,platform,type\n${rows.join('\n')}\n`;
}

function modules(...named: readonly (readonly [number: string, day: number])[]): string {
  return JSON.stringify(
    Object.fromEntries(
      named.map(([number, day]) => {
        const fullname = `exploit/linux/http/flaw_${number}`;
        const mod_time = `${dateText(at(day))} 00:00:00 +0000`;
        return [fullname, { fullname, disclosure_date: '2026-01-01', references: [cveOf(number)], mod_time }];
      }),
    ),
  );
}

function templates(...named: readonly (readonly [number: string, name: string])[]): string {
  return named
    .map(([number, name]) =>
      JSON.stringify({
        ID: cveOf(number),
        Info: { Name: 'Remote code execution' },
        file_path: `http/cves/2026/${name}.yaml`,
      }),
    )
    .join('\n');
}

function scores(day: number, numbers: readonly string[]): string {
  const rows = numbers.map((number) => {
    const score = /1009|1203/.test(number) ? 0.5 : /1010|1201|1202/.test(number) ? 0.002 : 0.02;
    return `${cveOf(number)},${score},0.5`;
  });
  return `#model_version:v2025.03.14,score_date:${instantText(at(day))}\ncve,epss,percentile\n${rows.join('\n')}\n`;
}

function catalogue(day: number, numbers: readonly string[]): string {
  return JSON.stringify({
    ...(kevCatalogue(numbers.map(cveOf)) as object),
    dateReleased: instantText(at(day)),
  });
}

const listed = (day: number, numbers: readonly string[]) =>
  JSON.stringify({
    updated: instantText(at(day)),
    emerging: numbers.map((number) => ({ advisory: cveOf(number), until: instantText(at(90)) })),
  });

/** Every feed as it is on the day of the scan. */
export const FIRST: readonly Copy[] = [
  copy(nvd, nvdPage(0, NUMBERS, { rejected: false })),
  copy(epss, scores(0, NUMBERS)),
  copy(kev, catalogue(0, ['1001', '1007', '2001'])),
  copy(exploitdb, exploits(['1002', -1], ['1008', -3], ['2001', -9])),
  copy(metasploit, modules(['1003', -1], ['2001', -9])),
  copy(nuclei, templates(['1004', 'first'], ['1005', 'CVE-2026-1005'])),
  copy(emerging, listed(0, ['1011'])),
];

const LEFT = NUMBERS.filter((number) => number !== '1009' && number !== '1010');

/** The copies of the table, by their names there. */
export const COPIES: Readonly<Record<string, Copy>> = {
  kev: copy(kev, catalogue(1, ['1007', '2001'])),
  exploitdb: copy(exploitdb, exploits(['1008', -3], ['2001', -9])),
  metasploit: copy(metasploit, modules(['2001', -9])),
  nuclei: copy(nuclei, templates(['1004', 'second'])),
  'nvd rejected': copy(nvd, nvdPage(5, ['1006', '1007', '1008'], { rejected: true })),
  'nvd old': copy(nvd, nvdPage(6, ['1006', '1007', '1008'], { rejected: false, modified: 4 })),
  'nvd again': copy(nvd, nvdPage(7, ['1006'], { rejected: false })),
  epss: copy(epss, scores(8, LEFT)),
  emerging: copy(emerging, listed(9, [])),
};

/** Those that have to be refused. */
export const REFUSED: Readonly<Record<string, Copy>> = {
  'exploitdb old': copy(exploitdb, exploits(['1002', -4], ['2001', -9]), 'a stick'),
  'epss old': copy(epss, scores(1, NUMBERS)),
};

export const REJECTED_ONCE_MORE = copy(nvd, nvdPage(11, ['1006'], { rejected: true }));

/** Those of the installation to which no newer copies come. */
export const OLD_NUMBERS = ['1201', '1202', '1203'];

export const OLD: readonly Copy[] = [
  copy(nvd, nvdPage(0, OLD_NUMBERS, { rejected: false })),
  copy(epss, scores(0, OLD_NUMBERS)),
  copy(kev, catalogue(0, ['1201', '1202'])),
  copy(exploitdb, exploits(['2001', 0])),
];

export const LATE_EPSS = copy(epss, scores(40, OLD_NUMBERS));

/** NVD and Exploit-DB of day 20, where NVD's file begins with what changed on a day. */
export const readAgain = (firstChange: number): readonly Copy[] => [
  copy(nvd, nvdPage(20, ['2001'], { rejected: false, modified: firstChange })),
  copy(exploitdb, exploits(['2001', 20])),
];
